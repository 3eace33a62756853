"""Feed generations by name, and the elections this installation knows."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from ingest.drafting.own_colors import recoloured
from ingest.feeds import Feed
from ingest.feeds.onpe2021 import Onpe2021
from ingest.feeds.onpe2026 import Onpe2026
from ingest.feeds.onpe2026.drafting import RaceReader
from tally.election import Contest, Election, find_election
from tally.errors import InvalidInput
from tally.files.election_files import load_elections
from tally.rules.checks import Largest
from tally.settings import load_settings
from tally.storage.store import CountInfo

# The generations whose races can be read for a draft of an election's file.
RACE_READERS = {"onpe2026": RaceReader}

_PACKAGED = Path(str(files("ingest") / "elections"))

FEEDS: dict[str, Callable[[Election, Contest], Feed]] = {"onpe2021": Onpe2021, "onpe2026": Onpe2026}


def known_elections() -> dict[str, Election]:
    """Every election that has a TOML file, by id: the package's own, and those of the operator's folder.

    Lists have the operator's own colours, where there is a file of them.

    Raises: InvalidInput: a file is not a valid election, or two are of one id; the message names it.
    """
    settings = load_settings()
    own, colors = settings.elections, settings.list_colors
    found = dict(_packaged()) if own is None else load_elections(_PACKAGED, own)
    return found if colors is None else recoloured(found, colors)


@cache
def _packaged() -> Mapping[str, Election]:
    """The package's own, which nobody changes while it runs: to read them takes a tenth of a second."""
    return load_elections(_PACKAGED)


def newest_rehearsed(elections: Mapping[str, Election]) -> Election:
    """The latest election whose whole official result is known, so that a rehearsal can be drawn from it."""
    whole = (one for one in elections.values() if one.official is not None and not one.official.is_partial)
    return max(whole, key=lambda one: one.date)


def make_feed(election: Election, contest: Contest) -> Feed:
    """The feed that reads this election.

    Raises: InvalidInput: no feed for its generation.
    """
    kind = FEEDS.get(election.generation)
    if kind is None:
        raise InvalidInput(
            f"election {election.id} uses the feed generation {election.generation!r}, which cannot be read yet; "
            f"known: {', '.join(sorted(FEEDS))}"
        )
    return kind(election, contest)


def feed_of(info: CountInfo) -> tuple[Feed, Contest, Largest]:
    """Feed and contest of a count in the store, and how large its mesas can be.

    Raises: InvalidInput: its election is not known here, or cannot be read.
    """
    election = find_election(known_elections(), info.election_id)
    contest = election.contest(info.contest_id)
    return make_feed(election, contest), contest, election.largest
