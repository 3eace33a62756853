"""Alerts of the count itself: what was held, released or corrected, who leads, whether it is decided, a stale source.

Every server looks; what was last seen is kept in the database, so that each thing is told once, also what happened
while no server ran. Nothing here is written to the count's log.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Engine, Select, insert, literal_column, select, update

from mission.alert_tables import watches
from mission.alerts import AlertKind, News, raise_alert
from mission.transactions import exclusive
from tally.changes import Kind
from tally.model import FeedState
from tally.storage.database import transaction
from tally.storage.tables import ChangeRow, table_of

_changes = table_of(ChangeRow)
_NOTED = {
    Kind.HOLD.value: AlertKind.HOLD,
    Kind.RELEASE.value: AlertKind.RELEASED,
    Kind.CORRECTION.value: AlertKind.CORRECTION,
}
# Of one change set that many keys are named, the rest counted.
_NAMED = 3
_GOOD, _BAD = "ok", "stale"

Name = Callable[[str], str | None]


class Facts(Struct, frozen=True):
    """What a server knows of a count: its version, the arithmetic, and how its source is doing.

    `decided_seq` is the version that `is_decided` follows from. `outcome`: what the rule says then, where it asks for
    more than the lead; the alert's figures instead of the `margin`. `leader`: the short name of who leads, None in a
    tie and while a figure is in review. `is_stale` is of the moment `checked`, in epoch milliseconds, when the source
    was last asked; None where another count of the same source is asked about that. `contest`: what it is called by
    language, and `href` its page, where its election has several. `is_test`: its figures are invented.
    """

    count_id: int
    epoch: str
    seq: int
    is_decided: bool | None
    decided_seq: int
    margin: int | None
    is_stale: bool | None
    checked: int
    outcome: dict[str, str] | None = None
    leader: str | None = None
    contest: dict[str, str] | None = None
    href: str = "/"
    is_test: bool = False


def raise_from_count(engine: Engine, facts: Facts, now: datetime, name: Name = lambda _: None) -> int:
    """Raise what those facts give reason to, and was not raised yet; how many that were. The first look only notes.

    `name` says what a key of the count is called, None if nobody knows.
    """
    with transaction(engine) as connection:  # most looks find nothing, and then nobody has to wait
        if not _is_news(connection, facts):
            return 0
    with exclusive(engine) as connection:
        raised = _of_changes(connection, facts, now, name)
        if facts.is_decided is not None:
            raised += _of_decision(connection, facts, now)
        if facts.leader is not None:
            raised += _of_lead(connection, facts, now)
        if facts.is_stale is not None:
            raised += _of_source(connection, facts, now)
        return raised


def take_turn(engine: Engine, name: str, value: str, place: int) -> bool:
    """Whether something watched takes another value at a later place, and whoever asks is the first to say so.

    The first value is only noted.
    """
    with exclusive(engine) as connection:
        return _turn(connection, name, value, place)


def _is_news(connection: Connection, facts: Facts) -> bool:
    rows = connection.execute(select(watches).where(watches.c.name.in_(_names(facts))))
    seen = {row.name: row for row in rows}
    changes, decision, source, lead = (seen.get(name) for name in _names(facts))
    if changes is None or changes.value != facts.epoch:
        return True
    if facts.is_stale is not None and (source is None or source.value != _source_value(facts)):
        return True
    if facts.is_decided is not None and (decision is None or decision.value != _decision_value(facts)):
        return True
    if facts.leader is not None and (lead is None or lead.value != facts.leader):
        return True
    return connection.execute(_noted_changes(facts, changes.place).limit(1)).first() is not None


def _names(facts: Facts) -> tuple[str, str, str, str]:
    count = facts.count_id
    return f"changes/{count}", f"decision/{count}/{facts.epoch}", f"source/{count}", f"lead/{count}/{facts.epoch}"


def _decision_value(facts: Facts) -> str:
    return (AlertKind.DECIDED if facts.is_decided else AlertKind.UNDECIDED).value


def _source_value(facts: Facts) -> str:
    return _BAD if facts.is_stale else _GOOD


def _noted_changes(facts: Facts, after: int) -> Select[tuple[int, str, str]]:
    """What is noted after a version. `<> 'update'` is what the small index of changes of note is made for."""
    return (
        select(_changes.c.seq, _changes.c.key, _changes.c.kind)
        .where(_changes.c.count_id == facts.count_id, _changes.c.seq > after, _changes.c.seq <= facts.seq)
        .where(_changes.c.kind != literal_column("'update'"), _changes.c.kind.in_(tuple(_NOTED)))
        .order_by(_changes.c.seq, _changes.c.n)
    )


def _of_changes(connection: Connection, facts: Facts, now: datetime, name: Name) -> int:
    watch = _names(facts)[0]
    seen = connection.execute(select(watches.c.value, watches.c.place).where(watches.c.name == watch)).first()
    if seen is None or seen.value != facts.epoch:  # another history: what it holds from before is no news
        _note(connection, watch, facts.epoch, facts.seq)
        return 0
    sets: dict[tuple[int, str], list[str]] = {}
    for row in connection.execute(_noted_changes(facts, seen.place)):
        sets.setdefault((row.seq, row.kind), []).append(row.key)
    _note(connection, watch, facts.epoch, max(seen.place, facts.seq))
    news = [_news_of(facts, seq, kind, keys, name) for (seq, kind), keys in sets.items()]
    return sum(raise_alert(connection, one, now, is_test=facts.is_test) for one in news)


def _of_decision(connection: Connection, facts: Facts, now: datetime) -> int:
    name, kind = _names(facts)[1], AlertKind(_decision_value(facts))
    if not _turn(connection, name, kind.value, facts.decided_seq):
        return 0
    figures: dict[str, Any] = {"margin": facts.margin} if facts.outcome is None else {**facts.outcome}
    news = News(f"{name}/{facts.decided_seq}", kind, _of_contest(facts, figures), facts.href)
    return int(raise_alert(connection, news, now, is_test=facts.is_test))


def _of_lead(connection: Connection, facts: Facts, now: datetime) -> int:
    name = _names(facts)[3]
    if facts.leader is None or not _turn(connection, name, facts.leader, facts.decided_seq):
        return 0
    figures = _of_contest(facts, {"leader": facts.leader, "margin": facts.margin})
    news = News(f"{name}/{facts.decided_seq}", AlertKind.LEAD_CHANGE, figures, facts.href)
    return int(raise_alert(connection, news, now, is_test=facts.is_test))


def _of_source(connection: Connection, facts: Facts, now: datetime) -> int:
    name = _names(facts)[2]
    if not _turn(connection, name, _source_value(facts), facts.checked) or not facts.is_stale:
        return 0
    news = News(f"{name}/{facts.checked}", AlertKind.FEED_STALE, {"note": FeedState.DOWN}, "/")
    return int(raise_alert(connection, news, now, is_test=facts.is_test))


def _turn(connection: Connection, name: str, value: str, place: int) -> bool:
    """Whether something watched takes another value than it had, at a later place. The first value is only noted.

    A server that is behind sees an earlier place, and says nothing.
    """
    seen = connection.execute(select(watches.c.value, watches.c.place).where(watches.c.name == name)).first()
    if seen is None:
        _note(connection, name, value, place)
        return False
    if seen.value == value or place < seen.place:
        return False
    _note(connection, name, value, place)
    return True


def _note(connection: Connection, name: str, value: str, place: int) -> None:
    values = {"value": value, "place": place}
    if connection.execute(update(watches).where(watches.c.name == name).values(**values)).rowcount == 0:
        connection.execute(insert(watches).values(name=name, **values))


def _news_of(facts: Facts, seq: int, kind: str, keys: Iterable[str], name: Name) -> News:
    named = sorted(keys)
    figures = _of_contest(facts, {"areas": [{"key": key, "name": name(key)} for key in named[:_NAMED]]})
    if len(named) > _NAMED:
        figures["rest"] = len(named) - _NAMED
    told_as = f"changes/{facts.count_id}/{facts.epoch}/{seq}/{kind}"
    return News(told_as, _NOTED[kind], figures, f"{facts.href}corrections?kind={kind}")


def _of_contest(facts: Facts, figures: dict[str, Any]) -> dict[str, Any]:
    """Those figures with the contest they are of, where there are several."""
    return figures if facts.contest is None else {**figures, "contest": facts.contest}
