"""What routes are given: the services of the application, and the count that a path names."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from msgspec import Struct
from starlette.requests import HTTPConnection

from api.http.making import AnswerCache
from api.http.measuring import RequestFigures
from api.http.pieces import PiecedAnswers
from api.http.policy import COUNTS
from api.http.visitors import receive_visitor
from api.http.workers import Workers
from api.live.contest_following import ElectionContests
from api.live.count import LiveCount
from api.live.counts import Counts
from api.live.hub import Hub
from api.live.metrics import Metrics
from api.mission.case import Case
from api.mission.casework import Casework
from api.options import MissionOptions
from api.serving.door import Door
from api.serving.proofs import Proofs
from api.serving.ready_answers import ReadyAnswers
from api.story.contest_tables import ContestTables
from api.story.past import Past
from api.story.previous.former_counts import FormerCounts
from api.tables.positions import Positions
from geo.boundaries import Geometry
from geo.svg import Outlines
from mission.forms.model import Form
from tally.errors import StoreUnavailable
from tally.storage.store import Store

# The largest version, id or place anybody may name: what every reader of JSON, and every database, counts exactly.
MOST_SEQ = 2**53 - 1


class Services(Struct, frozen=True):
    """Everything a route may need; made once, in `main`.

    `contact`: whom to tell of a weakness. `is_https`: we are known outside by an address with https. `files`: the
    folder of the sets of files, None where there can be none. `forms`: every version of each, the newest last. `home`:
    our address, see ServeOptions.
    """

    store: Store
    counts: Counts
    contests: ElectionContests
    hub: Hub
    past: Past
    contest_tables: ContestTables
    answers: AnswerCache
    pieced: PiecedAnswers
    finders: Workers
    positions: Positions
    geometry: Geometry | None
    metrics: Metrics
    ready_answers: ReadyAnswers
    outlines: Outlines | None
    mission: MissionOptions
    casework: Casework
    door: Door
    contact: str | None
    is_https: bool
    requests: RequestFigures
    proofs: Proofs
    files: Path | None
    former_counts: FormerCounts
    home: Callable[[str], str]
    forms: Mapping[str, tuple[Form, ...]]


async def find_services(connection: HTTPConnection) -> Services:
    """The application's services, which work for whoever asks."""
    receive_visitor(connection)
    services: Services = connection.app.state.services
    return services


async def name_first(election_id: str) -> None:
    """For paths of an election's first contest: what they name."""


async def name_contest(election_id: str, contest_id: str) -> None:
    """For paths of a contest: what they name."""


async def find_live(connection: HTTPConnection, services: Annotated[Services, Depends(find_services)]) -> LiveCount:
    """The count that the path names: of a contest, or of the first one of an election.

    Raises: UnknownElection, NotFound, StoreUnavailable.
    """
    named = connection.path_params
    return services.counts.live(named["election_id"], named.get("contest_id"))


# Whoever stands under one of those addresses names its count so.
NAMING: Mapping[str, Callable[..., object]] = dict(zip(COUNTS, (name_first, name_contest), strict=True))
Serving = Annotated[Services, Depends(find_services)]
Live = Annotated[LiveCount, Depends(find_live)]


async def find_case(services: Serving) -> Case:
    """The case of the election the mission observes.

    Raises: UnknownElection, NotFound, StoreUnavailable: there is no such count, or none yet.
    """
    chosen = services.casework.election_id
    if chosen is not None:
        live = services.counts.live(chosen)
    else:
        lives = services.counts.firsts()
        if not lives:
            raise StoreUnavailable("no count is loaded yet; try again in a moment")
        live = lives[0]
    casework, election_id = services.casework, live.election.id
    return Case(
        live,
        casework.casebooks.of(election_id),
        casework.teams.of(election_id),
        casework.responses.of(election_id),
        casework.messages.of(election_id),
        casework.texts.of(election_id),
        casework.frames.of(election_id),
    )


GivenCase = Annotated[Case, Depends(find_case)]
