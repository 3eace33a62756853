"""Embeds as pictures: all a page says, in SVG and PNG, drawn once a version and not on the loop."""

import io
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import httpx
import pytest
from PIL import Image

from api.embed.raster import Rasterizer
from api.http.errors import AtCapacity
from dashboard.embed.text_width import width_of
from tests.api.country import Country

_TEXT = "{http://www.w3.org/2000/svg}text"


def drawn(answer: httpx.Response) -> ElementTree.Element:
    return ElementTree.fromstring(answer.content)  # noqa: S314 - our own picture


def texts(answer: httpx.Response) -> list[str]:
    return ["".join(node.itertext()) for node in drawn(answer).iter(_TEXT)]


@pytest.mark.parametrize("view", ["map", "bar", "table", "card"])
def test_a_picture_says_what_the_page_says(client: httpx.Client, country: Country, view: str) -> None:
    answer = client.get(f"/embed/v1/{view}.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    said = " ".join(texts(answer))
    for own in country.board.sums.of("nation").votes:
        assert f"{own} votos" in said.replace("\xa0", " ")
    for part in ("SIMULACRO", "Parcial, no oficial", "Dato de ONPE: 6 ene 2030, 17:01", "Revisado: 6 ene", "Prueba"):
        assert part in said
    assert re.search(r"versión \w+-3", said)
    assert not re.search(r"<script|\son\w+=|<style|href=\"http", answer.text)


def test_no_text_is_drawn_beyond_the_edge(client: httpx.Client) -> None:
    for query in ("", "?area=department/14", "?lang=en&area=province/1401"):
        for node in drawn(client.get(f"/embed/v1/table.svg{query}")).iter(_TEXT):
            anchor, x = node.get("text-anchor", "start"), float(node.get("x", "0"))
            wide = width_of(
                "".join(node.itertext()), float(node.get("font-size", "0")), int(node.get("font-weight", "400"))
            )
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
            assert left >= -1, "".join(node.itertext())
            assert left + wide <= 641, "".join(node.itertext())


def test_a_png_is_twice_as_fine_and_has_colours(client: httpx.Client) -> None:
    answer = client.get("/embed/v1/bar.png?theme=dark")
    assert answer.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.width == 1280
        colors = {image.convert("RGB").getpixel((x, 300)) for x in range(0, 1280, 2)}
    assert len(colors) > 1
    assert (
        client.get("/embed/v1/bar.png?theme=dark", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    )


def test_the_drawing_process_is_started_again_after_it_died() -> None:
    rasterizer = Rasterizer()
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="red"/></svg>'
    try:
        first = rasterizer.draw(svg)
        assert rasterizer._process is not None
        rasterizer._process.kill()
        rasterizer._process.wait()
        assert rasterizer.draw(svg) == first
    finally:
        rasterizer.close()


def test_what_cannot_be_drawn_is_said_and_does_not_stop_the_next() -> None:
    rasterizer = Rasterizer()
    try:
        with pytest.raises(AtCapacity):
            rasterizer.draw("no picture")
        assert rasterizer.draw('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>').startswith(b"\x89PNG")
    finally:
        rasterizer.close()


def test_many_who_want_the_same_picture_wait_together_and_one_is_drawn(client: httpx.Client) -> None:
    address = f"{client.base_url}/embed/v1/card.png?lang=en"
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: httpx.get(address, timeout=60), range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


def test_others_are_answered_while_a_picture_is_drawn(client: httpx.Client) -> None:
    client.get("/embed/v1/map.png")  # the drawing process is there
    slowest, done = 0.0, threading.Event()

    def draw() -> None:
        for theme in ("dark", "light"):
            httpx.get(f"{client.base_url}/embed/v1/map.png?theme={theme}&lang=en", timeout=30)
        done.set()

    thread = threading.Thread(target=draw)
    thread.start()
    answered = 0
    while not done.is_set():
        started = time.monotonic()
        client.get("/healthz")
        slowest, answered = max(slowest, time.monotonic() - started), answered + 1
    thread.join()
    assert answered > 3
