"""From settings to an application: store, elections, geometry and dashboard put together."""

from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI

from api.main import create_app
from api.options import MissionOptions, ServeOptions
from dashboard.app import build
from geo.boundaries import Geometry, load_geometry
from geo.places import PopulatedPlaces, read_populated_places
from ingest.registry import known_elections
from mission.publication import Terms
from tally.settings import Settings, photos_folder
from tally.store import Store


def assemble(settings: Settings, store: Store) -> FastAPI:
    """The application that these settings describe, over an open store.

    Raises: BoundaryError, InvalidInput.
    """
    options = ServeOptions(
        origins=settings.allowed_origins,
        election_id=settings.election,
        sockets_per_address=settings.sockets_per_address,
        has_metrics=settings.metrics,
        relay_token=settings.relay_token,
        mission=MissionOptions(photos=photos_folder(settings), terms=_terms(settings)),
        public_url=settings.public_url,
        embed_ancestors=settings.embed_ancestors,
    )
    return create_app(
        store,
        known_elections(),
        geometry=_geometry(settings),
        populated=_populated(settings.populated_places),
        dashboard=build,
        options=options,
    )


def _terms(settings: Settings) -> Terms:
    step = timedelta(minutes=settings.incident_step_minutes)
    return Terms(delay=timedelta(minutes=settings.incident_delay_minutes), step=step)


def _geometry(settings: Settings) -> Geometry:
    return load_geometry(settings.geometry, cache=settings.cache / "geometry")


def _populated(path: Path | None) -> PopulatedPlaces | None:
    return None if path is None else read_populated_places(path)
