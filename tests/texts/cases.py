"""Sentences and what is said with them: Python and the browser are held to the same cases."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """A rule, texts by name, what is known, and what is said."""

    rule: str
    names: tuple[str, ...]
    values: dict[str, Any]
    said: str


TEXTS: dict[str, dict[str, Any]] = {
    "units": {
        "vote": {"one": "{n} voto", "other": "{n} votos"},
        "acta": {"one": "{n} acta", "other": "{n} actas"},
    },
    "reasons": {"lost": "extraviada", "illegible": "ilegible"},
    "say": {
        "plain": "{place}: {n}",
        "unit": "{votes:vote}",
        "open": {"by": "actas", "one": "falta {actas:acta}", "other": "faltan {actas:acta} con {votes:vote}"},
        "why": "acta {reasons:reasons}",
        "share": "{share:percent}",
        "named": "{list:lists}",
        "ratio": "{ratio:.1}",
        "whole": "{ratio:.0}",
        "chance": "p {chance:=3}",
        "weak": {"by": "is_firm", "no": "Es débil."},
        "end": "Fin.",
    },
}


def _one(rule: str, name: str, said: str, **values: Any) -> Case:
    return Case(rule, (f"say.{name}",), values, said)


CASES: tuple[Case, ...] = (
    _one("thousands are parted", "plain", "Lima: 9 052 039", place="Lima", n=9052039),
    _one("none is a plural", "unit", "0 votos", votes=0),
    _one("one is a singular", "unit", "1 voto", votes=1),
    _one("two are a plural", "unit", "2 votos", votes=2),
    _one("a unit parts thousands", "unit", "49 641 votos", votes=49641),
    _one("a sentence takes the form of its number: one", "open", "falta 1 acta", actas=1, votes=2),
    _one("a sentence takes the form of its number: more", "open", "faltan 3 actas con 1 voto", actas=3, votes=1),
    _one("an identifier is said in words", "why", "acta extraviada", reasons="lost"),
    _one("several are, too", "why", "acta extraviada, ilegible", reasons=["lost", "illegible"]),
    _one("a share is a percentage", "share", "58.3 %", share=0.58333),
    _one("one decimal", "ratio", "11.5", ratio=11.46),
    _one("no decimal", "whole", "37", ratio=36.9),
    _one("a chance", "chance", "p = 0.012", chance=0.0123),
    _one("a chance too small for its decimals", "chance", "p < 0.001", chance=0.00099),
    _one("a chance is never said to be nothing", "chance", "p < 0.001", chance=0),
    _one("a certain thing", "chance", "p = 1.000", chance=1),
    _one("a fact has a form for no", "weak", "Es débil.", is_firm=False),
    _one("a form that is not there says nothing", "weak", "", is_firm=True),
    Case(
        "a text that needs what nobody knows is left out",
        ("say.unit", "say.ratio", "say.end"),
        {"votes": 1, "ratio": None},
        "1 voto Fin.",
    ),
    Case("so is one whose form nobody knows", ("say.weak", "say.open", "say.end"), {"votes": 3}, "Fin."),
)
