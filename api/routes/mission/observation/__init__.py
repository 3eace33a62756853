"""Routes of the observation: forms and what is answered to them, people, the quick count, messages."""

from api.routes.mission.observation import conflicts, quick_count_copies, quick_counts, response_photos, responses

ROUTERS = (conflicts.router, quick_counts.router, quick_count_copies.router, response_photos.router, responses.router)
