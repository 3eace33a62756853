"""Routes of the observation: what observers do beside incidents, each module a part of it."""

from api.routes.mission.observation import people, roster

ROUTERS = (people.router, roster.router)
