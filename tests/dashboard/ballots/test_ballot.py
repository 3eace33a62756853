"""Lists as a ballot has them: withdrawn ones stand apart, and a tie for the last place shown is not cut in two."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, expect

import dashboard
from dashboard.colours import load_presentation
from dashboard.embed.card import draw_card
from dashboard.embed.document import Wiring, render_body
from dashboard.embed.poster import draw_poster
from dashboard.embed.scene import BAR, CARD, Scene
from dashboard.embed.text_width import wrapped
from dashboard.words import load_words
from tally.outcome.outcome import find_outcome
from tally.outcome.rule import ContestRule, RuleKind
from tally.rules.review import lead_of
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.count import ToyCount
from tests.dashboard.watching import open_live

VOTES = [900, 800, 700, 600, 500, 500, 500, 0, 0, 0]
WITHDRAWN = (7, 9)
PRESENTATION = load_presentation(Path(dashboard.__file__).parent / "presentation.toml")


def set_votes(count: ToyCount, votes: list[int]) -> dict[str, Any]:
    return count.set_published("nation", votes=votes, valid=sum(votes))


@pytest.fixture
def api() -> ToyApi:
    """A ballot of ten lists: three share the fifth place, two run no more."""
    count = ToyCount(lists=10)
    for place in WITHDRAWN:
        count.lists[place] = {**count.lists[place], "is_withdrawn": True, "short": f"Retirada {place}"}
    set_votes(count, VOTES)
    return ToyApi(count)


def scene_of(api: ToyApi, votes: list[int]) -> Scene:
    meta = {**api.count.meta(), "checked_at": "2026-06-13T19:05:40Z", "changed_at": "2026-06-13T19:05:40Z"}
    data = {"published": {**api.count.state["nation"]["published"], "votes": votes}}
    return Scene("nation", "", meta, data, load_words()["es"], PRESENTATION)


def placed(html: str) -> list[int]:
    return [int(index) for index in re.findall(r'data-list="(\d+)"', html)]


def test_the_board_cuts_no_tie_and_ranks_no_list_that_was_withdrawn(client: Any) -> None:
    page = client.get("/").text
    top, rest = page.split('class="lists small"')
    assert (placed(top), placed(rest)) == ([0, 1, 2, 3, 4, 5, 6], [8])
    assert "Ver 1 lista más" in page
    assert "Se retiraron de la elección: Retirada 7, Retirada 9." in page


def test_before_anybody_has_votes_no_withdrawn_list_stands_among_the_first(client: Any, api: ToyApi) -> None:
    api.count.lists[0] = {**api.count.lists[0], "is_withdrawn": True}
    set_votes(api.count, [0] * 10)
    top, rest = client.get("/").text.split('class="lists small"')
    assert (placed(top), placed(rest)) == ([1, 2, 3, 4, 5], [6, 8])


def test_an_embed_and_its_picture_cut_no_tie_either(api: ToyApi) -> None:
    scene = scene_of(api, VOTES)
    body = render_body(scene, BAR, Wiring("", "", None, ""))
    top, rest = body.split("<details>")[:2]
    assert (placed(top), placed(rest)) == ([0, 1, 2, 3, 4, 5, 6], [8])
    assert "Se retiraron de la elección: Retirada 7, Retirada 9." in body
    shorts = [entry["short"] for entry in api.count.lists]
    poster = draw_poster(scene, CARD)
    assert [short in poster for short in shorts] == [True] * 7 + [False] * 3


@pytest.mark.parametrize(
    ("votes", "drawn"),
    [
        ([900, 800, 700, 600, 1, 1, 1, 0, 0, 0], [0, 1]),
        ([900, 700, 700, 600, 1, 1, 1, 0, 0, 0], [0, 1, 2]),
        ([900, 700, 700, 700, 700, 1, 1, 0, 0, 0], [0]),
    ],
)
def test_a_card_shows_all_who_share_its_last_place_or_none_of_them(
    api: ToyApi, votes: list[int], drawn: list[int]
) -> None:
    card = draw_card(scene_of(api, votes))
    shorts = [entry["short"] for entry in api.count.lists]
    assert [place for place, short in enumerate(shorts) if f">{short}<" in card] == drawn


def first_round(api: ToyApi, votes: list[int], uncounted: int) -> Scene:
    """A whole whose first list is asked for more than half of the votes."""
    scene = scene_of(api, votes)
    rule = ContestRule(RuleKind.TWO_ROUND, "1/2", False)
    outcome = msgspec.to_builtins(find_outcome(rule, dict(enumerate(votes)), uncounted))
    outlook = {**scene.meta["outlook"], "leader": lead_of(votes)[0], "decided": False, "outcome": outcome}
    contest = {**scene.meta["contest"], "rule": msgspec.to_builtins(rule)}
    return replace(scene, meta={**scene.meta, "outlook": outlook, "contest": contest})


def said_in(scene: Scene) -> str:
    return re.sub(r"</?span[^>]*>", "", render_body(scene, BAR, Wiring("", "", None, "")))


@pytest.mark.parametrize(
    ("votes", "uncounted", "hangs", "others"),
    [
        ([900, 600, 600, 1, 1, 1, 1, 0, 0, 0], 20, "Empate: {1}, {2}.", 1),
        ([451, 300, 240, 9, 0, 0, 0, 0, 0, 0], 70, "Segundo lugar: {1} tiene 60 votos más que {2}.", 2),
        ([0] * 10, 300, None, 0),
    ],
)
def test_a_first_round_hangs_on_a_tie_on_an_open_margin_or_before_it_has_votes_on_nothing(
    api: ToyApi, votes: list[int], uncounted: int, hangs: str | None, others: int
) -> None:
    scene = first_round(api, votes, uncounted)
    assert scene.hangs == (hangs and hangs.format(*scene.shorts))
    body = said_in(scene)
    assert (hangs or "Aún no está decidido si habrá segunda vuelta.").format(*scene.shorts) in body
    outlook = body[body.index('class="outlook"') :]
    assert outlook[: outlook.index("</div>")].count("<li>") == others


def test_a_line_of_a_picture_never_ends_between_a_number_and_its_sign() -> None:
    text = "más del 50\u00a0% de los votos"
    lines = {line for room in range(60, 300, 5) for line in wrapped(text, 15, room, most=9)}
    assert any(line.endswith("50\u00a0%") for line in lines)
    assert not any(line.endswith("50") for line in lines)


def test_a_copy_of_a_rehearsal_says_that_it_is_one_before_it_says_since_when_it_stands(api: ToyApi) -> None:
    scene = scene_of(api, VOTES)
    body = said_in(replace(scene, words=replace(scene.words, copied_at="2026-06-13T19:05:40Z")))
    assert body.index('class="rehearsal"') < body.index("Copia del")


def test_what_is_shared_of_a_first_round_says_on_how_many_votes_its_second_place_hangs(api: ToyApi) -> None:
    scene = first_round(api, [900, 610, 600, 500, 400, 300, 200, 0, 0, 0], 20)
    second, third = (scene.shorts[place] for place in (1, 2))
    said = f"Segundo lugar: {second} tiene 10 votos más que {third}."
    for drawn in (draw_card(scene), draw_poster(scene, CARD)):
        lines = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
        assert said in " ".join(lines)
    body = said_in(scene)
    assert said in body
    assert "Habrá segunda vuelta: nadie puede alcanzar más del 50\u00a0% de los votos válidos." in body
    assert "Segundo lugar" not in render_body(scene_of(api, VOTES), BAR, Wiring("", "", None, ""))


@pytest.mark.browser
def test_a_tie_that_ends_and_one_that_begins_move_the_fold(reader: Page, site: str, api: ToyApi) -> None:
    open_live(reader, site)
    top, rest = reader.locator(".lists:not(.small) > li"), reader.locator(".lists.small > li")
    expect(top).to_have_count(7)
    api.send(set_votes(api.count, [900, 800, 700, 600, 500, 499, 498, 0, 0, 0]))
    expect(top).to_have_count(5)
    expect(rest).to_have_count(3)
    expect(reader.get_by_text("Ver las otras 3 listas")).to_be_visible()
    api.send(set_votes(api.count, [900, 800, 700, 600, 500, 500, 500, 0, 500, 0]))
    expect(top).to_have_count(8)
    expect(reader.locator(".lists.small")).to_be_hidden()
    expect(reader.get_by_text("Ver las otras")).to_be_hidden()
