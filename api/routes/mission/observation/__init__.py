"""Routes of what observers do beside incidents: each module a part of the observation."""

from api.routes.mission.observation import messages

ROUTERS = (messages.router,)
