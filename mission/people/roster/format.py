"""How a roster may be written: data (roster.toml), not code."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from mission.people.roles import Role
from mission.spreadsheet import Sheet, SheetFormat, plain, read_sheet

Field = Literal["reference", "name", "role", "team", "is_lead", "phone", "mesa", "place", "ubigeo", "tags"]


class RosterWords(Struct, frozen=True, forbid_unknown_fields=True):
    """How yes and no are said."""

    yes: frozenset[str]
    no: frozenset[str]


class RosterLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """See the file."""

    most_lines: int
    most_mb: int
    longest_cell: int
    most_tags: int
    longest_tag: int
    most_near: int

    @property
    def most_bytes(self) -> int:
        """Of the file."""
        return self.most_mb * 1024 * 1024


class RosterFormat(Struct, frozen=True, forbid_unknown_fields=True):
    """See the file."""

    columns: dict[Field, list[str]]
    needed: list[frozenset[str]]
    secret: frozenset[str]
    words: RosterWords
    roles: dict[Role, list[str]]
    limits: RosterLimits

    def role_of(self, word: str) -> Role | None:
        """The role that is called so."""
        return next((role for role, words in self.roles.items() if plain(word) in words), None)


@cache
def load_format() -> RosterFormat:
    """The format that ships with this version."""
    return msgspec.toml.decode(Path(__file__).with_name("roster.toml").read_bytes(), type=RosterFormat)


def read_roster(data: bytes) -> Sheet:
    """A roster's file as lines."""
    form = load_format()
    columns = {str(field): heads for field, heads in form.columns.items()}
    return read_sheet(data, SheetFormat(columns, form.limits.most_lines, form.needed, form.secret))
