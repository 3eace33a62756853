"""What is worth a look on an acta that breaks no rule: it is published, and marked."""

from collections.abc import Iterator

from msgspec import structs

from tally.model import Acta, ActaState
from tally.rules.issues import Issue, Rule, broken


def mark_acta(acta: Acta, before: Acta | None) -> Acta:
    """The acta with what is worth a look: nobody voted there, or another roll was stated before.

    A roll that changed stays marked until it is what it was.
    """
    if before is None and acta.cast != 0:
        return acta
    flags = [broken(Rule.ALL_ZERO)] if acta.state is ActaState.COUNTED and acta.cast == 0 else []
    if before is not None and acta.registered is not None:
        flags += _mark_roll(acta.registered, before)
    return structs.replace(acta, flags=tuple(flags)) if flags else acta


def _mark_roll(registered: int, before: Acta) -> Iterator[Issue]:
    told = (flag.figures["before"] for flag in before.flags or () if flag.rule == Rule.ROLL_CHANGED and flag.figures)
    first = next(told, before.registered)
    if first is not None and first != registered:
        yield broken(Rule.ROLL_CHANGED, registered=registered, before=first)
