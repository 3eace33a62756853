"""What robots, browsers, finders of weaknesses and checkers ask every site for, at the addresses they know.

What a convention of the web describes is not described again; the guide and the verifier are ours.
"""

from datetime import timedelta
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from api.http.answers import CURRENT
from api.http.policy import PREFIX
from api.serving.access import Serving
from tally import moments
from tally.errors import NotFound

router = APIRouter(tags=["files"])

# Pages may be found; what is private, and what is made for programs, is of no use to who searches. Of the files of a
# count, which are large, the page and the catalogue tell.
_ROBOTS = """User-agent: *
Disallow: /mission
Disallow: /api/
Allow: /data/catalog.jsonld
Disallow: /data/
Disallow: /*?at=
"""
_VALID = timedelta(days=180)
_DAY = {"Cache-Control": "public, max-age=86400"}


def _text(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {"schema": {"type": "string"}}}}}


@router.get("/robots.txt", include_in_schema=False)
async def read_robots() -> Response:
    """What search engines may keep."""
    return PlainTextResponse(_ROBOTS, headers=_DAY)


@router.get("/favicon.ico", include_in_schema=False)
async def read_icon() -> Response:
    """The icon, for whoever does not read the page that names it."""
    return Response(_icon(), media_type="image/svg+xml", headers=_DAY)


@router.get("/prove.py", response_class=Response, responses=_text("text/x-python"))
async def read_verifier() -> Response:
    """The program that checks proofs of single numbers: one file of plain Python."""
    return Response(_verifier(), media_type="text/x-python; charset=utf-8", headers=_DAY)


@router.get("/llms.txt", response_class=Response, responses=_text("text/markdown"))
async def read_program_guide(services: Serving) -> Response:
    """What programs that read and write for people should know first (llmstxt.org)."""
    counts = [
        f"- [{live.election.name['en']}]({PREFIX}/elections/{live.election.id})"
        f"{', a rehearsal: every number is invented' if live.info.is_test else ''}"
        for live in services.counts.firsts()
    ]
    text = _guide().substitute(counts="\n".join(counts) or "None yet.")
    return PlainTextResponse(text, media_type="text/markdown; charset=utf-8", headers={"Cache-Control": CURRENT})


@router.get("/.well-known/security.txt", include_in_schema=False)
async def read_security(services: Serving) -> Response:
    """Whom to tell of a weakness (RFC 9116).

    Raises: NotFound: nobody is named.
    """
    if services.contact is None:
        raise NotFound("nobody is named here")
    until = moments.write((moments.utc_now() + _VALID).replace(microsecond=0))
    lines = (f"Contact: {_uri(services.contact)}", f"Expires: {until}", "Preferred-Languages: es, en")
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": CURRENT})


def _uri(contact: str) -> str:
    """RFC 9116 takes URIs: a plain address of e-mail becomes one."""
    return f"mailto:{contact}" if "@" in contact and ":" not in contact else contact


@cache
def _guide() -> Template:
    return Template((files("texts") / "en" / "llms.md").read_text("utf-8"))


@cache
def _verifier() -> bytes:
    return (files("ingest") / "proof" / "bundles" / "standalone.py").read_bytes()


@cache
def _icon() -> bytes:
    return (files("dashboard") / "assets" / "favicon.svg").read_bytes()
