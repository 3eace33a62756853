"""What of a quick count becomes public, once two people want it: figures as they stood when the first proposed them."""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from mission.quickcount.frames.given import FrameOrigin

# What figures rest on, which stays in the house: of each mesa whose copy stands, the lists' votes.
Basis = Mapping[str, tuple[int | None, ...]]


class PublicShare(Struct, frozen=True):
    """A list, by its place in the contest: its share of the valid votes, with the interval's ends."""

    list: int
    share: float
    low: float
    high: float


class PublicLead(Struct, frozen=True):
    """The lead of the first list over the second as shares of the valid votes; below zero it lies at `low` too."""

    first: int
    second: int
    lead: float
    low: float
    high: float

    @property
    def is_told(self) -> bool:
        """Whether the interval leaves no doubt of who leads."""
        return self.low > 0


class PublicFrame(Struct, frozen=True, kw_only=True):
    """The list of mesas that a sample was drawn from: the count's own, one that was given, or that of `other`, a count.

    digest: SHA-256 of its text; mesas: how many it has. apart: of how many of them, or beside them, the count said
    otherwise as of `as_of`, when it named all that its source speaks of (`is_whole`) or not yet; the three are null of
    the count's own.
    """

    origin: FrameOrigin
    digest: str
    mesas: int
    other: str | None = None
    as_of: str | None = None
    apart: int | None = None
    is_whole: bool | None = None


class PublicQuickCount(Struct, frozen=True, kw_only=True):
    """All that the public is told: no mesa, no copy, no seed (it would name the mesas).

    `sample` is the SHA-256 of the drawn sample, so that it can be shown later to be the one. drawn: units of the
    sample; reported: of `mesas`, those whose copies stand; response: the part of the sample that they are. frame: null
    of what was proposed before it was told.
    """

    name: str
    as_of: str
    drawn_at: str
    unit: str
    design: str
    drawn: int
    mesas: int
    reported: int
    response: float
    level: float
    shares: tuple[PublicShare, ...]
    lead: PublicLead | None
    sample: str
    frame: PublicFrame | None = None


class PublicationProposal(Struct, frozen=True):
    """What is proposed, and what it rests on."""

    public: PublicQuickCount
    basis: Basis = {}


class PublicationStep(Struct, frozen=True):
    """One step, `deed`: propose (with what), confirm (of which digest), withdraw (why, which is public)."""

    id: int
    at: str
    by: str
    deed: str
    public: PublicQuickCount | None = None
    basis: Basis = {}
    digest: str = ""
    reason: str = ""


class PublicationStanding(Struct, frozen=True):
    """What waits for its second person; what is public, since when; what was taken from the public."""

    proposal: PublicationStep | None = None
    shown: PublicationStep | None = None
    confirmed: PublicationStep | None = None
    withdrawn: PublicationStep | None = None


def digest_of(public: PublicQuickCount) -> str:
    """Names what is proposed, so that nobody confirms what they did not see."""
    return hashlib.sha256(msgspec.json.encode(public)).hexdigest()


def standing_of(steps: Iterable[PublicationStep], at: str | None = None) -> PublicationStanding:
    """Where a publication stands after those steps; at a moment (ISO UTC), or now."""
    found = PublicationStanding()
    for step in steps:
        if at is not None and step.at > at:
            break
        if step.deed == "propose":
            found = PublicationStanding(step, found.shown, found.confirmed, found.withdrawn)
        elif step.deed == "confirm":
            found = PublicationStanding(None, found.proposal, step, None)
        else:
            found = PublicationStanding(None, None, None, step if found.shown else found.withdrawn)
    return found


def published_at(counts: Iterable[Iterable[PublicationStep]], at: str | None = None) -> PublicationStanding:
    """What is public of several quick counts, each by its steps: of all of them what became so, or ceased to, last."""
    found = [standing_of(steps, at) for steps in counts]
    told = [(step.id, one) for one in found if (step := one.confirmed or one.withdrawn) is not None]
    return max(told, key=lambda one: one[0], default=(0, PublicationStanding()))[1]


def published_bases(steps: Iterable[PublicationStep]) -> list[Basis]:
    """What each publication that ever became public rested on."""
    found, proposed = [], None
    for step in steps:
        if step.deed == "propose":
            proposed = step
        elif step.deed == "confirm" and proposed is not None:
            found.append(proposed.basis)
    return found
