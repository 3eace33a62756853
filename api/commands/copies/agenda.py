"""What is still to be copied, and in which order: what most people read comes first."""

from collections.abc import Iterable

from dashboard.routes import LEDGER, METHODS, QUEUE
from tally.keys import AREA_LEVELS, Level, level_of

# Pages that show no area of their own; an area is named by its key.
SHEETS = (QUEUE, LEDGER, METHODS)
_RANKS = {level: rank for rank, level in enumerate(AREA_LEVELS)}
# By rank, in seconds: what changes all the time is copied so often at most, or nothing would be left for the districts.
_AT_MOST_S = (15.0, 30.0, 120.0, 300.0, 300.0)
# A copy says when it was made: so old may it become without a change.
_FRESH_S, _OLD_S = 60.0, 900.0


class Agenda:
    """Subjects (a key, or the path of a sheet) that are due, and when each was last copied."""

    def __init__(self) -> None:
        self._due: tuple[dict[str, None], ...] = tuple({} for _ in AREA_LEVELS)
        self._copied: dict[str, float] = {}

    def __len__(self) -> int:
        return sum(map(len, self._due))

    def add(self, subjects: Iterable[str]) -> None:
        """They are due."""
        for subject in subjects:
            self._due[_rank(subject)][subject] = None

    def add_old(self, now: float) -> None:
        """Those are due whose copies are too old; the whole count's sooner than the rest."""
        self.add(one for one, at in self._copied.items() if now - at > (_OLD_S if _rank(one) > 1 else _FRESH_S))

    @property
    def is_whole(self) -> bool:
        """Whether everything was copied once."""
        return all(subject in self._copied for due in self._due for subject in due)

    def next(self, now: float) -> str | None:
        """The subject that is due first and was not copied just now; it stays due until it is done."""
        for due, least in zip(self._due, _AT_MOST_S, strict=True):
            for subject in due:
                if now - self._copied.get(subject, -least) >= least:
                    return subject
        return None

    def done(self, subject: str, now: float) -> None:
        """It was copied at that moment."""
        del self._due[_rank(subject)][subject]
        self._copied[subject] = now


def _rank(subject: str) -> int:
    return _RANKS[Level.SCOPE] if subject in SHEETS else _RANKS[level_of(subject)]
