"""The table of findings: each reported question over the country, by region and by setting, with its denominators."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from enum import StrEnum
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from mission.findings.figures import FindingFigures, count_answers, is_counted
from mission.findings.folding import FindingPart, fold, whole
from mission.findings.sampled import SampleFindings, find_sampled, may_leave
from mission.findings.seen import FindingCell, PlaceSetting, Seen
from mission.forms.model import MEASURED, Form, Question
from mission.quickcount.sampling import Sample


class FindingGroup(StrEnum):
    """What a row is of: everything; a region or all regions that are not told apart; a setting or what is in none."""

    ALL = "all"
    REGION = "region"
    OTHER_REGIONS = "other_regions"
    SETTING = "setting"
    OTHER_SETTINGS = "other_settings"


class FindingsGround(Struct, frozen=True):
    """What findings are made of: what stands, by form, and where the mission was to look.

    places: cells of the polling places to which somebody is assigned, by their codes.
    named: regions that may be named outside.
    """

    seen: Mapping[str, Sequence[Seen]]
    places: Mapping[str, FindingCell]
    named: frozenset[str]


class FindingRow(Struct, frozen=True):
    """One row. `region`: its prefix, of a region's row alone; `setting` likewise; `regions`: how many it is of.

    assigned: polling places to which somebody is assigned; visited: those from which that form came, and is not
    doubted; observers: who sent what is counted. figures: None where they are kept in the house, and so is how many
    observers, if anybody was there: that it is nobody tells what those who were there answered elsewhere. is_few: of
    fewer than k observers, or a region in which fewer are assigned.
    """

    group: FindingGroup
    region: str | None
    setting: PlaceSetting | None
    regions: int
    assigned: int
    visited: int
    observers: int | None
    figures: FindingFigures | None
    is_few: bool


class QuestionFindings(Struct, frozen=True):
    """One question's rows: everything first, then regions, then settings.

    sampled: of a random sample, where there is one and the answers are shares.
    """

    form: str
    question: Question
    rows: tuple[FindingRow, ...]
    sampled: SampleFindings | None = None


def find_in_house(
    forms: Iterable[Form], ground: FindingsGround, k: int, sample: Sample | None = None
) -> list[QuestionFindings]:
    """All there is to tell, which may not leave the house: rows of few are marked.

    `forms`: of each that is asked or was, its versions, the newest first.
    """
    return [_find(form, question, ground, k, sample, is_house=True) for form, question in _reported(forms, ground)]


def find_for_statement(
    forms: Iterable[Form], ground: FindingsGround, k: int, sample: Sample | None = None
) -> list[QuestionFindings]:
    """What may leave the house: no row, and nothing that is had from several, is of fewer than k observers."""
    return [_find(form, question, ground, k, sample, is_house=False) for form, question in _reported(forms, ground)]


def _find(
    form: str, question: Question, ground: FindingsGround, k: int, sample: Sample | None, *, is_house: bool
) -> QuestionFindings:
    seen = ground.seen.get(form, ())
    rows = _Rows(question, seen, ground, k, 0 if is_house else k)
    found = QuestionFindings(form, question, rows.in_house() if is_house else rows.folded())
    if sample is None or question.type in MEASURED or not (is_house or may_leave(question, rows.dealt(), sample, k)):
        return found
    return replace(found, sampled=find_sampled(question, seen, sample))


def _reported(forms: Iterable[Form], ground: FindingsGround) -> Iterable[tuple[str, Question]]:
    """Each form's questions as they were asked last; one that is asked no more, if anybody answered it."""
    found: dict[tuple[str, str], Question] = {}
    newest: set[str] = set()
    for form in forms:
        answered = {name for one in ground.seen.get(form.id, ()) for name in one.answers}
        for question in form.questions.values():
            if question.is_reported and (form.id not in newest or question.id in answered):
                found.setdefault((form.id, question.id), question)
        newest.add(form.id)
    return ((form, question) for (form, _), question in found.items())


class _Rows:
    """The rows of one question; a row of fewer than `least` observers has no figures."""

    def __init__(self, question: Question, seen: Sequence[Seen], ground: FindingsGround, k: int, least: int) -> None:
        self._question, self._ground, self._k, self._least = question, ground, k, least
        self._seen = defaultdict[FindingCell, list[Seen]](list)
        for one in seen:
            self._seen[one.cell].append(one)
        self._cells = frozenset(self._seen) | frozenset(ground.places.values())
        self._senders = {cell: _observers(own) for cell, own in self._seen.items()}
        self._who = {
            cell: _observers(one for one in own if is_counted(question.id, one)) for cell, own in self._seen.items()
        }

    def in_house(self) -> tuple[FindingRow, ...]:
        """Every region and setting by itself."""
        return self._rows(whole(self._cells))

    def dealt(self) -> list[list[Seen]]:
        """What was seen in each part; all together where there is none."""
        parts = [part.cells for part in self._parts()] or [self._cells]
        return [[one for cell in part for one in self._seen.get(cell, ())] for part in parts]

    def folded(self) -> tuple[FindingRow, ...]:
        """Parts of enough observers; where all are too few, one row without figures."""
        parts = self._parts()
        return self._rows(parts) if parts else (self._row(FindingGroup.ALL, self._cells),)

    def _parts(self) -> list[FindingPart]:
        return fold(self._senders, self._who, self._ground.named, self._k)

    def _rows(self, parts: Sequence[FindingPart]) -> tuple[FindingRow, ...]:
        """A cell that no such form came from is in no part, and stands where its region and its setting do."""
        dealt = frozenset(chain.from_iterable(part.cells for part in parts))
        idle = whole(self._cells - dealt)
        apart = {part.region for part in parts if part.region is not None}
        regions, settings = (
            defaultdict[str | None, set[FindingCell]](set),
            defaultdict[PlaceSetting | None, set[FindingCell]](set),
        )
        for part in (*parts, *idle):
            regions[part.region if part.region in apart else None].update(part.cells)
            settings[part.setting].update(part.cells)
        return (
            self._row(FindingGroup.ALL, self._cells),
            *(self._row(FindingGroup.REGION, regions[region], region=region) for region in sorted(apart)),
            *([self._row(FindingGroup.OTHER_REGIONS, regions[None])] if None in regions else []),
            *(self._row(FindingGroup.SETTING, settings[one], setting=one) for one in PlaceSetting if one in settings),
            *([self._row(FindingGroup.OTHER_SETTINGS, settings[None])] if None in settings else []),
        )

    def _row(
        self,
        group: FindingGroup,
        cells: Set[FindingCell],
        *,
        region: str | None = None,
        setting: PlaceSetting | None = None,
    ) -> FindingRow:
        seen = [one for cell in cells for one in self._seen.get(cell, ())]
        observers = len(frozenset[str]().union(*(self._who.get(cell, frozenset()) for cell in cells)))
        is_kept = observers < self._least
        return FindingRow(
            group,
            region,
            setting,
            len({cell.region for cell in cells}),
            sum(cell in cells for cell in self._ground.places.values()),
            len({one.place for one in seen if not one.is_doubtful}),
            None if is_kept and seen else observers,
            None if is_kept else count_answers(self._question, seen),
            observers < self._k or (region is not None and region not in self._ground.named),
        )


def _observers(seen: Iterable[Seen]) -> frozenset[str]:
    return frozenset[str]().union(*(one.observers for one in seen))
