"""Quick counts of the run-offs of 2021 and 2026: samples drawn, copied, estimated and set beside the actas."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from msgspec import Struct

from bench.runoff import REFERENCE, RUNOFFS, read_runoff
from mission.flags.sheets import UNKNOWN, Sheets
from mission.quickcount.arrival import find_bias
from mission.quickcount.compare import CopyStanding, compare
from mission.quickcount.estimate import Copy, estimate
from mission.quickcount.frame import SampleUnit, read_frame
from mission.quickcount.sampling import (
    Design,
    Pool,
    Sample,
    SampleDesign,
    draw_from,
    make_pool,
    order_units,
    poststratify,
)
from tally.model import NOT_VALID, Acta, ActaState

SIZES, PLACES, PLANTED = (300, 1_200), 150, 40
# What is known of how the actas came in: of 2026 when each was first seen counted, of 2021 which were by a morning.
ARRIVED = {2021: 0.973, 2026: 0.6}
BY_AREA = "weighed"
_OFFICIAL = {2021: "eg2021_round2_open_data_PCM", 2026: "eg2026_round2"}
# Of so many samples one is asked whether its reporters are unlike it.
_LOOKS = 5


class SampledRunoff(Struct, frozen=True):
    """A run-off to sample from: a true copy of every acta with votes, the official share, and the order of arrival."""

    year: int
    mesas: Pool
    places: Pool
    copies: dict[str, Copy]
    actas: dict[str, Acta]
    share: float
    arrival: dict[str, float]


class Tries(Struct):
    """Of all samples of one kind: which intervals held the final share, and how wide they were on either side.

    is_whole: with all copies, or with those that had come by then.
    """

    size: int
    design: str
    is_whole: bool
    held: list[bool]
    halves: list[float]

    @property
    def unit(self) -> str:
        """What the size counts."""
        return "places" if self.size == PLACES else "mesas"


class PlantedCopies(Struct, frozen=True):
    """What a sample's copies said of its actas, and how many of the planted differences they told with their votes."""

    standings: Counter[CopyStanding]
    found: int


class RunoffTrials(Struct, frozen=True):
    """All that was tried with one run-off. unlike: whether who reported was told to be unlike who was drawn, where they
    came in the real order and where by chance.
    """

    year: int
    tries: list[Tries]
    unlike: tuple[list[bool], list[bool]]
    compared: PlantedCopies


def try_runoff(year: int, samples: int, seed: int) -> RunoffTrials:
    """So many samples of each kind."""
    rng = np.random.default_rng((seed, year))
    runoff = read(year, rng)
    tries: dict[tuple[int, str, bool], Tries] = {}
    unlike: tuple[list[bool], list[bool]] = ([], [])
    for number in range(samples):
        digits = _digits(rng)
        orders = order_units(runoff.mesas, digits), order_units(runoff.places, digits)
        for sample in _draw(runoff, digits, *orders):
            _try(tries, runoff, sample)
            if number % _LOOKS == 0 and sample.design.size == SIZES[0]:
                _look(unlike, runoff, sample, rng)
    return RunoffTrials(year, list(tries.values()), unlike, _plant(runoff, rng))


def read(year: int, rng: np.random.Generator) -> SampledRunoff:
    """That run-off, its official final share, and its frame by department and abroad."""
    sheets = read_runoff(REFERENCE, year)
    totals = msgspec.json.decode((REFERENCE / "data" / "official_totals.json").read_bytes())[_OFFICIAL[year]]
    first, second = (totals[name] for name in RUNOFFS[year].lists)
    actas = {mesa: _acta(sheets, row) for row, mesa in enumerate(sheets.mesas)}
    copies = {mesa: _copy(one) for mesa, one in actas.items() if one.votes is not None}
    assert sum(copy.votes[0] or 0 for copy in copies.values()) == first
    frame = read_frame(sheets, ())
    mesas, places = (make_pool(frame, unit) for unit in (SampleUnit.MESA, SampleUnit.PLACE))
    return SampledRunoff(year, mesas, places, copies, actas, first / (first + second), _read_arrival(year, rng))


def _acta(sheets: Sheets, row: int) -> Acta:
    """As it would be published in the end: counted, or without votes."""
    votes = tuple(sheets.votes[row].tolist())
    is_read = UNKNOWN not in votes
    blank, null, challenged, cast, registered = (
        None if figure == UNKNOWN else int(figure)
        for figure in (getattr(sheets, name)[row] for name in (*NOT_VALID, "cast", "registered"))
    )
    return Acta(
        blank=blank,
        cast=cast,
        challenged=challenged,
        code="C" if is_read else "P",
        null=null,
        place=None,
        registered=registered,
        state=ActaState.COUNTED if is_read else ActaState.NOT_INSTALLED,
        ubigeo=sheets.ubigeos[row],
        votes=votes if is_read else None,
    )


