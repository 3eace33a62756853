"""One file from one address, in as many goes as it takes: what was got stays in a .part file until it is whole."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx
from msgspec import Struct

from geo.fetching.catalogue import Limits, Source
from tally.errors import BoundaryError
from tally.keys import is_digits

# How much is there, and how much there will be (None: nobody said).
Progress = Callable[[int, int | None], None]
_REDIRECTS = (301, 302, 303, 307, 308)
_LATER = (408, 425, 429, 500, 502, 503, 504)


class Passing(BoundaryError):
    """It may work the next time, as with a server that is busy. `wish_s`: when it wants to be asked again."""

    def __init__(self, reason: str, wish_s: float = 0.0) -> None:
        super().__init__(reason)
        self.wish_s = wish_s


class Download(Struct, frozen=True):
    """Where a source's file goes. `sleep` and `client` are parameters for whoever has no time or no network."""

    source: Source
    limits: Limits
    file: Path
    client: httpx.Client
    progress: Progress
    sleep: Callable[[float], None] = time.sleep

    @property
    def part(self) -> Path:
        """What there is of it so far."""
        return self.file.with_name(f"{self.file.name}.part")

    @property
    def mark(self) -> Path:
        """Which address, and which state of it, the part is of."""
        return self.file.with_name(f"{self.file.name}.mark")

    def get(self, address: str) -> None:
        """Get the whole file; what is cut is gone on with after a pause, here or in the next run.

        Raises: BoundaryError: refused, too large, too slow, or cut once too often.
        """
        ends = time.monotonic() + self.limits.total_s
        pause = self.limits.pause_s
        for left in range(self.limits.tries - 1, -1, -1):
            try:
                self._go_on(address, ends)
                break
            except (httpx.HTTPError, Passing) as error:
                reason = str(error) or type(error).__name__
                if not left or time.monotonic() > ends:
                    raise BoundaryError(f"{address}: {reason}; {self._kept()}") from error
                wish = error.wish_s if isinstance(error, Passing) else 0.0
                self.sleep(min(max(pause, wish), self.limits.longest_pause_s))
                pause *= 2
            except httpx.InvalidURL as error:
                raise BoundaryError(f"{address} leads to something that is no address: {error}") from error
            except OSError as error:
                raise BoundaryError(f"{self.part} cannot be written: {error.strerror}; {self._kept()}") from error
        os.replace(self.part, self.file)
        self.mark.unlink(missing_ok=True)

    def _kept(self) -> str:
        kept = _size(self.part)
        return f"the next run goes on from the {kept / 1e6:,.1f} MB that are kept" if kept else "nothing came"

    def _go_on(self, address: str, ends: float) -> None:
        """One go: what is missing of the part, or all of it where the server does not know the rest."""
        headers = self._range(address)
        with self._answer(address, headers) as answer:
            self._check(address, answer)
            start = _size(self.part) if answer.status_code == httpx.codes.PARTIAL_CONTENT else 0
            if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                self._start_again_unless_whole(answer)
                return
            if start and not answer.headers.get("content-range", "").startswith(f"bytes {start}-"):
                self.part.unlink()
                raise Passing("the server sent another part than the one asked for")
            whole = self._whole(answer, start)
            self.mark.write_text(f"{address}\n{_state(answer)}", "utf-8")
            self._write(answer, start, whole, ends)

    def _range(self, address: str) -> dict[str, str]:
        """What to ask for: the rest, if the part is known to be of what the server still has."""
        at = _size(self.part)
        known, _, state = self.mark.read_text("utf-8").partition("\n") if self.mark.exists() else ("", "", "")
        if at and known == address and state:
            return {"Range": f"bytes={at}-", "If-Range": state}
        # Whatever address it is of, its hash tells at the end.
        return {"Range": f"bytes={at}-"} if at and self.source.sha256 else {}

    @contextmanager
    def _answer(self, address: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
        """The answer behind all redirects, none of them to where the source must not be asked."""
        here = address
        for _ in range(self.limits.redirects + 1):
            with self.client.stream("GET", here, headers=headers, timeout=self.limits.silence_s) as answer:
                if answer.status_code not in _REDIRECTS:
                    yield answer
                    return
                here = urljoin(here, answer.headers.get("location", ""))
            if not here.startswith(self.source.allowed):
                raise BoundaryError(f"{address} leads to {here[:200]}, which is not encrypted: not followed")
        raise BoundaryError(f"{address} leads on more than {self.limits.redirects} times: not followed further")

    def _check(self, address: str, answer: httpx.Response) -> None:
        code = answer.status_code
        if code in _LATER:
            wish = answer.headers.get("retry-after", "")
            raise Passing(f"the server answered {code}", float(wish) if is_digits(wish) else 0.0)
        if code not in (200, 206, 416):
            raise BoundaryError(f"{address}: the server answered {code} {answer.reason_phrase}")
        if code != httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and "content-encoding" in answer.headers:
            raise BoundaryError(f"{address}: the server packs what was asked for plain")

    def _start_again_unless_whole(self, answer: httpx.Response) -> None:
        """Asked for what lies behind its end: all of it is there already, or it is another file by now."""
        if answer.headers.get("content-range") != f"bytes */{_size(self.part)}":
            self.part.unlink(missing_ok=True)
            raise Passing("the server has another file than the one that was begun")

    def _whole(self, answer: httpx.Response, start: int) -> int | None:
        """How large the file will be, where the server says so.

        Raises: BoundaryError: more than is taken, another size than published, or more than the disk has room for.
        """
        stated = answer.headers.get("content-length", "")
        whole = start + int(stated) if is_digits(stated) else None
        if whole is None:
            return None
        if whole > self.limits.bytes:
            raise BoundaryError(
                f"{whole / 1e6:,.0f} MB are offered, more than the {self.limits.bytes / 1e6:,.0f} taken"
            )
        if self.source.bytes is not None and whole != self.source.bytes:
            raise BoundaryError(f"{whole:,} bytes are offered, {self.source.bytes:,} were published: another file")
        room = shutil.disk_usage(self.file.parent).free
        if whole - start > room:
            raise BoundaryError(f"{self.file.parent} has room for {room / 1e6:,.0f} MB, {whole / 1e6:,.0f} are needed")
        return whole

    def _write(self, answer: httpx.Response, start: int, whole: int | None, ends: float) -> None:
        at = start
        with self.part.open("r+b" if start else "wb") as file:
            file.seek(start)
            for chunk in answer.iter_raw():
                file.write(chunk)
                at += len(chunk)
                self.progress(at, whole)
                if at > self.limits.bytes:
                    raise BoundaryError(f"more than {self.limits.bytes / 1e6:,.0f} MB came: not taken")
                if time.monotonic() > ends:
                    raise Passing(f"not whole after {self.limits.total_s:,.0f} s")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _state(answer: httpx.Response) -> str:
    """By what the server knows this state of the file: a strong ETag, else the moment it was changed."""
    tag = str(answer.headers.get("etag", ""))
    return tag if tag.startswith('"') else str(answer.headers.get("last-modified", ""))
