"""The client-side modules as they are written, run in a browser so that a newcomer needs no Node."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page

from dashboard import app
from dashboard.colours import bin_labels, load_presentation, paint_of
from dashboard.components import issues
from dashboard.figures import arrange, change, fields, group, percent, points
from dashboard.markup import as_json, html_of
from dashboard.moments import ago, clock, full_clock, told
from dashboard.wording import KEYS
from dashboard.words import load_words
from tests.dashboard.modules import configure, read_cases
from texts.issues import sentence
from texts.spelling import SPELLING, proper_name

_HERE = Path(app.__file__).parent

_FIGURES = read_cases("figures")
_RULES = {"percent": percent, "points": points, "change": change, "group": group}
STAMPS = ["2026-06-13T19:05:18Z", "2026-06-13T04:59:59Z", "2026-06-12T23:00:00Z", "2025-12-31T12:00:00Z", None]
NOW = datetime(2026, 6, 13, 19, 6, 20, tzinfo=UTC)


def test_python_writes_every_figure_as_the_table_of_cases_says() -> None:
    for case in _FIGURES["fields"]:
        assert fields(case["count"], case["shorts"]) == case["texts"]
    for name, rule in _RULES.items():
        for *given, text in _FIGURES[name]:
            assert rule(*given) == text, (name, given)
    for *given, expected in _FIGURES["arrange"]:
        assert list(arrange(*given)) == expected, given


@pytest.mark.browser
def test_python_and_the_browser_write_every_figure_alike(module_page: Page) -> None:
    for case in _FIGURES["fields"]:
        given = [case["count"], case["shorts"]]
        assert module_page.evaluate("(given) => modules.figures.fields(...given)", given) == case["texts"]
    for name in _RULES:
        rows = [row[:-1] for row in _FIGURES[name]]
        painted = module_page.evaluate(f"(rows) => rows.map((row) => modules.figures.{name}(...row))", rows)
        assert painted == [row[-1] for row in _FIGURES[name]]
    rows = [row[:-1] for row in _FIGURES["arrange"]]
    arranged = module_page.evaluate("(rows) => rows.map((row) => modules.figures.arrange(...row))", rows)
    assert arranged == [row[-1] for row in _FIGURES["arrange"]]


def test_python_paints_every_area_and_writes_every_time_as_the_tables_say() -> None:
    paints, moments = read_cases("paint"), read_cases("moments")
    settings = replace(load_presentation(_HERE / "presentation.toml"), neutral=paints["settings"]["neutral"])
    settings = replace(settings, lead_bins=paints["settings"]["bins"], lead_tints=paints["settings"]["tints"])
    colors = [entry["color"] for entry in paints["settings"]["lists"]]
    for case in paints["paints"]:
        assert asdict(paint_of(case["data"], colors, settings)) == case["paint"], case["data"]
    for edges, labels in paints["labels"]:
        assert bin_labels(edges) == labels
    now = datetime.fromisoformat(moments["now"])
    for stamp, text in moments["clock"]:
        assert clock(stamp, now, moments["zone"]) == text
    for stamp, at, is_told in moments["told"]:
        assert told(stamp, at) == (stamp if is_told else None)
    for stamp, text in moments["fullClock"]:
        assert full_clock(stamp, moments["zone"]) == text


@pytest.mark.browser
@pytest.mark.parametrize("language", ["es", "en"])
def test_python_and_the_browser_write_every_time_alike(module_page: Page, language: str) -> None:
    words = load_words()[language]
    configure(module_page, words=words.for_browser())
    now = NOW.timestamp() * 1000
    painted = module_page.evaluate(
        """([stamps, now, zone]) => {
            const { ago, clock } = modules.moments;
            return stamps.map((at) => [clock(at, now, zone), ago(at, now)]);
        }""",
        [STAMPS, now, "America/Lima"],
    )
    assert painted == [[clock(at, NOW, "America/Lima"), ago(at, NOW, words)] for at in STAMPS]


@pytest.mark.parametrize("language", ["es", "en"])
def test_python_says_every_issue_and_number_of_votes_as_the_table_says(language: str) -> None:
    cases, words = read_cases("sentences"), load_words()[language]
    for case in cases["issues"]:
        assert sentence(words, case["issue"]) == case[language]
    for case in cases["votes"]:
        assert words("units.vote", n=case["n"]) == case[language]


@pytest.mark.browser
@pytest.mark.parametrize("language", ["es", "en"])
def test_the_browser_says_every_issue_and_number_of_votes_as_the_table_says(module_page: Page, language: str) -> None:
    cases = read_cases("sentences")
    configure(module_page, language=language, words=load_words()[language].for_browser())
    said = module_page.evaluate(
        """({ issues, votes }) => [
            issues.map(({ issue }) => modules.issues.sentence(issue)),
            votes.map(({ n }) => modules.words.t("units.vote", { n })),
            votes.map(({ written }) => {
                const around = document.createElement("p");
                around.dataset.unit = "vote";
                around.append(document.createElement("b"), " ?");
                modules.words.write(around.firstElementChild, written);
                return around.querySelector("b").textContent === written && around.textContent;
            }),
        ]""",
        cases,
    )
    votes = [case[language] for case in cases["votes"]]
    assert said == [[case[language] for case in cases["issues"]], votes, votes]


def test_python_spells_every_name_as_the_table_says() -> None:
    cases = read_cases("spelling")
    assert cases["spelling"] == SPELLING
    for stated, spelled in cases["names"]:
        assert proper_name(stated) == spelled


def test_python_marks_a_doubtful_number_as_the_table_says() -> None:
    words = load_words()["es"]
    for case in read_cases("sentences")["marks"]:
        assert html_of(issues.badges(case["data"], words)) == case["badges"]
        assert html_of(issues.notes(case["data"], words)) == case["notes"]


@pytest.mark.browser
def test_the_browser_marks_a_doubtful_number_as_the_table_says(module_page: Page) -> None:
    configure(module_page, language="es", words=load_words()["es"].for_browser())
    for case in read_cases("sentences")["marks"]:
        marked = module_page.evaluate(
            """(data) => {
                const row = document.createElement("table").insertRow();
                row.innerHTML = '<th scope="row"></th>';
                const headline = document.createElement("section");
                headline.innerHTML = '<div data-issues="notes"></div>';
                return [row, headline].map((scope) => {
                    modules.marks.paint(scope, data);
                    return scope.querySelector("[data-issues]").outerHTML.replaceAll("&nbsp;", "\u00a0");
                });
            }""",
            case["data"],
        )
        assert marked == [case["badges"], case["notes"]]


def test_the_table_of_keys_has_the_settings_that_browsers_get() -> None:
    assert as_json(read_cases("keys")["settings"]) == as_json(KEYS)


@pytest.mark.browser
def test_python_and_the_browser_know_the_same_of_every_key(module_page: Page) -> None:
    cases = read_cases("keys")
    configure(module_page, keys=cases["settings"])
    told = module_page.evaluate(
        """({ keys, within, noKeys }) => {
            const { codeOf, isAbroad, isArea, isKey, isWithin, keyOf, levelBelow, levelOf } = modules.keys;
            const tell = ({ key }) => ({
              key: codeOf(key) ? keyOf(levelOf(key), codeOf(key)) : key,
              level: levelOf(key), code: codeOf(key), isKey: isKey(key),
              below: levelBelow(key) ?? null, isArea: isArea(key), isAbroad: isAbroad(key),
              path: modules.addresses.pathOf(key),
            });
            return [keys.map(tell), within.map(([where, area]) => isWithin(where, area)), noKeys.filter(isKey)];
        }""",
        cases,
    )
    assert told[0] == [{name: ({**case, "isKey": True})[name] for name in told[0][0]} for case in cases["keys"]]
    assert told[1] == [row[2] for row in cases["within"]]
    assert told[2] == []


def test_every_module_is_short() -> None:
    for path in (_HERE / "browser").rglob("*.js"):
        assert len(path.read_text("utf-8").splitlines()) <= 300, path.name


def test_text_is_escaped_in_html() -> None:
    from dash import html

    assert html_of(html.P("<b> & co", title='"x"')) == '<p title="&#34;x&#34;">&lt;b&gt; &amp; co</p>'
