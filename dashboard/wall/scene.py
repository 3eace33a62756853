"""One thing that a wall shows at a time, and all that its document is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.reading import Data

# By night first: a wall is lit all day, and most of it should not be.
THEMES = DARK, _LIGHT, _AUTO = ("dark", "light", "auto")
# More races than that fit on no wall at once, and their scenes would take an hour.
MOST_NAMED = 60


@dataclass(frozen=True)
class Scene:
    """`kind` is how it is laid out, and with `number` its name in the document."""

    kind: str
    title: str
    body: Sequence[Any]
    number: int = 0

    @property
    def id(self) -> str:
        """Its name in the document."""
        return f"{self.kind}-{self.number}"


@dataclass(frozen=True)
class Wall:
    """All scenes with the count they are of. `version` is epoch and number; `follows` is what its script listens to.

    times: what is told of the source: its own stamp, when it was last asked, when it last said something new. Of many
    contests together no one stamp of the source is.
    """

    title: str
    meta: Data
    version: tuple[str, int]
    scenes: Sequence[Scene]
    follows: Mapping[str, Any] = field(default_factory=dict)
    times: Sequence[str] = ("source", "checked", "changed")


def theme_of(query: Mapping[str, str]) -> str:
    """The colours that were asked for."""
    return found if (found := query.get("theme", "")) in THEMES else DARK


def contests_of(query: Mapping[str, str]) -> tuple[str, ...]:
    """The contests that were asked for, in their order, each once; none where all are meant.

    Raises: LookupError: more than a wall can show.
    """
    named = tuple(dict.fromkeys(filter(None, query.get("contests", "").split(","))))
    if len(named) > MOST_NAMED:
        raise LookupError(query["contests"][:80])
    return named
