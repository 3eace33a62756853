"""`escrutinio doctor`: what this installation is, what it reaches, and what to fix."""

import asyncio
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path

import typer

from api.commands.assembly import subscribers
from api.commands.deployment.files import check_files
from api.commands.deployment.finding import Finding, report
from api.commands.deployment.machine import Machine
from api.commands.deployment.shipped import shipped_files
from api.commands.deployment.surroundings import check_surroundings
from api.commands.polling import RELAY, PollOptions, followed_contests, make_source
from api.commands.watching.facts import CountFacts, gravest, read_store
from api.commands.watching.words import feed_text, room_text, seconds_text
from api.live.feed import SourceReading
from api.story.previous.former_counts import stores
from geo.boundaries import load_geometry
from ingest.archive import read_format
from ingest.drafting.own_colors import hard_to_see
from ingest.proof.keyring import public_keys, sealing_key
from ingest.registry import known_elections, make_feed
from mission.guides.library import load_guides
from mission.people.contacts import read_contacts
from mission.people.retention import CONTACTS_KEPT
from tally import moments
from tally.changes import LOG_FORMAT
from tally.choice import settle_election
from tally.election import Election, find_election
from tally.errors import ArchiveError, EscrutinioError, FeedUnavailable, InvalidInput, NotFound, StoreUnavailable
from tally.program import this_program
from tally.settings import Settings, archive_folder, disks, load_settings
from tally.storage.clocks import clock_offset
from tally.storage.database import transaction
from tally.storage.disk import rooms_of
from tally.storage.schema import WRITES, steps_due
from tally.storage.store import Store
from tally.thresholds import THRESHOLDS
from texts.language import load_languages

_LOOKS_AGAIN_S = 0.5
_PARTS = ("dash", "fastapi", "uvicorn", "websockets", "sqlalchemy", "geopandas", "maplibre")


def doctor(
    database: str | None = typer.Option(None, help="sqlite:///FILE or postgresql://…"),
    election: str | None = typer.Option(None, help="Election id."),
    feed: str | None = typer.Option(None, help="The source's base URL."),
    deploy: bool = typer.Option(False, "--deploy", help="Look at this machine instead: is all installed, and safely?"),
    root: Path = typer.Option(Path("/"), help="With --deploy: where the machine's files lie."),
    wait: float = typer.Option(0.0, min=0.0, help="Seconds that a poller which was just started has to begin."),
    as_json: bool = typer.Option(False, "--json", help="Print what was found as JSON."),
) -> None:
    """Check versions, settings, store, geometry and the source; exit status 1 if something needs fixing."""
    if deploy:
        machine = Machine(root, shipped_files())
        is_well = report((*check_files(machine), *check_surroundings(machine)), as_json=as_json)
        raise typer.Exit(0 if is_well else 1)
    settings = load_settings(database_url=database, election=election, feed=feed)
    with suppress(StoreUnavailable):  # the check of the database says so
        settings = settle_election(settings)
    if not as_json:
        parts = [f"escrutinio {this_program()}", f"python {platform.python_version()}"]
        typer.echo(", ".join(parts + [f"{part} {version(part)}" for part in _PARTS]))
    raise typer.Exit(0 if report(_findings(settings, wait), as_json=as_json) else 1)


def _findings(settings: Settings, wait_s: float) -> Iterator[Finding]:
    checks: dict[str, Callable[[Settings], str]] = {
        "election": _election,
        "database": _database,
        "clock": _clock,
        "poller": partial(_poller, wait_s=wait_s),
        "archive": _archive,
        "disk": _disk,
        "previous": _previous,
        "geometry": _geometry,
        "colours": _colors,
        "guides": _guides,
        "people": _people,
        "subscriptions": _subscriptions,
        "source": _source,
    }
    broken = list[str]()
    for name, check in checks.items():
        if name in ("clock", "poller", "previous", "people") and "database" in broken:  # which is told once
            continue
        try:
            yield Finding(name, True, check(settings))
        except EscrutinioError as error:
            broken.append(name)
            yield Finding(name, False, str(error))


def _election(settings: Settings) -> str:
    election = find_election(known_elections(), settings.election)
    return f"{election.id}, {len(election.contest().lists)} lists, feed {election.generation}"


def _database(settings: Settings) -> str:
    with closing(Store.open(settings.database_url, WRITES)) as store:
        held = [f"{info.election_id} at version {info.seq}" for info in store.counts()]
        standing, _ = steps_due(store.engine)
    return f"schema {standing.revision}, log format {LOG_FORMAT}, {', '.join(held) or 'no count yet'}"


def _previous(settings: Settings) -> str:
    """Whether the count of the election before is here, if this one's file names one."""
    declared = find_election(known_elections(), settings.election).predecessor
    if declared is None:
        return "the election's file names none before it"
    with closing(Store.open(settings.database_url)) as own:
        held = [info for store in stores(own, settings.previous) for info in store.counts()]
    found = [info.seq for info in held if info.election_id == declared.election]
    if found:
        return f"{declared.election} at version {found[0]}"
    if settings.previous is not None:
        raise NotFound(f"setting previous: {settings.previous} holds no count of {declared.election}")
    return f"{declared.election} is not in this database, and setting previous names no other: nothing is compared"


