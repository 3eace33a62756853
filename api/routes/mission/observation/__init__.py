"""Routes of what observers do beside incidents: each module a part of the observation."""

from api.routes.mission.observation import quick_count_copies, quick_counts

ROUTERS = (quick_counts.router, quick_count_copies.router)
