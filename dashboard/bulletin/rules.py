"""The rules of a bulletin, read from their file: which sentence stands under which condition, at which length."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import msgspec

from dashboard.bulletin.figure import Subject

Length = Literal["line", "paragraph", "page"]
LENGTHS: tuple[Length, ...] = get_args(Length)


@dataclass(frozen=True)
class SentenceRule:
    """A sentence `text` of the texts, said of each subject of the kind `of` for which all of `when` is so ("!x": not).

    values: by placeholder what the subject calls its value, where that is another name. section: its heading on a page.
    """

    id: str
    of: str
    section: str
    text: str
    lengths: tuple[Length, ...]
    when: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    def is_said_of(self, subject: Subject) -> bool:
        """Whether it is said of that."""
        facts = subject.facts
        return subject.kind == self.of and all(
            (one.lstrip("!") in facts) is not one.startswith("!") for one in self.when
        )


@cache
def load_rules() -> tuple[SentenceRule, ...]:
    """Every rule, in the order in which sentences stand."""
    text = Path(__file__).with_suffix(".toml").read_text("utf-8")
    return tuple(msgspec.convert(one, SentenceRule) for one in tomllib.loads(text)["rule"])
