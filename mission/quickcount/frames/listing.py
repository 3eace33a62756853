"""A list of mesas: where each one is, as a mission or a count says it, and the frame that it makes."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from mission.flags.sheets import UNKNOWN, Sheets
from mission.quickcount.frame import Frame, Unit, stratum_of
from tally.keys import place_key


class ListedMesa(Struct, frozen=True, gc=False):
    """One mesa: the ubigeo of its district; its place's code and its electors where they are known."""

    mesa: str
    ubigeo: str
    place: str | None = None
    registered: int | None = None


class Listing(Struct, frozen=True):
    """Mesas in order of their numbers, each once; names of places by code, as far as they are known."""

    mesas: tuple[ListedMesa, ...]
    names: Mapping[str, str] = {}

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
        """SHA-256 of `text`, and of the names where there are any: names all that the list says, of which a frame's
        digest is a part.
        """
        names = msgspec.json.encode(self.names, order="deterministic") if self.names else b""
        return hashlib.sha256(self.text + names).hexdigest()

    def frame(self) -> Frame:
        """What can be drawn from it. Which places are remote a list does not say."""
        return Frame(
            tuple(
                Unit(one.mesa, stratum_of(one.ubigeo), one.place, one.registered, None, one.ubigeo)
                for one in self.mesas
            )
        )


def make_listing(mesas: Iterable[ListedMesa], names: Mapping[str, str] | None = None) -> Listing:
    """The list of those mesas, each of which stands in them once, and their places' names."""
    return Listing(tuple(sorted(mesas, key=lambda one: one.mesa)), names or {})


def list_sheets(sheets: Sheets, names: Mapping[str, str]) -> Listing:
    """The mesas of a count, and what it calls their places, of all its names by key."""
    codes = [None if place == UNKNOWN else sheets.places[place] for place in sheets.place.tolist()]
    rolls = [None if roll == UNKNOWN else roll for roll in sheets.registered.tolist()]
    called = {code: names[place_key(code)] for code in sheets.places if names.get(place_key(code))}
    return make_listing(map(ListedMesa, sheets.mesas, sheets.ubigeos, codes, rolls), called)


def pack(listing: Listing) -> bytes:
    """Its mesas as they are kept: a country's are two megabytes of text, and a fifth of that here."""
    return zlib.compress(listing.text)


def unpack(packed: bytes, names: Mapping[str, str]) -> Listing:
    """The list whose mesas were packed, with its places' names."""
    rows = (line.split(",") for line in zlib.decompress(packed).decode().splitlines())
    return Listing(
        tuple(
            ListedMesa(mesa, ubigeo, place or None, int(roll) if roll else None) for mesa, ubigeo, place, roll in rows
        ),
        names,
    )
