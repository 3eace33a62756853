"""A list of mesas: where each one is, as a mission or a count says it, and the frame that it makes."""

import hashlib
import zlib
from collections.abc import Iterable

from msgspec import Struct

from mission.flags.sheets import UNKNOWN, Sheets
from mission.quickcount.frame import Frame, Unit, stratum_of


class ListedMesa(Struct, frozen=True, gc=False):
    """One mesa: the ubigeo of its district; its place's code and its electors where they are known."""

    mesa: str
    ubigeo: str
    place: str | None = None
    registered: int | None = None


class Listing(Struct, frozen=True):
    """Mesas in order of their numbers, each once."""

    mesas: tuple[ListedMesa, ...]

    @property
    def text(self) -> bytes:
        """A line "mesa,ubigeo,place,electors" each, ended by \\n; what nobody knows is empty."""
        lines = (
            f"{one.mesa},{one.ubigeo},{one.place or ''},{'' if one.registered is None else one.registered}\n"
            for one in self.mesas
        )
        return "".join(lines).encode()

    @property
    def digest(self) -> str:
        """SHA-256 of `text`: names all that the list says, of which a frame's digest is a part."""
        return hashlib.sha256(self.text).hexdigest()

    def frame(self) -> Frame:
        """What can be drawn from it. Which places are remote a list does not say."""
        return Frame(
            tuple(
                Unit(one.mesa, stratum_of(one.ubigeo), one.place, one.registered, None, one.ubigeo)
                for one in self.mesas
            )
        )


def make_listing(mesas: Iterable[ListedMesa]) -> Listing:
    """The list of those mesas, each of which stands in them once."""
    return Listing(tuple(sorted(mesas, key=lambda one: one.mesa)))


def list_sheets(sheets: Sheets) -> Listing:
    """The mesas of a count."""
    codes = [None if place == UNKNOWN else sheets.places[place] for place in sheets.place.tolist()]
    rolls = [None if roll == UNKNOWN else roll for roll in sheets.registered.tolist()]
    return make_listing(map(ListedMesa, sheets.mesas, sheets.ubigeos, codes, rolls))


def pack(listing: Listing) -> bytes:
    """The list as it is kept: a country's is two megabytes of text, and a fifth of that here."""
    return zlib.compress(listing.text)


def unpack(packed: bytes) -> Listing:
    """The list that was packed."""
    rows = (line.split(",") for line in zlib.decompress(packed).decode().splitlines())
    return Listing(
        tuple(
            ListedMesa(mesa, ubigeo, place or None, int(roll) if roll else None) for mesa, ubigeo, place, roll in rows
        )
    )
