"""The sizes and colours of tokens.json, for pictures that no style sheet reaches."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import msgspec
from msgspec import Struct

from dashboard.vocabulary import BUCKETS

_REM_PX = 16


class Tokens(Struct, frozen=True, forbid_unknown_fields=True):
    """What every surface shares: steps of the type scale and spaces in rem, colours by name for day and night.

    `phone_steps` stand in for steps on a narrow screen; `picture_steps` come after them, for pictures alone.
    """

    steps: Mapping[str, float]
    phone_steps: Mapping[str, float]
    picture_steps: Mapping[str, float]
    spaces: Mapping[str, float]
    day: Mapping[str, str]
    night: Mapping[str, str]

    def size(self, step: int) -> float:
        """A step of the type scale in pixels."""
        return _REM_PX * {**self.steps, **self.picture_steps}[str(step)]


TOKENS = msgspec.json.decode((Path(__file__).parent / "tokens.json").read_bytes(), type=Tokens)


@dataclass(frozen=True)
class Palette:
    """Colours of a picture by the names of tokens.json; its ground is a card of the page's."""

    card: str
    ink: str
    soft: str
    rule: str
    track: str
    amber: str
    amber_wash: str
    counted: str
    jee: str


def _filled(value: Callable[[str], str]) -> Palette:
    return Palette(**{each.name: value(each.name.replace("_", "-")) for each in fields(Palette)})


LIGHT, DARK = _filled(TOKENS.day.__getitem__), _filled(TOKENS.night.__getitem__)
# Of a page, whose style sheet knows whether it is day or night.
STYLED = _filled(lambda name: f"var(--{name})")


def bucket_fills(palette: Palette) -> dict[str, str]:
    """How the states of actas are filled in a drawing in which `templates/acta_patterns.svg` stands."""
    return {bucket: palette.counted if bucket == "counted" else f"url(#{bucket})" for bucket in BUCKETS}
