"""How times are written: the election's own time zone, and ages. `browser/text/moments.js` has the same rules."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dashboard.figures import DASH
from dashboard.words import Words


def parse(stamp: str | None) -> datetime | None:
    """An RFC 3339 stamp of the API as an aware moment; None stays None."""
    return datetime.fromisoformat(stamp) if stamp else None


def told(stamp: str | None, at: str | datetime) -> str | None:
    """The source's stamp; None where it lies after the moment at which that was read: its clock says nothing then."""
    moment, read = parse(stamp), parse(at) if isinstance(at, str) else at
    return stamp if moment is not None and read is not None and moment.replace(microsecond=0) <= read else None


def clock(stamp: str | None, now: datetime, zone: str) -> str:
    """ "14:05" today, "13/06 14:05" this year, "13/06/2026 14:05" otherwise; a dash when there is no stamp."""
    moment = parse(stamp)
    if moment is None:
        return DASH
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local:%d/%m %H:%M}" if local.year == today.year else f"{local:%d/%m/%Y %H:%M}"


def normal(stamp: str) -> str | None:
    """Any ISO moment as the API writes it, in UTC; None for a text that is none. Without an offset it is UTC."""
    try:
        # A "+" that was not escaped in a URL arrives as a space.
        moment = datetime.fromisoformat(stamp.replace(" ", "+") if "T" in stamp else stamp)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    # To the millisecond where there is one: it is another version than that second's last. %Y would leave zeros out.
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds" if moment.microsecond else "seconds") + "Z"


def full_clock(stamp: str | None, zone: str) -> str:
    """ "13/06/2026 14:05:18": a moment that is not to be mistaken for another; a dash when there is no stamp."""
    moment = parse(stamp)
    return DASH if moment is None else f"{moment.astimezone(ZoneInfo(zone)):%d/%m/%Y %H:%M:%S}"


def ago(stamp: str | None, now: datetime, words: Words) -> str:
    """ "hace 40 s", "hace 12 min", "hace 3 h", "hace 2 d"; a dash when there is no stamp."""
    moment = parse(stamp)
    if moment is None:
        return DASH
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < 60:
        return words("moments.seconds", n=seconds)
    if seconds < 3600:
        return words("moments.minutes", n=seconds // 60)
    return words("moments.hours", n=seconds // 3600) if seconds < 86400 else words("moments.days", n=seconds // 86400)
