"""The sentences that follow from the numbers: the server says them, on the page and again when the numbers move."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.story import moment
from tests.dashboard.watching import open_live, until


def said(client: Any, api: ToyApi, key: str, language: str = "es") -> Any:
    return client.get(f"/sentences?key={key}&lang={language}&epoch={api.count.epoch}&seq={api.count.seq}")


@pytest.mark.parametrize(
    ("decided", "actas", "bound"), [(None, 3, True), (True, 0, True), (True, 9, False), (False, 1487, True)]
)
@pytest.mark.parametrize("language", ["es", "en"])
def test_a_browser_is_told_of_the_outcome_and_the_reasons_what_the_page_says(
    client: Any, api: ToyApi, language: str, decided: bool | None, actas: int, bound: bool
) -> None:
    outlook = {"leader": 0, "margin": 8569, "uncounted_actas": actas, "uncounted_registered": 300_000}
    outlook |= {"uncounted_registered_is_bound": bound, "decided": decided}
    plain = api.count.meta()
    api.count.meta = lambda: {**plain, "outlook": outlook}  # type: ignore[method-assign] # another outlook
    answer = said(client, api, "nation", language)
    assert answer.status_code == 200
    assert "max-age=60" in answer.headers["Cache-Control"]
    reasons, outcome = re.fullmatch(r"(<div.*</div>)(<p.*</p>)", answer.text).groups()  # type: ignore[union-attr]
    page = client.get(f"/?lang={language}").text
    assert reasons in page
    assert outcome in page


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("es", "No se puede afirmar si está decidido: hay cifras en revisión."),
        ("en", "It cannot be said whether this is decided: figures are in review."),
    ],
)
def test_while_figures_are_in_review_nothing_is_said_to_be_decided(
    client: Any, api: ToyApi, language: str, sentence: str
) -> None:
    plain = api.count.meta()
    outlook = {**plain["outlook"], "decided": None, "in_review": True}
    api.count.meta = lambda: {**plain, "outlook": outlook}  # type: ignore[method-assign] # another outlook
    assert sentence in said(client, api, "nation", language).text
    assert sentence in client.get(f"/?lang={language}").text


def test_below_the_nation_there_are_reasons_alone_and_the_past_has_its_own(client: Any, api: ToyApi) -> None:
    below = said(client, api, "department/14").text
    assert "data-outlook" not in below
    assert below in client.get("/area/department/14").text
    then = client.get(f"/sentences?key=nation&lang=es&at={moment(40)}").text
    assert then != said(client, api, "nation").text
    assert then.partition("</div>")[0] in client.get(f"/?at={moment(40)}").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("key=nation&epoch={epoch}&seq={later}", 503),
        ("key=nation&epoch=other&seq=0", 503),
        ("key=mesa/000001&epoch={epoch}&seq=0", 404),
        ("key=department/77x&epoch={epoch}&seq=0", 404),
        ("key=nation&at=yesterday", 404),
        ("", 404),
    ],
)
def test_what_is_not_there_yet_is_asked_for_again_and_nonsense_is_not_found(
    client: Any, api: ToyApi, query: str, status: int
) -> None:
    asked = query.format(epoch=api.count.epoch, later=api.count.seq + 1)
    assert client.get(f"/sentences?{asked}").status_code == status


@pytest.mark.browser
def test_when_the_numbers_move_the_page_says_what_the_server_would_say_anew(
    wide: Page, site: str, api: ToyApi, client: Any
) -> None:
    open_live(wide, f"{site}/?view=table")
    api.send(api.count.set_published("nation", votes=[9_052_039, 9_043_470]))
    pieces = "[...document.querySelectorAll('[data-said]')].map((piece) => piece.outerHTML)"
    until(wide, f"{pieces}.join('').includes('8 569')")
    document = client.get("/?view=table").text
    found = wide.evaluate(pieces)
    assert len(found) == 2
    for piece in found:
        assert piece in document
