"""A slip of our own over something the source said: set aside and told once, while everything else goes on."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from tally.errors import Unforeseen
from tests.ingest.rig import Rig


def slip(rig: Rig, monkeypatch: pytest.MonkeyPatch, method: str, is_hit: Callable[..., bool]) -> None:
    """Some readings of the feed fail, once they have their answers, as nothing should."""
    sound = getattr(rig.feed, method)

    async def reading(ask: Any, *about: Any) -> Any:
        value = await sound(ask, *about)
        return 1 // 0 if is_hit(*about) else value

    monkeypatch.setattr(rig.feed, method, reading)


def test_a_slip_over_one_answer_costs_that_answer_alone_and_is_told_once_with_its_hash(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    slip(rig, monkeypatch, "area", lambda key, _: key == "department/15")
    slip(rig, monkeypatch, "acta_list", lambda district, _: district == "district/140102")
    slip(rig, monkeypatch, "acta", lambda head: head.mesa == "000001")
    with capture_logs() as logs:
        board = rig.poll()
    assert "department/15" not in board.published
    assert {"nation", "department/14", "district/150101"} <= board.published.keys()
    # Fifteen mesas stand in the list that could not be read, and one more could not be read itself.
    assert len(board.actas) == 60 - 15 - 1
    told = {log["what"]: log for log in logs if log["event"] == "reading failed"}
    assert told.keys() == {"department/15", "the actas of district/140102", "mesa/000001"}
    assert len(told) == sum(log["event"] == "reading failed" for log in logs)
    for log in told.values():
        assert log["error"] == "Unforeseen"
        assert isinstance(log["exc_info"], ZeroDivisionError)
        hashes = [part for part in log["detail"].replace("+", " ").replace(":", " ").split() if len(part) == 64]
        assert hashes
        assert all(rig.archive.read(one) for one in hashes)


def test_what_was_set_aside_is_read_once_our_slip_is_mended(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        slip(rig, patch, "acta", lambda head: head.mesa < "000030")
        assert len(rig.poll().actas) < 60
    assert len(rig.poll().actas) == 60


def test_names_that_cannot_be_read_are_no_end_for_whoever_has_them_from_before(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    slip(rig, monkeypatch, "catalogue", lambda: True)
    with pytest.raises(Unforeseen, match="ZeroDivisionError over the answers sha256:"):
        rig.poll()
    monkeypatch.undo()
    rig.poll()
    slip(rig, monkeypatch, "catalogue", lambda: True)
    with capture_logs() as logs:
        assert len(rig.poll().actas) == 60
    assert [log["what"] for log in logs if log["event"] == "reading failed"] == ["the names of the areas"]


def test_a_slip_never_hides_that_somebody_wants_us_to_end(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async def reading(*_: Any) -> Any:
        raise asyncio.CancelledError

    monkeypatch.setattr(rig.feed, "catalogue", reading)
    with pytest.raises(asyncio.CancelledError):
        rig.poll()
