"""Why it changed, without what says nothing: steps that move no figure, parts that are zero, a rest that is all."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dashboard.components.why import listed, sentences
from dashboard.markup import html_of
from dashboard.words import load_words
from tests.dashboard.toy.count import ToyCount

WORDS = load_words()
SHORTS = ["Norte", "Sur"]
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("valid", "cast", "counted", "at_jee", "pending", "total", "from_pending", "from_jee"), 0),
    "votes": [0, 0],
}


def step(**values: Any) -> dict[str, Any]:
    """One change by which nothing moved, but for what is given."""
    moved = {**NOTHING, **values.pop("moved", {})}
    none = {"areas": 0, "moved": NOTHING}
    about = {"seq": 3, "at": "2026-06-08T01:00:00Z", "source_at": None, "is_first": False}
    lead = {"leader": 0, "leader_before": 0, "margin": 5, "margin_before": 5, "before": [10, 5], "after": [10, 5]}
    return {**about, **lead, "moved": moved, "parts": [], "groups": [], "others": none, "unexplained": moved, **values}


def said(change: dict[str, Any], language: str = "es") -> str:
    return " ".join("".join(map(_plain, sentence)) for sentence in sentences(change, WORDS[language], SHORTS))


def _plain(child: Any) -> str:
    return child if isinstance(child, str) else str(child.children)


def test_a_lead_that_stays_is_not_said_to_have_gone_from_five_to_five() -> None:
    change = step(moved={"counted": 2, "from_pending": 2, "valid": 10, "votes": [5, 5]})
    assert said(change) == "Actas contabilizadas: +2; de las pendientes +2. Votos válidos: +10."
    assert "went from" not in said(change, "en")


def test_a_part_that_is_zero_is_left_out() -> None:
    change = step(moved={"counted": 3, "from_jee": 3}, margin=8)
    assert said(change).startswith("Actas contabilizadas: +3; de las del JEE +3. La ventaja")


def test_a_rest_that_is_everything_is_no_detail() -> None:
    change = step(moved={"counted": 1, "from_pending": 1, "valid": 4, "votes": [4, 0]}, margin=9)
    assert "sin detalle" not in said(change)
    meta = {"contest": {"lists": ToyCount().lists}, "timezone": "America/Lima"}
    page = html_of(listed([change], WORDS["es"], meta, datetime(2026, 6, 8, 2, tzinfo=UTC)))
    assert "<table" not in page
    assert "Ver el detalle" not in page


@pytest.mark.parametrize(
    ("language", "text"), [("es", "No movió ningún voto válido."), ("en", "It moved no valid vote.")]
)
def test_a_change_of_other_figures_says_that_no_vote_moved(language: str, text: str) -> None:
    assert said(step(moved={"cast": 3}), language) == text
