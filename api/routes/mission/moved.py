"""Earlier paths of the log of what was done and of the audits of actas, which were called too much alike: sent on."""

from starlette.requests import Request
from starlette.responses import RedirectResponse

from api.http.answers import Router

router = Router(tags=["mission"])
# Earlier path, and the one of now: the first that begins a path's end decides.
_MOVED = {"/mission/audits": "/mission/acta-audits", "/mission/audit": "/mission/activity"}
_ACTA_AUDITS = ("/mission/audits", "/mission/audits/{id}.csv", "/mission/audits/{id}")


async def _send_on(request: Request) -> RedirectResponse:
    """The same request at the path of now."""
    old = next(path for path in _MOVED if path in request.url.path)
    path = request.url.path.replace(old, _MOVED[old])
    return RedirectResponse(f"{path}?{request.url.query}" if request.url.query else path, 308)


for _path in ("/mission/audit", *_ACTA_AUDITS):
    router.add_api_route(_path, _send_on, methods=["GET"], include_in_schema=False)
for _path in ("/mission/audits", "/mission/audits/{id}/entries"):
    router.add_api_route(_path, _send_on, methods=["POST"], include_in_schema=False)
