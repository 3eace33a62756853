"""What stands in the HTML before any script runs."""

import gzip
import re
from datetime import UTC, datetime
from typing import Any

import brotli
import pytest

from dashboard.app import build
from dashboard.colours import load_presentation, ramps, tint
from tests.dashboard.toy.api import BASE, ToyApi
from tests.dashboard.toy.count import ELECTION, ToyCount


def text_of(html: str) -> str:
    """The words of a document, without its scripts."""
    bare = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", bare))


def test_the_headline_stands_in_the_html_itself(client: Any, api: ToyApi) -> None:
    api.count.set_published(
        "nation", votes=[9052039, 9043470], counted=91279, at_jee=1487, pending=0, total=92766, cast=19683383
    )
    answer = client.get("/")
    words = text_of(answer.text)
    assert answer.status_code == 200
    assert len(answer.data) < 60_000
    assert "Conteo ONPE · segunda vuelta" in words
    for piece in (
        "Nora Isabel Vega de la Torre",
        "50.024 %",
        "9 052 039 votos",
        "49.976 %",
        "9 043 470 votos",
        "Diferencia: 8 569 votos",
    ):
        assert piece in words
    assert "Aún no está decidido: faltan 1 487 actas" in words
    for piece in ("Contabilizadas91 279 98.40 %", "En el JEE1 487 1.60 %", "Pendientes0 0.00 %", "Total92 766"):
        assert piece in words
    assert re.search(r"Dato de ONPE .*14:05 · revisado hace .* · sin cambios desde .*13:52", words)
    assert words.index("Diferencia") < words.index("Por departamento")


def test_the_table_has_every_department_and_continent(client: Any, api: ToyApi) -> None:
    html = client.get("/").text
    rows = re.findall(r'<tr data-area="([^"]+)"', html)
    assert sorted(rows) == sorted(key for key in api.count.topic("nation") if key.startswith("department/"))
    assert re.findall(r'<tr class="group" data-area="([^"]+)"', html) == ["scope/domestic", "scope/abroad"]


