"""Colours for lists: told apart by everybody, also by those who see no red, no green or no blue, by day and by night.

A colour is kept where it stands out from a white and from a dark page (WCAG contrast), and its distance to another is
the least of four: as most people see it, and as protanopes, deuteranopes and tritanopes do (Machado, Oliveira and
Fernandes 2009, severity 1), in OKLab (Ottosson 2020), where black and white are 1 apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

# The pages' grounds by day and by night.
GROUNDS = ("#ffffff", "#12171a")
# The house's pair, orange and blue, comes first: 2.7 is what the orange has on white.
FIRST = ("#e08214", "#2166ac")
LEAST_CONTRAST = 2.7
# Two colours nearer than this are taken for each other.
LEAST_DISTANCE = 0.04

_VISIONS = np.array(
    [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ]
)
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
_STEPS = 20  # of each primary, among which colours are chosen


def contrast(color: str, ground: str) -> float:
    """The contrast of two colours, 1 to 21."""
    return float(_contrast(_linear([color]), ground)[0])


def distance(one: str, other: str) -> float:
    """How far two colours are apart for whoever sees least of the difference; black and white are 1."""
    return float(_distances(_seen(_linear([one])), _seen(_linear([other]))[:, 0])[0])


@cache
def palette(size: int) -> tuple[str, ...]:
    """So many colours, each as far as can be from all before it: the first ones are the easiest to tell apart."""
    grid = np.linspace(0, 255, _STEPS).round().astype(int)
    names = [f"#{red:02x}{green:02x}{blue:02x}" for red in grid for green in grid for blue in grid]
    linear = _linear(names)
    is_clear = np.all([_contrast(linear, ground) >= LEAST_CONTRAST for ground in GROUNDS], axis=0)
    seen, clear = _seen(linear[is_clear]), [name for name, ok in zip(names, is_clear, strict=True) if ok]
    chosen = list(FIRST[:size])
    nearest = np.full(len(clear), np.inf)
    for color in chosen:
        nearest = np.minimum(nearest, _distances(seen, _seen(_linear([color]))[:, 0]))
    while len(chosen) < size:
        at = int(nearest.argmax())
        chosen.append(clear[at])
        nearest = np.minimum(nearest, _distances(seen, seen[:, at]))
    return tuple(chosen)


def share_out(contests: Iterable[Sequence[str]]) -> Mapping[str, str]:
    """A colour for each code, one wherever it runs, and none twice in a contest.

    Each contest's codes come with those first whose colours matter most.
    """
    rivals: dict[str, set[str]] = {}
    places: dict[str, list[int]] = {}
    for codes in contests:
        for place, code in enumerate(codes):
            rivals.setdefault(code, set()).update(codes)
            places.setdefault(code, []).append(place)
    numbers: dict[str, int] = {}
    # Whoever meets most others chooses first, then whoever stands higher: only so few colours do for many contests.
    for code in sorted(rivals, key=lambda one: (-len(places[one]), min(places[one]), one)):
        taken = {numbers[other] for other in rivals[code] if other in numbers}
        numbers[code] = next(number for number in range(len(rivals)) if number not in taken)
    colors = palette(max(numbers.values(), default=-1) + 1)
    return {code: colors[number] for code, number in numbers.items()}


def _linear(colors: Sequence[str]) -> Reals:
    """[n, 3] linear light, 0..1."""
    parts = np.array([[int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in colors]) / 255
    return np.asarray(np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4))


def _contrast(linear: Reals, ground: str) -> Reals:
    light, other = linear @ _LUMINANCE, (_linear([ground]) @ _LUMINANCE)[0]
    return np.asarray((np.maximum(light, other) + 0.05) / (np.minimum(light, other) + 0.05))


def _seen(linear: Reals) -> Reals:
    """[4, n, 3] OKLab as each kind of eye has it."""
    light = np.clip(np.einsum("vij,nj->vni", _VISIONS, linear), 0, 1)
    return np.asarray(np.cbrt(light @ _TO_CONES.T) @ _TO_LAB.T)


def _distances(seen: Reals, other: Reals) -> Reals:
    return np.asarray(np.linalg.norm(seen - other[:, None, :], axis=2).min(axis=0))
