"""What of a count is raised as an alert, once each, whoever looks and however late."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from msgspec import structs
from sqlalchemy import Engine, text

from mission.alerts import Alert, AlertKind, is_of_rehearsal, newest_alerts, say
from mission.countwatch import Facts, raise_from_count
from mission.people.roles import Role
from tally.storage.database import transaction
from tally.storage.store import Store
from texts.language import load_languages

NOW = datetime(2030, 1, 6, 12, 0, tzinfo=UTC)
FACTS = Facts(
    count_id=1, epoch="e1", seq=10, is_decided=False, decided_seq=9, margin=1200, is_stale=False, checked=1000
)


@pytest.fixture
def engine(any_store: Store) -> Engine:
    return any_store.engine


def look(engine: Engine, facts: Facts = FACTS, **changed: object) -> int:
    return raise_from_count(engine, structs.replace(facts, **changed), NOW)


def kinds(engine: Engine) -> list[str]:
    return [alert.kind.value for alert in reversed(newest_alerts(engine, Role.OBSERVER))]


def said(alert: Alert) -> tuple[str, ...]:
    return tuple(say(alert, language) for language in load_languages().values())


def publish(engine: Engine, seq: int, kind: str, *keys: str) -> None:
    insert = "INSERT INTO changes (count_id, seq, n, key, kind, data) VALUES (1, :seq, :n, :key, :kind, '{}')"
    with transaction(engine) as connection:
        for n, key in enumerate(keys):
            connection.execute(text(insert), {"seq": seq, "n": n, "key": key, "kind": kind})


def test_holds_releases_and_corrections_are_one_alert_a_version_that_names_some_keys(engine: Engine) -> None:
    assert look(engine) == 0
    publish(engine, 11, "hold", "department/14")
    publish(engine, 12, "correction", *(f"mesa/00000{n}" for n in range(1, 6)))
    publish(engine, 13, "update", "nation")
    publish(engine, 14, "release", "department/14")
    assert look(engine, seq=14) == 3
    release, correction, hold = newest_alerts(engine, Role.OBSERVER)
    assert (release.kind, said(release)[0]) == (AlertKind.RELEASED, "Liberado, y publicado: department/14")
    # The page of corrections lists corrections alone, unless it is asked for something else.
    assert [one.href for one in (hold, release)] == ["/corrections?kind=hold", "/corrections?kind=release"]
    assert (hold.kind, *said(hold)) == (AlertKind.HOLD, "Retenido: department/14", "Held: department/14")
    assert said(correction)[0] == "Corregido: mesa 000001, mesa 000002, mesa 000003 y 2 más"
    assert look(engine, seq=14) == look(engine, seq=15) == 0


def test_keys_are_told_by_their_names_where_somebody_knows_them(engine: Engine) -> None:
    look(engine)
    publish(engine, 11, "hold", "department/92", "nation", "place/0001")
    publish(engine, 12, "hold", "mesa/000001", "place/0002")
    names = {"department/92": "AMÉRICA", "mesa/000001": "I.E. Nº 1", "place/0002": "I.E. Nº 2"}
    assert raise_from_count(engine, structs.replace(FACTS, seq=12), NOW, names.get) == 2
    mesa, hold = newest_alerts(engine, Role.OBSERVER)
    assert said(hold) == (
        "Retenido: América, el total del país, local 0001",
        "Held: América, the national total, polling place 0001",
    )
    assert said(mesa)[0] == "Retenido: mesa 000001 (I.E. Nº 1), I.E. Nº 2"


def test_of_several_contests_an_alert_says_which_and_leads_to_its_page(engine: Engine) -> None:
    cusco = {"contest": {"es": "Región Cusco", "en": "Cusco"}, "href": "/contests/cusco/", "is_stale": None}
    look(engine, **cusco)
    publish(engine, 11, "hold", "nation")
    assert look(engine, seq=11, is_decided=True, decided_seq=11, margin=7, **cusco) == 2
    decided, hold = newest_alerts(engine, Role.OBSERVER)
    assert said(hold) == ("Región Cusco: Retenido: el total de la contienda", "Cusco: Held: the contest's total")
    assert said(decided)[1] == "Cusco: The result is decided by arithmetic: a lead of 7 votes"
    assert (hold.href, decided.href) == ("/contests/cusco/corrections?kind=hold", "/contests/cusco/")


def test_whatever_a_rehearsal_gives_reason_to_says_that_it_is_one(engine: Engine) -> None:
    look(engine, is_test=True, leader="Rojo")
    publish(engine, 11, "hold", "nation")
    now = {"leader": "Azul", "is_stale": True, "checked": 2000, "is_decided": True, "margin": 7}
    assert look(engine, seq=11, decided_seq=11, is_test=True, **now) == 4
    for alert in newest_alerts(engine, Role.OBSERVER):
        spanish, english = said(alert)
        assert (spanish.split(" · ")[0], english.split(" · ")[0]) == ("SIMULACRO", "REHEARSAL")
        assert is_of_rehearsal(alert)


def test_another_list_that_leads_is_told_once_and_a_tie_or_a_doubt_is_no_lead(engine: Engine) -> None:
    assert look(engine, leader="Rojo") == look(engine, leader=None) == look(engine, leader="Rojo", decided_seq=10) == 0
    assert look(engine, leader="Azul", decided_seq=11, margin=3) == 1
    assert look(engine, leader="Azul", decided_seq=12) == look(engine, leader="Rojo", decided_seq=10) == 0
    [lead] = newest_alerts(engine, Role.OBSERVER)
    assert (lead.kind, lead.href) == (AlertKind.LEAD_CHANGE, "/")
    spanish, english = said(lead)
    assert spanish == "Cambió el primer lugar: Azul, con 3 votos de ventaja"
    assert english == "The lead changed: Azul, ahead by 3 votes"


def test_what_happened_while_nobody_looked_is_told(engine: Engine) -> None:
    look(engine)
    for seq in (11, 12, 13):
        publish(engine, seq, "hold", "nation")
    assert look(engine, seq=13) == 3


def test_a_server_that_is_behind_tells_nothing_again_and_nothing_too_early(engine: Engine) -> None:
    look(engine)
    publish(engine, 11, "hold", "nation")
    publish(engine, 12, "hold", "nation")
    assert look(engine, seq=12) == 2
    assert look(engine, seq=11) == 0
    publish(engine, 13, "hold", "nation")
    assert look(engine, seq=12) == 0
    assert look(engine, seq=13) == 1


def test_another_history_begins_without_news(engine: Engine) -> None:
    look(engine)
    publish(engine, 3, "correction", "nation")
    assert look(engine, epoch="e2", seq=5) == 0
    publish(engine, 6, "correction", "nation")
    assert look(engine, epoch="e2", seq=6) == 1


def test_decided_is_told_when_it_becomes_so_and_when_it_ends(engine: Engine) -> None:
    look(engine)
    assert look(engine, is_decided=True, decided_seq=20, margin=12345, seq=20) == 1
    assert look(engine, is_decided=True, decided_seq=21, margin=12400, seq=21) == 0
    assert look(engine, is_decided=False, decided_seq=22, seq=22) == 1
    decided = newest_alerts(engine, Role.OBSERVER)[-1]
    assert said(decided) == (
        "El resultado está matemáticamente definido: ventaja de 12 345 votos",
        "The result is decided by arithmetic: a lead of 12 345 votes",
    )
    # A server that still stands at 20 knows no better.
    assert look(engine, is_decided=True, decided_seq=20, seq=20) == 0
    assert kinds(engine) == ["decided", "undecided"]


def test_a_count_that_was_decided_before_anybody_looked_is_no_news(engine: Engine) -> None:
    assert look(engine, is_decided=None) == 0
    assert look(engine, is_decided=True) == 0


def test_a_source_that_went_stale_is_told_once_a_time(engine: Engine) -> None:
    look(engine)
    assert look(engine, is_stale=True, checked=1000) == 1
    assert look(engine, is_stale=True, checked=1000) == 0
    assert look(engine, checked=5000) == 0
    assert look(engine, is_stale=True, checked=1000) == 0  # of a server that has not heard that it is back
    assert look(engine, is_stale=True, checked=9000) == 1


def test_servers_that_look_at_once_raise_it_once(engine: Engine) -> None:
    look(engine)
    publish(engine, 11, "hold", "nation")
    ready, raised = Barrier(6), list[int]()

    def server() -> None:
        ready.wait()
        raised.append(look(engine, seq=11, is_decided=True, decided_seq=11, is_stale=True))

    threads = [Thread(target=server) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(raised) == 3
    assert sorted(kinds(engine)) == ["decided", "feed_stale", "hold"]


def test_where_the_lead_decides_nothing_an_alert_says_who_goes_on_or_won(engine: Engine) -> None:
    look(engine, is_decided=False, margin=9, outcome={})
    look(engine, is_decided=True, decided_seq=20, seq=20, margin=9, outcome={"first": "Rojo", "second": "Azul"})
    runoff = "El resultado está matemáticamente definido: segunda vuelta, Rojo contra Azul"
    assert said(newest_alerts(engine, Role.OBSERVER)[0])[0] == runoff
    look(engine, is_decided=False, decided_seq=21, seq=21, margin=9, outcome={})
    assert said(newest_alerts(engine, Role.OBSERVER)[0])[0] == "Ya no está definido"
    look(engine, is_decided=True, decided_seq=22, seq=22, margin=9, outcome={"winner": "Rojo"})
    assert said(newest_alerts(engine, Role.OBSERVER)[0])[1] == (
        "The result is decided by arithmetic: a win in the first round for Rojo"
    )
