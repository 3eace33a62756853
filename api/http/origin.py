"""Which page sends a request: browsers say so, programs need not."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def is_own_page(origin: str, connection: HTTPConnection) -> bool:
    """Whether that origin is the host the request was sent to."""
    try:
        page = urlsplit(origin)
    except ValueError:
        return False
    own = connection.headers.get("host", "")
    default = _DEFAULT_PORTS.get(page.scheme)
    return default is not None and page.netloc.removesuffix(default) == own.removesuffix(default)
