"""How bodies are compressed: brotli where it is understood, else gzip; what lasts is packed once and well."""

from functools import lru_cache
from gzip import compress

import brotli
from flask import Response, request

# A page is packed for each answer, so it must be cheap; a file that lasts is packed once a process. Brotli's best is
# twenty times as slow as this (1.4 s of MapLibre, which the first reader waits for) and a twelfth smaller.
_PAGE_QUALITY, _FILE_QUALITY = {"br": 4, "gzip": 5}, {"br": 9, "gzip": 9}
_SMALLEST = 512
_KEPT = 64


def pack(answer: Response, *, lasting: bool) -> None:
    """Compress the body of an answer in the best coding the request accepts."""
    answer.headers["Vary"] = "Accept-Encoding"
    accepted = request.headers.get("Accept-Encoding", "")
    coding = next((name for name in ("br", "gzip") if name in accepted), None)
    if coding is None or "Content-Encoding" in answer.headers:
        return
    answer.direct_passthrough = False
    plain = answer.get_data()
    if len(plain) < _SMALLEST:
        return
    answer.set_data(_kept(plain, coding) if lasting else _packed(plain, coding, _PAGE_QUALITY[coding]))
    answer.headers["Content-Encoding"] = coding
    answer.headers.pop("ETag", None)


def _packed(plain: bytes, coding: str, quality: int) -> bytes:
    if coding == "gzip":
        return compress(plain, quality, mtime=0)
    return bytes(brotli.compress(plain, quality=quality))


@lru_cache(maxsize=_KEPT)
def _kept(plain: bytes, coding: str) -> bytes:
    return _packed(plain, coding, _FILE_QUALITY[coding])
