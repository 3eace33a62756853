"""Which column of a register holds what: named by a small TOML file, or recognised by usual names."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from geo.schools.rules import load_rules
from tally.election import slug
from tally.errors import InvalidInput

Codes = Literal["inei", "onpe"]
_NEEDED = ("name", "lon", "lat")


class Columns(Struct, frozen=True, forbid_unknown_fields=True):
    """Names of columns; None: the register has none. `place_code` is ONPE's code of the polling place, `code` the
    register's own; `area`: whether it is in a town. `codes`: whose `ubigeo` is; `delimiter`; None: both found out."""

    place_code: str | None = None
    code: str | None = None
    name: str | None = None
    level: str | None = None
    ubigeo: str | None = None
    department: str | None = None
    province: str | None = None
    district: str | None = None
    address: str | None = None
    area: str | None = None
    lon: str | None = None
    lat: str | None = None
    codes: Codes | None = None
    delimiter: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that name the district, from the department down."""
        return tuple(one for one in (self.department, self.province, self.district) if one is not None)


def read_mapping(path: Path | None) -> Columns:
    """What the TOML names; nothing without one.

    Raises: InvalidInput.
    """
    if path is None:
        return Columns()
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Columns)
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise InvalidInput(f"{path} does not name columns of a register: {error}") from error


def settle_columns(named: Columns, header: Sequence[str]) -> Columns:
    """The columns of that header, recognised where they are not named.

    Raises: InvalidInput: a named column is not there, or one is missing that nothing can be done without.
    """
    by_slug = {slug(column): column for column in reversed(header)}
    found = {}
    for field, usual in load_rules().columns.items():
        own = getattr(named, field)
        if own is not None and own not in header:
            raise InvalidInput(f"the register has no column {own!r} ({field}); it has {', '.join(header)[:200]}")
        found[field] = own or next((by_slug[one] for one in usual if one in by_slug), None)
    settled = msgspec.structs.replace(named, **found)
    missing = [field for field in _NEEDED if found[field] is None]
    if settled.ubigeo is None and settled.district is None and settled.place_code is None:
        missing.append("ubigeo")
    if missing:
        raise InvalidInput(
            f"no column of the register was recognised as {', '.join(missing)}: name it in --columns FILE"
        )
    return settled
