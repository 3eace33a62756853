"""The ledger's page, the methods and the footer, as they stand in the HTML."""

import re
from pathlib import Path
from typing import Any

import pytest

import tally.rules.checks
from dashboard.ledger import LedgerChoice, moves, read_choice, signed
from dashboard.words import load_words
from tally.rules.issues import Rule
from tests.dashboard.test_pages import text_of
from tests.dashboard.toy.api import BASE, ToyApi


def test_a_correction_is_told_with_what_changed_where_when_and_by_which_file(client: Any, api: ToyApi) -> None:
    votes = api.count.state["department/14"]["published"]["votes"]
    api.count.correct("department/14", votes=[votes[0] - 1200, votes[1]])
    html = client.get("/corrections").text
    words = text_of(html)
    line = words[words.index("Corrección") :]
    assert "14:01" in line
    assert '<a href="/area/department/14">Lima</a>' in html
    assert "−1 200" in line
    assert "Norte" in line
    assert "Sur" not in line.partition("Huella")[0]
    assert "Votos emitidos" not in line
    # The same file named twice is one file.
    assert re.findall(r'<code title="sha256:(\w+)">(\w+)</code>', html) == [("2e" * 32, "2e" * 6)]


def test_what_was_published_and_what_we_add_up_stand_apart(client: Any, api: ToyApi) -> None:
    before = api.count.state["nation"]
    after = {side: {**before[side], "cast": before[side]["cast"] - 5} for side in ("published", "computed")}
    api.count.replace("nation", {**before, **after}, "correction")
    words = text_of(client.get("/corrections?lang=en").text)
    assert words.index("ONPE publishes") < words.index("Sum of tally sheets")
    assert words.count("−5") == 2


def test_an_acta_that_left_the_count_says_so(client: Any, api: ToyApi) -> None:
    gone = {"state": "at_jee", "votes": None, "cast": None, "valid": None, "blank": None, "null": None}
    api.count.replace("mesa/000001", {**api.count.state["mesa/000001"], **gone}, "correction")
    words = text_of(client.get("/corrections").text)
    assert "Mesa 000001" in words
    assert "EstadoContabilizadaEn el JEE" in words
    assert re.search(r"Votos emitidos\d+——", words)


def test_held_and_released_values_say_why_and_by_whom(client: Any, api: ToyApi) -> None:
    plain = api.count.state["department/14"]
    held = [{"rule": "negative", "figures": {}}]
    api.count.replace("department/14", {**plain, "held": held}, "hold")
    api.count.replace("department/14", plain, "release", {"by": "Ana <Q>", "reason": "visto en el acta"})
    assert "hay una cifra negativa" in text_of(client.get("/corrections?kind=hold").text)
    assert "Liberado por Ana &lt;Q&gt;: visto en el acta" in client.get("/corrections?kind=release").text
    assert "Todavía no hay correcciones" in text_of(client.get("/corrections").text)
    every = text_of(client.get("/corrections?kind=all").text)
    assert every.index("Liberado por") < every.index("hay una cifra negativa")


def test_the_choice_lives_in_links(client: Any, api: ToyApi) -> None:
    api.count.correct("nation", cast=1)
    api.count.correct("mesa/000001", cast=1)
    html = client.get("/corrections?level=mesa&lang=en").text
    assert 'href="/mesa/000001?lang=en"' in html
    assert '<h2><a href="/?lang=en">' not in html
    assert 'href="/corrections?level=mesa&amp;kind=hold&amp;lang=en"' in html
    assert re.search(r'<a href="/corrections\?level=mesa&amp;lang=en" aria-current="true">Polling tables', html)
    assert f'href="{BASE}/corrections?level=mesa&amp;kind=correction&amp;limit=1000&amp;format=csv"' in html
    assert 'data-path="/corrections?level=mesa"' in html
    assert 'href="/corrections?level=mesa&amp;lang=es"' in html


def test_older_lines_are_one_link_away(client: Any, api: ToyApi) -> None:
    for number in range(60):
        api.count.correct("nation", cast=1000 - number)
    html = client.get("/corrections").text
    older = re.search(r'href="(/corrections\?before=\d+)"[^>]*>Más antiguas', html)
    assert older is not None
    rest = client.get(older[1]).text
    assert (html.count("<h2>"), rest.count("<h2>")) == (50, 10)
    assert "Más antiguas" not in rest
    assert "Lo más reciente" in rest


