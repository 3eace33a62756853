"""Routes of the mission, all private. Each has its rule in `api.policy` and is mounted behind `api.viewer.admit`."""

from api.routes.mission import desk, people, releases

ROUTERS = (people.router, desk.router, releases.router)
