"""Arithmetic that every count obeys. A broken rule holds the value; the same function makes flag and explanation.

Only what is impossible stands here. A total that went down is legal: it becomes a correction, never a hold.
"""

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
    if acta.registered is not None and cast > acta.registered:
        issues.append(_over_roll(cast, acta.registered))
    return issues


def check_area(count: AreaCount, lists: int, whole: AreaCount | None = None) -> tuple[Issue, ...]:
    """Rules a published area breaks; () if none. `whole` is the nation's count when the area lies below it."""
    issues: list[Issue] = []
    if len(count.votes) != lists:
        return (_unknown_lists(len(count.votes), lists),)
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
    if whole is not None and count.total == whole.total:
        issues.append(
            Issue(
                rule="scope_echo",
                es="las cifras son las de todo el país, no las del área pedida",
                en="the figures are the whole country's, not those of the area asked for",
            )
        )
    return tuple(issues)


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
