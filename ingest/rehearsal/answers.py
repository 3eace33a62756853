"""Questions and what is answered: a status and bytes, or the site's page where it does not know the path."""

from collections.abc import Mapping

from msgspec import Struct

Question = Mapping[str, str]


class Response(Struct, frozen=True):
    """Status and body; `is_page`: the site's page instead of JSON."""

    status: int
    body: bytes
    is_page: bool = False


# The real site answers 200 with its application page for any path it does not know.
PAGE = Response(
    200,
    b'<!doctype html>\n<html lang="es">\n<head><meta charset="utf-8"><title>Resultados (simulacro)</title></head>\n'
    b"<body><app-root></app-root></body>\n</html>\n",
    is_page=True,
)
