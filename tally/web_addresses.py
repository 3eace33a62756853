"""What a web address is, as people and files give one."""

from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

_OF_THE_WEB = ("http", "https")


def split_address(url: str, schemes: Collection[str] = _OF_THE_WEB) -> SplitResult | None:
    """The parts of an address of one of the schemes whose host can be a name; None if it is none."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna")
        is_port = parts.port is None or parts.port > 0
    except ValueError:  # brackets that do not close, a port above 65535, a host with an empty part
        return None
    is_plain = url.isprintable() and " " not in url
    return parts if host and is_port and is_plain and parts.scheme in schemes else None
