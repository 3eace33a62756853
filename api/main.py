"""The web application: the one place that wires store, counts, sockets, routes and pages together."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, Depends, FastAPI
from msgspec.structs import replace
from prometheus_client import CollectorRegistry
from starlette.routing import BaseRoute

from api.alerts.service import AlertService
from api.alerts.text_sending import TextSender
from api.bulletin.tellers import make_tellers
from api.embed import routes as embed
from api.embed.overviews import EmbedOverviews
from api.embed.pages import EmbedPages
from api.embed.pictures import EmbedPictures
from api.http.errors import install_errors
from api.http.headers import PlainHeaders
from api.http.making import AnswerCache
from api.http.measuring import RequestFigures
from api.http.pieces import PiecedAnswers
from api.http.policy import PREFIX, check_policy
from api.http.queries import refuse_unknown
from api.http.workers import Workers
from api.live.contest_following import ElectionContests
from api.live.counts import Counts
from api.live.hub import Hub
from api.live.loop_lag import LoopLag
from api.live.metrics import Metrics, Watch
from api.live.placing import Placing
from api.mission.casework import make_casework
from api.mission.findings import MissionFindings
from api.mission.quickcount.frames import FrameComparisons
from api.mission.quickcount.watcher import CopyWatcher
from api.mission.screener import Screener
from api.mission.text_desk import TextDesk
from api.options import MissionOptions, ServeOptions
from api.routes import (
    archive,
    areas,
    asyncapi,
    bulletin,
    contests,
    count,
    data_files,
    description,
    elections,
    geometry,
    health,
    lead_changes,
    ledger,
    live,
    metrics,
    mission,
    overview_bulletin,
    places,
    previous,
    program,
    queue,
    relay,
    results,
    standards,
    state,
    story,
    stream,
    well_known,
)
from api.routes.description import describe
from api.routes.mission.observation import text_messages
from api.routes.public_layer import incidents, quick_count
from api.serving.access import NAMING, Services
from api.serving.door import Door
from api.serving.figures import Cache, Line, ServingFigures
from api.serving.front import Build, Front
from api.serving.mission_presence import MissionPresence
from api.serving.page_shelf import PageShelf
from api.serving.proofs import Proofs
from api.serving.purging import Purging
from api.serving.reader import OwnReader
from api.serving.ready_answers import ReadyAnswers
from api.serving.viewer import admit
from api.story.contest_tables import ContestTables
from api.story.past import Past
from api.story.previous.former_counts import FormerCounts
from api.tables.positions import Positions
from geo.boundaries import Geometry
from geo.places import PopulatedPlaces, SchoolPoints
from geo.svg import Outlines
from geo.ubigeo import load_catalogue
from mission.forms.library import load_forms
from mission.forms.model import Form
from mission.messages.guide import add_text_guide
from mission.people.contacts import check_key
from tally.catalogue import Catalogue
from tally.election import Election
from tally.storage.store import Store

_PUBLIC = (program, asyncapi, elections, contests, overview_bulletin, standards, geometry)
# Of a count: each stands at the addresses of all counts.
_OF_COUNT = (
    *(count, state, results, previous, story, bulletin, lead_changes, queue, areas),
    *(ledger, places, archive, live, stream, incidents, quick_count),
)


def _work_out_routes() -> list[BaseRoute]:
    """The routes that every application has: what FastAPI works out about each of them is the same in all."""
    every = APIRouter()
    for module in _PUBLIC:
        every.include_router(module.router, prefix=PREFIX, dependencies=[Depends(refuse_unknown)])
    for prefix, naming in NAMING.items():
        for module in _OF_COUNT:
            known = [Depends(refuse_unknown), Depends(naming)]
            every.include_router(module.router, prefix=prefix, dependencies=known)
    every.include_router(health.router)
    every.include_router(well_known.router)
    every.include_router(description.router)
    every.include_router(data_files.router, dependencies=[Depends(refuse_unknown)])
    for router in mission.ROUTERS:
        every.include_router(router, prefix=PREFIX, dependencies=[Depends(admit)])
    return every.routes


_ROUTES = _work_out_routes()
# Searches in line. Each takes some milliseconds at most.
_SEARCHES = 200


def create_app(
    store: Store,
    elections: dict[str, Election],
    *,
    geometry: Geometry | None = None,
    populated: PopulatedPlaces | None = None,
    schools: SchoolPoints | None = None,
    dashboard: Build | None = None,
    options: ServeOptions | None = None,
) -> FastAPI:
    """The application over a store, which stays the caller's to close.

    `dashboard` is `dashboard.app.build`. A writer in the same process calls `app.state.services.counts.wake()`, from
    any thread, after each append; without that, news is found by asking the store.
    """
    options = options or ServeOptions()
    registry = CollectorRegistry()
    watch, requests = Watch(registry), RequestFigures()
    answers = AnswerCache()
    past_workers = Workers(1, is_last=True)
    past = Past(store, past_workers)
    positions = Positions(geometry, populated, schools)
    former_counts = FormerCounts(elections, options.previous)
    counts = Counts(store, elections, options, watch, past.queues, Placing(positions), former_counts)
    alerts = AlertService(store.engine, counts, options.mission.channels, options.heartbeat_s)
    hub, contests_of = Hub(options, alerts.listeners), ElectionContests(counts, _catalogue_of, options)
    app = FastAPI(
        title="Escrutinio",
        version="1",
        description="A vote count, live: every number with its version, time and source.",
        docs_url=None,  # Swagger's page would load itself from a CDN
        redoc_url=None,
        openapi_url=None,  # FastAPI's own route would write it anew for everybody, on the loop
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    reader = OwnReader(app)
    app.state.reader, app.state.alerts = reader, alerts
    app.state.screener, app.state.evidence = Screener(store, counts), MissionFindings(store.engine)
    app.state.frames = FrameComparisons()
    app.state.purging = Purging(store.engine, options.mission.ends)
    casework = make_casework(store.engine, options.mission, options.election_id)
    app.state.copy_watcher = CopyWatcher(store.engine, counts, casework)
    app.state.tellers = make_tellers(options, counts, contests_of, past, store)
    forms = load_forms(options.mission.forms)
    guided = _guided(options.mission, forms)
    app.state.services = Services(
        store,
        counts,
        contests_of,
        hub,
        past,
        ContestTables(store, answers, past_workers),
        answers,
        PiecedAnswers(Workers(1)),
        Workers(1, _SEARCHES),
        positions,
        geometry,
        Metrics(registry, watch, counts, hub),
        ReadyAnswers(is_https=options.is_https),
        None if geometry is None else Outlines(geometry),
        guided,
        casework,
        Door(),
        options.contact,
        options.is_https,
        requests,
        Proofs(store, options.archive),
        options.files,
        former_counts,
        options.home,
        forms,
    )
    app.router.routes.extend(_ROUTES)
    if options.has_metrics:
        app.include_router(metrics.router)
    if options.relay_token is not None:
        app.include_router(relay.make_router(store, elections, options.relay_token), prefix=PREFIX)
    texts = options.mission.texts
    app.state.text_sender = None if texts is None else TextSender(store.engine, texts.gateway)
    if texts is not None:
        desk = TextDesk(store.engine, check_key(options.mission.sender_key), forms, options.mission.ends)
        app.include_router(text_messages.make_router(desk, texts.secret), prefix=PREFIX)
    pages = app.state.embed_pages = EmbedPages(options)
    app.state.embed_pictures = EmbedPictures(pages)
    app.state.embed_overviews = EmbedOverviews(pages, app.state.embed_pictures)
    app.include_router(embed.make_router(pages, app.state.embed_pictures, app.state.embed_overviews))
    check_policy(app, admit)
    app.openapi = partial(describe, app)  # type: ignore[method-assign] # FastAPI's way to have another description
    # Not a mount: a mount at "/" would swallow wrong methods and unknown paths of the API.
    front = Front(dashboard, reader, counts, options, app.state.services.ready_answers)
    app.state.front = app.router.default = front
    app.add_middleware(MissionPresence, store.engine)
    app.add_middleware(PlainHeaders, is_https=options.is_https)
    install_errors(app, requests.refused)
    _measure(app, registry, front.shelf, options)
    return app


def _guided(options: MissionOptions, forms: Mapping[str, tuple[Form, ...]]) -> MissionOptions:
    """With the guide of text messages, where there are any."""
    return options if options.texts is None else replace(options, guides=add_text_guide(options.guides, forms))


def _measure(app: FastAPI, registry: CollectorRegistry, shelf: PageShelf, options: ServeOptions) -> None:
    """Tell of requests, queues, caches, disks and the loop at /metrics, too."""
    services: Services = app.state.services
    lines: dict[str, Line] = {
        "pages": shelf.present,
        "past_pages": shelf.past,
        "answers": services.answers.workers,
        "stored_answers": services.answers.readers,
        "searches": services.finders,
    }
    caches: dict[str, Cache] = {
        "ready": services.ready_answers,
        "answers": services.answers,
        "embeds": app.state.embed_pages.answers,
    }
    registry.register(services.requests)
    registry.register(ServingFigures(services.counts, services.hub, lines, caches, options.folders))
    app.state.loop_lag = LoopLag(registry)


def _catalogue_of(election: Election) -> Catalogue:
    return load_catalogue(election.date.year)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    counts: Counts = app.state.services.counts
    app.state.reader.start()
    app.state.loop_lag.start()
    counts.start()
    app.state.alerts.start()
    app.state.screener.start()
    app.state.copy_watcher.start()
    app.state.purging.start()
    if app.state.text_sender is not None:
        app.state.text_sender.start()
    for teller in app.state.tellers:
        teller.start()
    try:
        # Whoever is served before that could only be told to come again, while another replica may have it all.
        await counts.first_look()
        await app.state.front.prepare()
        yield
    finally:
        app.state.reader.stop()
        app.state.embed_pictures.close()
        app.state.services.casework.redrawing.close()
        await app.state.services.hub.stop()
        await app.state.loop_lag.stop()
        for teller in app.state.tellers:
            await teller.stop()
        if app.state.text_sender is not None:
            await app.state.text_sender.stop()
        await app.state.purging.stop()
        await app.state.copy_watcher.stop()
        await app.state.screener.stop()
        await app.state.alerts.stop()
        await counts.stop()
