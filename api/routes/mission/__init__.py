"""Routes of the mission, all private. Each has its rule in `api.policy` and is mounted behind `api.viewer.admit`."""

from api.routes.mission import (
    alerts,
    audits,
    badges,
    coverage,
    desk,
    exports,
    flags,
    incidents,
    people,
    photos,
    publications,
    releases,
    stake,
)

ROUTERS = tuple(
    module.router
    for module in (
        *(people, desk, releases, alerts, exports, incidents, photos, coverage, publications),
        *(flags, badges, stake, audits),
    )
)
