"""What a line and whoever stands at it can do to a sound answer: bytes, pauses of seconds, and an end (None).

A class makes of a sound body what is sent instead of its whole HTTP answer.
"""

import gzip
from collections.abc import Callable, Iterator

Part = bytes | float | None
Failing = Callable[[bytes], Iterator[Part]]
LINES: dict[str, Failing] = {}
# After these the body is sound all the same: they should not be noticed.
HARMLESS: set[str] = set()
LONG_WISH = "status 429 with a wish for the year 9999"

_JSON = b"Content-Type: application/json"
_PAGE = b"<!doctype html><html><body>Servicio no disponible</body></html>"
_LONG_S = 3600.0


def sound(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """A whole answer."""
    length = b"Content-Length: %d" % len(body)
    return b"HTTP/1.1 " + status + b"\r\n" + b"\r\n".join([_JSON, length, *headers]) + b"\r\n\r\n" + body


def _add(name: str, failing: Failing, *, is_harmless: bool = False) -> None:
    LINES[name] = failing
    if is_harmless:
        HARMLESS.add(name)


def _says(name: str, status: bytes, *headers: bytes, body: bytes | None = None) -> None:
    """That status, with the sound body or another."""
    _add(name, lambda own: iter([sound(own if body is None else body, *headers, status=status)]))


def _raw(name: str, make: Callable[[bytes], bytes], *, is_harmless: bool = False) -> None:
    """Those bytes, and the connection closed."""
    _add(name, lambda body: iter([make(body), None]), is_harmless=is_harmless)


def _dressed(name: str, *headers: bytes) -> None:
    """A sound answer with odd headers."""
    _add(name, lambda body: iter([sound(body, *headers)]), is_harmless=True)


def _drip(body: bytes) -> Iterator[Part]:
    for byte in sound(body):
        yield bytes([byte])
        yield 0.05


def _chunked(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"


for _status in (b"400 Bad Request", b"404 Not Found", b"408 Request Timeout", b"409 Conflict", b"410 Gone", b"418 I"):
    _says(f"status {_status[:3].decode()}", _status, body=_PAGE)
for _status in (b"401 Unauthorized", b"403 Forbidden", b"405 Method Not Allowed", b"429 Too Many Requests"):
    _says(f"status {_status[:3].decode()}", _status, body=_PAGE)
for _status in (b"500 Oops", b"502 Bad Gateway", b"503 Unavailable", b"504 Timeout", b"521 Down", b"599 Nobody"):
    _says(f"status {_status[:3].decode()}", _status, body=_PAGE)
_says("status 429 with a wish of a second", b"429 Slow", b"Retry-After: 1")
_says(LONG_WISH, b"429 Slow", b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT")
_says("status 429 with a wish in superscript", b"429 Slow", "Retry-After: ²".encode("latin-1"))
_says("status 503 with a wish for nothing", b"503 Unavailable", b"Retry-After: -1")
_says("a redirect to itself", b"302 Found", b"Location: /")
_says("a redirect to a stranger", b"301 Moved", b"Location: http://192.0.2.1/")
_says("not modified", b"304 Not Modified", body=b"")
_says("no content", b"204 No Content", body=b"")
_says("a challenge page", b"202 Accepted", b"x-amzn-waf-action: challenge", body=_PAGE)
_says("a page for an answer", b"200 OK", body=_PAGE)
_says("an empty answer", b"200 OK", body=b"")
_says("more bytes than are taken", b"200 OK", body=b" " * 17_000_000)
_says("plain under gzip", b"200 OK", b"Content-Encoding: gzip")
_says("plain under brotli", b"200 OK", b"Content-Encoding: br")
_says("an encoding of nobody", b"200 OK", b"Content-Encoding: onpe")
_add("gzip cut off", lambda body: iter([sound(gzip.compress(body)[:-9], b"Content-Encoding: gzip")]))
_add("a page full of zeros", lambda _: iter([sound(gzip.compress(bytes(64 * 2**20)), b"Content-Encoding: gzip")]))
_raw("closed at once", lambda _: b"")
_raw("half of the body", lambda body: sound(body)[: -len(body) // 2])
_raw("half of the headers", lambda body: sound(body)[:40])
_raw("a garbled first line", lambda body: b"HTTP/7.x yes\r\n\r\n" + body)
_raw("no first line", lambda body: body)
_raw("another protocol", lambda _: b"\x15\x03\x01\x00\x02\x02\x28")
_raw("a header without a colon", lambda body: sound(body, b"nothing"))
_raw("a header with a NUL", lambda body: sound(body, b"X-Odd: a\x00b"))
_raw("a length below nothing", lambda body: sound(body).replace(b"Content-Length: ", b"Content-Length: -", 1))
_raw("a length that is none", lambda body: sound(body).replace(b"Content-Length: ", b"Content-Length: x", 1))
_raw("two lengths", lambda body: sound(body, b"Content-Length: 3"))
_raw("a header of a megabyte", lambda body: sound(body, b"X-Long: " + b"x" * 1_000_000))
_raw("chunks of no size", lambda body: _chunked(body).replace(b"\r\n\r\n", b"\r\n\r\nzz\r\n", 1))
_raw("chunks without an end", lambda body: _chunked(body)[:-7])
_add("silence", lambda _: iter([_LONG_S]))
_add("silence in the headers", lambda body: iter([sound(body)[:30], _LONG_S]))
_add("silence in the body", lambda body: iter([sound(body)[:-5], _LONG_S]))
_add("a byte at a time", _drip)
_dressed("a thousand cookies", *(b"Set-Cookie: c%d=1" % number for number in range(80)))
_dressed("a cookie of year 9999", b"Set-Cookie: a=b; expires=Fri, 31 Dec 9999 23:59:59 GMT")
_dressed("a date of no calendar", b"Date: Tue, 99 Foo 20xx", b"Age: -5", b"Expires: 0")
_dressed("letters beyond ASCII", "X-Odd: ñandú".encode("latin-1"))
_dressed("a wish on a sound answer", b"Retry-After: 86400")
_add("bytes in chunks", lambda body: iter([_chunked(body)]), is_harmless=True)
_raw("an older protocol", lambda body: b"HTTP/1.0 200 OK\r\n\r\n" + body, is_harmless=True)
_add("sound gzip", lambda body: iter([sound(gzip.compress(body), b"Content-Encoding: gzip")]), is_harmless=True)
_add("a hint before it", lambda body: iter([b"HTTP/1.1 103 Early\r\n\r\n", sound(body)]), is_harmless=True)
