"""Not read, nothing counted, no valid votes, a tie, a lead: told apart everywhere, each by a word and a pattern."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import dashboard
from dashboard.colours import load_presentation
from dashboard.embed.drawing import draw_map
from dashboard.embed.scene import Scene
from dashboard.words import load_words
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.watching import PAINTED, open_live, until

PRESENTATION = load_presentation(Path(dashboard.__file__).parent / "presentation.toml")
_UNREAD = {"counted": 0, "total": 0, "votes": [0, 0]}
# department: its count, the word (es, en), and what lies over it.
TABLE: dict[str, tuple[dict[str, Any] | None, tuple[str, str], str]] = {
    "01": (None, ("Sin leer aún", "Not read yet"), "dots"),
    "03": ({"counted": 0, "votes": [0, 0]}, ("Nada contado aún", "Nothing counted yet"), "hatch"),
    "04": ({"counted": 9, "votes": [0, 0]}, ("Contado, sin votos válidos", "Counted, no valid votes"), "grid"),
    "05": ({"counted": 9, "votes": [7, 7]}, ("Empate", "Tie"), "ring"),
    "06": ({"counted": 9, "votes": [8, 2]}, ("Norte", "Norte"), "ring"),
}
_COVERS = {pattern: cover for cover, pattern in PRESENTATION.patterns.items()}


def stand(api: ToyApi, code: str) -> dict[str, Any]:
    """Have a department stand so; the delta that says it."""
    key, count = f"department/{code}", TABLE[code][0]
    if count is None:
        api.count.state[key] = {**api.count.state[key], "published": None, "computed": _UNREAD}
        return api.count.next_delta([key])
    return api.count.set_published(key, **count, total=20)


@pytest.mark.parametrize(("language", "place"), [("es", 0), ("en", 1)])
def test_the_board_and_its_picture_tell_them_apart(client: Any, api: ToyApi, language: str, place: int) -> None:
    for code in TABLE:
        stand(api, code)
    page = client.get(f"/?lang={language}").text
    for code, (count, words, pattern) in TABLE.items():
        row = re.search(rf'<tr data-area="department/{code}">.*?</tr>', page, re.DOTALL)
        assert row is not None
        assert f">{words[place]}</span>" in row[0]
        assert ("pts" in row[0]) is (code in {"05", "06"})
        assert re.search(rf'data-k="department/{code}" [^>]*="url\(#{pattern}\)"/>', page), code
        assert count is not None or "0 vot" not in row[0]


@pytest.mark.parametrize(("language", "place"), [("es", 0), ("en", 1)])
def test_an_embed_and_its_drawing_tell_them_apart(api: ToyApi, language: str, place: int) -> None:
    for code in TABLE:
        stand(api, code)
    keys = [f"department/{code}" for code in TABLE]
    meta = {**api.count.meta(), "changed_at": None}
    rows = {key: api.count.state[key] for key in keys}
    words = load_words()[language]
    scene = Scene("nation", "", meta, api.count.state["nation"], words, PRESENTATION, rows=rows)
    outline = {"paths": dict.fromkeys(keys, "M0 0h1v1z"), "abroad": None, "points": {}}
    drawn = str(draw_map(scene, outline))
    for code, (_, said, pattern) in TABLE.items():
        row = scene.row(f"department/{code}")
        assert row.lead.startswith(said[place])
        assert PRESENTATION.patterns[row.cover] == pattern
        assert re.search(rf'data-map="department/{code}">.*?<path [^>]*="url\(#{pattern}\)"/></g>', drawn), code
        assert f": {said[place]}" in drawn


@pytest.mark.browser
def test_the_live_table_map_and_boxes_tell_them_apart(wide: Page, site: str, api: ToyApi) -> None:
    open_live(wide, f"{site}/")
    until(wide, PAINTED)
    for code in TABLE:
        api.send(stand(api, code))
    abroad = "department/92"
    api.send(api.count.set_published(abroad, counted=0, votes=[0, 0]))
    for code, (_, words, pattern) in TABLE.items():
        lead = wide.locator(f'tr[data-area="department/{code}"] .of-lead [data-leader]')
        expect(lead).to_have_text(words[0])
        until(wide, f"escrutinio.featureState('department/{code}').cover === '{_COVERS[pattern]}'")
    wide.get_by_role("button", name="Tabla").click()
    for _ in ("descending", "ascending"):  # what is missing comes last either way
        wide.get_by_role("button", name="Ventaja").click()
        order = wide.locator("tr[data-area^=department]").evaluate_all("(rows) => rows.map((row) => row.dataset.area)")
        valued = [code for code, (_, _, pattern) in TABLE.items() if pattern == "ring"]
        bare = [f"department/{code}" for code in TABLE if code not in valued]
        domestic = order[:25]
        assert set(bare) <= set(domestic[-len(bare) - 1 :])  # department 02 has nothing counted either
    expect(wide.locator(f'.box[data-area="{abroad}"] .of-lead')).to_have_text(TABLE["03"][1][0])
