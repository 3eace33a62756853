"""All copies of a quick count beside the actas of a count, and the alert that one of them gives reason to."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from mission.alerts import AlertKind, News
from mission.audit.macro import Pairs, find_claims
from mission.people.roles import Role
from mission.quickcount.book import QuickCount
from mission.quickcount.compare import Comparison, CopyStanding, MarginMove, compare, move_margins
from mission.quickcount.copies import MesaStanding
from tally.election import Contest
from tally.errors import InvalidInput
from tally.keys import mesa_key
from tally.model import Acta
from tally.outcome.judgement import Whole


class ComparedCopy(Struct, frozen=True):
    """The copy of a mesa that stands, beside its acta, with what that is worth for the margins that decide."""

    mesa: str
    standing: MesaStanding
    comparison: Comparison
    margins: tuple[MarginMove, ...]

    @property
    def moved(self) -> int:
        """The most votes by which a list differs."""
        return max((abs(one.votes) for one in self.comparison.differences if one.place is not None), default=0)


# What is told first is what somebody has to look at.
_FIRST = (CopyStanding.DIFFERENT, CopyStanding.NO_SUCH_MESA, CopyStanding.AT_JEE, CopyStanding.UNREAD)


def find_published_claims(whole: Whole | None, contest: Contest) -> Pairs | None:
    """The margins that decide what is published; None where nothing is, or it is a tie."""
    if whole is None or whole.is_doubtful or len(contest.running) < 2:
        return None
    try:
        return find_claims(whole.published.votes, contest.rule)
    except InvalidInput:
        return None


def compare_mesa(
    mesa: str, standing: MesaStanding, acta: bytes | None, claims: Pairs | None, *, is_whole: bool = False
) -> ComparedCopy | None:
    """One mesa's copy beside the canonical JSON of its acta; None while no copy stands. `is_whole`: see `compare`."""
    if standing.copy is None:
        return None
    published = None if acta is None else msgspec.json.decode(acta, type=Acta)
    found = compare(standing.copy, published, is_whole=is_whole)
    margins = () if claims is None else move_margins(found, claims, len(standing.copy.votes))
    return ComparedCopy(mesa, standing, found, margins)


def compare_all(
    count: QuickCount, actas: Mapping[str, bytes], claims: Pairs | None, *, is_whole: bool = False
) -> list[ComparedCopy]:
    """Every copy that stands beside its acta, those to be looked at first. `actas` by key of the count."""
    found = [
        compare_mesa(mesa, own, actas.get(mesa_key(mesa)), claims, is_whole=is_whole)
        for mesa, own in count.standings().items()
    ]
    return sorted((one for one in found if one is not None), key=_order)


def _order(one: ComparedCopy) -> tuple[int, int, str]:
    standing = one.comparison.standing
    return (_FIRST.index(standing) if standing in _FIRST else len(_FIRST), -one.moved, one.mesa)


def alert_of(count: QuickCount, compared: ComparedCopy, lists: Sequence[str], name: str | None) -> News:
    """What is told of a copy that differs: `lists` are their short names, `name` that of the polling place.

    Another difference of the same mesa is told anew, the same never twice.
    """
    differences = compared.comparison.differences
    digest = hashlib.sha256(msgspec.json.encode(differences)).hexdigest()[:16]
    own = [lists[one.place] for one in differences if one.place is not None]
    rest = [one.figure for one in differences if one.place is None]
    figures: dict[str, Any] = {"areas": [{"key": mesa_key(compared.mesa), "name": name}]}
    if own:
        figures |= {"lists": ", ".join(own), "moved": compared.moved}
    if rest:
        figures["others"] = rest
    if compared.margins:
        worst = min(compared.margins, key=lambda one: (one.margin + one.votes, -abs(one.votes)))
        figures |= {"deciding": worst.margin, "shift": round(abs(worst.votes))}
    return News(
        f"copy/{count.id}/{compared.mesa}/{count.drawn.epoch}/{digest}",
        AlertKind.COPY_DIFFERS,
        figures,
        f"/mission/quick-count?id={count.id}&mesa={compared.mesa}",
        Role.COORDINATOR,
    )
