"""What one row says, for whoever asks about its columns: the figures that pages show, and both truths behind them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec

from api.tables.results_csv import cells, columns
from api.tables.rows import Row
from tally.changes import Entry
from tally.keys import Level, area_key, code_of, place_key
from tally.model import Acta, AreaCount, AreaState, PlaceState, Sums
from tally.observations import reasons_of
from tally.rules.review import lead_of

_area = msgspec.json.Decoder(AreaState)
_DECODERS: Mapping[Level, msgspec.json.Decoder[Any]] = {
    Level.MESA: msgspec.json.Decoder(Acta),
    Level.POLLING_PLACE: msgspec.json.Decoder(PlaceState),
}


class RowFigures:
    """One row; `before`: what its key said at the moment that changes are asked since, None if it said nothing yet."""

    def __init__(self, row: Row, lists: tuple[str, ...], before: Entry | None = None) -> None:
        self.row, self.lists, self.earlier = row, lists, before

    @cached_property
    def value(self) -> Acta | PlaceState | AreaState:
        """The key's own value."""
        found: Acta | PlaceState | AreaState = _DECODERS.get(self.row.level, _area).decode(self.row.entry.change.data)
        return found

    @cached_property
    def before(self) -> "RowFigures | None":
        """The row as it was then."""
        if self.earlier is None:
            return None
        return RowFigures(msgspec.structs.replace(self.row, entry=self.earlier), self.lists)

    @property
    def name(self) -> str | None:
        """Name of an area or place, number of a mesa."""
        return code_of(self.row.key) if isinstance(self.value, Acta) else self.value.name

    @property
    def published(self) -> AreaCount | None:
        """What the source states of an area."""
        return self.value.published if isinstance(self.value, AreaState) else None

    @property
    def computed(self) -> Sums | None:
        """Our own sum, where we know an acta at all."""
        return None if isinstance(self.value, Acta) or not self.value.computed.total else self.value.computed

    @property
    def acta(self) -> Acta | None:
        """A mesa's."""
        return self.value if isinstance(self.value, Acta) else None

    @cached_property
    def shown(self) -> Acta | AreaCount | Sums | None:
        """What pages show: the acta itself; of an area what the source states, else our own sum."""
        return self.acta or self.published or self.computed

    @cached_property
    def votes(self) -> tuple[int, ...] | None:
        """Votes of every list, None while one of them is not known."""
        known = None if self.shown is None else self.shown.votes
        return None if known is None or None in known else known  # type: ignore[return-value] # none of them is None

    @property
    def leading(self) -> tuple[str | None, int | None]:
        """The first list, and by how many votes; of a tie no list and 0, of no votes nothing."""
        if self.votes is None or not any(self.votes):
            return None, None
        place, margin = lead_of(self.votes)
        return None if place is None else self.lists[place], margin

    @property
    def turnout(self) -> tuple[int | None, int | None]:
        """Votes cast, and the registered voters of those same actas."""
        if self.acta is not None:
            return self.acta.cast, self.acta.registered
        own = self.computed
        return (own.cast, own.registered_counted) if own is not None and own.counted else (None, None)

    @property
    def registered(self) -> int | None:
        """The roll, as far as actas say it."""
        if self.acta is not None:
            return self.acta.registered
        return None if self.computed is None else self.computed.registered

    @property
    def reasons(self) -> tuple[str, ...] | None:
        """Why an acta is observed; None of one that is not."""
        return reasons_of(self.acta.observation) if self.acta is not None and self.acta.observation else None

    @property
    def district(self) -> str | None:
        """Key of the district that a place or mesa lies in."""
        return None if isinstance(self.value, AreaState) else area_key(self.value.ubigeo)

    @property
    def place(self) -> str | None:
        """Key of a mesa's polling place."""
        return None if self.acta is None or self.acta.place is None else place_key(self.acta.place)

    @cached_property
    def sheet(self) -> dict[str, Any]:
        """Its cells in the table's CSV, by column."""
        return dict(zip(columns(self.lists), cells(self.row, len(self.lists), is_test=False), strict=True))