@pytest.mark.parametrize(
    "path",
    [
        "/area/department/14",
        "/area/province/1401",
        "/area/district/140101",
        "/area/scope/abroad",
        "/place/0001",
        "/mesa/000003",
    ],
)
def test_every_level_has_its_page(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert 'class="breadcrumb"' in answer.text
    assert "Nora Isabel Vega de la Torre" in answer.text


@pytest.mark.parametrize("path", ["/area/province/1401", "/area/district/140101"])
def test_a_page_of_schematic_districts_begins_with_the_table_and_says_why(client: Any, path: str) -> None:
    html = client.get(f"{path}?lang=en").text
    assert '<meta name="first-view" content="table">' in html
    assert html.index('<meta name="first-view"') < html.index("<script")
    assert "the table is truer than the map" in html


@pytest.mark.parametrize("path", ["/", "/area/department/14", "/area/scope/abroad", "/place/0001"])
def test_another_page_begins_as_ever(client: Any, path: str) -> None:
    html = client.get(f"{path}?lang=en").text
    assert '<meta name="first-view"' not in html
    assert "truer than the map" not in html


def test_whose_real_boundaries_are_is_said_beside_every_map(client: Any) -> None:
    real = ToyApi(ToyCount())
    notice = {"id": "credited", "figures": {"credit": "INEI, CC BY 4.0"}}
    index = {**real.read("/api/v1/geometry"), "schematic": {"district": False}, "notice": notice}

    def read(path: str) -> Any:
        return index if path == "/api/v1/geometry" else real.read(path)

    pages = build(read, election_id=ELECTION).server.test_client()
    for path in ("/", "/area/department/14", "/area/district/140101"):
        html = pages.get(path).text
        assert "Límites: INEI, CC BY 4.0." in html
        assert '<meta name="first-view"' not in html


@pytest.mark.parametrize(
    "path",
    ["/nope", "/area", "/area/department/77", "/area/department/140", "/place/9999", "/mesa/1", "/mesa/999999",
     "/area/nation", "/assets/nope.js", "/vendor/nope.js", "/favicon.ico", "/_dash-nope"],
)  # fmt: skip
def test_an_unknown_path_is_a_404(client: Any, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_404_says_so_in_words_and_leads_home(client: Any) -> None:
    html = client.get("/nope?lang=en").text
    assert "This page does not exist" in html
    assert 'href="/?lang=en"' in html
    assert "<script" not in html
    assert "reload" not in html  # there is no figure on it that could become old


def test_a_rehearsal_is_watermarked_and_a_real_count_is_not(client: Any) -> None:
    assert client.get("/").text.count("SIMULACRO") >= 3
    assert "REHEARSAL" in client.get("/?lang=en").text
    real = build(ToyApi(ToyCount(is_test=False)).read, election_id=ELECTION).server.test_client()
    assert "SIMULACRO" not in real.get("/").text


def test_the_language_is_declared_and_kept_in_links(client: Any) -> None:
    assert '<html lang="es">' in client.get("/").text
    english = client.get("/area/department/14?lang=en").text
    assert '<html lang="en">' in english
    assert 'href="/area/province/1401?lang=en"' in english
    assert 'href="/area/department/14?lang=es"' in english
    assert '<html lang="es">' in client.get("/?lang=qu").text


def test_the_title_names_the_place_of_the_numbers(client: Any) -> None:
    assert "<title>SIMULACRO · Lima · Segunda vuelta · Escrutinio</title>" in client.get("/area/department/14").text


def test_names_from_the_feed_are_escaped(client: Any) -> None:
    html = client.get("/place/0002").text
    assert "Colegio San &lt;José&gt; &amp; Cía" in html
    assert "<José>" not in html


def test_published_and_computed_stand_side_by_side_where_they_differ(client: Any, api: ToyApi) -> None:
    assert "Suma de actas" not in client.get("/area/department/14").text
    data = api.count.state["department/14"]
    api.count.state["department/14"] = {**data, "computed": {**data["computed"], "cast": data["computed"]["cast"] + 7}}
    html = client.get("/area/department/14").text
    assert "ONPE publica otra cifra que la suma de actas" in html
    assert re.search(r"Votos emitidos</th><td>[\d ]+</td><td>[\d ]+</td>", html)


def test_a_held_number_says_why_it_is_under_review(client: Any, api: ToyApi) -> None:
    data = api.count.state["department/14"]
    held = [{"rule": "over_roll", "figures": {"cast": 1006, "registered": 300}}]
    api.count.state["department/14"] = {**data, "held": held}
    assert "Dato en revisión: 1 006 votos emitidos con 300 electores hábiles." in text_of(
        client.get("/area/department/14").text
    )
    assert "Figure under review: 1 006 votes cast with 300 registered voters." in text_of(
        client.get("/area/department/14?lang=en").text
    )
    row = re.search(r'<tr data-area="department/14">.*?</th>', client.get("/").text, re.DOTALL)
    assert row is not None
    assert "Dato en revisión</summary><span>1\u00a0006 votos emitidos con 300 electores hábiles.</span>" in row[0]


def test_a_flagged_number_says_that_the_two_sums_differ(client: Any, api: ToyApi) -> None:
    flags = [{"rule": "reconciliation", "figures": {"actas": 1, "figures": ["cast"]}}]
    api.count.state["nation"] = {**api.count.state["nation"], "flags": flags}
    assert (
        "ONPE y la suma de actas difieren: lo publicado y la suma de 1 acta contabilizada difieren (emitidos)."
        in text_of(client.get("/").text)
    )
    assert (
        "ONPE and the sum of tally sheets differ: what is published and the sum of 1 counted acta differ (cast)."
        in text_of(client.get("/?lang=en").text)
    )


def test_an_acta_held_in_an_old_log_is_marked_on_its_page_and_at_its_polling_place(client: Any, api: ToyApi) -> None:
    held = [{"rule": "over_roll", "es": "como se decía antes", "en": "as it was said before"}]
    api.count.state["mesa/000001"] = {**api.count.state["mesa/000001"], "held": held}
    assert "Dato en revisión: hay más votos emitidos que electores hábiles." in text_of(client.get("/mesa/000001").text)
    place = client.get("/place/0001").text
    assert text_of(place).count("Dato en revisión") == 1
    assert "Dato en revisión</summary><span>hay más votos emitidos que electores hábiles.</span>" in place


def test_a_long_contest_shows_the_first_lists_and_folds_the_rest() -> None:
    api = ToyApi(ToyCount(lists=38))
    html = build(api.read, election_id=ELECTION).server.test_client().get("/").text
    before, after = html.split("<details>", 1)
    assert (before.count("data-list="), after.count("data-list=")) == (5, 33)
    assert "Ver las otras 33 listas" in html
    votes = api.count.state["nation"]["published"]["votes"]
    order = [int(index) for index in re.findall(r'data-list="(\d+)"', html)]
    assert [votes[index] for index in order] == sorted(votes, reverse=True)
    assert len(html.encode()) < 60_000


@pytest.mark.parametrize(("counted", "known", "is_told"), [(59, 40, False), (60, 40, True), (60, 41, False)])
def test_a_difference_is_told_where_it_is_of_no_other_moment(
    client: Any, api: ToyApi, counted: int, known: int, is_told: bool
) -> None:
    data = api.count.state["department/14"]
    published = {**data["published"], "counted": counted, "at_jee": 0, "pending": 60 - counted, "total": 60}
    computed = {**data["computed"], "counted": 40, "at_jee": 0, "pending": known - 40, "total": known}
    api.count.state["department/14"] = {**data, "published": published, "computed": computed}
    words = text_of(client.get("/area/department/14").text)
    assert ("ONPE publica otra cifra que la suma de actas" in words) is is_told


def test_an_area_of_which_nothing_was_read_has_dashes_and_no_zeros(client: Any, api: ToyApi) -> None:
    data = api.count.state["department/14"]
    nothing = {name: [0] * len(value) if isinstance(value, list) else 0 for name, value in data["computed"].items()}
    api.count.state["department/14"] = {**data, "published": None, "computed": nothing}
    words = text_of(client.get("/area/department/14").text)
    assert "Diferencia: — votos · — puntos" in words


def test_before_the_first_number_everything_is_a_dash(api: ToyApi) -> None:
    api.count.state.clear()
    plain = ToyCount().meta()
    outlook = dict.fromkeys(plain["outlook"]) | {"uncounted_registered_is_bound": True}
    feed = {"state": "starting", "checked_at": None, "changed_at": None, "source_at": None, "note": None}
    meta = {**plain, "outlook": outlook, "feed": feed}
    api.count.meta = lambda: meta
    words = text_of(build(api.read, election_id=ELECTION).server.test_client().get("/").text)
    assert "Diferencia: — votos · — puntos" in words
    assert "Todavía no se puede saber" in words
    assert "Esperando datos" in words
    assert "Todavía no hay datos." in words


@pytest.mark.parametrize("path", ["/", "/timeline"])
def test_a_stamp_from_after_now_is_no_time_on_any_page(client: Any, api: ToyApi, path: str) -> None:
    api.count.set_published("nation", source_at="2041-06-07T22:00:00Z")
    api.count.feed["source_at"] = "2041-06-07T22:00:00Z"
    page = client.get(path)
    assert (page.status_code, re.findall('[Tt]ime="2041', page.text), "2041" in text_of(page.text)) == (200, [], False)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"note": "stopped", "figures": {"at": "2026-06-13T02:04:00Z"}}, "La lectura se detuvo a las 12/06 21:04"),
        (
            {"note": "asked_to_wait", "figures": {"at": "2026-06-13T02:04:00Z", "minutes": 4_183_333_334}},
            "La fuente pidió que esperemos 4 183 333 334 minutos; volvemos a preguntar a las",
        ),
        ({"note": "some_unread", "figures": {"answers": 1}}, "1 respuesta de la fuente no se puede leer o guardar"),
        ({"note": "of a newer version", "figures": {"what": 1}}, None),
    ],
)
def test_why_the_figures_may_not_be_the_newest_is_said(api: ToyApi, told: dict[str, Any], said: str | None) -> None:
    plain = ToyCount().meta()
    api.count.meta = lambda: {**plain, "feed": {**plain["feed"], "state": "down", **told}}
    html = build(api.read, election_id=ELECTION).server.test_client().get("/").text
    note = re.search(r'<p[^>]*id="feed-note"[^>]*>', html)
    assert note is not None
    assert ("hidden" in note.group()) == (said is None)
    assert said is None or said in text_of(html)


