"""Arithmetic that every count obeys. A broken rule holds the value; the same function makes flag and explanation.

Only what is impossible stands here. A total that went down is legal: it becomes a correction, never a hold.
"""

from collections.abc import Iterator

from msgspec import Struct

from tally.model import Acta, ActaState, AreaCount, Issue

_WITHOUT_VOTES = (ActaState.PENDING, ActaState.NOT_INSTALLED, ActaState.ANNULLED)


def check_acta(acta: Acta, lists: int) -> tuple[Issue, ...]:
    """Rules an acta breaks; () if none. `lists` is the number of lists of its contest.

    An acta at the JEE is under dispute: its figures may well contradict each other and no aggregate includes them.
    """
    issues: list[Issue] = []
    if acta.votes is not None and len(acta.votes) != lists:
        return (_unknown_lists(len(acta.votes), lists),)
    if acta.state is ActaState.COUNTED:
        issues += _check_counted(acta)
    elif acta.state in _WITHOUT_VOTES and any(acta.votes or ()):
        issues.append(
            Issue(
                rule="votes_without_count",
                es=f"acta en estado «{acta.code}» con votos, aunque ese estado no los tiene",
                en=f"acta in state “{acta.code}” carries votes, which that state cannot have",
            )
        )
    elif acta.state is ActaState.ANNULLED and acta.votes is not None:
        issues += _check_annulled(acta)
    return tuple(issues)


def _check_annulled(acta: Acta) -> list[Issue]:
    """A decision of the JEE makes every vote of an acta null; the votes cast stay counted."""
    issues = _check_counted(acta)
    if not issues and acta.null != acta.cast:
        issues.append(
            Issue(
                rule="annulled_null",
                es=f"acta anulada con {acta.cast} votos emitidos, pero solo {acta.null} nulos",
                en=f"annulled acta with {acta.cast} votes cast, but only {acta.null} null",
            )
        )
    return issues


def _check_counted(acta: Acta) -> list[Issue]:
    votes = tuple(vote for vote in acta.votes or () if vote is not None)
    blank, null, challenged, cast, valid = acta.blank, acta.null, acta.challenged, acta.cast, acta.valid
    if blank is None or null is None or challenged is None or cast is None or valid is None or votes != acta.votes:
        return [
            Issue(rule="figures_missing", es="acta contabilizada sin todas sus cifras", en="counted acta lacks figures")
        ]
    issues = _check_sums(votes, valid, (blank, null, challenged), cast)
    if cast == 0:
        issues.append(
            Issue(
                rule="all_zero",
                es="acta contabilizada con todas sus cifras en cero, sin constar como mesa no instalada",
                en="counted acta with all its figures zero, though the mesa is not said to be uninstalled",
            )
        )
    if acta.registered is not None and cast > acta.registered:
        issues.append(_over_roll(cast, acta.registered))
    return issues


class Around(Struct, frozen=True):
    """What is known around an area: the nation's count, its parent's, and its roll once every mesa is known."""

    whole: AreaCount | None = None
    parent: AreaCount | None = None
    roll: int | None = None


def check_area(count: AreaCount, lists: int, around: Around | None = None) -> tuple[Issue, ...]:
    """Rules a published area breaks; () if none."""
    if len(count.votes) != lists:
        return (_unknown_lists(len(count.votes), lists),)
    issues: list[Issue] = []
    if min(count.counted, count.at_jee, count.pending) < 0:
        issues.append(_negative())
    buckets = count.counted + count.at_jee + count.pending
    if buckets != count.total:
        issues.append(
            Issue(
                rule="buckets",
                es=f"contabilizadas + JEE + pendientes = {buckets}, pero el total es {count.total}",
                en=f"counted + at JEE + pending = {buckets}, but the total is {count.total}",
            )
        )
    rest = (count.blank, count.null, count.challenged)
    known = tuple(part for part in rest if part is not None)
    issues += _check_sums(count.votes, count.valid, known, count.cast, complete=len(known) == len(rest))
    return (*issues, *_check_around(count, around or Around()))


def _check_around(count: AreaCount, around: Around) -> Iterator[Issue]:
    if around.whole is not None and count.total == around.whole.total:
        yield Issue(
            rule="scope_echo",
            es="las cifras son las de todo el país, no las del área pedida",
            en="the figures are the whole country's, not those of the area asked for",
        )
    elif around.parent is not None and _exceeds(count, around.parent):
        yield Issue(
            rule="above_parent",
            es="una cifra es mayor que la del área que la contiene, en el mismo corte",
            en="a figure is larger than that of the area around it, at the same cut",
        )
    if around.roll is not None and count.cast > around.roll:
        yield _over_roll(count.cast, around.roll)


def _exceeds(count: AreaCount, parent: AreaCount) -> bool:
    """Comparable only at one cut: a child read later may rightly be ahead of its parent."""
    if count.source_at is None or count.source_at != parent.source_at:
        return False
    figures = ((value.counted, value.total, value.cast, value.valid, *value.votes) for value in (count, parent))
    return any(part > whole for part, whole in zip(*figures, strict=True))


def unknown_area(ubigeo: str) -> Issue:
    """An acta or a count of an area that the source's own catalogue does not have."""
    return Issue(
        rule="unknown_area",
        es=f"el ubigeo {ubigeo} no está en el catálogo de la fuente",
        en=f"ubigeo {ubigeo} is not in the source's catalogue",
    )


def _check_sums(
    votes: tuple[int, ...], valid: int, rest: tuple[int, ...], cast: int, *, complete: bool = True
) -> list[Issue]:
    issues = []
    if min((*votes, valid, *rest, cast)) < 0:
        issues.append(_negative())
    if sum(votes) != valid:
        issues.append(
            Issue(
                rule="valid_sum",
                es=f"los votos de las listas suman {sum(votes)}, pero los válidos son {valid}",
                en=f"the lists' votes sum to {sum(votes)}, but valid votes are {valid}",
            )
        )
    parts = valid + sum(rest)
    if parts > cast or (complete and parts != cast):
        issues.append(
            Issue(
                rule="cast_sum",
                es=f"válidos + blancos + nulos + impugnados = {parts}, pero los emitidos son {cast}",
                en=f"valid + blank + null + challenged = {parts}, but votes cast are {cast}",
            )
        )
    return issues


def _negative() -> Issue:
    return Issue(rule="negative", es="hay una cifra negativa", en="a figure is negative")


def _over_roll(cast: int, registered: int) -> Issue:
    return Issue(
        rule="over_roll",
        es=f"{cast} votos emitidos con {registered} electores hábiles",
        en=f"{cast} votes cast with {registered} registered voters",
    )


def _unknown_lists(given: int, lists: int) -> Issue:
    return Issue(
        rule="lists",
        es=f"hay cifras de {given} listas, la elección tiene {lists}",
        en=f"figures of {given} lists, the election has {lists}",
    )
