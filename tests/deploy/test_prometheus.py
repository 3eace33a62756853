"""The alert rules, scrape configuration and dashboard that are shipped, as Prometheus's own tool judges them."""

import asyncio
import json
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from api.commands.watching.poller_metrics import PollerMetrics, read_stored
from api.main import create_app
from api.options import ServeOptions
from ingest.archive import Archive
from ingest.budget import Budget
from ingest.progress import PollingFigures
from ingest.proof.keyring import load_signer
from ingest.proof.seal import Sealer
from tally.changes import Change, Kind
from tally.errors import FeedRefused, TooMany
from tally.storage.store import Store
from tally.thresholds import THRESHOLDS
from tests.api.conftest import ELECTIONS, client_of
from tests.api.country import ELECTION, Country, minute
from tests.waiting import wait_until

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = DEPLOY / "prometheus" / "rules.yml"
DASHBOARD = DEPLOY / "grafana" / "escrutinio.json"
ANCHORS = {
    *("under-attack", "blocked-by-the-source", "source-lies", "key-lost", "device-stolen", "bad-release"),
    *("disk-full", "wrong-clock", "frozen-mode", "poller-dead", "replica-away"),
}
_OURS = re.compile(r"\bescrutinio_\w+")
# Samples every 5 s. An installation in which nothing is the matter.
_STEPS = 84
_REPLICA, _POLLER = 'job="escrutinio",instance="a"', 'job="escrutinio-poller",instance="p"'
_COUNT = f'{_REPLICA},election="e"'
HEALTHY = {
    f"up{{{_REPLICA}}}": "1",
    f"up{{{_POLLER}}}": "1",
    f"escrutinio_poller_ended{{{_COUNT}}}": "0",
    f'escrutinio_feed_age_seconds{{{_COUNT},time="checked"}}': "30",
    f"escrutinio_version{{{_COUNT}}}": "7",
    'escrutinio_version{job="escrutinio",instance="b",election="e"}': "7",
    f"escrutinio_database_up{{{_REPLICA}}}": "1",
    f'escrutinio_requests_total{{{_REPLICA},route="/state",status="2xx"}}': "0+100",
    f'escrutinio_requests_total{{{_REPLICA},route="/state",status="5xx"}}': "0+0",
    f'escrutinio_request_seconds_bucket{{{_REPLICA},route="/state",le="0.01"}}': "0+100",
    f'escrutinio_request_seconds_bucket{{{_REPLICA},route="/state",le="2.5"}}': "0+100",
    f'escrutinio_request_seconds_bucket{{{_REPLICA},route="/state",le="+Inf"}}': "0+100",
    f'escrutinio_loop_lag_seconds_bucket{{{_REPLICA},le="0.01"}}': "0+20",
    f'escrutinio_loop_lag_seconds_bucket{{{_REPLICA},le="1.0"}}': "0+20",
    f'escrutinio_loop_lag_seconds_bucket{{{_REPLICA},le="+Inf"}}': "0+20",
    f'escrutinio_push_lag_seconds_bucket{{{_COUNT},le="1.0"}}': "0+1",
    f'escrutinio_push_lag_seconds_bucket{{{_COUNT},le="30.0"}}': "0+1",
    f'escrutinio_push_lag_seconds_bucket{{{_COUNT},le="+Inf"}}': "0+1",
    f'escrutinio_refusals_total{{{_REPLICA},reason="TooMany"}}': "0+0",
    f'escrutinio_disk_free_bytes{{{_REPLICA},folder="photos"}}': "5e10",
    f'escrutinio_disk_free_inodes{{{_REPLICA},folder="photos"}}': "5e6",
    f"escrutinio_clock_offset_seconds{{{_REPLICA}}}": "-0.2",
    f"escrutinio_polling{{{_POLLER}}}": "1",
    f'escrutinio_polling_lease_seconds{{{_POLLER},election="e"}}': "17",
    f'escrutinio_polling_errors_total{{{_POLLER},kind="FeedRefused"}}': "0+0",
    f'escrutinio_polling_errors_total{{{_POLLER},kind="FeedMalformed"}}': "0+0",
    f'escrutinio_polling_oldest_hold_seconds{{{_POLLER},election="e"}}': "60",
    f'escrutinio_polling_seal_age_seconds{{{_POLLER},election="e"}}': "200",
    f'escrutinio_polling_key_info{{{_POLLER},election="e",key="one"}}': "1",
}
# What is the matter, and within how many seconds that is told.
SICK: dict[str, tuple[dict[str, str], int]] = {
    # Of the 30 s the lease takes 20: the rest is a replica's look, a scrape and the rule.
    "PollerDead": ({f"escrutinio_poller_ended{{{_COUNT}}}": "1"}, 5),
    "PollerAway": ({f"up{{{_POLLER}}}": "0"}, 65),
    "LeaseShort": ({f'escrutinio_polling_lease_seconds{{{_POLLER},election="e"}}': "3"}, 35),
    "SourceSilent": ({f'escrutinio_feed_age_seconds{{{_COUNT},time="checked"}}': "200"}, 65),
    "SourceRefuses": ({f'escrutinio_polling_errors_total{{{_POLLER},kind="FeedRefused"}}': "0+1"}, 60),
    "SourceLies": ({f'escrutinio_polling_errors_total{{{_POLLER},kind="FeedMalformed"}}': "0+1"}, 60),
    "HoldOld": ({f'escrutinio_polling_oldest_hold_seconds{{{_POLLER},election="e"}}': "2000"}, 5),
    "SealOld": ({f'escrutinio_polling_seal_age_seconds{{{_POLLER},election="e"}}': "1000"}, 5),
    "KeyChanged": ({f'escrutinio_polling_key_info{{{_POLLER},election="e",key="two"}}': "1"}, 5),
    "ReplicaAway": ({f"up{{{_REPLICA}}}": "0"}, 35),
    "ReplicasDiffer": ({f"escrutinio_version{{{_COUNT}}}": "6"}, 65),
    "DatabaseAway": ({f"escrutinio_database_up{{{_REPLICA}}}": "0"}, 35),
    "ServerErrors": ({f'escrutinio_requests_total{{{_REPLICA},route="/state",status="5xx"}}': "0+5"}, 180),
    "Slow": ({f'escrutinio_request_seconds_bucket{{{_REPLICA},route="/state",le="0.01"}}': "0+90"}, 400),
    "LoopLag": ({f'escrutinio_loop_lag_seconds_bucket{{{_REPLICA},le="0.01"}}': "0+10"}, 180),
    "PushLag": ({f'escrutinio_push_lag_seconds_bucket{{{_COUNT},le="1.0"}}': "0+0"}, 180),
    "Throttling": ({f'escrutinio_refusals_total{{{_REPLICA},reason="TooMany"}}': "0+20"}, 180),
    "DiskFull": ({f'escrutinio_disk_free_bytes{{{_REPLICA},folder="photos"}}': "1e9"}, 310),
    "InodesFew": ({f'escrutinio_disk_free_inodes{{{_REPLICA},folder="photos"}}': "1000"}, 310),
    "ClockOff": ({f"escrutinio_clock_offset_seconds{{{_REPLICA}}}": "600"}, 65),
}


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def run(promtool: str, *words: object) -> str:
    done = subprocess.run([promtool, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def scenario(name: str | None, changed: dict[str, str], at_s: int) -> dict[str, Any]:
    """Those series, and that this alert alone (None: no alert at all) is told at that second."""
    series = [{"series": one, "values": f"{values}x{_STEPS}"} for one, values in {**HEALTHY, **changed}.items()]
    told = [] if name is None else [{"labels": f'{{alertname="Escrutinio{name}"}}', "value": 1}]
    expression = 'group by (alertname) (ALERTS{alertstate="firing"})'
    return {
        "name": name or "healthy",
        "interval": "5s",
        "input_series": series,
        "promql_expr_test": [{"expr": expression, "eval_time": f"{at_s}s", "exp_samples": told}],
    }


@pytest.mark.promtool
def test_each_alert_is_told_in_time_and_alone_and_none_while_all_is_well(promtool: str, tmp_path: Path) -> None:
    alerts = {rule["alert"].removeprefix("Escrutinio") for rule in rules() if "alert" in rule}
    assert alerts == set(SICK)
    scenarios = [scenario(None, {}, 5 * _STEPS), *(scenario(name, *sick) for name, sick in SICK.items())]
    trial = {"rule_files": [str(RULES)], "evaluation_interval": "5s", "tests": scenarios}
    (tmp_path / "trial.yml").write_text(yaml.safe_dump(trial))
    assert "SUCCESS" in run(promtool, "test", "rules", tmp_path / "trial.yml")


@pytest.mark.promtool
def test_a_rule_that_is_wrong_is_found(promtool: str, tmp_path: Path) -> None:
    sick, at_s = SICK["ClockOff"]
    trial = {"rule_files": [str(RULES)], "evaluation_interval": "5s", "tests": [scenario(None, sick, at_s)]}
    (tmp_path / "trial.yml").write_text(yaml.safe_dump(trial))
    done = subprocess.run([promtool, "test", "rules", tmp_path / "trial.yml"], capture_output=True, check=False)
    assert done.returncode != 0


def test_a_poller_that_died_is_told_by_the_alert_within_thirty_seconds() -> None:
    every = yaml.safe_load(RULES.with_name("prometheus.yml").read_text())["global"]
    scrape_s, evaluate_s = (float(every[name].removesuffix("s")) for name in ("scrape_interval", "evaluation_interval"))
    [rule] = [rule for rule in rules() if rule.get("alert") == "EscrutinioPollerDead"]
    assert "for" not in rule
    assert THRESHOLDS.lease.lasts_s + ServeOptions().listening_poll_s + scrape_s + evaluate_s <= 30


@pytest.mark.promtool
def test_the_scrape_configuration_is_one(promtool: str) -> None:
    assert "valid prometheus config file" in run(promtool, "check", "config", RULES.with_name("prometheus.yml"))


def test_each_alert_leads_to_a_page_of_the_runbook_and_says_how_urgent_it_is() -> None:
    for rule in rules():
        if "alert" in rule:
            document, _, anchor = rule["annotations"]["runbook_url"].partition("#")
            assert (document, anchor in ANCHORS) == ("docs/runbook.md", True), rule
            assert rule["labels"]["severity"] in ("page", "look")
            assert rule["annotations"]["summary"].endswith(".") or ":" in rule["annotations"]["summary"]


def test_the_clock_is_off_where_the_doctor_says_so() -> None:
    [rule] = [rule for rule in rules() if rule.get("alert") == "EscrutinioClockOff"]
    assert float(rule["expr"].rpartition(">")[2]) == THRESHOLDS.clock.most_s


@pytest.fixture
def told(store: Store, tmp_path: Path) -> set[str]:
    """The names of every series that a replica and a poller can tell."""
    country = Country(store)
    country.report("ok", minute(1))
    held = b'{"computed":{},"held":[{"figures":{},"rule":"negative"}],"name":"LIMA","published":null}'
    country.writer.append([Change("department/14", Kind.HOLD, held)], minute(10))
    archive = Archive(tmp_path / "archive")
    Sealer(archive, [country.writer], load_signer(archive.folder, None)).seal(minute(11))
    figures = PollingFigures()
    figures.ended(None)
    figures.ended(FeedRefused("no"))
    own = PollerMetrics(figures, {"archive": archive.folder}, lambda: None)
    stored = read_stored(store.engine.url.render_as_string(hide_password=False), ELECTION.id)
    poller = asyncio.run(at_work(figures, lambda: own.write(stored).decode()))
    options = ServeOptions(poll_s=0.02, folders={"photos": tmp_path})
    app = create_app(store, ELECTIONS, options=options)
    with client_of(app) as client:
        for kind in ("http", "websocket"):
            app.state.services.requests.refused({"type": kind}, TooMany("no"))
        country.count(country.mesas[:1], minute(12))
        wait_until(lambda: "push_lag_seconds_bucket" in client.get("/metrics").text)
        replica = client.get("/metrics").text + client.get("/metrics").text
    return names_in(poller) | names_in(replica) | {"escrutinio_clock_offset_seconds"}


async def at_work(figures: PollingFigures, ask: Callable[[], str]) -> str:
    """What is said while a source is asked."""
    async with figures.at_work([], Budget(None, time.monotonic)):
        return ask()


def names_in(text: str) -> set[str]:
    return {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}


def test_every_figure_of_rules_and_dashboard_is_one_that_the_program_tells(told: set[str]) -> None:
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    asked = {name for rule in rules() for name in _OURS.findall(rule["expr"])}
    targets = [target for panel in json.loads(DASHBOARD.read_text())["panels"] for target in panel["targets"]]
    asked |= {name for target in targets for name in _OURS.findall(target["expr"])}
    assert asked - told == set()
    shown = {name for target in targets for name in re.findall(r"\bescrutinio:[\w:]+", target["expr"])}
    assert shown <= recorded


def test_the_dashboard_is_one_that_grafana_opens() -> None:
    board = json.loads(DASHBOARD.read_text())
    assert {"uid", "title", "schemaVersion", "panels", "templating", "time"} <= board.keys()
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    taken = set[tuple[int, int]]()
    for panel in board["panels"]:
        assert {"type", "title", "gridPos", "datasource", "fieldConfig", "targets"} <= panel.keys()
        assert panel["datasource"]["uid"] == "${datasource}"
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken
        taken |= cells
        assert [target["refId"] for target in panel["targets"]] == list("ABCDEF")[: len(panel["targets"])]
    assert [one["name"] for one in board["templating"]["list"]] == ["datasource"]
