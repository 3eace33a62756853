"""The soak of what is planted in real run-offs: what each flag finds, misses, accuses, and why one test is refused."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from bench.planted import PLANTINGS, TESTS, VOTES, Ground, Sight, look, plant, read_ground
from bench.reliability import SoakSection
from bench.runoff import REFERENCE, RUNOFFS, read_runoff
from bench.whole_places import PLANTED, Bar, beyond, find_places, find_power, fitted, gather, normal, score
from bench.whole_places import VOTES as MOVED

NAME, TITLE = "planted", "Flags: alterations planted in two real run-offs"
FIGURES = Path(__file__).parents[2] / "dashboard" / "planted.toml"
_HEAD = """\
# Written by `make soak` (bench/soaks/planted.py): alterations planted in the run-offs of 2021 and 2026 (ONPE's data).
# [YEAR.ALTERATION]: how many mesas, and of each test how many of them it found and missed, and how many honest mesas
# it flagged that it had not flagged before. [YEAR.untouched]: flags before anything was planted.
# [places.YEAR]: the refused test of whole places. How many are in both run-offs; with its residuals taken for normal
# the honest places it accuses in the untouched count, of three whole places with 60 votes a mesa the percent found, and
# of all found the percent that is honest; with the residuals as fitted the honest places and the percent found.
# tests/mission/test_calibration.py reckons them again.
"""
_ALTERATIONS = {
    "move_20": "20 votes moved to the other list in one mesa of a place",
    "move_40": "40 votes",
    "move_60": "60 votes",
    "swap": "the two columns exchanged",
    "stuff_60": "60 ballots added for one list",
    "stuff_roll": "ballots for one list up to the roll",
    "stuff_over": "… and one beyond it",
    "copy": "every figure of another mesa of the place",
    "half_place": f"{VOTES} votes in half of the mesas of 30 places",
    "whole_place": f"{VOTES} votes in every mesa of 30 places",
    "small_place": f"{VOTES} votes in a mesa of a small place",
}
_BARS = {
    "normal": "taken for normal",
    "fitted": "Student's t as fitted",
    "beyond": "further out than any of the other run-off",
}


class Planting(Struct, frozen=True):
    """An alteration of so many mesas, as each test saw it."""

    mesas: int
    sights: dict[str, Sight]


class PlaceTrial(Struct, frozen=True):
    """The refused test of whole places on one run-off, under one bar: `honest` of the untouched count it would accuse.

    power: by votes moved a mesa, in percent, what it finds of three whole places; `false` percent of its findings then.
    """

    year: int
    is_own: bool
    places: int
    bar: str
    honest: int
    power: dict[int, int]
    false: int


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Plant everything, write the page's figures, and print what came out."""
    grounds = {year: read_ground(read_runoff(year=year)) for year in RUNOFFS}
    plantings = {year: plant_all(ground, seed) for year, ground in grounds.items()}
    say("three whole places, many times over")
    trials = list(try_places(seed))
    FIGURES.write_text(_HEAD + "\n".join([*_figures(grounds, plantings), *_refused(trials), ""]), "utf-8")
    section = SoakSection(NAME, TITLE, seed, [*_table(grounds, plantings), *_places(trials)])
    say(section.text())
    return section


def plant_all(ground: Ground, seed: int) -> dict[str, Planting]:
    """Every alteration, each alone in the count as it is."""
    planted = {name: plant(name, ground, seed) for name in PLANTINGS}
    return {name: Planting(int(one.rows.sum()), look(ground, one)) for name, one in planted.items()}