def test_a_version_that_replaced_thousands_stays_a_page(client: Any, api: ToyApi) -> None:
    api.count.correct("nation", cast=7)
    api.count.ledger *= 2405
    read, api.read = api.read, lambda path: read(path.replace("limit=50", "limit=9999"))
    html = client.get("/corrections?level=nation").text
    assert html.count("<h2>") <= 200
    assert len(html.encode()) < 400_000


@pytest.mark.parametrize("query", ["level=galaxy", "kind=update", "before=0", "before=x", "before=²"])
def test_a_choice_that_cannot_be_is_a_404(client: Any, query: str) -> None:
    assert client.get(f"/corrections?{query}").status_code == 404


def test_a_choice_reads_back_from_its_own_path() -> None:
    for choice in (
        LedgerChoice(),
        LedgerChoice("mesa"),
        LedgerChoice("mesa", "hold", 17),
        LedgerChoice(None, "all", 3),
    ):
        query = dict(pair.split("=") for pair in choice.path.partition("?")[2].split("&") if pair)
        assert read_choice(query) == choice


def test_only_figures_that_differ_are_moves() -> None:
    found = moves({"votes": [5, 5], "cast": 10, "null": None}, {"votes": [5, 4], "cast": 10, "null": 1})
    assert [(move.figure, move.before, move.after, move.difference) for move in found[""]] == [
        (1, "5", "4", "−1"),
        ("null", "—", "1", "—"),
    ]
    assert moves({"published": {"cast": 1}, "computed": {}}, {"published": {"cast": 1}, "computed": {}}) == {}
    assert signed(1200) == "+1 200"


def test_every_rule_that_holds_a_value_is_explained_in_one_sentence(client: Any) -> None:
    checks = Path(tally.rules.checks.__file__).read_text("utf-8")
    holding = {Rule[name] for name in re.findall(r"Rule\.(\w+)", checks)}
    words = load_words()["es"]
    assert {*words.texts["rules"]} == holding == {*Rule} - {*words.texts["flag_rules"]}
    *most, last = (words(f"rules.{rule}") for rule in words.texts["rules"])
    assert f"{'; '.join(most)}; {last}.".replace("; ", ";") in text_of(client.get("/methods").text)


def test_the_official_final_stands_apart_where_there_is_one(client: Any, api: ToyApi) -> None:
    # ONPE's results at 100 % of actas, 29 June 2026.
    words = text_of(client.get("/methods").text)
    for piece in ("Norte9 223 396 50.13 %", "Sur9 173 755 49.87 %", "Electores hábiles27 325 432", "Fuente: ONPE"):
        assert piece in words
    assert "9 223 396" not in text_of(client.get("/").text)
    api.count.official_final = None
    assert "El resultado oficial" not in client.get("/methods").text


def test_the_methods_say_what_differs_now(client: Any, api: ToyApi) -> None:
    words = text_of(client.get("/methods").text)
    assert re.search(r"Áreas comparadas ahora2 401De ellas, con diferencias0Áreas en cortes distintos4", words)
    flags = [{"rule": "reconciliation", "figures": {"actas": 1, "figures": ["cast"]}}]
    api.count.state["province/1401"] = {**api.count.state["province/1401"], "flags": flags}
    html = client.get("/methods?lang=en").text
    assert '<a href="/area/province/1401?lang=en">Lima</a>' in html
    assert "what is published and the sum of 1 counted acta differ (cast)." in html


def test_the_methods_name_the_program_and_its_commit_where_it_is_known(client: Any, api: ToyApi) -> None:
    assert f"Versión1.2.3Confirmación (git){40 * 'a'}" in text_of(client.get("/methods").text)
    api.program["commit"] = None
    told = text_of(client.get("/methods?lang=en").text)
    assert ("Version1.2.3" in told, "Commit" in told) == (True, False)


def test_every_page_leads_to_ledger_and_methods_and_no_page_but_methods_tells_a_hash(client: Any, api: ToyApi) -> None:
    for path in ("/", "/area/department/14", "/place/0001", "/mesa/000001", "/corrections", "/methods", "/nope"):
        foot = client.get(path).text.partition("<footer")[2]
        assert 'href="/corrections"' in foot
        assert 'href="/methods"' in foot
        assert "3f2a9c0b7d41" not in client.get(path).text or path == "/methods"
    assert "3f2a9c0b7d41" in client.get("/methods").text
    assert 'id="archive"' in client.get("/methods?lang=en").text
    api.count.archive = None
    assert "Todavía no hay ningún sello" in client.get("/methods").text
