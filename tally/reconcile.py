"""Two truths side by side: what the source publishes for an area, and what lies below it."""

from collections.abc import Iterable

from tally.model import FIGURES, NOT_VALID, AreaCount, Issue, Sums

_ALWAYS_STATED = (*(name for name in FIGURES if name not in NOT_VALID), "votes")


def compare(published: AreaCount, computed: Sums) -> dict[str, tuple[object, object]]:
    """Figures that differ, as (published, computed) by name; {} when both agree. What is not stated is not compared."""
    names = [*_ALWAYS_STATED, *(name for name in NOT_VALID if getattr(published, name) is not None)]
    pairs = {name: (getattr(published, name), getattr(computed, name)) for name in names}
    different = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if published.turnout is not None and published.total == computed.total and computed.registered:
        ours = round(published.cast * 100_000 / computed.registered)
        if abs(published.turnout - ours) > 1:  # both are rounded
            different["turnout"] = (published.turnout, ours)
    return different


def flag(published: AreaCount | None, computed: Sums) -> tuple[Issue, ...]:
    """A flag where both sides counted the same number of actas and yet differ; () where they agree or cannot tell.

    With another number of actas the two stand at different cuts, which says nothing about either.
    """
    if published is None or (published.counted, published.total) != (computed.counted, computed.total):
        return ()
    names = compare(published, computed)
    if not names:
        return ()
    n = computed.counted
    return (
        Issue(
            rule="reconciliation",
            es=f"lo publicado y la suma de las {n} actas contabilizadas difieren ({_words(names, 'es')})",
            en=f"what is published and the sum of the {n} counted actas differ ({_words(names, 'en')})",
        ),
    )


_SPANISH = {
    "at_jee": "en JEE",
    "pending": "pendientes",
    "cast": "emitidos",
    "valid": "válidos",
    "votes": "votos de las listas",
    "blank": "blancos",
    "null": "nulos",
    "challenged": "impugnados",
    "turnout": "participación",
}


def _words(names: Iterable[str], language: str) -> str:
    return ", ".join(_SPANISH.get(name, name) if language == "es" else name.replace("_", " ") for name in names)


def adds_up(published: AreaCount, children: Iterable[AreaCount]) -> bool:
    """Whether the published counts of an area's children add up to its own."""
    below = [_row(child) for child in children]
    return [sum(column) for column in zip(*below, strict=True)] == _row(published)


def _row(count: AreaCount) -> list[int]:
    return [count.counted, count.at_jee, count.pending, count.total, count.cast, count.valid, *count.votes]
