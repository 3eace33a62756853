"""How figures of an installation are written for an operator."""

from api.live.feed import FeedStanding
from tally.storage.disk import DiskRoom
from texts.language import Language

DASH = "–"
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))
_SIZES = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def seconds_text(seconds: float | None) -> str:
    """ "3.2 s", "12 min", "5 h"; a dash for what is not known."""
    if seconds is None:
        return DASH
    for unit, size in _UNITS:
        if abs(seconds) >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.1f} s"


def feed_text(feed: FeedStanding, words: Language) -> str:
    """Why the figures may not be the newest; "" where there is nothing to say."""
    name = f"feed_note.{feed.note}"
    return str(words(name, **feed.figures)) if words.says(name) else feed.note or ""


def room_text(room: DiskRoom) -> str:
    """ "3.2 GB and 1,234,567 files free"."""
    files = "" if room.free_inodes is None else f" and {room.free_inodes:,} files"
    return f"{bytes_text(room.free_bytes)}{files} free"


def bytes_text(size: float) -> str:
    """ "3.2 GB"."""
    unit, divisor = next(((unit, each) for unit, each in _SIZES if size >= each), ("bytes", 1.0))
    return f"{size / divisor:.1f} {unit}"
