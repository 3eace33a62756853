"""What findings say of places that nobody visited: with an interval, and only where the places were drawn by chance.

The answers of a sample's units are weighed by the inverse of what chance each had, as drawn and as answered: of a
stratum's units those that answered stand for all. Share and interval are `mission.quickcount.variance.find_share`'s.
A unit is what was drawn: a form that is filled in for mesas says nothing of a sample of places, nor the other way.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from mission.findings.figures import given_answers, is_counted, times_of
from mission.findings.seen import NOT_APPLICABLE, Seen
from mission.forms.model import Question
from mission.quickcount.frame import SampleUnit
from mission.quickcount.limits import LIMITS
from mission.quickcount.sampling import Sample
from mission.quickcount.variance import ShareEstimate, SurveyRows, find_share
from tally.keys import mesa_key, place_key


class SampleFindings(Struct, frozen=True):
    """One question over all that could have been drawn.

    drawn, answered: units of the sample, and those that have an answer which stands. shares: by answer, with intervals;
    none where fewer answered than a quick count needs to say anything.
    """

    drawn: int
    answered: int
    shares: Mapping[str, ShareEstimate]


def find_sampled(question: Question, seen: Sequence[Seen], sample: Sample) -> SampleFindings:
    """The shares of a question's answers, of units to which it applies, with intervals."""
    stratum_of = _strata(sample)
    answered = [one for one in seen if one.unit in stratum_of and is_counted(question.id, one)]
    applying = [one for one in answered if one.answers[question.id] != NOT_APPLICABLE]
    drawn, limits = len(stratum_of), LIMITS.response
    if len(answered) < max(limits.least_share * drawn, limits.least_copied) or not applying:
        return SampleFindings(drawn, len(answered), {})
    units = np.array([stratum.units for stratum in sample.strata], dtype=np.float64)
    answers = np.bincount([stratum_of[one.unit] for one in answered], minlength=len(units))
    stratum = np.array([stratum_of[one.unit] for one in applying])
    rows = SurveyRows((units / np.maximum(answers, 1))[stratum], stratum, np.arange(len(applying)), units)
    shares = {
        answer: find_share(np.array([answer in given_answers(question.id, one) for one in applying]), rows)
        for answer in times_of(question, applying)
    }
    return SampleFindings(drawn, len(answered), {name: share for name, share in shares.items() if share is not None})


def may_leave(question: Question, parts: Iterable[Sequence[Seen]], sample: Sample, k: int) -> bool:
    """Whether a sample's shares beside rows that are some of those parts tell of no fewer than k observers.

    What is had from both is the sample in the parts that it shares with other places, or those other places: of each, k
    or more have an answer that counts. `parts`: what was seen in each, answers that do not count too: that none of
    somebody's does says what else they answered.
    """
    units = _strata(sample).keys()
    sides: list[list[Seen]] = [[], []]
    for part in parts:
        drawn, others = [one for one in part if one.unit in units], [one for one in part if one.unit not in units]
        if drawn and others:
            sides[0] += drawn
            sides[1] += others
    return not any(sides) or all(_count_observers(question, side) >= k for side in sides)


def _count_observers(question: Question, seen: Iterable[Seen]) -> int:
    return len(frozenset[str]().union(*(one.observers for one in seen if is_counted(question.id, one))))


def _strata(sample: Sample) -> dict[str, int]:
    """The number of the stratum that each drawn unit is of, by the unit's key."""
    number_of = {area: number for number, stratum in enumerate(sample.strata) for area in stratum.areas}
    is_place = sample.design.unit is SampleUnit.PLACE
    return {
        place_key(mesa.cluster) if is_place and mesa.cluster else mesa_key(mesa.id): number_of[mesa.stratum]
        for mesa in sample.mesas
    }
