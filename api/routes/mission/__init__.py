"""Routes of the mission, all private: each has its rule in `api.http.policy`; `api.serving.viewer` carries it out."""

from api.routes.mission import (
    administration,
    alerts,
    audits,
    badges,
    coverage,
    exports,
    flags,
    incidents,
    map_changes,
    moved,
    observation,
    people,
    photos,
    publications,
    quarantine,
    releases,
    stake,
)

ROUTERS = (
    *(
        module.router
        for module in (
            *(people, administration, releases, alerts, exports, incidents, photos, coverage, publications, quarantine),
            *(flags, badges, stake, audits, map_changes, moved),
        )
    ),
    *observation.ROUTERS,
)
