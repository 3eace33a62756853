"""Routes of what observers do beside incidents: each module a part of the observation."""

from api.routes.mission.observation import (
    completeness,
    conflicts,
    forms,
    messages,
    people,
    response_photos,
    responses,
    roster,
)

ROUTERS = (
    *(completeness.router, conflicts.router, forms.router, messages.router, people.router, response_photos.router),
    *(responses.router, roster.router),
)
