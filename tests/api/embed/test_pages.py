"""An embed's page as it is sent: complete before any script, framed by whom the operator names, made once a version."""

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from itertools import product
from unittest.mock import patch

import httpx
import pytest

from api.live.feed import FeedStanding
from api.mission.casework import Casework
from api.mission.public_layer import PublicIncidents
from mission.incidents.rubric import Category, Severity
from mission.publication import PublicIncident
from tally.board import Fact
from tally.errors import StoreUnavailable
from tests.api.country import Country, minute
from texts.spelling import proper_name

VIEWS = ("map", "bar", "table", "card")
AREAS = ("nation", "scope/abroad", "scope/domestic", "department/14", "province/1401", "department/92")


class Text(HTMLParser):
    """What a reader without scripts and pictures gets."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._muted = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._muted += tag in ("script", "style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._muted -= tag in ("script", "style", "title")

    def handle_data(self, data: str) -> None:
        if not self._muted:
            self.parts.append(data)

    def __str__(self) -> str:
        return " ".join("".join(f"{part} " for part in self.parts).split())


def text_of(answer: httpx.Response) -> str:
    return str(Text(answer.text))


@pytest.mark.parametrize("view", VIEWS)
def test_a_stamp_from_after_we_read_it_is_no_time(
    client: httpx.Client, country: Country, caught_up: Callable[[], None], view: str
) -> None:
    ahead = country.board.sums.of("nation").as_count("2041-06-07T22:00:00Z")
    country.tell([Fact("nation", ahead, f"sha256:{5:064x}")], minute(30))
    caught_up()
    answer = client.get(f"/embed/v1/{view}", params={"area": "nation"})
    assert (answer.status_code, "2041" in text_of(answer), 'time="2041' in answer.text) == (200, False, False)


def test_numbers_time_source_and_version_stand_in_the_page_itself(client: httpx.Client) -> None:
    for view, area in product(VIEWS, AREAS):
        answer = client.get(f"/embed/v1/{view}", params={"area": area})
        assert answer.status_code == 200, (view, area)
        text = text_of(answer)
        for part in (
            "SIMULACRO · no son resultados reales",
            "Rojo",
            "Azul",
            f"Revisado 6 ene 2030, 17:0{2 if area == 'nation' else ''}",
            "Último cambio 6 ene 2030, 17:0",
            "Prueba · Horas de Lima.",
        ):
            assert part in text, (view, area)
        # The feed was asked at 17:02, and not about these.
        assert ("17:02" in text) is (area == "nation"), (view, area)
        assert re.search(r"versión \w+- [0-9]", text), (view, area)


def test_the_numbers_are_those_of_the_source(client: httpx.Client, country: Country) -> None:
    votes = country.board.sums.of("nation").votes
    text = text_of(client.get("/embed/v1/bar"))
    for own in votes:
        assert f"{own} votos" in text
        assert f"{100 * own / sum(votes):.1f} %" in text
    assert f"Diferencia: {votes[0] - votes[1]} votos" in text
    assert "Dato de ONPE 6 ene 2030, 17:01" in text
    assert "Parcial, no oficial" in text


def test_the_other_language_says_all_of_it_too(client: httpx.Client) -> None:
    text = text_of(client.get("/embed/v1/map?lang=en"))
    assert "REHEARSAL · these are not real results" in text
    assert "Checked 6 Jan 2030, 17:02" in text
    assert "Partial, unofficial" in text
    assert "Show as a table" in text


def test_the_map_has_the_rows_of_the_table(client: httpx.Client) -> None:
    page = client.get("/embed/v1/map").text
    drawn, rows = set(re.findall(r'data-map="([^"]+)"', page)), set(re.findall(r'<tr data-area="([^"]+)"', page))
    assert rows == {"department/14", "department/24", "department/92"}
    assert rows < drawn
    districts = client.get("/embed/v1/map?area=department/14").text
    assert len(re.findall(r'data-map="district/', districts)) == 171
    assert set(re.findall(r'<tr data-area="([^"]+)"', districts)) == {
        "district/140101",
        "district/140102",
        "district/140201",
    }
    assert set(re.findall(r'<tr data-area="([^"]+)"', client.get("/embed/v1/table?area=department/14").text)) == {
        "province/1401",
        "province/1402",
    }


def test_a_polling_place_and_an_acta_have_cards(client: httpx.Client, country: Country) -> None:
    place = text_of(client.get(f"/embed/v1/card?area=place/{country.places[0].code}"))
    assert proper_name(country.places[0].name) in place
    mesa = text_of(client.get("/embed/v1/card?area=mesa/000001"))
    assert "Mesa 000001" in mesa
    assert "Estado del acta: Contabilizada" in mesa


def test_no_cookie_no_inline_script_and_only_the_named_pages_may_frame_it(client: httpx.Client) -> None:
    answer = client.get("/embed/v1/map")
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert policy["style-src"] == f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"
    assert policy["frame-ancestors"] == "'self' https://news.example https://radio.example"
    assert "set-cookie" not in answer.headers
    scripts = re.findall(r"<script([^>]*)>([^<]*)</script>", answer.text)
    assert scripts
    assert all("application/json" in attributes or not body.strip() for attributes, body in scripts)
    assert not re.search(r'\sstyle="|\son\w+="', answer.text)
    for path in ("/embed", "/oembed", "/api/v1/elections", "/cards/nation.png", "/embed/v1/map.svg", "/nowhere"):
        assert "frame-ancestors 'none'" in client.get(path).headers["content-security-policy"], path


def test_it_is_cached_named_by_its_content_and_given_from_the_shelf(client: httpx.Client) -> None:
    first = client.get("/embed/v1/map")
    assert first.headers["cache-control"] == "public, max-age=2, stale-while-revalidate=10, stale-if-error=86400"
    with patch("api.embed.routes.respond", side_effect=AssertionError("the application was asked")):
        second = client.get("/embed/v1/map")
        assert client.get("/embed/v1/map", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert second.content == first.content
    ignored = {"date"}
    assert {k: v for k, v in second.headers.items() if k not in ignored} == {
        k: v for k, v in first.headers.items() if k not in ignored
    }


def test_a_change_is_in_the_next_page_and_what_did_not_change_is_the_same(
    client: httpx.Client, country: Country, caught_up: Callable[[], None]
) -> None:
    before = client.get("/embed/v1/bar?area=department/14")
    country.count(country.mesas[8:12], minute(5))
    country.publish(["department/14", "nation"], minute(5))
    caught_up()
    after = client.get("/embed/v1/bar?area=department/14")
    assert after.headers["etag"] != before.headers["etag"]
    assert f"{country.board.sums.of('department/14').votes[0]} votos" in text_of(after)


def test_a_frozen_moment_stays_what_it_was(
    client: httpx.Client, country: Country, caught_up: Callable[[], None]
) -> None:
    before = country.board.sums.of("nation").votes
    country.count(country.mesas[8:12], minute(5))
    country.publish(["nation"], minute(5))
    caught_up()
    answer = client.get("/embed/v1/bar", params={"at": minute(2)})
    text = text_of(answer)
    assert f"{before[0]} votos" in text
    assert "Así estaba el 6 ene 2030, 17:02" in text
    assert "live." not in answer.text
    assert "escrutinio-config" not in answer.text
    empty = text_of(client.get("/embed/v1/bar", params={"at": "2029-01-01T00:00:00Z"}))
    assert "—" in empty


@pytest.mark.parametrize(
    ("state", "said"), [("stale", "Atrasado: sin revisar desde 6 ene"), ("down", "La fuente no responde desde 6 ene")]
)
def test_without_scripts_too_a_silent_source_is_said_with_since_when(
    client: httpx.Client, state: str, said: str
) -> None:
    feed = FeedStanding(state, minute(2), minute(1), minute(1), None)
    with patch("api.embed.scenes.describe_feed", return_value=feed):
        text = text_of(client.get("/embed/v1/bar?theme=dark"))
    assert said in text
    assert "Rojo" in text


def test_public_incidents_stand_on_the_map_and_in_words_if_they_were_asked_for(client: httpx.Client) -> None:
    counts = {Severity.CRITICAL: 0, Severity.SERIOUS: 1, Severity.MINOR: 1, Severity.INFO: 0}
    told = [
        PublicIncident(minute(30), "district/140101", Category.MISSING_MATERIAL, Severity.SERIOUS),
        PublicIncident(minute(60), "department/24", Category.OTHER, Severity.MINOR),
    ]
    layer = PublicIncidents(None, 60, {"nation": counts, "department/14": counts}, told)
    with patch.object(Casework, "public", return_value=layer):
        page = client.get("/embed/v1/map?incidents=1")
        inside = text_of(client.get("/embed/v1/table?incidents=1&area=department/14&lang=en"))
    assert "Incidencias públicas: 2" in text_of(page)
    assert "Falta material · Grave · Lima 6 ene" not in text_of(client.get("/embed/v1/map"))
    assert "Falta material · Grave · Lima" in text_of(page)
    assert re.search(r'<circle cx="\d+" cy="\d+" r="12"', page.text)
    assert "Public incidents: 1" in inside
    assert "No hay incidencias públicas." in text_of(client.get("/embed/v1/card?incidents=1"))


def test_incidents_that_cannot_be_read_are_not_said_to_be_none(client: httpx.Client) -> None:
    with patch.object(Casework, "public", side_effect=StoreUnavailable("away")):
        page = client.get("/embed/v1/card?incidents=1")
    assert page.status_code == 200
    assert "incidencias" not in text_of(page)


def test_what_the_source_calls_an_area_is_only_text(client: httpx.Client, country: Country) -> None:
    country.tell([Fact("department/14", '<b onload="x">')], minute(6))
    page = ""
    for _ in range(200):
        page = client.get("/embed/v1/table").text
        if "onload" in page:
            break
    assert "&lt;b onload" in page
    assert "<b onload" not in page


def test_an_area_the_count_does_not_have_is_refused(client: httpx.Client) -> None:
    assert client.get("/embed/v1/map?area=department/99").status_code == 400
    assert client.get("/embed/v1/card?area=mesa/999999").status_code == 400


def test_scripts_and_style_are_named_by_their_content(client: httpx.Client) -> None:
    page = client.get("/embed/v1/map").text
    files = set(re.findall(r'"(/embed/v1/assets/[^"]+)"', page))
    assert len(files) == 2
    for path in files:
        answer = client.get(path)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    height = client.get("/embed/v1/height.js")
    assert height.headers["content-type"].startswith("text/javascript")
    assert "immutable" not in height.headers["cache-control"]


def test_all_of_the_national_map_is_at_most_60_kb_compressed(client: httpx.Client) -> None:
    page = client.get("/embed/v1/map").text
    total = 0
    for path in ("/embed/v1/map", *set(re.findall(r'"(/embed/v1/assets/[^"]+)"', page))):
        with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
            total += len(b"".join(answer.iter_raw()))
    assert total <= 60_000


@pytest.mark.parametrize(("language", "said"), [("es", "no hay nada que mostrar"), ("en", "nothing to show here")])
def test_a_frame_whose_address_chooses_what_there_is_not_says_so_in_words(
    client: httpx.Client, language: str, said: str
) -> None:
    for address in ("map?theme=sepia", "map?area=department/99", "map?at=yesterday", "pie?"):
        answer = client.get(f"/embed/v1/{address}&lang={language}", headers={"Accept": "text/html,*/*;q=0.8"})
        assert 400 <= answer.status_code < 500
        assert answer.headers["content-type"].startswith("text/html")
        assert said in answer.text
        assert "sepia" not in answer.text
        assert "https://news.example" in answer.headers["content-security-policy"]
        plain = client.get(f"/embed/v1/{address}&lang={language}")
        assert (plain.status_code, plain.headers["content-type"]) == (answer.status_code, "application/problem+json")


@pytest.mark.parametrize(
    ("language", "open_", "part"),
    [("es", "Aún no está decidido", "cuenta el total"), ("en", "Not yet decided", "the total counts")],
)
def test_every_view_and_card_says_whether_it_is_decided(
    client: httpx.Client, language: str, open_: str, part: str
) -> None:
    for view in VIEWS:
        assert open_ in text_of(client.get(f"/embed/v1/{view}?lang={language}")), view
        assert part in text_of(client.get(f"/embed/v1/{view}?area=department/14&lang={language}")), view
    for view in ("map", "bar", "table", "card"):
        assert open_ in " ".join(
            re.findall(r">([^<]+)</text>", client.get(f"/embed/v1/{view}.svg?lang={language}").text)
        )


def test_areas_of_a_map_are_named_where_names_stand_clear(client: httpx.Client) -> None:
    for area, name in (("nation", "Lima"), ("department/14", "Lima")):
        names = re.search(r'<g class="names".*?</g>', client.get(f"/embed/v1/map?area={area}").text, re.DOTALL)
        assert names is not None
        assert f">{name}</text>" in names[0]
