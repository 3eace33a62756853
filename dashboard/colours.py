"""The map's colours: each list's own colour from the data, mixed with white by how far it leads."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Presentation:
    """How much is shown at once, and the bins of the map. `lead_bins` are upper edges in shares of valid votes."""

    top_lists: int
    lead_bins: tuple[float, ...]
    lead_tints: tuple[float, ...]
    neutral: str


def load_presentation(path: Path) -> Presentation:
    """The presentation settings of a TOML file."""
    plain = tomllib.loads(path.read_text("utf-8"))
    return Presentation(plain["top_lists"], tuple(plain["lead_bins"]), tuple(plain["lead_tints"]), plain["neutral"])


def tint(color: str, amount: float) -> str:
    """A colour mixed with white: amount 1 is the colour itself, 0 is white."""
    channels = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - channel) * amount):02x}" for channel in channels)


def ramps(colors: Sequence[str], presentation: Presentation) -> list[list[str]]:
    """One ramp a list, near-white first: the colour of each lead bin."""
    return [[tint(color, amount) for amount in presentation.lead_tints] for color in colors]
