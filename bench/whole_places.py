"""A test of whole polling places that does not ship: against their neighbours, and their own other run-off.

A place's logit of votes, less that of the same place in the other run-off where it is known, is held against the median
of its district (province, department where they are few); what is left is scaled robustly by the place's size.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from scipy import stats

from bench.runoff import read_places
from mission.flags.discovery import adjust
from mission.flags.sheets import Booleans, Floats, Integers
from mission.flags.thresholds import load_thresholds
from tally.keys import Level, prefix_of

PLANTED, DRAWS, VOTES = 3, 40, (20, 40, 60, 80)
_LEVELS = (Level.DISTRICT, Level.PROVINCE, Level.DEPARTMENT)
_LEAST_NEIGHBOURS, _SIZES, _ROUNDS = 5, 12, 20
_DEVIATION = 1.4826  # of a normal distribution, in medians of absolute deviations
Bar = Callable[[Floats], Booleans]
Key = tuple[str, str]


class Places(Struct, frozen=True):
    """Polling places: where they are, votes [places, 2], tallied mesas; `earlier`: the logit of the other run-off."""

    ubigeos: Sequence[str]
    votes: Integers
    mesas: Integers
    earlier: Floats | None = None


class Score(Struct, frozen=True):
    """How far each place is from what is expected of it: in deviations, and in points of its valid votes."""

    z: Floats
    points: Floats

    def flag(self, bar: Bar) -> Booleans:
        """Places beyond the bar that are also far enough away to matter."""
        return np.asarray(bar(self.z) & (self.points >= load_thresholds().within_place.least_points))


class Power(Struct, frozen=True):
    """Part of the planted places that are found, and of all flagged ones that are honest."""

    found: float
    false: float


def find_places(folder: Path, year: int) -> dict[Key, tuple[Integers, int]]:
    """Votes and tallied mesas by ubigeo and name as both files can mean it; names that stand twice are left out."""
    runoff = read_places(folder, year)
    sheets, rows = runoff.sheets, np.flatnonzero(runoff.sheets.is_tallied)
    place, size = sheets.place[rows], len(sheets.places)
    votes = np.column_stack([np.bincount(place, column, size) for column in sheets.votes[rows].T]).astype(np.int64)
    if year == 2021:  # the file of 2026 has the other order
        votes = votes[:, ::-1]
    mesas, where = np.bincount(place, minlength=size), dict(zip(sheets.place.tolist(), sheets.ubigeos, strict=True))
    keys = [(where[number], _plain(name)) for number, name in enumerate(runoff.place_names)]
    times = Counter(keys)
    return {
        key: (votes[number], int(mesas[number]))
        for number, key in enumerate(keys)
        if times[key] == 1 and mesas[number] >= load_thresholds().within_place.least_mesas
    }


def gather(own: Mapping[Key, tuple[Integers, int]], other: Mapping[Key, tuple[Integers, int]] | None) -> Places:
    """All places, or those that are in the other run-off too, with their logit there."""
    keys = [key for key in own if other is None or key in other]
    earlier = None if other is None else _logit(np.array([other[key][0] for key in keys]))
    votes, mesas = (np.array([own[key][part] for key in keys]) for part in (0, 1))
    return Places([ubigeo for ubigeo, _ in keys], votes, mesas, earlier)


def score(places: Places) -> Score:
    """Residuals of the places, each over the deviation of those of its size."""
    logit = _logit(places.votes)
    codes = [np.array([prefix_of(ubigeo, level) for ubigeo in places.ubigeos]) for level in _LEVELS]
    rest = logit - _around(logit, codes)
    if places.earlier is not None:
        change = logit - places.earlier
        rest = change - _around(change, codes)
        rest -= _slope(places.earlier - _around(places.earlier, codes), rest)
    points = 100 * np.abs(_share(logit) - _share(logit - rest))
    return Score(rest / _deviation(rest, places.votes.sum(axis=1)), points)


def normal(z: Floats) -> Booleans:
    """Benjamini–Hochberg, taking the residuals for normal."""
    return _adjusted(2 * stats.norm.sf(np.abs(z)))


def fitted(clean: Score) -> Bar:
    """The same, taking them for Student's t as it fits the clean count."""
    freedom, _, width = stats.t.fit(clean.z, floc=0)
    return lambda z: _adjusted(2 * stats.t.sf(np.abs(z) / width, freedom))


def beyond(clean: Score) -> Bar:
    """Whatever is further out than any honest place of another count."""
    far = clean.points >= load_thresholds().within_place.least_points
    greatest = float(np.abs(clean.z[far]).max(initial=0.0))
    return lambda z: np.asarray(np.abs(z) > greatest)


def find_power(places: Places, bar: Bar, votes: int, seed: int) -> Power:
    """So many votes a mesa moved to the first list in a few whole places that have them, over many draws."""
    rng, found, honest = np.random.default_rng(seed), 0, 0
    fit = np.flatnonzero(places.votes[:, 1] >= votes * places.mesas)
    for _ in range(DRAWS):
        chosen = rng.choice(fit, PLANTED, replace=False)
        altered = places.votes.copy()
        altered[chosen] += np.outer(votes * places.mesas[chosen], [1, -1])
        flagged = score(replace(places, votes=altered)).flag(bar)
        hits = int(flagged[chosen].sum())
        found += hits
        honest += int(flagged.sum()) - hits
    return Power(found / (DRAWS * PLANTED), honest / max(1, found + honest))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.upper())
    return " ".join("".join(one for one in letters if one.isalnum() or one == " ").split())


def _logit(votes: Integers) -> Floats:
    return np.asarray(np.log((votes[:, 0] + 0.5) / (votes[:, 1] + 0.5)))


def _share(logit: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logit)))


def _around(values: Floats, codes: Sequence[np.ndarray]) -> Floats:
    """The median of the smallest area that has neighbours enough."""
    around = np.full(len(values), np.median(values))
    for code in reversed(codes):
        _, group, sizes = np.unique(code, return_inverse=True, return_counts=True)
        ordered = values[np.lexsort((values, group))]
        first = np.cumsum(sizes) - sizes
        medians = (ordered[first + (sizes - 1) // 2] + ordered[first + sizes // 2]) / 2
        around = np.where(sizes[group] >= _LEAST_NEIGHBOURS, medians[group], around)
    return np.asarray(around)


def _slope(x: Floats, y: Floats) -> Floats:
    """What x explains of y, by Huber's weights: places return to the mean of their area."""
    weight, line = np.ones(len(x)), np.zeros(len(x))
    for _ in range(_ROUNDS):
        line = x * (weight * x * y).sum() / (weight * x * x).sum()
        away = np.abs(y - line)
        weight = np.minimum(1, 1.5 * _DEVIATION * np.median(away) / np.maximum(away, 1e-9))
    return line


def _deviation(rest: Floats, valid: Integers) -> Floats:
    """By the valid votes of a place: robust within each of some classes, and even between them."""
    classes = np.array_split(np.argsort(valid, kind="stable"), _SIZES)
    sizes = [float(np.log(valid[rows]).mean()) for rows in classes]
    return np.interp(np.log(valid), sizes, [_DEVIATION * float(np.median(np.abs(rest[rows]))) for rows in classes])


def _adjusted(p: Floats) -> Booleans:
    return np.asarray(adjust(p) <= load_thresholds().within_place.false_discovery)
