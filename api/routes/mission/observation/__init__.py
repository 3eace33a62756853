"""Routes of what observers do beside incidents: each module a part of the observation."""

from api.routes.mission.observation import completeness, conflicts, findings, forms, guides, response_photos, responses

ROUTERS = (
    *(completeness.router, conflicts.router, forms.router, response_photos.router, responses.router),
    *(findings.router, guides.router),
)
