"""Routes of the observation: forms and what is answered to them, people, the quick count, messages."""

from api.routes.mission.observation import conflicts, people, response_photos, responses, roster

ROUTERS = (conflicts.router, people.router, response_photos.router, responses.router, roster.router)
