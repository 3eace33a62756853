"""Which sets of files there are of an election's counts, and what their tables hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.reading import Data, Source

INDEX, PACKAGE = "/data/index.json", "datapackage.json"
# What stands beside every set and tells of its files, of which it is none, in words.
BESIDE = {"SHA256SUMS": "data.sums", "manifest.json": "data.manifest"}


@dataclass(frozen=True)
class ContestFiles:
    """The sets of one contest, newest first: those that stood at the page's moment. `name` is in every language."""

    contest: str
    name: Data
    latest: str
    sets: Sequence[Data]

    def before(self, at: str) -> Data | None:
        """The newest set of that moment."""
        return next((one for one in self.sets if _moment(one["as_of"]) <= _moment(at)), None)


@dataclass(frozen=True)
class Files:
    """All of an election, or of the contest whose page it is; `making`: the set that is being made."""

    contests: Sequence[ContestFiles]
    making: Data | None


def read_files(source: Source) -> Files:
    """The files of what a page is about; none where the server has no index."""
    index = source.optional(INDEX) or {"elections": [], "making": None}
    own = [one for one in index["elections"] if one["election"] == source.election_id]
    contests = [
        ContestFiles(one["contest"], one["name"], one["latest"], [each for each in one["sets"] if _stood(each, source)])
        for election in own
        for one in election["contests"]
        if source.contest in (None, one["contest"])
    ]
    making = index["making"]
    is_ours = making is not None and making["election"] == source.election_id
    return Files([one for one in contests if one.sets], making if is_ours and source.at is None else None)


def tables_of(package: Data) -> dict[str, Data]:
    """The tables that a data package describes, by their file's name without its ending."""
    described = [one for one in package["resources"] if "schema" in one]
    return {one["path"].partition(".")[0]: one for one in described}


def by_table(found: Data) -> dict[str, list[Data]]:
    """A set's files by the table that they hold; those of none stand under ""."""
    tables: dict[str, list[Data]] = {}
    for file in found["files"]:
        tables.setdefault(file["table"] or "", []).append(file)
    return tables


def _stood(found: Data, source: Source) -> bool:
    return source.at is None or _moment(found["as_of"]) <= _moment(source.at)


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
