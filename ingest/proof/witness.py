"""A witness: it follows the heads of somebody else's server, and remembers them where that server cannot reach.

Each new head must be signed with the key that was met first, and must be proved to add to the head kept last.
"""

import base64
import binascii
from pathlib import Path
from typing import Any

import httpx
import msgspec
from msgspec import Struct

from ingest.proof.merkle import is_consistent
from ingest.proof.notes import SignedHead, VerifierKey, open_note, read_checkpoint
from tally.errors import ArchiveError, FeedMalformed, FeedUnavailable, InvalidInput, NotFound
from tally.keys import is_digits

_TOTAL_S = 30.0


class _Answer(Struct):
    size: int
    root: str
    at: str
    note: str
    key: str


class _Step(Struct):
    start: int = msgspec.field(name="from")
    to: int = 0
    root: str = ""
    proof: list[str] = []


class _Proof(Struct):
    steps: list[_Step]


class Seen(Struct, frozen=True):
    """One look: the newest head, when it was sealed, and whether it was new to us."""

    size: int
    root: str
    at: str
    is_new: bool


class Witness:
    """Follows one election of one server. `folder` holds `key` and one signed note per head, by its size."""

    def __init__(self, url: str, election_id: str, folder: Path, client: httpx.Client) -> None:
        self._base = f"{url.rstrip('/')}/api/v1/elections/{election_id}"
        self._folder, self._client = folder, client
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidInput(f"--out {folder} cannot be written: {error.strerror}") from error

    def look(self) -> Seen:
        """Fetch the newest head, check it against all we know, and keep it.

        Raises: ArchiveError: it contradicts what was seen before; the evidence is kept beside the heads.
        NotFound: it has no head yet. FeedUnavailable: it cannot be reached. FeedMalformed: it answers something else.
        """
        answer = _decode(self._get("/head"), _Answer)
        key = self._known_key() or _key(answer.key)
        try:
            checkpoint = open_note(answer.note, [key])
            last = self._last()
            if last is not None:
                self._check_growth(last, checkpoint)
        except ArchiveError as error:
            path = self._write(f"conflict-{answer.size:012}", answer.note)
            raise ArchiveError(f"{error}; the contradicting head is kept in {path}") from error
        self._write("key", f"{key}\n")
        name = f"{checkpoint.size:012}"
        is_new = not (self._folder / name).exists()
        if is_new:
            self._write(name, answer.note)
        return Seen(checkpoint.size, checkpoint.root.hex(), answer.at, is_new)

    def _check_growth(self, last: SignedHead, now: SignedHead) -> None:
        """Raises: ArchiveError: the tree of `now` does not begin with that of `last`."""
        if now.size < last.size:
            raise ArchiveError(f"the server shows a head of {now.size} log lines, after one of {last.size}")
        reached = last
        if now.size > last.size:
            try:
                proof = _decode(self._get(f"/consistency?from={last.size}&to={now.size}"), _Proof)
            except NotFound as error:
                raise ArchiveError(
                    f"the server cannot prove that its log of {now.size} lines extends {last.size}"
                ) from error
            for step in proof.steps:
                following = SignedHead(now.origin, step.to, _bytes(step.root))
                sizes, roots = (reached.size, step.to), (reached.root, following.root)
                if step.start != reached.size or not is_consistent(
                    sizes, roots, [_base64(text) for text in step.proof]
                ):
                    raise ArchiveError(f"the head of {step.to} log lines does not extend that of {reached.size}")
                reached = following
        if (reached.size, reached.root) != (now.size, now.root):
            raise ArchiveError(f"the head of {now.size} log lines is not the one that was shown or proved before")

    def _known_key(self) -> VerifierKey | None:
        path = self._folder / "key"
        return VerifierKey.parse(path.read_text()) if path.exists() else None

    def _last(self) -> SignedHead | None:
        sizes = sorted(path.name for path in self._folder.iterdir() if is_digits(path.name))
        return read_checkpoint((self._folder / sizes[-1]).read_text()) if sizes else None

    def _write(self, name: str, text: str) -> Path:
        path = self._folder / name
        aside = self._folder / f".{name}"
        aside.write_text(text)
        aside.replace(path)
        return path

    def _get(self, path: str) -> bytes:
        try:
            answer = self._client.get(self._base + path, timeout=_TOTAL_S)
        except httpx.HTTPError as error:
            raise FeedUnavailable(f"{self._base}{path}: {error or type(error).__name__}") from error
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise NotFound(f"{self._base}{path}: {_detail(answer)}")
        if answer.status_code != httpx.codes.OK:
            raise FeedUnavailable(f"{self._base}{path} answers {answer.status_code}: {_detail(answer)}")
        return answer.content


def _decode(body: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise FeedMalformed(f"the server does not answer as Escrutinio does: {error}") from error


def _key(text: str) -> VerifierKey:
    try:
        return VerifierKey.parse(text)
    except InvalidInput as error:
        raise FeedMalformed(f"the server names no usable key: {error}") from error


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise ArchiveError(f"{text[:80]!r} is not a root") from error


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ArchiveError(f"{text[:80]!r} is not a hash") from error


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return "no reason given"
