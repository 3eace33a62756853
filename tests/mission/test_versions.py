"""The mission's rows between two versions of the program: what one of them writes, the other reads."""

import json

from msgspec.structs import replace
from sqlalchemy import Engine, insert, select

from mission.alert_tables import alerts
from mission.alerts import AlertKind, News, newest_alerts, raise_alert, say
from mission.flags.checkpoints import CountProgress
from mission.flags.flag import Flag, FlagKind, FlagSeverity
from mission.flags.records import FlagRecords, Moment
from mission.flags.screening import screen
from mission.flags.tables import frozen_flags
from mission.flags.thresholds import load_thresholds
from mission.people.roles import Role
from mission.transactions import exclusive
from tally import moments
from texts.language import load_languages

NOW = moments.read("2026-06-08T02:12:03Z")
FLAG = Flag(
    id="zero-mesa-000001-0",
    kind=FlagKind.ZERO,
    severity=FlagSeverity.CONTEXT,
    key="mesa/000001",
    figures={"list": 0, "valid": 200},
)
MOMENT = Moment(1, "epoch-a", "50", 7, "2026-06-08T02:12:03Z", CountProgress(500, 0, 500, 1000))


def freeze(engine: Engine, *flags: Flag) -> int:
    """The checkpoint of those flags."""
    records = FlagRecords(engine)
    assert records.freeze(MOMENT, replace(screen({}, 2, (), load_thresholds()), flags=flags), NOW)
    return records.checkpoints(1, "epoch-a")[0].id


def test_a_flag_is_kept_in_figures_alone_and_as_the_previous_version_reads_it(engine: Engine) -> None:
    checkpoint = freeze(engine, FLAG)
    with engine.connect() as connection:
        kept = json.loads(connection.execute(select(frozen_flags.c.data)).scalar_one())
    assert kept["evidence"] == FLAG.figures
    assert (kept["es"], kept["en"]) == ("", "")
    assert FlagRecords(engine).screening(checkpoint).flags == (FLAG,)


def test_a_flag_that_the_previous_version_froze_is_read_by_its_evidence(engine: Engine) -> None:
    checkpoint = freeze(engine)
    kept = {
        "id": FLAG.id, "kind": "zero", "severity": "context", "key": FLAG.key, "place": None, "ubigeo": None,
        "evidence": {"list": 0, "valid": 200}, "es": "La mesa …", "en": "Mesa …", "q": None, "at_most_votes": None,
    }  # fmt: skip
    with exclusive(engine) as connection:
        row = {"checkpoint_id": checkpoint, "n": 0, "flag_id": FLAG.id, "key": FLAG.key, "data": json.dumps(kept)}
        connection.execute(insert(frozen_flags).values(**row))
    assert FlagRecords(engine).screening(checkpoint).flags == (FLAG,)


def test_an_alert_is_kept_in_figures_and_in_the_sentences_that_the_previous_version_reads(engine: Engine) -> None:
    with exclusive(engine) as connection:
        raise_alert(connection, News("incident/1", AlertKind.CRITICAL, {"category": "other"}), NOW, is_test=False)
    with engine.connect() as connection:
        row = connection.execute(select(alerts)).one()
    assert json.loads(row.figures) == {"category": "other"}
    assert (row.es, row.en) == ("Incidente crítico, sin verificar: Otro", "Critical incident, not verified: Other")


def test_an_alert_that_the_previous_version_raised_is_called_by_its_kind(engine: Engine) -> None:
    row = {"key": "changes/1/e/2/hold", "kind": "hold", "least": "observer", "es": "Retenido: Lima", "en": "Held: Lima"}
    with exclusive(engine) as connection:
        connection.execute(insert(alerts).values(**row, at="2026-06-08T02:12:03Z"))
    [alert] = newest_alerts(engine, Role.OBSERVER)
    assert alert.figures == {}
    assert [say(alert, language) for language in load_languages().values()] == ["Dato retenido", "Number held"]
