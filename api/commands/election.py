"""`escrutinio election …`: an election's file drafted from what its source says, and looked over."""

import asyncio
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import combinations
from pathlib import Path

import typer
from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.commands.polling import check_address, user_agent
from ingest.archive import Archive
from ingest.budget import Budget
from ingest.drafting.colors import LEAST_DISTANCE, distance
from ingest.drafting.draft import Wishes, check_rule, concerns, draft
from ingest.drafting.found import FoundRace
from ingest.drafting.writing import write_election
from ingest.fetch import Fetcher
from ingest.registry import FEEDS, RACE_READERS, known_elections
from tally import moments
from tally.election import Election, Polling
from tally.errors import InvalidInput
from tally.files.election_faults import read_election
from tally.outcome.rule import ContestRule, RuleKind
from tally.settings import load_settings
from texts.language import LANGUAGES, Language, load_languages

app = typer.Typer(help="An election's file: drafted from its source, looked over.", no_args_is_help=True)

_GENERATION = next(iter(RACE_READERS))
_LANG = typer.Option("en", help=f"Language of what is said: {', '.join(LANGUAGES)}.")
# Whoever waits for less is not told how far it is.
_PATIENCE_S = 2.0


class Asked(Struct, frozen=True):
    """What is to be drafted: a race of a source, and how it is won."""

    feed: str
    generation: str
    race: int
    rule: ContestRule
    is_unlimited: bool
    with_ballots: bool


@app.command(name="draft")
def draft_command(
    feed: str = typer.Option(help="Base URL of the source, or of a rehearsal."),
    race: int = typer.Option(min=0, help="The source's id of the race (ONPE: idEleccion)."),
    output: Path | None = typer.Option(None, "--output", "-o", help="File to write: its name is the election's id."),
    rule: RuleKind = typer.Option(RuleKind.FINAL_ROUND.value, help="How it is won; a final round is between two."),
    threshold: str | None = typer.Option(None, help="Part of the valid votes that wins at once, like 3/10."),
    inclusive: bool | None = typer.Option(None, "--inclusive/--exclusive", help="Whether exactly that part is enough."),
    ballots: bool = typer.Option(True, help="Look at one acta of each contest: it alone shows withdrawn lists."),
    generation: str = typer.Option(_GENERATION, help="Generation of the source."),
    unlimited: bool = typer.Option(False, "--unlimited", help="No request budget; only for a feed on this machine."),
    lang: str = _LANG,
) -> None:
    """Read a race from its source and write the election's file; says what a person must check."""
    words = _language(lang)
    if output is not None and output.exists():
        raise InvalidInput(f"{output} is there already: it is not written over")
    if output is not None and not output.parent.is_dir():
        raise InvalidInput(f"there is no folder {output.parent}")
    asked = Asked(feed, generation, race, _rule(rule, threshold, inclusive), unlimited, ballots)
    host = check_address(feed, "https://HOST", is_unlimited=unlimited)
    found = _read(asked)
    named = None if output is None else output.stem
    election = draft(found, Wishes(_model(found, generation), host, asked.rule, named))
    at = moments.write(moments.utc_now().replace(microsecond=0))
    text = write_election(election, (words("election.comment", host=host, race=race, at=at),))
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")
    lists = sum(len(contest.lists) for contest in election.contests)
    said = words("election.drafted", id=election.id, contests=len(election.contests), lists=lists)
    faults = (f"- {fault}" for fault in read_election(text.encode())[1])
    for line in (said, *_concerns(words, found, election), *faults):
        typer.echo(line, err=True)


@app.command()
def check(file: Path = typer.Argument(help="An election's file."), lang: str = _LANG) -> None:
    """Say every fault of an election's file with its place; exit status 1 if there is any."""
    words = _language(lang)
    try:
        election, faults = read_election(file.read_bytes())
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read ({error.strerror})") from error
    said = [str(fault) for fault in faults]
    if election is not None:
        said += _out_of_place(words, election, file)
    for line in said:
        typer.echo(f"{file.name}: {line}")
    if election is None or said:
        raise typer.Exit(1)
    lists = sum(len(contest.lists) for contest in election.contests)
    typer.echo(words("election.sound", id=election.id, contests=len(election.contests), lists=lists))
    for line in _close_colors(words, election):
        typer.echo(line)


def _concerns(words: Language, found: FoundRace, election: Election) -> list[str]:
    today = moments.utc_now().date()
    notes = concerns(found, election, today)
    return ["- " + words(f"draft_concern.{note.concern.value}", **note.values) for note in notes]


def _out_of_place(words: Language, election: Election, file: Path) -> list[str]:
    """What is wrong with a sound file where it lies."""
    faults = [] if election.id == file.stem else [words("election.other_name", id=election.id, name=file.stem)]
    if election.generation not in FEEDS:
        faults.append(words("election.unknown_generation", generation=election.generation))
    return faults


def _close_colors(words: Language, election: Election) -> list[str]:
    """Pairs of lists of one contest that some eyes cannot tell apart: a note, since names and numbers stand beside."""
    close = []
    for contest in election.contests:
        pairs = [
            f"{one.id} – {other.id}"
            for one, other in combinations(contest.lists, 2)
            if distance(one.color, other.color) < LEAST_DISTANCE
        ]
        if pairs:
            close.append(words("election.close_colors", contest=contest.id, n=len(pairs), first=pairs[0]))
    return close


def _language(code: str) -> Language:
    if code not in LANGUAGES:
        raise InvalidInput(f"--lang {code!r} is none of {', '.join(LANGUAGES)}")
    return load_languages()[code]


def _model(found: FoundRace, generation: str) -> Election:
    """The newest election that this installation knows of the same source, and as wide."""
    same = (election for election in known_elections().values() if election.generation == generation)
    is_wide = not found.contests[0].scope
    return max(same, key=lambda election: (is_wide is not bool(election.contests[0].scope), election.date))


def _rule(kind: RuleKind, threshold: str | None, is_inclusive: bool | None) -> ContestRule:
    try:
        return ContestRule(kind, threshold, is_inclusive)
    except ValueError as error:
        raise InvalidInput(f"--rule {kind.value}: {error}") from error


def _read(asked: Asked) -> FoundRace:
    """What the source says, within the budget of a poller; nothing of it is kept."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        tempfile.TemporaryDirectory() as folder,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar,
    ):
        return asyncio.run(_ask(asked, Archive(Path(folder)), _told(bar)))


async def _ask(asked: Asked, archive: Archive, told: Callable[[int, int], None]) -> FoundRace:
    reader = RACE_READERS.get(asked.generation)
    if reader is None:
        known = ", ".join(RACE_READERS)
        raise InvalidInput(f"--generation {asked.generation!r} cannot be drafted from; known: {known}")
    budget = Budget(None if asked.is_unlimited else Polling().requests_per_s, time.monotonic)
    base = asked.feed.rstrip("/") + reader.base_path
    source = Fetcher(base, archive, budget, user_agent=user_agent(load_settings()))
    try:
        is_right = partial(check_rule, rule=asked.rule)
        return await reader(source, asked.race).read(told, is_right, with_ballots=asked.with_ballots)
    finally:
        await source.close()


def _told(bar: Progress) -> Callable[[int, int], None]:
    """A bar that shows itself only when the work takes long enough to wonder."""
    began = time.monotonic()
    task = bar.add_task("contests", total=None, visible=False)

    def told(done: int, whole: int) -> None:
        bar.update(task, completed=done, total=whole, visible=time.monotonic() - began > _PATIENCE_S)

    return told
