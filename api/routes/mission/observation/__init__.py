"""Routes of the observation: what observers were asked, answered and found, and what they read."""

from api.routes.mission.observation import guides

ROUTERS = (guides.router,)
