"""When the source publishes: two requests between two cuts see the same stamp."""

from msgspec import Struct

_MINUTE_MS = 60_000


class Cadence(Struct, frozen=True):
    """Cuts at those minutes of every period of so many minutes, and at that second."""

    period: int
    minutes: tuple[int, ...]
    second: int = 0

    def before(self, ms: int) -> int:
        """Moment of the last cut at or before `ms`."""
        minute = (ms - self.second * 1000) // _MINUTE_MS
        back = min((minute - at) % self.period for at in self.minutes)
        return (minute - back) * _MINUTE_MS + self.second * 1000

    def after(self, ms: int) -> int:
        """Moment of the first cut at or after `ms`."""
        cut = self.before(ms)
        if cut == ms:
            return cut
        minute = (cut - self.second * 1000) // _MINUTE_MS
        ahead = min((at - minute - 1) % self.period + 1 for at in self.minutes)
        return cut + ahead * _MINUTE_MS
