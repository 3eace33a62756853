"""What a quick count says of the whole, how that settled, who has reported, and what of it may become public."""

import hashlib
from collections.abc import Callable, Collection

import msgspec
from msgspec import Struct

from api.mission.quickcount.frames import FrameStanding
from mission.quickcount.arrival import ArrivalTrait, find_bias
from mission.quickcount.book import QuickCount
from mission.quickcount.disclosure import Told
from mission.quickcount.estimate import Copy, Estimate, EstimateRefusal, estimate
from mission.quickcount.frames.given import FrameOrigin
from mission.quickcount.limits import LIMITS
from mission.quickcount.publication import PublicationProposal, PublicFrame, PublicLead, PublicQuickCount, PublicShare
from mission.quickcount.sampling import Sample
from mission.quickcount.settling import settle
from tally.errors import Conflict

Name = Callable[[str], str | None]


class SettlingStep(Struct, frozen=True):
    """The estimate after so many copies: each list's share with its ends."""

    copies: int
    shares: tuple[PublicShare, ...]


class StratumPart(Struct, frozen=True):
    """A stratum by its areas' names: copied of drawn mesas; joined: those it was taken together with, being few."""

    areas: list[str]
    drawn: int
    copied: int
    joined: list[str]


class QuickCountEstimate(Struct, frozen=True, kw_only=True):
    """The estimate now, or why there is none. response: the part of the drawn mesas whose copies are whole.

    official: the counted votes of each list as published, to stand beside it; None: nothing is.
    """

    refusal: EstimateRefusal | None
    drawn: int
    copied: int
    response: float
    least_response: float
    least_units: int
    level: float
    shares: tuple[PublicShare, ...]
    lead: PublicLead | None
    is_lead_told: bool
    strata: list[StratumPart]
    settling: list[SettlingStep]
    official: tuple[int, ...] | None


class ArrivalLine(Struct, frozen=True):
    """A trait of the drawn mesas and of those that reported: a share, or the mean roll; `key` and `name` of an area."""

    trait: ArrivalTrait
    key: str | None
    name: str | None
    drawn: float
    copied: float | None
    standardised: float | None
    is_unlike: bool


class ArrivalTable(Struct, frozen=True):
    """How unlike those who reported are; from `unlike` on it is told."""

    drawn: int
    copied: int
    unlike: float
    largest: float | None
    lines: list[ArrivalLine]


def standing_copies(count: QuickCount) -> dict[str, Copy]:
    """The copies that stand, by mesa, in the order in which they came to stand."""
    standing = [(own.id, mesa, own.copy) for mesa, own in count.standings().items() if own.copy is not None]
    return {mesa: copy for _, mesa, copy in sorted(standing, key=lambda one: one[:2])}


def tell_estimate(
    count: QuickCount, name: Name, running: Collection[int], official: tuple[int, ...] | None
) -> QuickCountEstimate:
    """The estimate from the copies that stand, of the lists that run: their places in the contest."""
    copies, sample = standing_copies(count), count.drawn.sample
    found = estimate(sample, copies)
    response = found.response
    lead = _lead(found)
    return QuickCountEstimate(
        refusal=found.refusal,
        drawn=response.drawn,
        copied=response.copied,
        response=response.share,
        least_response=LIMITS.response.least_share,
        least_units=LIMITS.response.least_copied,
        level=found.confidence,
        shares=_shares(found, running),
        lead=lead,
        is_lead_told=lead is not None and lead.is_told,
        strata=[
            StratumPart(_names(part.areas, name), part.drawn, part.copied, _names(part.with_areas, name))
            for part in response.strata
        ],
        settling=[
            SettlingStep(point.copies, _shares(point.estimate, running)) for point in settle(sample, [*copies.items()])
        ],
        official=official,
    )


def tell_arrival(count: QuickCount, sample: Sample, name: Name) -> ArrivalTable:
    """Who has reported, held against who was drawn; `sample`: the count's, with all that is known of its mesas."""
    bias = find_bias(sample, standing_copies(count).keys())
    lines = [
        ArrivalLine(
            one.trait,
            one.area,
            None if one.area is None else name(one.area) or one.area,
            one.drawn,
            one.copied,
            one.standardised,
            one.is_unlike,
        )
        for one in bias.differences
    ]
    return ArrivalTable(bias.drawn, bias.copied, LIMITS.arrival.unlike, bias.largest, lines)


def make_proposal(
    count: QuickCount, as_of: str, running: Collection[int], beside: FrameStanding | None = None
) -> PublicationProposal:
    """What of the estimate now may become public, with the copies that it rests on; `beside`: see `make_public`.

    Raises: Conflict: nothing is estimated yet.
    """
    return PublicationProposal(make_public(count, as_of, running, beside), count.basis())


def make_public(
    count: QuickCount, as_of: str, running: Collection[int], beside: FrameStanding | None = None
) -> PublicQuickCount:
    """The estimate now, as coarse as it may be told, of the lists that run.

    `beside`: the given frame beside the count now, where the sample was drawn from one.

    Raises: Conflict: nothing is estimated yet.
    """
    sample, found = count.drawn.sample, estimate(count.drawn.sample, standing_copies(count))
    if found.refusal is not None:
        raise Conflict("too few copies stand for an estimate: there is nothing to publish yet")
    told, lead = Told(found.response.units_copied), _lead(found)
    return PublicQuickCount(
        name=count.drawn.name,
        as_of=as_of,
        drawn_at=count.at,
        unit=sample.design.unit,
        design=sample.design.kind,
        drawn=sample.design.size,
        mesas=found.response.drawn,
        reported=found.response.copied,
        response=found.response.share,
        level=found.confidence,
        shares=tuple(
            PublicShare(one.list, *told.round(one.share, one.low, one.high)) for one in _shares(found, running)
        ),
        lead=lead and PublicLead(lead.first, lead.second, *told.round(lead.lead, lead.low, lead.high)),
        sample=hashlib.sha256(msgspec.json.encode(sample)).hexdigest(),
        frame=_frame(count, beside),
    )


def _frame(count: QuickCount, beside: FrameStanding | None) -> PublicFrame:
    """Numbers of the whole list, none of them of the sample: who gave it is the mission's own."""
    sample, note = count.drawn.sample, count.drawn.frame
    return PublicFrame(
        origin=FrameOrigin.COUNT if note is None else note.origin,
        digest=sample.frame_digest,
        mesas=sum(stratum.mesas for stratum in sample.strata),
        other=None if note is None else note.other or None,
        as_of=None if beside is None else beside.as_of,
        apart=None if beside is None else beside.apart,
        is_whole=None if beside is None else beside.is_whole,
    )


def _shares(found: Estimate, running: Collection[int]) -> tuple[PublicShare, ...]:
    """A list that is withdrawn has no share: it stands on no acta."""
    every = ((place, one) for place, one in enumerate(found.shares) if place in running)
    return tuple(PublicShare(place, one.share, one.low, one.high) for place, one in every)


def _lead(found: Estimate) -> PublicLead | None:
    lead = found.lead
    return None if lead is None else PublicLead(lead.first, lead.second, lead.lead, lead.low, lead.high)


def _names(areas: tuple[str, ...], name: Name) -> list[str]:
    return [name(area) or area for area in areas]