@pytest.mark.parametrize("error", [LookupError, ConnectionError])
def test_without_a_count_the_page_is_unavailable_not_wrong(error: type[Exception]) -> None:
    def read(path: str) -> Any:
        raise error(path)

    answer = build(read, election_id=ELECTION).server.test_client().get("/")
    assert answer.status_code == 503
    assert "El conteo no está disponible" in answer.text


def test_a_mesa_shows_its_state_its_history_and_where_it_came_from(client: Any) -> None:
    words = text_of(client.get("/mesa/000003").text)
    assert "En el JEE" in words
    assert "Acta observada: ilegible" in words
    shown, _, checked = words.partition("Historia del acta")[2].partition("Cómo se revisa")
    assert "Código de ONPE: E" in checked
    assert "sha256:2e2e" in checked
    assert "sha256:" not in shown
    assert "Código" not in words.partition("Historia del acta")[0]
    history = words.partition("Historia del acta")[2]
    assert history.index("En el JEE") < history.index("Pendiente")


def test_the_policy_allows_this_origin_only(client: Any) -> None:
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self' 'sha256-" in policy
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    # What search engines are told names a vocabulary and the source: a browser fetches nothing that stands there.
    before, told, after = re.split(r'<script type="application/ld\+json">(.*?)</script>', answer.text)
    named = [set(re.findall(r'https?://[^"\s<]+', part)) for part in (before + after, told)]
    assert named == [set(), {"https://schema.org", "https://resultados.example"}]


