"""Routes of the mission, all private. Each has its rule in `api.policy` and is mounted behind `api.viewer.admit`."""

from api.routes.mission import (
    administration,
    alerts,
    audits,
    badges,
    coverage,
    exports,
    flags,
    incidents,
    moved,
    people,
    photos,
    publications,
    releases,
    stake,
)

ROUTERS = tuple(
    module.router
    for module in (
        *(people, administration, releases, alerts, exports, incidents, photos, coverage, publications),
        *(flags, badges, stake, audits, moved),
    )
)
