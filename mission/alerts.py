"""Alerts: what the mission's people should hear of at once. Raised once each, however many servers notice."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, Engine, Row, func, insert, select

from mission.alert_tables import alerts, has_figures, select_alerts
from mission.people.accounts import stamp
from mission.people.roles import Role
from mission.people.tables import accounts
from mission.people.tokens import hash_of
from tally.keys import NATION, Level, code_of, level_of
from tally.storage.database import transaction
from texts.language import Language, load_languages
from texts.spelling import proper_name


class AlertKind(StrEnum):
    """What happened: a new critical incident, or something in the count or its source; digest: a bulletin.

    copy_differs: an observer's copy of an acta of the quick count is not what was published.
    """

    CRITICAL = "critical"
    HOLD = "hold"
    RELEASED = "released"
    CORRECTION = "correction"
    DECIDED = "decided"
    UNDECIDED = "undecided"
    LEAD_CHANGE = "lead_change"
    FEED_STALE = "feed_stale"
    DIGEST = "digest"
    COPY_DIFFERS = "copy_differs"


# What observers said, which is the team's: all other kinds are the count's own, and everybody's.
OF_OBSERVERS = frozenset({AlertKind.CRITICAL, AlertKind.COPY_DIFFERS})

# How an alert of what was decided goes on where the lead alone decides nothing.
_BY_RULE = ("alert.runoff", "alert.first_round")
# How one of a copy goes on, as far as it is known: which figures differ, and what that is of a margin that decides.
_OF_COPY = ("alert.copy_lists", "alert.copy_others", "alert.copy_margin")

# Figures of an alert for some alone that leave the house all the same.
_LEAVES = ("category", "is_test")

# Figures that are texts by language: a digest's line and its paragraph.
_SPOKEN = ("title", "said")


class News(Struct, frozen=True):
    """Something to alert of. `key` names it for good ("incident/…"): a second one under that key is not raised.

    `figures`: what its sentence needs, see [alert] in the texts. `href` is a path of ours. `least` is the lowest role
    that reads it: what the count says may be read by all.
    """

    key: str
    kind: AlertKind
    figures: dict[str, Any] = {}
    href: str | None = None
    least: Role = Role.OBSERVER


class Alert(Struct, frozen=True):
    """One that was raised, `at` ISO UTC. `key`: its name for good.

    id: to a reader its number among those that the reader's role may read, so that nobody counts what lies between two.
    """

    id: int
    kind: AlertKind
    figures: dict[str, Any]
    href: str | None
    at: str
    least: Role
    key: str = ""


def raise_alert(connection: Connection, news: News, now: datetime, *, is_test: bool) -> bool:
    """Raise an alert in the transaction of what it is about; False if it was raised already.

    is_test: what it is about is a rehearsal's. Its figures say so: who is told of it sees no page that does.

    The transaction is one of `mission.transactions.exclusive`: so ids are in the order of the commits, and whoever
    reads after an id misses nothing.
    """
    if connection.execute(select(alerts.c.id).where(alerts.c.key == news.key)).first() is not None:
        return False
    figures = {**news.figures, "is_test": True} if is_test else news.figures
    alert = Alert(0, news.kind, figures, news.href, stamp(now), news.least)
    values = {
        "key": news.key,
        "kind": news.kind.value,
        "least": news.least.value,
        "href": news.href,
        "at": alert.at,
        # The program before this one reads sentences in these two languages, and no figures.
        **{code: say(alert, language) for code, language in load_languages().items() if code in alerts.c},
    }
    if has_figures(connection):
        values["figures"] = msgspec.json.encode(figures).decode()
    connection.execute(insert(alerts).values(**values))
    return True


def read_alerts(engine: Engine, role: Role, after: int = 0, limit: int = 500) -> list[Alert]:
    """What a role may read after that number, oldest first."""
    with transaction(engine) as connection:
        return _numbered(connection, role, after, limit)


def newest_alerts(engine: Engine, role: Role, before: int | None = None, limit: int = 100) -> list[Alert]:
    """The newest alerts that a role may read, before that number if one is named, newest first."""
    with transaction(engine) as connection:
        count = connection.execute(select(func.count()).select_from(alerts).where(_is_for(role))).scalar_one()
        last = count if before is None else min(count, before - 1)
        first = max(last - limit, 0)
        return _numbered(connection, role, first, last - first)[::-1]


def alert_epoch(engine: Engine, role: Role) -> str:
    """Names the history that numbers of alerts belong to: another database or another role, another name."""
    with transaction(engine) as connection:
        first = select(accounts.c.pseudonym, accounts.c.created_at).order_by(accounts.c.id).limit(1)
        return f"m{hash_of(f'{connection.execute(first).first()}/{role}')[:8]}"


def _numbered(connection: Connection, role: Role, after: int, limit: int) -> list[Alert]:
    """Nothing is ever taken from the table, so the n-th that a role may read stays the n-th."""
    chosen = select_alerts(connection).where(_is_for(role)).order_by(alerts.c.id).offset(after).limit(limit)
    return [replace(alert_of(row), id=after + n) for n, row in enumerate(connection.execute(chosen), start=1)]


def _is_for(role: Role) -> ColumnElement[bool]:
    return alerts.c.least.in_([step.value for step in Role if role.covers(step)])


def alert_of(row: Row[Any]) -> Alert:
    """The alert in a row; one that the previous version raised has no figures."""
    written = getattr(row, "figures", None)
    figures = {} if written is None else msgspec.json.decode(written)
    return Alert(row.id, AlertKind(row.kind), figures, row.href, row.at, Role(row.least), row.key)


def say(alert: Alert, language: Language) -> str:
    """The alert in words; `mission_alerts.js` says the same. What it cannot say in full is called by its kind."""
    contest, place = alert.figures.get("contest"), alert.figures.get("place")
    whole = language("alert.nation" if contest is None else "alert.whole")
    areas = ", ".join(_name(area, whole, language) for area in alert.figures.get("areas", ()))
    values = {**alert.figures, "areas": areas or None, "place": place and _name(place, whole, language)}
    values |= {name: language.of(values[name]) for name in _SPOKEN if name in values}
    said = language.told((f"alert.{alert.kind}", *_BY_RULE, *_OF_COPY, "alert.at", "alert.more"), **values)
    said = said or language(f"mission_alert.{alert.kind}")
    said = said if contest is None else language("alert.of", contest=language.of(contest), text=said)
    # A bulletin says it by itself.
    is_marked = is_of_rehearsal(alert) and not any(name in alert.figures for name in _SPOKEN)
    return language("alert.rehearsed", text=said) if is_marked else said


def is_of_rehearsal(alert: Alert) -> bool:
    """Whether what it tells of is invented."""
    return alert.figures.get("is_test") is True


def outward(alert: Alert) -> Alert:
    """The alert as it leaves for those who have no role here: mails and webhooks reach whoever reads them.

    What every observer may read is the count's own, and goes whole. Of the rest only what is in _LEAVES, and a path
    with nothing but an id that opens to whoever signs in: no mesa, place or figure tells where somebody observes.
    """
    if alert.least is Role.OBSERVER:
        return alert
    figures = {name: value for name, value in alert.figures.items() if name in _LEAVES}
    return replace(alert, figures=figures, href=None if alert.href is None else _without_places(alert.href))


def title_of(alert: Alert, language: Language) -> str:
    """The alert in a line."""
    title = alert.figures.get("title")
    return say(alert, language) if title is None else language.of(title)


def _without_places(href: str) -> str:
    parts = urlsplit(href)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name == "id"]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def _name(area: dict[str, str | None], whole: str, language: Language) -> str:
    key = area["key"] or ""
    if key == NATION:
        return whole
    level, name = level_of(key), area["name"] and proper_name(area["name"])
    if level is not Level.MESA and (name or level is not Level.POLLING_PLACE):
        return name or key
    return language.told((f"alert.{level}", "alert.in"), number=code_of(key), name=name)
