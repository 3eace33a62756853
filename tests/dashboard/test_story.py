"""The pages that tell how a count came to stand as it does: the past, why it changed, how it moved, the queue."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.moments import full_clock, normal
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.story import moment
from tests.dashboard.watching import settle, until

THEN = moment(40)


def text(html: str) -> str:
    """What a page says, its spaces made plain."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- the past ---


def test_a_page_of_the_past_says_so_and_shows_the_numbers_of_then(client: Any, api: ToyApi) -> None:
    html = client.get(f"/?at={THEN}").text
    assert f'data-at="{THEN}"' in html
    assert "Así estaba el conteo el 09/06/2026 11:00:00 ." in text(html)
    counted = f"{api.story.data('nation', 40)['published']['counted']:,}".replace(",", " ")
    assert counted in text(html)
    assert "en esta página desde 11:00" in text(html)
    assert 'id="pause"' not in html


def test_every_link_of_a_page_of_the_past_stays_in_the_past_but_one(client: Any) -> None:
    for path in ("/", "/area/department/14", "/place/0001", "/mesa/000001", "/queue", "/timeline", "/bulletin"):
        for language in ("", "&lang=en"):
            html = client.get(f"{path}?at={THEN}{language}").text
            links = re.findall(r'<a ([^>]*)href="(/[^"]*)"', html)
            present = [href for extra, href in links if "at=" not in href and not href.startswith("/api/")]
            assert present == [path + ("?lang=en" if language else "")], path


def test_a_moment_is_taken_in_any_zone_and_nonsense_is_no_page(client: Any) -> None:
    assert normal("2026-06-09T11:00:00-05:00") == "2026-06-09T16:00:00Z"
    assert normal("2026-06-09") == "2026-06-09T00:00:00Z"
    assert normal("2026-06-09T16:00:00 00:00") == "2026-06-09T16:00:00Z"  # a plus sign that was not escaped
    assert normal("2026-06-09T11:00:00.25-05:00") == "2026-06-09T16:00:00.250Z"  # of a second with several versions
    assert normal("ayer") is None
    assert normal("0500-01-01T00:00:00Z") == "0500-01-01T00:00:00Z"
    assert client.get("/?at=ayer").status_code == 400
    assert client.get("/queue?at=2026-13-01").status_code == 400
    assert full_clock(None, "America/Lima") == "—"


@pytest.mark.browser
def test_a_page_of_the_past_opens_no_socket_and_paints_map_and_table_of_then(
    wide: Page, site: str, api: ToyApi
) -> None:
    wide.goto(f"{site}/?at={THEN}&view=map", wait_until="domcontentloaded")
    until(wide, "Boolean(escrutinio.featureColor && escrutinio.featureColor('department/14'))")
    assert api.sockets == {}
    expect(wide.locator("#status")).to_have_text("En ese momento")
    wide.get_by_role("link", name="Ver ahora").click()
    now = "document.readyState === 'complete' && !document.getElementById('page').dataset.at"
    until(wide, f"!location.search.includes('at=') && {now}")
    expect(wide.locator("#moment")).to_have_count(0)


