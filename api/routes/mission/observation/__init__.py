"""Routes of the observation: forms and what is answered to them, people, the quick count, messages."""

from api.routes.mission.observation import conflicts, forms, messages, response_photos, responses

ROUTERS = (conflicts.router, forms.router, messages.router, response_photos.router, responses.router)
