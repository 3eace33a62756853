"""Routes of the observation: forms and what is answered to them, people, the quick count, messages."""

from api.routes.mission.observation import conflicts, forms, response_photos, responses

ROUTERS = (forms.router, conflicts.router, response_photos.router, responses.router)