@pytest.mark.browser
def test_the_slider_moves_every_number_by_keyboard_and_names_its_moment(wide: Page, site: str, api: ToyApi) -> None:
    wide.goto(f"{site}/?view=table")
    wide.locator("#replay > summary").click()
    slider = wide.get_by_role("slider", name="Momento del conteo")
    slider.focus()
    before = wide.locator('.headline [data-f="votes.0"]').text_content()
    wide.keyboard.press("Home")
    first = api.story.data("nation", 10)["published"]
    expect(wide.locator('.actas [data-f="counted"]')).to_have_text(f"{first['counted']:,}".replace(",", "\u00a0"))
    assert wide.locator('.headline [data-f="votes.0"]').text_content() != before
    expect(wide.locator("#moment")).to_be_visible()
    until(wide, f"location.search.includes('at={moment(10)}')")
    row = api.story.data("department/14", 10)["published"]["cast"]
    expect(wide.locator('tr[data-area="department/14"] [data-f="cast"]')).to_have_text(
        f"{row:,}".replace(",", "\u00a0")
    )
    assert "actas" in (slider.get_attribute("aria-valuetext") or "")
    expect(wide.locator("#pause")).to_have_count(0)
    expect(wide.locator("[data-count]")).to_have_text("Parcial, no oficial")
    wide.get_by_role("button", name="Un paso adelante").click()
    until(wide, f"location.search.includes('at={moment(20)}')")
    # A change of now does not disturb who looks at then.
    second = api.story.data("nation", 20)["published"]["counted"]
    api.send(api.count.set_published("nation", counted=1))
    until(wide, "escrutinio.client.state.nation.published.counted === 1")
    settle(wide)
    expect(wide.locator('.actas [data-f="counted"]')).to_have_text(f"{second:,}".replace(",", "\u00a0"))
    wide.locator('table a[href="/area/department/14"]').click()
    wide.wait_for_url(f"**/area/department/14?at={moment(20)}")


@pytest.mark.browser
def test_playback_runs_to_the_end_and_can_be_stopped(wide: Page, site: str) -> None:
    wide.goto(f"{site}/?at={moment(70)}&view=table")
    play = wide.get_by_role("button", name="Reproducir")
    wide.get_by_label("Velocidad").select_option("4")
    play.click()
    expect(wide.get_by_role("button", name="Detener")).to_be_visible()
    until(wide, f"location.search.includes('{moment(100)}')")
    expect(play).to_be_visible()


# --- why ---


def test_a_page_says_where_its_last_change_came_from(client: Any) -> None:
    said = text(client.get("/").text)
    assert "¿Por qué cambió?" in said
    assert re.search(r"Actas contabilizadas: \+[^;]+ ; de las pendientes \+[^;]+ \. Votos", said)
    assert re.search(r"De ellos: Lima \+.+, resto del Perú \+.+, extranjero \+", said)
    below = text(client.get("/area/department/14").text)
    assert re.search(r"De ellos: .*(Lima|Provincia 140\d) \+", below)


# --- how it moved ---


def test_the_timeline_stands_without_a_script(client: Any) -> None:
    html = client.get("/timeline").text
    said = text(html)
    assert html.count("<svg viewBox") == 4
    assert "Norte pasa adelante de Sur" in said or "Sur pasa adelante de Norte" in said
    assert html.count('class="turned"') >= 1
    for version in (10, 50):
        data = html.partition("<tbody>")[2]
        assert f'datetime="{moment(version)}"' in data.replace("dateTime", "datetime")
    assert "Ver el conteo en ese momento" in said
    assert re.search(r'<script type="module" data-entry="timeline" src="/bundle/', html)
    assert "plotly.min.js" not in re.sub(r'data-library="[^"]*"', "", html)


def test_the_timeline_of_an_area_is_linked_from_its_page_and_nonsense_is_not_found(client: Any) -> None:
    assert 'href="/timeline?key=department/14"' in client.get("/area/department/14").text
    assert "Cómo se movió: Lima" in text(client.get("/timeline?key=department/14").text)
    for query in ("key=mesa/000001", "key=department/77", "key=x", "before=0", "before=a"):
        assert client.get(f"/timeline?{query}").status_code == 404, query


@pytest.mark.browser
def test_the_chart_is_drawn_under_the_strict_policy_and_only_there(wide: Page, site: str) -> None:
    asked, complaints = [], []
    wide.on("request", lambda request: asked.append(request.url))
    wide.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    wide.goto(f"{site}/?view=table")
    until(wide, "Boolean(escrutinio.client)")
    assert not [url for url in asked if "plotly" in url]
    wide.goto(f"{site}/timeline")
    until(wide, "Boolean(escrutinio.charts && escrutinio.charts.drawn)")
    assert wide.locator(".js-plotly-plot").count() == 4
    # Plotly's lines of text have the class of our drawing's lines, which are not filled.
    fill = "[...document.querySelectorAll('.xtick tspan')].map((line) => getComputedStyle(line).fill)"
    assert "none" not in wide.evaluate(fill)
    assert len(wide.evaluate(fill)) >= 4
    assert complaints == []


