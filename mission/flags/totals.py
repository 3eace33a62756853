"""Flags about totals: what the source publishes against the sum of its actas, totals that fell, actas taken back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from mission.flags.flag import Flag, FlagKind, FlagSeverity, flag_id
from mission.flags.words import commas, joined, said, spaced
from tally.issues import Issue, Rule
from tally.keys import Level, is_area, level_of, ubigeo_of
from tally.ledger import LedgerEntry
from tally.model import Acta, ActaState, AreaCount, AreaState


class _Published(Struct):
    """The published side of an area's value; the rest is skipped."""

    published: AreaCount | None = None


def find_differences(values: Mapping[str, bytes]) -> list[Flag]:
    """Areas whose published count is not the sum of as many counted actas, as the board marks them."""
    flags = []
    for key, data in values.items():
        if is_area(key) and b'"flags":' in data:  # few are marked: only those are read
            state = msgspec.json.decode(data, type=AreaState)
            differences = (issue for issue in state.flags or () if issue.rule == Rule.RECONCILIATION)
            flags += [_difference(key, state, issue) for issue in differences]
    return flags


def find_corrections(lines: Iterable[LedgerEntry], names: Sequence[str]) -> list[Flag]:
    """From the ledger's corrections, newest first: published totals that fell, and actas that went back to a jury.

    One flag a key: it tells the newest case and how many there were.
    """
    fallen: dict[str, list[tuple[LedgerEntry, list[tuple[str, int, int]]]]] = defaultdict(list)
    reopened: dict[str, list[LedgerEntry]] = defaultdict(list)
    for line in lines:
        if line.before is None:
            continue
        if is_area(line.key):
            lower = _lower(line.before, line.after, names)
            if lower:
                fallen[line.key].append((line, lower))
        elif level_of(line.key) is Level.MESA and _went_back(line.before, line.after):
            reopened[line.key].append(line)
    return [
        *(_decrease(key, cases) for key, cases in fallen.items()),
        *(_reopened(key, cases) for key, cases in reopened.items()),
    ]


def _lower(before: bytes, after: bytes, names: Sequence[str]) -> list[tuple[str, int, int]]:
    """Votes of lists, and votes cast, that the source published lower than before: (name, before, after)."""
    old = msgspec.json.decode(before, type=_Published).published
    new = msgspec.json.decode(after, type=_Published).published
    if old is None or new is None:
        return []
    figures = [*zip(names, old.votes, new.votes, strict=True), ("", old.cast, new.cast)]
    return [figure for figure in figures if figure[2] < figure[1]]


def _went_back(before: bytes, after: bytes) -> bool:
    old, new = (msgspec.json.decode(data, type=Acta) for data in (before, after))
    return old.state is ActaState.COUNTED and new.state is ActaState.AT_JEE


def _difference(key: str, state: AreaState, issue: Issue) -> Flag:
    name, wrong = state.name or key, said(issue)
    es, en = joined(
        (
            f"{name}: {wrong[0]}. Lo habitual es un corte a medio publicar; si se mantiene, hay que preguntar a la "
            "fuente.",
            f"{name}: {wrong[1]}. Usually a cut is half published; if it stays, the source must be asked.",
        )
    )
    return Flag(
        id=flag_id(FlagKind.AGGREGATE, key),
        kind=FlagKind.AGGREGATE,
        severity=FlagSeverity.HIGH,
        key=key,
        ubigeo=ubigeo_of(key),
        evidence={"rule": issue.rule},
        es=es,
        en=en,
    )


def _decrease(key: str, cases: list[tuple[LedgerEntry, list[tuple[str, int, int]]]]) -> Flag:
    line, lower = cases[0]
    es_parts = (f"{name or 'votos emitidos'}: {spaced(old)} → {spaced(new)}" for name, old, new in lower)
    en_parts = (f"{name or 'votes cast'}: {commas(old)} → {commas(new)}" for name, old, new in lower)
    again = len(cases) - 1
    es, en = joined(
        (
            f"{key}: un total publicado bajó ({'; '.join(es_parts)}) en la versión {spaced(line.seq)}"
            f"{f'; antes ya {spaced(again)} veces más' if again else ''}. Ocurre en toda elección cuando se anula o "
            "corrige un acta.",
            f"{key}: a published total fell ({'; '.join(en_parts)}) at version {commas(line.seq)}"
            f"{f'; {commas(again)} more times before' if again else ''}. It happens in every election when an acta is "
            "annulled or corrected.",
        )
    )
    return Flag(
        id=flag_id(FlagKind.DECREASE, key),
        kind=FlagKind.DECREASE,
        severity=FlagSeverity.INFO,
        key=key,
        ubigeo=ubigeo_of(key),
        evidence={"seq": line.seq, "at": line.at, "times": len(cases), "figures": [list(figure) for figure in lower]},
        at_most_votes=sum(old - new for name, old, new in lower if name),
        es=es,
        en=en,
    )


def _reopened(key: str, cases: list[LedgerEntry]) -> Flag:
    line = cases[0]
    assert line.before is not None  # noqa: S101 - only such lines are collected
    before = msgspec.json.decode(line.before, type=Acta)
    ranked = sorted((vote or 0 for vote in before.votes or ()), reverse=True)
    lead = ranked[0] - ranked[1] if len(ranked) > 1 else 0
    es, en = joined(
        (
            f"El acta de la {key.replace('/', ' ')} estaba contabilizada y volvió al JEE en la versión "
            f"{spaced(line.seq)}. Ocurre cuando se pide su nulidad o se halla un error.",
            f"The acta of {key.replace('/', ' ')} was counted and went back to the jury at version "
            f"{commas(line.seq)}. It happens when its annulment is requested or an error is found.",
        )
    )
    return Flag(
        id=flag_id(FlagKind.REOPENED, key),
        kind=FlagKind.REOPENED,
        severity=FlagSeverity.INFO,
        key=key,
        place=before.place,
        ubigeo=before.ubigeo,
        evidence={"seq": line.seq, "at": line.at, "times": len(cases)},
        at_most_votes=lead,
        es=es,
        en=en,
    )
