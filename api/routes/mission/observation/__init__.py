"""Routes of the observation: forms and what is answered to them, people, the quick count, messages."""

from api.routes.mission.observation import (
    conflicts,
    forms,
    quick_count_copies,
    quick_counts,
    response_photos,
    responses,
)

ROUTERS = (
    *(forms.router, conflicts.router, response_photos.router, responses.router),
    *(quick_counts.router, quick_count_copies.router),
)