def test_scripts_are_served_compressed_and_for_good(client: Any) -> None:
    html = client.get("/").text
    words, board = [src for src in re.findall(r'src="([^"]+)"', html) if src.startswith("/bundle/")]
    shared = re.search(r'rel="modulepreload" href="(/bundle/[^"]+)"', html)
    assert shared is not None
    assert "escrutinio.rt.v1" in client.get(shared[1]).text
    for script in (words, board, shared[1]):
        plain = client.get(script, buffered=True)
        assert "Content-Encoding" not in plain.headers
        for coding, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
            packed = client.get(script, headers={"Accept-Encoding": coding}, buffered=True)
            assert packed.headers["Content-Encoding"] == coding
            assert "immutable" in packed.headers["Cache-Control"]
            assert unpack(packed.data) == plain.data
    for script in (words, board):
        older = client.get(re.sub("/bundle/[0-9A-Za-z]+/", "/bundle/000000000000/", script))
        assert older.data == client.get(script).data
        assert older.headers["Cache-Control"] == "no-cache"
    assert client.get(re.sub("/bundle/[0-9A-Za-z]+/", "/bundle/000000000000/", shared[1])).status_code == 404
    library = re.search(r'"maplibre-gl.js":"([^"]+)"', client.get(words).text)
    assert library is not None
    answer = client.get(library[1], headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert len(answer.data) < 400_000


@pytest.mark.parametrize(("path", "seconds"), [("/", 2), ("/?at=2026-06-09T16:00:00Z", 86_400), ("/nope", None)])
def test_a_page_of_the_past_is_kept_for_a_day_and_one_of_now_for_two_seconds(
    client: Any, path: str, seconds: int | None
) -> None:
    policy = client.get(path).headers.get("Cache-Control", "")
    assert re.findall(r"max-age=(\d+)", policy) == ([str(seconds)] if seconds else [])


def test_a_moment_the_count_has_not_reached_is_not_kept(client: Any, api: ToyApi) -> None:
    newest = api.count.meta()["as_of"]
    for at in (newest, "2031-01-01T00:00:00Z"):
        assert "max-age=2," in client.get(f"/?at={at}").headers["Cache-Control"]


def test_a_page_of_the_past_says_the_same_whenever_it_is_read(api: ToyApi) -> None:
    days = [datetime(2026, month, 9, 12, tzinfo=UTC) for month in (6, 7)]
    client = build(api.read, election_id=ELECTION, now=lambda: days[0]).server.test_client()
    first = client.get("/?at=2026-06-09T16:00:00Z").text
    days.pop(0)
    assert client.get("/?at=2026-06-09T16:00:00Z").text == first


def test_a_page_asks_the_api_few_times(client: Any, api: ToyApi) -> None:
    client.get("/area/department/14")
    drawings = ["/api/v1/geometry/outlines/department/14", "/api/v1/geometry"]
    numbers = [f"{BASE}/areas/department/14", f"{BASE}/state?topic=department/14"]
    assert api.reads == [BASE, BASE, *numbers, f"{BASE}/why?key=department/14&limit=1", *drawings]


def test_the_ramps_end_in_the_lists_own_colours() -> None:
    from pathlib import Path

    from dashboard import app

    presentation = load_presentation(Path(app.__file__).parent / "presentation.toml")
    ramp = ramps(["#1f5fa8"], presentation)[0]
    assert len(ramp) == len(presentation.lead_bins) + 1
    assert ramp[-1] == "#1f5fa8"
    assert tint("#000000", 0.5) == "#808080"
    brightness = [sum(int(color[start : start + 2], 16) for start in (1, 3, 5)) for color in ramp]
    assert brightness == sorted(brightness, reverse=True)
    assert min(int(ramp[0][start : start + 2], 16) for start in (1, 3, 5)) > 200
