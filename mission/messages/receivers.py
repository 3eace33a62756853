"""Whom a message reaches: resolved when it is sent, so that later it is known of how many who have read it."""

from collections.abc import Iterable

from msgspec import Struct

from mission.messages.book import Audience, AudienceKind
from tally.errors import InvalidInput
from tally.keys import is_key, is_within


class Addressee(Struct, frozen=True):
    """An observer who may come in. `prefix`: the ubigeo prefix they are assigned at.

    `answered`: ids of forms, by answers that nobody doubts.
    """

    pseudonym: str
    has_phone: bool = False
    team: str | None = None
    prefix: str | None = None
    answered: frozenset[str] = frozenset()


def choose_receivers(audience: Audience, everybody: Iterable[Addressee]) -> list[Addressee]:
    """Those of everybody whom it is for.

    Raises: InvalidInput: the audience needs a value, or has one that it cannot have.
    """
    kind, value = audience.kind, audience.value
    if (kind is AudienceKind.ALL) is not (value is None):
        raise InvalidInput("to: a team, region, form or person is named by `value`; all have none")
    if kind is AudienceKind.REGION and not is_key(value or ""):
        raise InvalidInput(f"to: {value!r} is no area's key")
    return [one for one in everybody if _is_for(one, kind, value or "")]


def _is_for(one: Addressee, kind: AudienceKind, value: str) -> bool:
    if kind is AudienceKind.TEAM:
        return one.team == value
    if kind is AudienceKind.PERSON:
        return one.pseudonym == value
    if kind is AudienceKind.REGION:
        return one.prefix is not None and is_within(one.prefix, value)
    return kind is AudienceKind.ALL or (one.prefix is not None and value not in one.answered)
