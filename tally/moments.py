"""Moments: timezone-aware UTC inside, written as "2026-06-13T19:05:18Z"."""

from datetime import UTC, datetime

# Outside of these years a moment has no time in some zone, and pages show times of several.
_YEARS = range(2, 9999)


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def write(moment: datetime) -> str:
    """ISO UTC to the second, or to the millisecond where there is one."""
    moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds").replace("+00:00", "Z")


def read(text: str) -> datetime:
    """The moment of an ISO text; without an offset it is taken as UTC.

    Raises: ValueError: not a moment, or one at the ends of the calendar.
    """
    moment = datetime.fromisoformat(text)
    if moment.year in _YEARS:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if moment.year not in _YEARS:  # asked again, since an offset may lead out of them
        raise ValueError(f"{text!r} is at the end of the calendar")
    return moment


def read_asked(text: str) -> datetime:
    """The moment that a query names.

    Raises: ValueError: not a moment.
    """
    text = text.strip()
    # A "+" that was not escaped in the URL arrives as a space.
    return read(text.replace(" ", "+") if "T" in text else text)


def from_epoch_ms(milliseconds: int) -> str:
    """ISO UTC of an epoch time in milliseconds.

    Raises: ValueError: no moment of any calendar.
    """
    try:
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(f"{milliseconds} ms is no moment") from error
    if moment.year not in _YEARS:
        raise ValueError(f"{milliseconds} ms is at the end of the calendar")
    return write(moment)


def normal(text: str) -> str:
    """Any ISO text as ISO UTC.

    Raises: ValueError: not a moment.
    """
    return write(read(text))
