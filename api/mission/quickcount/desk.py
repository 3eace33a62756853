"""Quick counts as the mission's people see them: lists, one as it stands, the entries of a mesa, its publication."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from api.mission.quickcount.frames import DrawnFrame, GivenFrameHead
from mission.incidents.incident import Member
from mission.people.roles import Role
from mission.quickcount.book import QuickCount
from mission.quickcount.copies import CopyDecision, CopyEntry, CopyFault, CopyState, find_faults, newest
from mission.quickcount.publication import PublicQuickCount, digest_of, standing_of
from mission.quickcount.sampling import Stratum

Name = Callable[[str], str | None]


class QuickCountHead(Struct, frozen=True, kw_only=True):
    """What is fixed of a quick count, and how many of its mesas' copies stand.

    For the team alone (null to observers, whom the other mesas of the sample tell of other observers): `drawn_by`,
    `standing`, `is_proposed`.
    """

    id: str
    name: str
    drawn_at: str
    drawn_by: str | None
    design: str
    unit: str
    drawn: int
    mesas: int
    standing: int | None
    is_proposed: bool | None
    is_public: bool


class SampleFrame(Struct, frozen=True):
    """The mesas a sample can be drawn from now; is_whole: the count knows all that its source speaks of.

    given: the frame that the mission gave last, for the team alone; it can be drawn from whatever the count knows.
    """

    mesas: int
    is_whole: bool
    given: GivenFrameHead | None = None


class QuickCountList(Struct, frozen=True):
    """Newest first."""

    quick_counts: list[QuickCountHead]
    frame: SampleFrame


class SampledAreas(Struct, frozen=True):
    """A stratum: areas by name and key, mesas and units, what was drawn, of how many sampled mesas a copy stands."""

    areas: list[str]
    keys: tuple[str, ...]
    mesas: int
    units: int
    drawn: int
    sampled: int
    standing: int


class ProposedPublication(Struct, frozen=True):
    """What waits for a second person; is_own: it is theirs who ask, so somebody else has to confirm it."""

    digest: str
    by: str
    at: str
    is_own: bool
    public: PublicQuickCount


class MadePublic(Struct, frozen=True):
    """What is public: who proposed and who confirmed it, and when it became so."""

    by: str
    confirmed_by: str
    at: str
    public: PublicQuickCount


class TakenBack(Struct, frozen=True):
    """What was public and is not: since when, by whom and why."""

    by: str
    at: str
    reason: str


class QuickCountDetail(QuickCountHead, frozen=True, kw_only=True):
    """One as it stands. states: how many mesas are in each state. frame: the given one; null: the count's own mesas."""

    seed: str
    frame_digest: str
    frame_mesas: int
    strata: list[SampledAreas]
    states: dict[CopyState, int]
    proposal: ProposedPublication | None
    public: MadePublic | None
    taken_back: TakenBack | None
    frame: DrawnFrame | None


class SentEntry(Struct, frozen=True, kw_only=True):
    """One entry of a mesa's copy; is_latest: its observer sent no other in its place since.

    is_set_aside: all that its observer reports is, and this counts for nothing.
    """

    id: str
    at: str
    observer: str
    entry: int
    votes: tuple[int | None, ...]
    blank: int | None
    null: int | None
    challenged: int | None
    cast: int | None
    registered: int | None
    photos: tuple[str, ...]
    faults: tuple[CopyFault, ...]
    is_latest: bool
    is_standing: bool
    is_set_aside: bool


class DecidedCopy(Struct, frozen=True):
    """Who said that an entry stands, and why."""

    by: str
    at: str
    entry: str
    reason: str


class MesaCopies(Struct, frozen=True):
    """All entries of one mesa in the order they came; may_decide: whoever asks did not copy it.

    revision: what a decision names as seen.
    """

    mesa: str
    revision: int
    state: CopyState
    entries: list[SentEntry]
    decision: DecidedCopy | None
    may_decide: bool


def tell_head(count: QuickCount, by: Member) -> QuickCountHead:
    """A line of the list as whoever asks sees it."""
    return QuickCountHead(**_head(count, by))