def _clock(settings: Settings) -> str:
    with closing(Store.open(settings.database_url)) as store:
        offset_s = clock_offset(store.engine)
    if offset_s is None:
        return "the database goes by this machine's"
    said = f"{seconds_text(abs(offset_s))} {'ahead of' if offset_s > 0 else 'behind'} the database's"
    if abs(offset_s) > THRESHOLDS.clock.most_s:
        raise InvalidInput(f"this machine's clock is {said}: set one of them right (`timedatectl set-ntp true`)")
    return said


def _guides(settings: Settings) -> str:
    """Whether every document of the mission is one."""
    guides = load_guides(settings.guides)
    if guides.faults:
        raise InvalidInput(f"{settings.guides}: {'; '.join(guides.faults)}")
    return f"{len(guides.guides)}, {'shipped' if settings.guides is None else f'of {settings.guides}'}"


def _people(settings: Settings) -> str:
    """How long names and numbers of the mission's people stay."""
    with closing(Store.open(settings.database_url)) as store, transaction(store.engine) as connection:
        kept = len(read_contacts(connection))
    if not kept:
        return "no name or number is kept"
    if settings.mission_ends is None:
        return f"names and numbers of {kept} until `escrutinio user purge --contacts`: MISSION_ENDS is not set"
    return f"names and numbers of {kept} until {settings.mission_ends + CONTACTS_KEPT:%Y-%m-%d}"


def _colors(settings: Settings) -> str:
    """Whether the operator's own colours can be told apart, on every election that has some."""
    path = settings.list_colors
    if path is None:
        return "those of the elections' files"
    elections = known_elections()
    found = [f"{name} · {line}" for name, one in elections.items() for line in hard_to_see(one, path)]
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise InvalidInput(f"{path}: {found[0]}{more}")
    return f"own ones of {path}"


def _subscriptions(settings: Settings) -> str:
    found = subscribers(settings)
    return ", ".join(one.subscription.name for one in found) or "nobody is sent anything"


def _poller(settings: Settings, *, wait_s: float) -> str:
    """Whether somebody reads the source, or need not, and how that goes; who may be about to begin is waited for."""
    election = find_election(known_elections(), settings.election)
    last = time.monotonic() + wait_s
    while (found := _gravest_count(settings, election)) is not None and found.reading is SourceReading.ENDED:
        if time.monotonic() >= last:
            break
        time.sleep(_LOOKS_AGAIN_S)
    if found is None:
        return "not begun yet"
    if found.reading is SourceReading.ENDED:
        raise NotFound(f"nobody reads the source of {election.id}; start `escrutinio run` or `escrutinio poll`")
    if found.reading is SourceReading.FINAL:
        return f"{election.id} is final, nobody need read it"
    if found.is_troubled:
        raise FeedUnavailable(
            f"{election.id} ({found.info.contest_id}): {feed_text(found.feed, load_languages()['en'])}"
        )
    return f"{election.id} is being read, version {found.info.seq}"


def _gravest_count(settings: Settings, election: Election) -> CountFacts | None:
    wanted = {contest.id for contest in followed_contests(settings, election)}
    with closing(Store.open(settings.database_url)) as store:
        counts = read_store(store, {election.id: election}, moments.utc_now()).counts
    return gravest(one for one in counts if one.info.contest_id in wanted)


def _archive(settings: Settings) -> str:
    folder = archive_folder(settings)
    key, name = sealing_key(folder), f"{folder}, format {read_format(folder)}"
    if key is not None:
        return f"{name}, its newest head is signed with the key {key}"
    if public_keys(folder):
        raise ArchiveError(f"{name}: its newest head is signed with none of its keys, or is missing")
    return f"{name}, not sealed yet"


def _disk(settings: Settings) -> str:
    rooms = rooms_of(disks(settings))
    return "; ".join(f"{name} {room_text(room)}" for name, room in rooms.items())


def _geometry(settings: Settings) -> str:
    geometry = load_geometry(settings.geometry, cache=settings.cache / "geometry")
    if geometry.schematic["district"]:
        return "schematic provinces and districts (`escrutinio geo fetch` gets real ones)"
    return f"from {settings.geometry}" if geometry.origin is None else f"from {geometry.origin.title}"


def _source(settings: Settings) -> str:
    if settings.feed == RELAY:
        return "a relay hands the answers over; nobody is asked"
    election = find_election(known_elections(), settings.election)
    feed = make_feed(election, election.contest(settings.contest))

    async def identify(folder: Path) -> bool:
        # A diagnosis leaves no trace in the count's own archive.
        source = make_source(settings.model_copy(update={"archive": folder}), election, feed, PollOptions())
        try:
            return await feed.identify(source)
        finally:
            await source.close()

    with tempfile.TemporaryDirectory() as folder:
        is_test = asyncio.run(identify(Path(folder)))
    return "a rehearsal of this election" if is_test else "answers about this election"
