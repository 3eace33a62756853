"""From settings to an application: store, elections, geometry and dashboard put together."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import structlog
from fastapi import FastAPI

from api.alerts.channels import Mail, Webhook, check_mail_server, check_web_address
from api.alerts.subscriptions import Subscriber, read_subscribers
from api.alerts.text_gateway import HttpTextGateway, check_secret
from api.main import create_app
from api.options import MissionOptions, ServeOptions, TextOptions
from dashboard.app import build
from geo.boundaries import load_geometry
from geo.places import read_populated_places
from geo.schools.positions import read_positions
from geo.urban import read_place_areas
from ingest.registry import known_elections
from mission.deliveries import Channel
from mission.guides.library import Guides, load_guides
from mission.people.attempts import Origins
from mission.people.contacts import sender_key
from mission.publication import Terms
from tally.errors import InvalidInput
from tally.settings import Settings, archive_folder, disks, files_folder, photos_folder
from tally.storage.store import Store

_log = structlog.get_logger(__name__)


def assemble(settings: Settings, store: Store) -> FastAPI:
    """The application that these settings describe, over an open store.

    Raises: BoundaryError, InvalidInput.
    """
    options = ServeOptions(
        origins=settings.allowed_origins,
        election_id=settings.election,
        sockets_per_address=settings.sockets_per_address,
        has_metrics=settings.metrics,
        archive=archive_folder(settings),
        files=files_folder(settings),
        previous=settings.previous,
        folders=disks(settings),
        relay_token=settings.relay_token,
        mission=_mission(settings),
        public_url=settings.public_url,
        embed_ancestors=settings.embed_ancestors,
        contact=settings.contact,
        hub=_hub(settings),
    )
    places = settings.populated_places
    return create_app(
        store,
        known_elections(),
        geometry=load_geometry(settings.geometry, cache=settings.cache / "geometry"),
        populated=None if places is None else read_populated_places(places),
        schools=read_positions(settings.places),
        dashboard=partial(build, home_of=options.home, hub=options.hub),
        options=options,
    )


def _mission(settings: Settings) -> MissionOptions:
    return MissionOptions(
        origins=Origins(settings.address_key),
        sender_key=sender_key(settings.address_key),
        ends=settings.mission_ends,
        forms=settings.forms,
        photos=photos_folder(settings),
        terms=_terms(settings),
        areas=read_place_areas(settings.populated_places, settings.places),
        guides=_guides(settings),
        channels=(*_webhook(settings), *_mail(settings), *subscribers(settings)),
        digest=settings.alert_digest,
        texts=_texts(settings),
    )


def _guides(settings: Settings) -> Guides:
    """What is wrong with a file is said once, at the start; the rest is served."""
    guides = load_guides(settings.guides)
    for fault in guides.faults:
        _log.warning("a guide is not as it should be", fault=fault)
    return guides


def _texts(settings: Settings) -> TextOptions | None:
    if settings.text_gateway is None:
        return None
    url, secret = check_web_address(settings.text_gateway, "text_gateway"), settings.text_gateway_secret or ""
    return TextOptions(HttpTextGateway(url, check_secret(secret)), secret)


def _hub(settings: Settings) -> str | None:
    if settings.websub_hub is not None and settings.public_url is None:
        raise InvalidInput("setting public_url: a hub must be told the whole addresses of our feeds")
    return None if settings.websub_hub is None else check_web_address(settings.websub_hub, "websub_hub")


def _webhook(settings: Settings) -> Iterator[Channel]:
    if settings.alert_webhook is not None:
        if not settings.alert_webhook_secret:
            raise InvalidInput("setting alert_webhook_secret: without it nobody knows that an alert is ours")
        yield Webhook(check_web_address(settings.alert_webhook, "alert_webhook"), settings.alert_webhook_secret)


def subscribers(settings: Settings) -> tuple[Subscriber, ...]:
    """Who is sent what the count says.

    Raises: InvalidInput.
    """
    if settings.subscriptions is None:
        return ()
    found = read_subscribers(settings.subscriptions, (settings.public_url or "").rstrip("/"))
    known = {contest.id for election in known_elections().values() for contest in election.contests}
    for one in found:
        if one.subscription.contest not in (None, *known):
            raise InvalidInput(f"subscription {one.subscription.name}: no contest is {one.subscription.contest!r}")
    return found


def _mail(settings: Settings) -> Iterator[Channel]:
    if settings.alert_mail is not None:
        server, sender = check_mail_server(settings.alert_mail), settings.alert_mail_from
        if not sender or not settings.alert_mail_to:
            raise InvalidInput(
                "settings alert_mail_from and alert_mail_to: mail needs a sender and somebody to read it"
            )
        yield Mail(server, sender, settings.alert_mail_to, settings.alert_mail_password)


def _terms(settings: Settings) -> Terms:
    given = {"delay": settings.incident_delay_minutes, "step": settings.incident_step_minutes}
    return Terms(**{name: timedelta(minutes=minutes) for name, minutes in given.items() if minutes is not None})
