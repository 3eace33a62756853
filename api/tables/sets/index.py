"""The index of all sets of files: `/data/index.json`, and the same of one set in its `manifest.json`."""

from msgspec import Struct

# Of the shape below; a reader that knows another one should say so.
INDEX_FORMAT = 1
INDEX, MANIFEST, SUMS, PACKAGE, DATABASE = (
    "index.json",
    "manifest.json",
    "SHA256SUMS",
    "datapackage.json",
    "count.sqlite",
)
LATEST = "latest"
CSV, PACKED_CSV, PARQUET = "csv", "csv.gz", "parquet"
MEDIA_TYPES = {
    CSV: "text/csv; charset=utf-8",
    PACKED_CSV: "application/gzip",
    PARQUET: "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
    "json": "application/json",
    "sha256": "text/plain; charset=utf-8",
}


class SetFile(Struct, frozen=True):
    """One file of a set, under `name` below the set's address.

    table: which of the tables it holds, None of what holds all of them or describes them. format: csv, csv.gz, parquet,
    sqlite, json or sha256. rows: of a table.
    """

    name: str
    table: str | None
    format: str
    media_type: str
    bytes: int
    sha256: str
    rows: int | None


class SetHead(Struct, frozen=True):
    """The sealed head of the raw archive that covers the set's version: its size in log lines, and its root."""

    size: int
    root: str
    at: str


class SetProgress(Struct, frozen=True):
    """How far the count was, in actas of the whole contest."""

    counted: int
    at_jee: int
    pending: int
    total: int


class PublishedSet(Struct, frozen=True, kw_only=True):
    """All files of one version of a count; `version` is its name in the address, which never changes its content.

    checkpoint: "50" … "100" (percent of the actas counted) or "jee-1439" (actas still at the juries), kept for ever;
    None of one between two checkpoints, which goes when newer ones are there. as_of: when the version was published.
    """

    version: str
    epoch: str
    seq: int
    as_of: str
    checkpoint: str | None
    progress: SetProgress | None
    is_test: bool
    made_at: str
    address: str
    bytes: int
    head: SetHead | None
    files: tuple[SetFile, ...]


class ContestSets(Struct, frozen=True, kw_only=True):
    """The sets of a contest, newest version first. `latest`: an address that leads to the first of them."""

    contest: str
    name: dict[str, str]
    latest: str
    sets: tuple[PublishedSet, ...]


class ElectionSets(Struct, frozen=True, kw_only=True):
    """The contests of an election of which there are sets, in the order of its file."""

    election: str
    name: dict[str, str]
    credit: dict[str, str]
    contests: tuple[ContestSets, ...]


class SetInTheMaking(Struct, frozen=True, kw_only=True):
    """The one that is being made: of which version, and since when."""

    election: str
    contest: str
    seq: int
    as_of: str
    checkpoint: str | None
    began_at: str


class SetIndex(Struct, frozen=True, kw_only=True):
    """Every set that there is. A set that is not whole stands in no index."""

    format: int = INDEX_FORMAT
    written_at: str
    elections: tuple[ElectionSets, ...]
    making: SetInTheMaking | None = None
