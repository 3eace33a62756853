"""The client-side modules, run in a browser so that a newcomer needs no Node."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from dashboard import app
from dashboard.figures import fields, group, percent, points, proper_name
from dashboard.markup import html_of
from dashboard.moments import ago, clock
from dashboard.words import load_words
from tests.texts.cases import CASES, TEXTS

_HERE = Path(app.__file__).parent
_LIVE_TESTS = Path(__file__).parent / "js" / "live.test.js"
_NAMES = re.findall(r'^test\("([^"]+)"', _LIVE_TESTS.read_text("utf-8"), re.MULTILINE)

COUNTS: list[dict[str, Any]] = [
    {"votes": [9052039, 9043470], "counted": 91279, "at_jee": 1487, "pending": 0, "total": 92766, "cast": 19683383},
    {"votes": [8836380, 8792117], "counted": 86488, "at_jee": 0, "pending": 0, "total": 86488, "valid": 17628497},
    {"votes": [1, 2, 3], "counted": 1, "at_jee": None, "pending": 99_999, "total": 100_000},
    {"votes": [7, 7], "counted": 3, "total": 3},
    {"votes": [0, 0], "counted": 0, "at_jee": 0, "pending": 5, "total": 5},
    {"votes": None, "counted": None, "total": None},
    {
        "votes": [3, 2877678, 2015114, 1993905, 17, 0],
        "counted": 92_765,
        "pending": 1,
        "total": 92_766,
        "blank": 2372895,
    },
    {},
]
NAMES = ["MADRE DE DIOS", "ÁNCASH", "SAN MARTÍN DE PORRES", "LA LIBERTAD", "ÑAHUIMPUQUIO", "PERÚ Y EXTRANJERO"]
STAMPS = ["2026-06-13T19:05:18Z", "2026-06-13T04:59:59Z", "2026-06-12T23:00:00Z", "2025-12-31T12:00:00Z", None]
NOW = datetime(2026, 6, 13, 19, 6, 20, tzinfo=UTC)


@pytest.mark.browser
def test_python_and_the_browser_write_every_figure_alike(module_page: Page) -> None:
    for count in COUNTS:
        shorts = [f"L{index}" for index in range(len(count.get("votes") or [1, 2]))]
        painted = module_page.evaluate("([count, shorts]) => escrutinio.figures.fields(count, shorts)", [count, shorts])
        assert painted == fields(count, shorts)
    triples = [
        (part, whole, digits) for part in (None, 0, 1, 125, 999) for whole in (0, 1000, 8000) for digits in (1, 3)
    ]
    for name, rule in (("percent", percent), ("points", points)):
        painted = module_page.evaluate(f"(rows) => rows.map((row) => escrutinio.figures.{name}(...row))", triples)
        assert painted == [rule(*triple) for triple in triples]
    numbers = [None, 0, 7, 999, 1000, 27325432]
    assert module_page.evaluate("(all) => all.map(escrutinio.figures.group)", numbers) == [group(n) for n in numbers]
    assert module_page.evaluate("(all) => all.map(escrutinio.figures.properName)", NAMES) == [
        proper_name(n) for n in NAMES
    ]


@pytest.mark.browser
def test_the_browser_fills_in_every_sentence_as_python_does(module_page: Page) -> None:
    said = module_page.evaluate(
        """([words, rows]) => {
            Object.assign(escrutinio.config, { words, language: "es" });
            return rows.map((row) => escrutinio.told(...row));
        }""",
        [TEXTS, [[list(case.names), case.values] for case in CASES]],
    )
    assert said == [case.said for case in CASES]
    assert module_page.evaluate("escrutinio.told(['say.of_a_newer_server', 'say.end'], {})") == "Fin."


@pytest.mark.browser
@pytest.mark.parametrize("language", ["es", "en"])
def test_python_and_the_browser_write_every_time_alike(module_page: Page, language: str) -> None:
    words = load_words()[language]
    module_page.evaluate("(words) => { escrutinio.config.words = words; }", words.for_browser())
    now = NOW.timestamp() * 1000
    painted = module_page.evaluate(
        """([stamps, now, zone]) => {
            const { ago, clock } = escrutinio.moments;
            return stamps.map((at) => [clock(at, now, zone), ago(at, now)]);
        }""",
        [STAMPS, now, "America/Lima"],
    )
    assert painted == [[clock(at, NOW, "America/Lima"), ago(at, NOW, words)] for at in STAMPS]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("decided", "actas", "bound"), [(None, 3, True), (True, 0, True), (True, 9, False), (False, 1487, True)]
)
def test_python_and_the_browser_say_the_same_of_the_outcome(
    module_page: Page, client: Any, api: Any, decided: bool | None, actas: int, bound: bool
) -> None:
    outlook = {"leader": 0, "margin": 8569, "uncounted_actas": actas, "uncounted_registered": 300_000}
    outlook |= {"uncounted_registered_is_bound": bound, "decided": decided}
    plain = api.count.meta()
    api.count.meta = lambda: {**plain, "outlook": outlook}
    module_page.evaluate("(words) => { escrutinio.config.words = words; }", load_words()["es"].for_browser())
    said = module_page.evaluate(
        """(outlook) => {
            const host = document.createElement("p");
            host.append(...escrutinio.outlook.sentence(outlook));
            return host.innerHTML;
        }""",
        outlook,
    )
    assert f">{said}</p>" in client.get("/").text


@pytest.mark.browser
@pytest.mark.parametrize("name", _NAMES)
def test_the_live_client(module_page: Page, name: str) -> None:
    assert module_page.evaluate("(name) => runTest(name)", name) == "passed"


def test_every_module_is_strict_and_short() -> None:
    found = sorted(path.name for path in (_HERE / "assets").glob("*.js"))
    for name in found:
        text = (_HERE / "assets" / name).read_text("utf-8")
        assert '"use strict";' in text, name
        assert len(text.splitlines()) <= 300, name


def test_text_is_escaped_in_html() -> None:
    from dash import html

    assert html_of(html.P("<b> & co", title='"x"')) == '<p title="&quot;x&quot;">&lt;b&gt; &amp; co</p>'
