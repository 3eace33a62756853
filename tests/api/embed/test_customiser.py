"""The customiser as it is sent: a form, code to paste and previews that need no script."""

import re
from html import unescape

import httpx

from tests.api.embed.conftest import HOME


def test_the_form_stands_with_the_choice_its_query_makes(client: httpx.Client) -> None:
    page = client.get("/embed?view=table&area=department/14&theme=dark&incidents=1").text
    assert 'value="department/14" selected' in page
    assert 'value="table" checked' in page
    assert 'value="dark" checked' in page
    code = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert code is not None
    snippet = unescape(code[1])
    assert f'src="{HOME}/embed/v1/table?area=department/14&amp;theme=dark&amp;incidents=1"' in snippet
    assert 'loading="lazy" width="100%"' in snippet
    assert f'<script async src="{HOME}/embed/v1/height.js"></script>' in snippet
    assert 'title="Lima"' in snippet


def test_three_previews_and_the_pictures_are_of_the_same(client: httpx.Client) -> None:
    page = unescape(client.get("/embed?view=bar&lang=en").text)
    frames = re.findall(r'<iframe src="([^"]+)" width="(\d+)"', page)
    assert frames == [("/embed/v1/bar?lang=en", width) for width in ("320", "640", "960")]
    assert 'href="/embed/v1/bar.png?lang=en"' in page
    assert 'href="/embed/v1/bar.svg?lang=en"' in page


def test_the_page_keeps_its_own_language_whatever_the_embed_speaks(client: httpx.Client) -> None:
    page = unescape(client.get("/embed?view=bar&lang=en&page=es").text)
    assert '<html lang="es">' in page
    assert 'value="en" checked' in page
    assert 'name="page" value="es"' in page
    assert 'src="/embed/v1/bar?lang=en"' in page
    assert '<html lang="en">' in client.get("/embed?lang=en&page=xx").text


def test_it_promises_who_may_frame_and_under_which_line(client: httpx.Client) -> None:
    page = unescape(client.get("/embed").text)
    assert "https://news.example, https://radio.example" in page
    assert "Prueba" in page
    assert "Sin cookies" in page


def test_what_it_does_not_offer_may_not_be_chosen(client: httpx.Client) -> None:
    assert client.get("/embed?fbclid=1").status_code == 200
    for query in ("view=pie", "view=map&view=map", "area=mesa/000001"):
        assert client.get(f"/embed?{query}").status_code == 400, query


def test_it_offers_what_can_be_chosen_and_only_that(client: httpx.Client) -> None:
    page = client.get("/embed").text
    offered = re.findall(r'<option value="([^"]+)"', page)
    assert offered[:3] == ["nation", "scope/domestic", "scope/abroad"]
    assert {"department/14", "department/92", "province/1401"} <= set(offered)
    for key in offered:
        assert client.get("/embed/v1/map", params={"area": key}).status_code == 200, key
