"""The open sources of boundaries: data (geo/data/sources.toml), not code."""

from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from geo.ubigeo import read_data
from tally.errors import InvalidInput

Form = Literal["geojson", "topojson", "geopackage", "shapefile", "geoparquet"]
# How GDAL knows a form.
ENDINGS: dict[Form, str] = {
    "geojson": ".geojson",
    "topojson": ".topojson",
    "geopackage": ".gpkg",
    "shapefile": ".shp",
    "geoparquet": ".parquet",
}
_SECURE, _PLAIN = ("https://",), ("https://", "http://")


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """What a source may cost; the file says what each means."""

    bytes: int
    unpacked_bytes: int
    members: int
    total_s: float
    silence_s: float
    redirects: int
    tries: int
    pause_s: float
    longest_pause_s: float
    least_units: float


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """One published set of districts. `member`: which file of a zip, None: it is no zip; `layer`: of several in a file.

    `bytes`, `sha256` and `units` are None where nobody published them. `is_plain`: it may be asked without encryption.
    """

    name: str
    title: str
    credit: str
    licence: str
    licence_address: str
    terms: str
    addresses: tuple[str, ...]
    form: Form
    key: str
    vintage: str
    member: str | None = None
    layer: str | None = None
    units: int | None = None
    bytes: int | None = None
    sha256: str | None = None
    is_plain: bool = False

    @property
    def allowed(self) -> tuple[str, ...]:
        """How its addresses, and those they lead to, may begin."""
        return _PLAIN if self.is_plain else _SECURE


class SourceCatalogue(Struct, frozen=True, forbid_unknown_fields=True, rename={"sources": "source"}):
    """All of them, in the order in which they are tried."""

    limits: Limits
    sources: tuple[Source, ...]

    def chosen(self, names: tuple[str, ...]) -> tuple[Source, ...]:
        """Those of these names, in that order; all where none is named.

        Raises: InvalidInput: there is none of that name.
        """
        known = {source.name: source for source in self.sources}
        unknown = [name for name in names if name not in known]
        if unknown:
            raise InvalidInput(f"no source of boundaries is called {unknown[0]!r}; there are {', '.join(known)}")
        return tuple(known[name] for name in names) or self.sources


def load_sources(file: Path | None = None) -> SourceCatalogue:
    """The catalogue of the package, or of a file of the same form.

    Raises: InvalidInput: the file cannot be read as one, or names an address that must not be asked.
    """
    try:
        raw = read_data("sources.toml") if file is None else file.read_bytes()
        catalogue = msgspec.toml.decode(raw, type=SourceCatalogue)
    except (OSError, msgspec.MsgspecError) as error:
        raise InvalidInput(f"{file} is no catalogue of boundaries: {error}") from error
    for source in catalogue.sources:
        for address in source.addresses:
            if not address.startswith(source.allowed):
                raise InvalidInput(f"source {source.name}: {address} is not https, and nothing says that it may be so")
    return catalogue
