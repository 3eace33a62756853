"""The generations a feed can speak for: found by name or by its ending, and there for every feed that reads one."""

import pytest

from ingest.rehearsal.generations import GENERATIONS, find_generation


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("onpe2021", "onpe2021"),
        ("2021", "onpe2021"),
        ("26", "onpe2026"),
        ("2020", None),
        ("onpe", None),
        ("", None),
    ],
)
def test_a_generation_is_meant_by_its_name_or_by_an_ending_that_only_one_has(text: str, name: str | None) -> None:
    assert find_generation(text) == name


def test_an_ending_that_two_generations_share_means_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GENERATIONS, "jne2021", GENERATIONS["onpe2021"])
    assert find_generation("2021") is None
    assert find_generation("jne2021") == "jne2021"
