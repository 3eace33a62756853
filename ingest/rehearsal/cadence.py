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


# The run-off of 2026 published at minutes ending in 2 and 6, second 02: steps of 4 and 6 minutes.
OF_2026 = Cadence(10, (2, 6), 2)
# In 2021 near :18 and :48 on the first day, later less often; stamps have no seconds.
_BY_GENERATION = {"onpe2021": Cadence(30, (18,)), "onpe2026": OF_2026}


def cadence_of(generation: str) -> Cadence:
    """The cadence of a generation of the source; that of 2026 for one that is not known."""
    return _BY_GENERATION.get(generation, OF_2026)