def try_places(seed: int) -> Iterator[PlaceTrial]:
    """The refused test: with the place's own other run-off and by its neighbours alone, under each bar."""
    known = {year: find_places(REFERENCE, year) for year in RUNOFFS}
    others = dict(zip(RUNOFFS, reversed(RUNOFFS), strict=True))
    for is_own in (True, False):
        places = {year: gather(known[year], known[other] if is_own else None) for year, other in others.items()}
        scores = {year: score(one) for year, one in places.items()}
        for year, other in others.items():
            bars: dict[str, Bar] = {"normal": normal, "fitted": fitted(scores[year]), "beyond": beyond(scores[other])}
            for name, bar in bars.items():
                powers = {votes: find_power(places[year], bar, votes, seed) for votes in MOVED}
                yield PlaceTrial(
                    year=year,
                    is_own=is_own,
                    places=len(places[year].mesas),
                    bar=name,
                    honest=int(scores[year].flag(bar).sum()),
                    power={votes: round(100 * one.found) for votes, one in powers.items()},
                    false=round(100 * powers[VOTES].false),
                )


def _figures(grounds: Mapping[int, Ground], plantings: Mapping[int, Mapping[str, Planting]]) -> Iterator[str]:
    for year, ground in grounds.items():
        yield from ("", f"[{year}.untouched]")
        yield from (f"{test} = {int(rows.sum())}" for test, rows in ground.flagged.items())
        for name, planting in plantings[year].items():
            yield from ("", f"[{year}.{name}]", f"mesas = {planting.mesas}")
            yield from (f"{test} = [{one.found}, {one.missed}, {one.honest}]" for test, one in planting.sights.items())


def _refused(trials: list[PlaceTrial]) -> Iterator[str]:
    own = {(one.year, one.bar): one for one in trials if one.is_own}
    for year in RUNOFFS:
        usual, fit = own[year, "normal"], own[year, "fitted"]
        yield from ("", f"[places.{year}]", f"places = {usual.places}", f"normal_honest = {usual.honest}")
        yield from (f"normal_found = {usual.power[VOTES]}", f"normal_false = {usual.false}")
        yield from (f"fitted_honest = {fit.honest}", f"fitted_found = {fit.power[VOTES]}")


def _table(grounds: Mapping[int, Ground], plantings: Mapping[int, Mapping[str, Planting]]) -> Iterator[str]:
    yield from (
        "Each alteration alone, in the count as it was tallied; mesas are drawn among those that no test flags, one of",
        "a place, in places of five mesas or more. A cell is: altered mesas found / missed / honest mesas flagged that",
        "were not flagged before (of two equal actas nobody knows which one is the copy). A mesa without votes for one",
        "list is context only, and no test here.",
    )
    for year, ground in grounds.items():
        yield from ("", f"| run-off of {year} | mesas | {' | '.join(TESTS)} |", "|---|---|" + "---|" * len(TESTS))
        flagged = " | ".join(f"{int(ground.flagged[test].sum())} flagged" for test in TESTS)
        yield f"| untouched | {int(ground.sheets.is_tallied.sum()):,} | {flagged} |"
        for name, planting in plantings[year].items():
            cells = " | ".join(
                f"{one.found} / {one.missed} / {one.honest}" for one in (planting.sights[test] for test in TESTS)
            )
            yield f"| {_ALTERATIONS[name]} | {planting.mesas} | {cells} |"


def _places(trials: list[PlaceTrial]) -> Iterator[str]:
    """Why no test of whole places ships."""
    moved = " | ".join(f"{votes} votes a mesa" for votes in MOVED)
    yield from (
        "",
        "The test of whole places that does not ship (docs/decisions/0041): a place against its neighbours, and its",
        "own other run-off where both files have it by name with five mesas or more; 15 points away at least. Found,",
        f"of {PLANTED} whole places altered at a time; false: the part of the findings that are honest places, at",
        f"{VOTES} votes a mesa. Bar: honest places 0, false ≤ 5%, found ≥ 70% at 60 votes; none of these meets all.",
        "",
        f"| run-off, against | places | residuals | honest places flagged, untouched | {moved} | false |",
        "|---|---|---|---|" + "---|" * (len(MOVED) + 1),
    )
    for one in trials:
        against = "neighbours and its other run-off" if one.is_own else "neighbours alone"
        found = " | ".join(f"{one.power[votes]}%" for votes in MOVED)
        yield f"| {one.year}, {against} | {one.places:,} | {_BARS[one.bar]} | {one.honest} | {found} | {one.false}% |"
