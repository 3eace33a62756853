"""The soak of the quick count: how often its interval holds the final share, and what is found beside the actas."""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

import msgspec
import numpy as np
from msgspec import Struct

from bench.reliability import SoakSection
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

NAME, TITLE = "quickcount", "Quick count: how often the interval holds the final share"
SAMPLES, SIZES, PLACES, PLANTED = 1_000, (300, 1_200), 150, 40
LEAST, MOST = 0.93, 0.97
# What is known of how the actas came in: of 2026 when each was first seen counted, of 2021 which were by a morning.
ARRIVED = {2021: 0.973, 2026: 0.6}
OFFICIAL = {2021: "eg2021_round2_open_data_PCM", 2026: "eg2026_round2"}
BY_AREA = "simple, weighed by area"
SHOWN = (CopyStanding.DIFFERENT, CopyStanding.EQUAL, CopyStanding.NOT_INSTALLED)


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
    """Of all samples of one kind: which intervals held the final share, and how wide they were on either side."""

    held: list[bool]
    halves: list[float]

    def row(self) -> str:
        """Two cells of a table."""
        return f"{np.mean(self.held):.1%} | {100 * np.mean(self.halves):.2f}"


class Compared(Struct, frozen=True):
    """What a sample's copies said of its actas, and how many of the planted differences they told with their votes."""

    year: int
    standings: Counter[CopyStanding]
    found: int


Found = defaultdict[tuple[int, int, str, bool], Tries]


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Draw every sample, compare every copy, and print what came out."""
    rng = np.random.default_rng(seed)
    found: Found = defaultdict(lambda: Tries([], []))
    unlike: dict[str, list[bool]] = {"in the real order": [], "by chance": []}
    compared = []
    for year in RUNOFFS:
        runoff = read(year, rng)
        for number in range(SAMPLES):
            digits = "".join(map(str, rng.integers(0, 10, 20).tolist()))
            orders = order_units(runoff.mesas, digits), order_units(runoff.places, digits)
            for sample in _draw(runoff, digits, *orders):
                _try(found, runoff, sample)
                if number % 5 == 0 and year == 2026 and sample.design.size == SIZES[0]:
                    _look(unlike, runoff, sample, rng)
        compared.append(_plant(runoff, rng))
        say(f"{year}: {SAMPLES:,} samples of each kind")
    section = SoakSection(NAME, TITLE, seed, [*_covered(found), *_arrived(found, unlike), *_compared(compared)])
    say(section.text())
    return section


def read(year: int, rng: np.random.Generator) -> SampledRunoff:
    """That run-off, its official final share, and its frame by department and abroad."""
    sheets = read_runoff(REFERENCE, year)
    totals = msgspec.json.decode((REFERENCE / "data" / "official_totals.json").read_bytes())[OFFICIAL[year]]
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


def _try(found: Found, runoff: SampledRunoff, sample: Sample) -> None:
    """With all copies, and with those that had come by then."""
    whole = {mesa.id: runoff.copies[mesa.id] for mesa in sample.mesas if mesa.id in runoff.copies}
    early = {mesa: whole[mesa] for mesa in _first(runoff, sample) if mesa in whole}
    kinds = [(sample.design.kind.value, sample)]
    if sample.design.kind is SampleDesign.SIMPLE:
        kinds.append((BY_AREA, poststratify(sample)))
    for name, one in kinds:
        for copies in (whole, early):
            share = estimate(one, copies).shares[0]
            tries = found[runoff.year, sample.design.size, name, copies is whole]
            tries.held.append(share.low <= runoff.share <= share.high)
            tries.halves.append((share.high - share.low) / 2)


def _first(runoff: SampledRunoff, sample: Sample) -> list[str]:
    """The mesas of a sample that had arrived by then, in the order of their arrival."""
    ordered = sorted((mesa.id for mesa in sample.mesas), key=runoff.arrival.__getitem__)
    return ordered[: round(ARRIVED[runoff.year] * len(ordered))]


def _look(unlike: dict[str, list[bool]], runoff: SampledRunoff, sample: Sample, rng: np.random.Generator) -> None:
    early = _first(runoff, sample)
    mesas = [mesa.id for mesa in sample.mesas]
    for name, copied in (("in the real order", early), ("by chance", rng.choice(mesas, len(early), replace=False))):
        unlike[name].append(any(one.is_unlike for one in find_bias(sample, set(copied)).differences))


def _plant(runoff: SampledRunoff, rng: np.random.Generator) -> Compared:
    seed = "".join(map(str, rng.integers(0, 10, 20).tolist()))
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
    return Compared(runoff.year, standings, found)


def _covered(found: Found) -> Iterator[str]:
    yield from (
        f"{SAMPLES:,} samples of each kind from seeds of their own, of all mesas of the run-offs of 2021 and 2026,",
        "every acta with votes copied as it was counted. Held: the final share is in the 95 % interval of the first",
        "list's share of valid votes (with two lists the lead's is the same). Half width: mean, percentage points.",
        "",
        "| run-off | sample | design | bar | held | half width |",
        "|---|---|---|---|---|---|",
    )
    for (year, size, name, is_whole), tries in found.items():
        if is_whole:
            has_bar = size != PLACES and name != BY_AREA
            bar = f"{LEAST:.0%}–{MOST:.0%}" if has_bar else "–"
            yield f"| {year} | {size:,} {_unit(size)} | {name} | {bar} | {tries.row()} |"


def _arrived(found: Found, unlike: dict[str, list[bool]]) -> Iterator[str]:
    yield from (
        "",
        "With only the copies that had come when so many of the sample were in, in the order in which the authority's",
        "own actas came: of 2026 when each was first seen (4,703 that nobody followed fall by chance); of 2021 nothing",
        "is kept of the night, only which actas showed their votes on the morning of 8 June. Who reports first is no",
        "chance: no bar.",
        "",
        "| run-off | arrived | sample | design | held | half width |",
        "|---|---|---|---|---|---|",
    )
    for (year, size, name, is_whole), tries in found.items():
        if not is_whole:
            yield f"| {year} | {ARRIVED[year]:.1%} | {size:,} {_unit(size)} | {name} | {tries.row()} |"
    real, chance = (f"{np.mean(looks):.1%}" for looks in unlike.values())
    yield from (
        "",
        f"Who has reported is told to be unlike who was drawn (2026, {SIZES[0]} mesas, {ARRIVED[2026]:.0%} in) in",
        f"{real} of the samples in the real order, in {chance} where they come by chance.",
    )


def _compared(compared: list[Compared]) -> Iterator[str]:
    yield from (
        "",
        f"A sample's copies beside its actas, in three of which {PLANTED} votes were planted: moved from one list to",
        "the other, taken from one, given to the other. Found: with its mesa, its lists and their votes.",
        "",
        "| run-off | copies | planted found (bar 3) | told as different (bar 3) | equal | not installed |",
        "|---|---|---|---|---|---|",
    )
    for one in compared:
        told = " | ".join(f"{one.standings[standing]:,}" for standing in SHOWN)
        yield f"| {one.year} | {one.standings.total():,} | {one.found} | {told} |"


def _unit(size: int) -> str:
    return "places" if size == PLACES else "mesas"
