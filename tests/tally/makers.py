"""Small values for tests: actas and area counts that obey the arithmetic unless told otherwise."""

from typing import Any

from tally.board import Fact
from tally.keys import mesa_key, place_key
from tally.model import Acta, ActaState, AreaCount, PollingPlace


def acta(votes: tuple[int | None, ...] | None = (60, 40), **more: Any) -> Acta:
    """A counted acta of district 140101 with 3 blank, 2 null and 1 challenged vote."""
    valid = sum(vote or 0 for vote in votes or ())
    figures: dict[str, Any] = {
        "blank": 3, "null": 2, "challenged": 1, "valid": valid, "cast": valid + 6, "votes": votes,
        "code": "C", "place": "0001", "registered": 300, "state": ActaState.COUNTED, "ubigeo": "140101",
    }  # fmt: skip
    return Acta(**{**figures, **more})


def pending(**more: Any) -> Acta:
    """A pending acta of the same mesa."""
    nothing = dict.fromkeys(("blank", "null", "challenged", "valid", "cast"))
    return acta(None, **{**nothing, "code": "P", "state": ActaState.PENDING, **more})


def fact(mesa: str, value: Acta, src: str = "sha256:aa") -> Fact:
    """That acta as a fact about a mesa."""
    return Fact(mesa_key(mesa), value, src)


def place(code: str = "0001", ubigeo: str = "140101", name: str = "IE 1") -> Fact:
    """A polling place as a fact."""
    return Fact(place_key(code), PollingPlace(code=code, name=name, ubigeo=ubigeo), "sha256:pp")


def count(votes: tuple[int, ...] = (60, 40), **more: Any) -> AreaCount:
    """A published count with one acta in each bucket."""
    valid = sum(votes)
    figures: dict[str, Any] = {
        "counted": 1, "at_jee": 1, "pending": 1, "total": 3, "valid": valid, "cast": valid + 6,
        "blank": 3, "null": 2, "challenged": 1, "votes": votes, "source_at": "2026-06-08T02:12:03Z",
    }  # fmt: skip
    return AreaCount(**{**figures, **more})
