"""The wall as it is served: the pages' own figures and states, in scenes, before any script runs."""

import re
from typing import Any

import pytest

from dashboard.app import build
from dashboard.routes import parameters_of
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.count import ELECTION, ToyCount
from tests.dashboard.toy.races import RacesApi

_FIGURE = re.compile(r'data-f="([^"]+)"[^>]*>([^<]*)<')
_SHAPE = re.compile(r'<path data-k="[^"]+"[^>]*>')
_SCENE = re.compile(r'class="scene (\w+)" id="([\w-]+)"')


def read(api: ToyApi, address: str) -> Any:
    return build(api.read, election_id=ELECTION).server.test_client().get(address)


@pytest.mark.parametrize("lists", [2, 8])
@pytest.mark.parametrize("language", ["es", "en"])
def test_it_has_the_boards_own_figures_and_no_others(lists: int, language: str) -> None:
    api = ToyApi(ToyCount(lists=lists))
    board, wall = (read(api, f"{path}?lang={language}").text for path in ("/", "/tv"))
    own = set(_FIGURE.findall(wall))
    assert {name for name, _ in own} >= {"share.0", "votes.1", "counted_pct", "ahead", "margin", "leading"}
    assert own <= set(_FIGURE.findall(board))
    assert _SHAPE.findall(wall) == _SHAPE.findall(board)
    assert [kind for kind, _ in _SCENE.findall(wall)] == ["board", "map", "table", "queue"]


def test_the_sources_stamp_stands_apart_from_when_it_was_asked() -> None:
    times = dict(re.findall(r'data-time="(\w+)">([^<]+)<', read(ToyApi(ToyCount()), "/tv").text))
    assert [*times] == ["source", "checked", "changed"]
    assert times["source"] in read(ToyApi(ToyCount()), "/").text
    assert [*re.findall(r'data-time="(\w+)"', read(RacesApi(), "/tv").text)] == ["checked", "changed"]


def test_a_tie_and_what_is_not_counted_are_called_what_the_board_calls_them() -> None:
    api = ToyApi(ToyCount())
    for key, values in (
        ("department/14", {"votes": [500, 500]}),
        ("department/01", {"votes": [0, 0]}),
        ("department/02", {"votes": [0, 0], "counted": 0}),
    ):
        api.count.set_published(key, **values)
    del api.count.state["department/03"]
    board, wall = read(api, "/").text, read(api, "/tv").text
    for said in ("Empate", "Contado, sin votos válidos", "Nada contado aún"):
        assert f">{said}</span>" in wall
    assert _SHAPE.findall(wall) == _SHAPE.findall(board)
    assert set(_FIGURE.findall(wall)) <= set(_FIGURE.findall(board))


def test_every_area_stands_on_it_once_with_its_scopes_sum_above_it() -> None:
    api = ToyApi(ToyCount())
    tables = read(api, "/tv").text.partition('id="table-0"')[2].partition('id="queue-0"')[0]
    keys = re.findall(r'<tr[^>]* data-area="([^"]+)"', tables)
    assert keys[0] == "scope/domestic"
    assert keys[keys.index("scope/abroad") + 1] == "department/91"
    assert sorted(keys) == sorted(key for key in api.count.state if key.partition("/")[0] in ("department", "scope"))
    assert tables.count("<table") == 2


@pytest.mark.parametrize("behind", [0, 3])
def test_without_an_acta_at_the_juries_it_has_no_scene_of_them(monkeypatch: pytest.MonkeyPatch, behind: int) -> None:
    api = ToyApi(ToyCount())
    plain = api.read

    def without(path: str) -> Any:
        found = plain(path)
        return (
            {**found, "summary": {**found["summary"], "open": behind, "published_open": 0}}
            if "/queue" in path
            else found
        )

    monkeypatch.setattr(api, "read", without)
    assert "queue" not in dict(_SCENE.findall(read(api, "/tv").text))


def test_of_many_contests_all_stand_on_it_as_the_overview_says_them(api: ToyApi) -> None:
    overview, wall = read(api, "/").text, read(api, "/tv").text
    races = re.findall(r'data-race="([^"]+)"', wall)
    assert races == re.findall(r'<tr data-race="([^"]+)"', overview)
    for part in (r'class="race-state (\w+)"', r"<b>(\w+)</b><span>([\d.]+ %)</span><small>([\d ]+)</small>"):
        assert re.findall(part, wall) == re.findall(part, overview)
    for said in re.findall(r'data-r="said">([^<]+)<', overview):
        assert f'class="said">{said}<' in wall
    assert re.findall(r"<use [^>]+>", wall) == re.findall(r"<use [^>]+>", overview)


def test_the_contests_that_the_address_names_stand_on_it_in_its_order(api: ToyApi) -> None:
    wall = read(api, "/tv?contests=tacna,arequipa,tacna").text
    assert re.findall(r'data-race="([^"]+)"', wall) == ["tacna", "arequipa"]
    assert [kind for kind, _ in _SCENE.findall(wall)] == ["all", "race", "race"]
    one = read(api, "/tv?contests=tacna").text
    assert next(kind for kind, _ in _SCENE.findall(one)) == "board"
    assert "/contests/tacna" in one.partition('id="escrutinio-config"')[2]
    own = set(_FIGURE.findall(one))
    assert own <= set(_FIGURE.findall(read(api, "/contests/tacna/").text))


@pytest.mark.parametrize("named", ["nowhere", "tacna,nowhere", ",".join(f"c{n}" for n in range(61))])
def test_a_contest_that_there_is_not_is_not_found(api: ToyApi, named: str) -> None:
    answer = read(api, f"/tv?contests={named}")
    assert answer.status_code == 404
    assert "http-equiv" not in answer.text


def test_a_wall_that_is_on_before_the_count_looks_again_by_itself() -> None:
    def nothing(_path: str) -> Any:
        raise ConnectionError

    answer = build(nothing, election_id=ELECTION).server.test_client().get("/tv")
    assert answer.status_code == 503
    assert '<meta http-equiv="refresh" content="10">' in answer.text


@pytest.mark.parametrize(("asked", "theme"), [("", "dark"), ("light", "light"), ("auto", "auto"), ("pink", "dark")])
def test_it_is_dark_unless_the_address_says_otherwise(asked: str, theme: str) -> None:
    assert f'<html lang="es" class="{theme}">' in read(ToyApi(ToyCount()), f"/tv?theme={asked}").text


def test_it_is_kept_once_a_version_whatever_the_pace_that_a_wall_goes_at() -> None:
    assert parameters_of("/tv") == ("lang", "contests", "theme", "at")


@pytest.fixture
def api() -> RacesApi:
    api = RacesApi()
    api.vote("12", [50_028, 19_000, 17_000, 5_000, 4_000, 3_000, 1_000, 900], out=5)
    return api
