"""One feed: an election, its count over simulated time, and the cut in force now."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from ingest.rehearsal.areas import AreaIndex
from ingest.rehearsal.arrivals import draw_arrivals
from ingest.rehearsal.cadence import Cadence
from ingest.rehearsal.clock import Clock, milliseconds, moment
from ingest.rehearsal.cut import Countable, PublishedCut
from ingest.rehearsal.generate import generate_mesas
from ingest.rehearsal.mesa_count import MesaCount
from ingest.rehearsal.mesa_file import read_mesas
from ingest.rehearsal.timeline import TimelineCount, read_timeline
from tally.catalogue import Catalogue
from tally.election import Contest, Election
from tally.errors import InvalidInput


class FeedPlan(Struct, frozen=True):
    """What to serve: a file of mesas, a timeline, or (with neither) a rehearsal drawn from `seed`; and how fast.

    `speed` None: the world stands at `until`, or at its end. `starts` None: at closing time, or at the first record.
    `generation`: one of the names in `generations`, None is the election's own.
    """

    mesas: Path | None = None
    timeline: Path | None = None
    arrivals: str | None = None
    seed: int = 1
    speed: float | None = None
    starts: datetime | None = None
    until: datetime | None = None
    generation: str | None = None


class RehearsalFeed:
    """A contest of an election being counted (None: its first). `is_test`: its mesas are invented.

    `others`: the election's other contests, on the same clock; `races` are all of them.
    """

    def __init__(
        self,
        election: Election,
        catalogue: Catalogue,
        count: Countable,
        clock: Clock,
        *,
        is_test: bool,
        contest: Contest | None = None,
        others: Sequence["RehearsalFeed"] = (),
    ) -> None:
        self.election = election
        self.catalogue = catalogue
        self.contest = contest or election.contest()
        self.races = (self, *others)
        self.count = count
        self.clock = clock
        self.is_test = is_test
        self.mesas = count if isinstance(count, MesaCount) else None

    def cut(self) -> PublishedCut:
        """What the source publishes at this moment."""
        return self.count.cut_at(milliseconds(self.clock.at()), milliseconds(self.clock.until))

    def step_to(self, at: datetime) -> None:
        """Stand still at that moment: a drill or a test makes a change appear when it wants."""
        self.clock.step_to(at)


def make_counts(
    election: Election, catalogue: Catalogue, plan: FeedPlan, cadence: Cadence, progress: "MakingProgress"
) -> Sequence[Countable]:
    """Read or draw what the plan asks for; `cadence`: when the source publishes.

    Returns: of a rehearsal one count for each contest; a replay is of the first contest.
    Raises: InvalidInput: a file or option cannot be used.
    """
    contest = election.contest()
    if plan.mesas and plan.timeline:
        raise InvalidInput("give a file of mesas or a timeline, not both")
    if plan.arrivals and not plan.mesas:
        raise InvalidInput("a column of arrivals needs a file of mesas")
    if plan.timeline:
        timeline = read_timeline(plan.timeline, contest)
        index = AreaIndex(int(ubigeo) for ubigeo in catalogue.districts)
        return [TimelineCount(timeline, index, election.official)]
    if plan.mesas:
        tables = [read_mesas(plan.mesas, contest, plan.arrivals, progress.notice)]
    else:
        tables = generate_mesas(election, catalogue, plan.seed, progress.done)
    return [
        MesaCount(table, draw_arrivals(table, closing(election), plan.seed + number), cadence)
        for number, table in enumerate(tables)
    ]


def make_clock(
    election: Election, plan: FeedPlan, counts: Sequence[Countable], cadence: Cadence, now: Callable[[], datetime]
) -> Clock:
    """The time of some counts, from where the plan lets them start to where they stop.

    Raises: InvalidInput: it would stop before it starts.
    """
    starts_ms, ends_ms = min(count.starts_ms for count in counts), max(count.ends_ms for count in counts)
    starts = plan.starts or (moment(starts_ms) if plan.timeline else closing(election))
    last = moment(ends_ms if plan.timeline else cadence.after(ends_ms))
    until = plan.until or max(last, starts)
    if until < starts and plan.speed is not None:
        raise InvalidInput(f"the count cannot stop at {until.isoformat()}, before it starts at {starts.isoformat()}")
    return Clock(starts, until, plan.speed, now)


def closing(election: Election) -> datetime:
    """The moment the polls close."""
    hour, minute = map(int, election.closes_at.split(":"))
    local = datetime.combine(election.date, time(hour, minute), ZoneInfo(election.timezone))
    return local.astimezone(UTC)


def local_midnight(election: Election) -> datetime:
    """The first moment of election day where it is held."""
    return datetime.combine(election.date, time(), ZoneInfo(election.timezone)).astimezone(UTC)


class MakingProgress:
    """What the making of a feed tells the person who waits; the default says nothing."""

    def notice(self, text: str) -> None:
        """One sentence worth reading."""

    def done(self, part: int, whole: int) -> None:
        """How far it is."""
