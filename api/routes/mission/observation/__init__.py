"""Routes of the observation: forms and what is answered to them, people, the quick count, messages."""

from api.routes.mission.observation import completeness, conflicts, response_photos, responses

ROUTERS = (completeness.router, conflicts.router, response_photos.router, responses.router)
