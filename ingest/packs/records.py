"""Records of WARC 1.1 (ISO 28500:2017), in the few forms that a pack has: what it is, heads, and bodies."""

import re
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from tally.errors import ArchiveError

_VERSION, _END = b"WARC/1.1\r\n", b"\r\n\r\n"
_LONGEST_HEAD = 1 << 16
_TYPE = re.compile(r"[!-~]+/[ -~]+")
_NO_URI = re.compile(r"[^!-;=?-~]")


class RecordKind(StrEnum):
    """Those of WARC that a pack has: its own description, signed heads, and the bodies that were served."""

    INFO = "warcinfo"
    HEAD = "metadata"
    BODY = "resource"


class Record(Struct, frozen=True):
    """A record as it was read. `sha256`: what it says of its body, hexadecimal, which begins at `start` of the data."""

    kind: str
    uri: str
    sha256: str
    start: int
    body: bytes


def write_record(kind: RecordKind, name: str, at: str, uri: str, content: tuple[str | None, bytes]) -> bytes:
    """A record of a body whose SHA-256 is `name`; `content`: its media type as the source gave it, and its bytes."""
    media, body = content
    media = media if media is not None and _TYPE.fullmatch(media) else "application/octet-stream"
    identity = f"{name[:8]}-{name[8:12]}-8{name[13:16]}-a{name[17:20]}-{name[20:32]}"
    target = f"WARC-Target-URI: {_NO_URI.sub(_percent, uri)}\r\n" if kind is not RecordKind.INFO else ""
    head = (
        f"WARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{identity}>\r\nWARC-Date: {at}\r\n{target}"
        f"WARC-Block-Digest: sha256:{name}\r\nContent-Type: {media}\r\nContent-Length: {len(body)}"
    )
    return b"".join((_VERSION, head.encode(), _END, body, _END))


def read_records(data: bytes) -> Iterator[Record]:
    """The records that those bytes are.

    Raises: ArchiveError: they are something else from some place on.
    """
    at = 0
    while at < len(data):
        end = data.find(_END, at, at + _LONGEST_HEAD)
        if end < 0 or not data.startswith(_VERSION, at):
            raise ArchiveError("it holds something else than WARC records")
        try:
            lines = data[at + len(_VERSION) : end].decode("ascii").split("\r\n")
            fields = dict(line.split(": ", 1) for line in lines)
            start = end + len(_END)
            stop = start + int(fields["Content-Length"])
            sha256 = fields["WARC-Block-Digest"].removeprefix("sha256:")
            record = Record(fields["WARC-Type"], fields.get("WARC-Target-URI", ""), sha256, start, data[start:stop])
        except (KeyError, ValueError) as error:
            raise ArchiveError(f"a WARC record's head cannot be read: {error}") from error
        if stop < start or data[stop : stop + len(_END)] != _END:
            raise ArchiveError("a WARC record does not end where it says")
        yield record
        at = stop + len(_END)


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode(errors="surrogatepass"))