def tell_detail(count: QuickCount, by: Member, name: Name, frame: DrawnFrame | None) -> QuickCountDetail:
    """One as whoever asks sees it; `name` gives the name of an area, `frame` is the given one it was drawn from."""
    sample, standings = count.drawn.sample, count.standings()
    standing = {mesa for mesa, found in standings.items() if found.copy is not None}
    publication, states = standing_of(count.steps), Counter(found.state for found in standings.values())
    proposal, shown, confirmed = publication.proposal, publication.shown, publication.confirmed
    withdrawn = publication.withdrawn
    return QuickCountDetail(
        **_head(count, by),
        seed=sample.seed,
        frame_digest=sample.frame_digest,
        frame_mesas=sum(stratum.mesas for stratum in sample.strata),
        strata=[_stratum(stratum, count, standing, name) for stratum in sample.strata],
        states={state: states[state] for state in CopyState},
        proposal=None
        if proposal is None or proposal.public is None
        else ProposedPublication(
            digest_of(proposal.public), proposal.by, proposal.at, proposal.by == by.pseudonym, proposal.public
        ),
        public=None
        if shown is None or shown.public is None or confirmed is None
        else MadePublic(shown.by, confirmed.by, confirmed.at, shown.public),
        taken_back=None if withdrawn is None else TakenBack(withdrawn.by, withdrawn.at, withdrawn.reason),
        frame=frame,
    )


def tell_copies(count: QuickCount, mesa: str, by: Member) -> MesaCopies:
    """The entries of one mesa.

    Raises: NotFound: it is not of the sample.
    """
    unit, entries, decision = count.unit(mesa), count.copies.get(mesa, ()), count.decisions.get(mesa)
    standing, latest = count.standing(mesa), {entry.id for entry in newest(count.counted(mesa))}
    return MesaCopies(
        mesa,
        count.revision(mesa),
        standing.state,
        [
            SentEntry(
                id=str(entry.id),
                at=entry.at,
                observer=entry.observer,
                entry=entry.entry,
                votes=entry.copy.votes,
                blank=entry.copy.blank,
                null=entry.copy.null,
                challenged=entry.copy.challenged,
                cast=entry.copy.cast,
                registered=entry.copy.registered,
                photos=entry.photos,
                faults=find_faults(entry.copy, unit.registered),
                is_latest=entry.id in latest,
                is_standing=entry.observer not in count.aside and _stands(entry, entry.copy == standing.copy, decision),
                is_set_aside=entry.observer in count.aside,
            )
            for entry in entries
        ],
        None if decision is None else DecidedCopy(decision.by, decision.at, str(decision.entry), decision.reason),
        by.role.covers(Role.VERIFIER) and all(entry.observer != by.pseudonym for entry in entries),
    )


def _stands(entry: CopyEntry, is_alike: bool, decision: CopyDecision | None) -> bool:
    return is_alike if decision is None else entry.id == decision.entry


def _head(count: QuickCount, by: Member) -> dict[str, Any]:
    sample, publication, is_team = count.drawn.sample, standing_of(count.steps), by.role.covers(Role.VERIFIER)
    return {
        "id": count.id,
        "name": count.drawn.name,
        "drawn_at": count.at,
        "drawn_by": count.by if is_team else None,
        "design": sample.design.kind,
        "unit": sample.design.unit,
        "drawn": sample.design.size,
        "mesas": len(sample.mesas),
        "standing": sum(found.copy is not None for found in count.standings().values()) if is_team else None,
        "is_proposed": publication.proposal is not None if is_team else None,
        "is_public": publication.shown is not None,
    }


def _stratum(stratum: Stratum, count: QuickCount, standing: set[str], name: Name) -> SampledAreas:
    own = {unit.id for unit in count.drawn.sample.mesas if unit.stratum in stratum.areas}
    names = [name(area) or area for area in stratum.areas]
    return SampledAreas(
        names, stratum.areas, stratum.mesas, stratum.units, stratum.drawn, len(own), len(own & standing)
    )
