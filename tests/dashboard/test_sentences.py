"""The sentences that follow from the numbers: the server says them, on the page and again when the numbers move."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route

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
    reasons, outcome = re.fullmatch(r"(<div.*</div>)(<p.*</p>)", answer.text).groups()  # type: ignore[union-attr] # both are always said
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


GOVERNOR = {"kind": "two_round", "threshold": "3/10", "is_inclusive": True}
PRESIDENT = {"kind": "two_round", "threshold": "1/2", "is_inclusive": False}
NAMES = ("Rojo", "Azul", "Verde")


def outcome_of(state: str, *margins: tuple[str, int, int | None, int], **more: Any) -> dict[str, Any]:
    names = ("kind", "ahead", "behind", "votes")
    told = {"winner": None, "threshold": "open", "first_two": [], "tied": [], **more}
    return {"state": state, "margins": [dict(zip(names, one, strict=True)) for one in margins], **told}


@pytest.mark.parametrize(
    ("rule", "outcome", "spanish", "english"),
    [
        (
            GOVERNOR,
            outcome_of("open", ("first_threshold", 0, None, 199), ("first_second", 0, 1, 90_380)),
            "Aún no está decidido si habrá segunda vuelta. "
            "Rojo tiene 199 votos más que el mínimo necesario para tener el 30 % de los votos válidos. "
            "Primer lugar: Rojo tiene 90 380 votos más que Azul. "
            "Faltan 45 actas con hasta 13 500 electores.",
            "It is not yet decided whether there will be a run-off. "
            "Rojo is 199 votes above the minimum for 30 % of the valid votes. "
            "First place: Rojo has 90 380 votes more than Azul. "
            "45 tally sheets with up to 13 500 voters are missing.",
        ),
        (
            PRESIDENT,
            outcome_of("runoff", ("second_third", 1, 2, 21_209), threshold="impossible", first_two=[0]),
            "Habrá segunda vuelta: nadie puede alcanzar más del 50 % de los votos válidos. "
            "Rojo pasa; aún no está decidido quién más. "
            "Segundo lugar: Azul tiene 21 209 votos más que Verde. ",
            "There will be a run-off: nobody can reach more than 50 % of the valid votes. "
            "Rojo goes on; who else is not yet decided. "
            "Second place: Azul has 21 209 votes more than Verde. ",
        ),
        (
            PRESIDENT,
            outcome_of("runoff", threshold="impossible", first_two=[], tied=[1, 2]),
            "Aún no está decidido entre quiénes. Empate: Azul, Verde. ",
            "Between whom is not yet decided. A tie between Azul and Verde. ",
        ),
        (
            PRESIDENT,
            outcome_of("runoff", threshold="impossible", first_two=[0, 1]),
            "Matemáticamente definido: segunda vuelta, Rojo contra Azul. ",
            "Mathematically decided: a run-off between Rojo and Azul. ",
        ),
        (
            GOVERNOR,
            outcome_of("open", ("first_threshold", 0, None, -2517)),
            "Con lo contado, a Rojo le faltan 2 517 votos para tener el 30 % de los votos válidos. ",
            "As counted so far, Rojo is 2 517 votes short of 30 % of the valid votes. ",
        ),
        (
            GOVERNOR,
            outcome_of("first_round", ("first_second", 0, 1, 5954), threshold="certain"),
            "Habrá ganador en primera vuelta; aún no está decidido quién. ",
            "Somebody wins in the first round; who is not yet decided. ",
        ),
        (
            GOVERNOR,
            outcome_of("won", threshold="certain", winner=0),
            "Matemáticamente definido: Rojo gana en primera vuelta. ",
            "Mathematically decided: Rojo has won in the first round. ",
        ),
    ],
)
def test_a_rule_with_two_rounds_is_told_with_the_margins_it_hangs_on(
    client: Any, api: ToyApi, rule: Any, outcome: Any, spanish: str, english: str
) -> None:
    plain = api.count.meta()
    lists = [{**plain["contest"]["lists"][0], "short": name} for name in NAMES]
    contest = {**plain["contest"], "rule": rule, "lists": lists}
    outlook = {**plain["outlook"], "decided": outcome["state"] == "won", "outcome": outcome}
    outlook |= {"uncounted_actas": 45, "uncounted_registered": 13_500}
    api.count.meta = lambda: {**plain, "contest": contest, "outlook": outlook}  # type: ignore[method-assign] # another outlook
    for language, sentence in (("es", spanish), ("en", english)):
        html = said(client, api, "nation", language).text
        piece = re.sub(r"</?span[^>]*>", "", html[html.index('<div class="outlook"') :])
        assert sentence in " ".join(re.sub(r"<[^>]+>", " ", piece).split()) + " "


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


_STATED = "document.querySelector('.outlook').textContent"
_IS_BEHIND = "document.querySelector('.outlook').getAttribute('aria-busy') === 'true'"
_CAPTION = "getComputedStyle(document.querySelector('.outlook'), '::after').content"


@pytest.mark.browser
def test_a_sentence_that_was_said_of_other_numbers_says_so_until_it_is_said_again(
    wide: Page, site: str, api: ToyApi
) -> None:
    open_live(wide, f"{site}/?view=table")
    assert not wide.evaluate(_IS_BEHIND)
    held: list[Route] = []
    wide.route("**/sentences?*", lambda route: held.append(route))
    api.send(api.count.set_published("nation", votes=[9_052_039, 9_043_470]))
    until(wide, _IS_BEHIND)
    assert "8 569" not in wide.evaluate(_STATED)
    assert wide.evaluate(_CAPTION) == '"Dicho antes del último cambio"'
    until(wide, lambda: held)
    held[0].abort()  # a network that fails is asked again
    until(wide, lambda: len(held) > 1)
    assert wide.evaluate(_IS_BEHIND)
    held[1].continue_()
    until(wide, f"{_STATED}.includes('8 569')")
    assert not wide.evaluate(_IS_BEHIND)
    assert wide.evaluate(_CAPTION) == "none"


@pytest.mark.browser
def test_an_answer_that_comes_after_a_newer_one_is_not_said(wide: Page, site: str, api: ToyApi) -> None:
    open_live(wide, f"{site}/?view=table")
    held: list[Route] = []
    wide.route("**/sentences?*", lambda route: held.append(route))
    api.send(api.count.set_published("nation", votes=[9_052_039, 9_043_470]))
    until(wide, lambda: held)
    old = held[0].fetch()
    api.send(api.count.set_published("nation", votes=[9_052_040, 9_043_470]))
    until(wide, lambda: len(held) > 1)
    held[1].continue_()
    until(wide, f"{_STATED}.includes('8 570')")
    with wide.expect_event("requestfinished", lambda request: request == held[0].request):
        held[0].fulfill(response=old)
    wide.evaluate("new Promise((done) => setTimeout(done))")
    assert "8 570" in wide.evaluate(_STATED)
    assert not wide.evaluate(_IS_BEHIND)


@pytest.mark.browser
def test_a_page_that_is_older_than_the_count_it_begins_with_says_the_newer_sentences(
    wide: Page, site: str, api: ToyApi, client: Any
) -> None:
    kept = client.get("/?view=table").text
    api.send(api.count.set_published("nation", votes=[9_052_039, 9_043_470]))
    wide.route(f"{site}/?view=table", lambda route: route.fulfill(body=kept, content_type="text/html"))
    open_live(wide, f"{site}/?view=table")
    until(wide, f"{_STATED}.includes('8 569')")
    assert not wide.evaluate(_IS_BEHIND)


@pytest.mark.browser
def test_whoever_opens_a_page_of_now_asks_for_no_sentence_again(wide: Page, site: str, api: ToyApi) -> None:
    asked: list[str] = []
    wide.on("request", lambda request: asked.append(request.url))
    open_live(wide, f"{site}/?view=table")
    api.send(api.count.set_published("department/14", votes=[3, 2]))
    until(
        wide, "document.querySelector('[data-area=\"department/14\"] [data-f=\"list.0\"]').textContent.startsWith('3')"
    )
    assert not [url for url in asked if "/sentences" in url]
    assert not wide.evaluate(_IS_BEHIND)
