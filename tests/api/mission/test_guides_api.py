"""Guides over HTTP: for observers and higher, and what is wrong with a folder for coordinators."""

from pathlib import Path

from structlog.testing import capture_logs

from api.commands.assembly import assemble
from mission.guides.library import load_guides
from tally.settings import Settings
from tally.storage.store import Store
from tests.api.mission.desk import MISSION, team_of


def test_observers_read_the_shipped_guides(store: Store, tmp_path: Path) -> None:
    with team_of(store, tmp_path) as team:
        listed = team.people["observer"].get(f"{MISSION}/guides").json()
        assert [one["name"] for one in listed["guides"]] == ["safety", "scrutiny"]
        assert set(listed["guides"][0]["titles"]) == {"es", "en"}
        guide = team.people["observer"].get(f"{MISSION}/guides/safety").json()
        assert guide["digest"] == listed["guides"][0]["digest"]
        assert guide["documents"]["es"]["blocks"][0]["tag"] == "p"
        assert team.people["observer"].get(f"{MISSION}/guides/nothing").status_code == 404


def test_a_bad_file_is_told_to_coordinators_alone(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "guides"
    folder.mkdir()
    (folder / "good.es.md").write_text("# Buena")
    (folder / "bad.es.md").write_text("sin título")
    with team_of(store, tmp_path, guides=load_guides(folder)) as team:
        seen = {
            who: team.people[who].get(f"{MISSION}/guides").json() for who in ("observer", "verifier", "coordinator")
        }
    assert {who: len(one["faults"]) for who, one in seen.items()} == {"observer": 0, "verifier": 0, "coordinator": 1}
    assert [one["name"] for one in seen["observer"]["guides"]] == ["good"]


def test_a_bad_file_is_said_at_the_start(store: Store, tmp_path: Path) -> None:
    (tmp_path / "bad.es.md").write_text("sin título")
    with capture_logs() as logs:
        assemble(Settings(guides=tmp_path, cache=tmp_path / "cache"), store)
    [fault] = [line["fault"] for line in logs if line["event"] == "a guide is not as it should be"]
    assert fault.startswith("bad.es.md: line 1: a guide begins with a heading")