def _copy(acta: Acta) -> Copy:
    return Copy(acta.votes or (), acta.blank, acta.null, acta.challenged, acta.cast, acta.registered)


def _read_arrival(year: int, rng: np.random.Generator) -> dict[str, float]:
    """A number for each mesa, smaller the earlier; ties, and those that nobody followed, fall by chance."""
    with gzip.open(REFERENCE / "data" / f"{RUNOFFS[year].name}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if year == 2021:
        return {row["mesa"]: (row["votos_visibles_20210608am"] != "1") + rng.random() for row in rows}
    stamps = sorted({row["primera_vista_utc"] for row in rows} - {""})
    known = [row["primera_vista_utc"] for row in rows if row["primera_vista_utc"]]
    ranks = {stamp: rank for rank, stamp in enumerate(stamps)}
    found = {}
    for row in rows:
        stamp = row["primera_vista_utc"] or known[int(rng.integers(len(known)))]
        rank = len(stamps) if row["tipo_llegada"] == "pendiente_al_corte" else ranks[stamp]
        found[row["mesa"]] = rank + rng.random()
    return found


def _draw(runoff: SampledRunoff, seed: str, mesas: Sequence[int], places: Sequence[int]) -> Iterator[Sample]:
    for kind in SampleDesign:
        for size in SIZES:
            yield draw_from(runoff.mesas, Design(kind, SampleUnit.MESA, size), seed, mesas)
        yield draw_from(runoff.places, Design(kind, SampleUnit.PLACE, PLACES), seed, places)


def _try(tries: dict[tuple[int, str, bool], Tries], runoff: SampledRunoff, sample: Sample) -> None:
    whole = {mesa.id: runoff.copies[mesa.id] for mesa in sample.mesas if mesa.id in runoff.copies}
    early = {mesa: whole[mesa] for mesa in _first(runoff, sample) if mesa in whole}
    kinds = [(sample.design.kind.value, sample)]
    if sample.design.kind is SampleDesign.SIMPLE:
        kinds.append((BY_AREA, poststratify(sample)))
    for name, one in kinds:
        for copies in (whole, early):
            share = estimate(one, copies).shares[0]
            key = sample.design.size, name, copies is whole
            kept = tries.setdefault(key, Tries(*key, [], []))
            kept.held.append(share.low <= runoff.share <= share.high)
            kept.halves.append((share.high - share.low) / 2)


def _first(runoff: SampledRunoff, sample: Sample) -> list[str]:
    """The mesas of a sample that had arrived by then, in the order of their arrival."""
    ordered = sorted((mesa.id for mesa in sample.mesas), key=runoff.arrival.__getitem__)
    return ordered[: round(ARRIVED[runoff.year] * len(ordered))]


def _look(
    unlike: tuple[list[bool], list[bool]], runoff: SampledRunoff, sample: Sample, rng: np.random.Generator
) -> None:
    early, mesas = _first(runoff, sample), [mesa.id for mesa in sample.mesas]
    for looks, copied in zip(unlike, (early, rng.choice(mesas, len(early), replace=False).tolist()), strict=True):
        looks.append(any(one.is_unlike for one in find_bias(sample, set(copied)).differences))


def _plant(runoff: SampledRunoff, rng: np.random.Generator) -> PlantedCopies:
    seed = _digits(rng)
    design = Design(SampleDesign.SIMPLE, SampleUnit.MESA, SIZES[1])
    sample = draw_from(runoff.mesas, design, seed, order_units(runoff.mesas, seed))
    mesas = [mesa.id for mesa in sample.mesas]
    large = [mesa for mesa in mesas if all((own or 0) > PLANTED for own in runoff.actas[mesa].votes or (0,))]
    ways = ((-PLANTED, PLANTED), (-PLANTED, 0), (0, PLANTED))
    planted = dict(zip(rng.choice(large, len(ways), replace=False).tolist(), ways, strict=True))
    standings: Counter[CopyStanding] = Counter()
    found = 0
    for mesa in mesas:
        acta, moved = runoff.actas[mesa], planted.get(mesa)
        if moved and acta.votes:
            votes = tuple((own or 0) + more for own, more in zip(acta.votes, moved, strict=True))
            acta = msgspec.structs.replace(acta, votes=votes)
        comparison = compare(runoff.copies.get(mesa, Copy((0, 0))), acta)
        standings[comparison.standing] += 1
        shifts = {one.place: -one.votes for one in comparison.differences}
        found += moved is not None and shifts == {place: more for place, more in enumerate(moved) if more}
    return PlantedCopies(standings, found)


def _digits(rng: np.random.Generator) -> str:
    return "".join(map(str, rng.integers(0, 10, 20).tolist()))