# --- the queue ---


def test_the_queue_says_how_many_why_where_and_what_it_weighs(client: Any) -> None:
    said = text(client.get("/queue").text)
    assert "esperan en el JEE" in said
    assert "Tienen como máximo 53 700 electores" in said
    assert "Alcanzan para cambiar el primer lugar." in said
    assert "¿Qué es un acta en el JEE?" in said
    assert "Ilegible ONPE: Acta ilegible" in said
    assert "ONPE: E" not in said
    assert "Sin firmas, Otras observaciones" in said
    assert "no la vimos en el JEE" in said
    assert "Anulada" in said
    assert "&lt;rara&gt;" in client.get("/queue").text


def test_the_queue_holds_as_many_as_the_source_says_though_we_have_read_of_more(client: Any, api: ToyApi) -> None:
    api.count.set_published("nation", at_jee=403)
    api.story.waiting = 704
    said = text(client.get("/queue").text)
    assert "403 actas esperan en el JEE" in said
    assert "Acta por acta leímos 704 :" in said
    api.count.set_published("nation", at_jee=0)
    said = text(client.get("/queue").text)
    assert "No hay actas esperando en el JEE" in said
    assert "Acta por acta leímos 704 :" in said


@pytest.mark.parametrize(
    ("leader", "margin", "said"),
    [
        (0, 20_084, "aumentarían la ventaja en 7 739 votos"),
        (0, 12_344, "reducirían la ventaja en 1 voto"),
        (0, 12_345, "no moverían la ventaja"),
        (1, 7, "Con sus votos ya visibles pasaría adelante Sur por 7 votos"),
        (None, 0, "Con sus votos ya visibles habría un empate"),
        (None, None, None),
    ],
)
def test_the_queue_says_both_what_its_bound_allows_and_what_its_visible_votes_would_do(
    client: Any, api: ToyApi, leader: int | None, margin: int | None, said: str | None
) -> None:
    api.story.visible = (leader, margin)
    shown = text(client.get("/queue").text)
    assert "Tienen como máximo 53 700 electores" in shown
    assert "visibles" not in shown if said is None else said in shown


@pytest.mark.parametrize(("votes", "hangs"), [(8, "Segundo lugar: {0} tiene 8 votos más que {1}. "), (0, "")])
def test_the_queue_is_held_against_the_second_place_and_ranks_no_list_above_one_it_ties_with(
    client: Any, api: ToyApi, votes: int, hangs: str
) -> None:
    api.story.deciding = {"kind": "second_third", "ahead": 0, "behind": 1, "votes": votes, "is_open": True}
    names = [entry["short"] for entry in api.count.lists]
    said = text(client.get("/queue").text).replace(" .", ".")
    assert f"53 700 electores hábiles. {hangs.format(*names)}Alcanzan para cambiar el resultado." in said


def test_the_queue_is_narrowed_by_its_address_and_its_sheet_with_it(client: Any) -> None:
    html = client.get("/queue?within=department/14&reason=illegible&state=open").text
    assert "Actas en el JEE: Lima" in text(html)
    assert "within=department/14&amp;reason=illegible&amp;state=open&amp;format=csv" in html
    assert 'aria-current="true"' in html
    assert 'href="/queue?within=department/14&amp;state=open"' in html  # drops the reason
    assert 'href="/queue?within=department/14"' in client.get("/area/department/14").text
    for query in ("state=lost", "reason=ugly", "within=mesa/000001", "within=x", "before=.."):
        assert client.get(f"/queue?{query}").status_code == 404, query


def test_a_mesa_shows_its_reasons_over_time_and_the_way_to_the_sources_page(client: Any) -> None:
    html = client.get("/mesa/000003").text
    assert 'href="https://resultados.example"' in html
    assert "busque 000003" in text(html)
    assert re.search(r"<small[^>]*>ilegible</small>", html)
