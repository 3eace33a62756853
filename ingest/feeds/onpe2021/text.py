"""The source's text, as it arrives: answers to decode, numbers with commas, labels with broken accents."""

import re
import unicodedata
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from ingest.feeds.onpe2021 import words
from ingest.strict import bare, check_fields
from tally.errors import FeedEmpty, FeedMalformed

T = TypeVar("T")

_BROKEN = re.compile("\ufffd+")
_NUMBER = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,12}")
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")
_refusal = msgspec.json.Decoder(words.Refusal)


def read(body: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    """The answer's data. Bytes that are not UTF-8 are taken as Latin-1, in which one answer seems to have come.

    Raises: FeedEmpty: no body, or an object that names a status instead of data. FeedMalformed: HTML, not JSON, another
        shape.
    """
    body = bare(body)
    if not body.strip():
        raise FeedEmpty("the source has nothing for that question (empty answer)")
    if body.lstrip()[:1] == b"<":
        raise FeedMalformed("the source sent an HTML page instead of data")
    text = _text(body)
    try:
        decoded = decoder.decode(text)
    except (msgspec.MsgspecError, RecursionError) as error:
        _check_refusal(body)
        raise FeedMalformed(f"not the expected payload: {error}") from error
    check_fields(text.encode())
    return decoded


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _check_refusal(body: bytes) -> None:
    try:
        refusal = _refusal.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return
    reason = f"status {refusal.status}: {refusal.message or 'no reason given'}"
    raise FeedEmpty(f"the source has nothing for that question ({reason})")


def number(value: words.Number, what: str) -> int:
    """A count: 8836380 of "8,836,380".

    Raises: FeedMalformed: `what` is not a whole number from 0 on.
    """
    if isinstance(value, int):
        if 0 <= value < 10**12:
            return value
    elif _NUMBER.fullmatch(value.strip()):
        return int(value.replace(",", ""))
    raise FeedMalformed(f"{what} is {value!r}, which is not a count")


def percent(value: str | None, what: str) -> float | None:
    """A percentage: 50.126 of "50.126"; None where there is none.

    Raises: FeedMalformed: it is no number.
    """
    if value is None or not value.strip():
        return None
    if not _PERCENT.fullmatch(value.strip()):
        raise FeedMalformed(f"{what} is {value!r}, which is not a percentage")
    return float(value)


def plain(text: str) -> str:
    """Upper case, single blanks, no accents: labels are never matched by exact accents."""
    marks = unicodedata.normalize("NFKD", text)
    return " ".join("".join(mark for mark in marks if not unicodedata.combining(mark)).upper().split())


def is_same(stated: str, known: str) -> bool:
    """Whether both are the same words; a U+FFFD of the source stands for any one letter."""
    stated, known = plain(stated), plain(known)
    if "\ufffd" not in stated:
        return stated == known
    return re.fullmatch(".".join(map(re.escape, _BROKEN.split(stated))), known) is not None


def find(stated: str, known: Iterable[str]) -> str | None:
    """The known label that was stated, None if it is none of them."""
    return next((label for label in known if is_same(stated, label)), None)
