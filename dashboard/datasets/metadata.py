"""What search engines are told of a count's data: schema.org's Dataset, with a hash for every file."""

from collections.abc import Mapping
from typing import Any

from dashboard.datasets.sets import ContestFiles, Files
from dashboard.reading import Data, Sheet
from dashboard.routes import CONTESTS, DATA
from dashboard.words import Words

_SCHEMA = "https://schema.org"


def dataset_of(sheet: Sheet, home: str, files: ContestFiles, package: Data) -> Data:
    """The newest set of a contest, as the page at /data tells of it."""
    newest = files.sets[0]
    licenses = [one["path"] for one in package.get("licenses", ())]
    return {
        **_about(sheet, home),
        "description": _whole(sheet),
        "@id": f"{home}{newest['address']}",
        **({"license": licenses[0]} if licenses else {}),
        "version": newest["version"],
        "dateModified": newest["as_of"],
        "temporalCoverage": f"{sheet.meta['date']}/{newest['as_of'][:10]}",
        "distribution": [_download(home, newest, file) for file in newest["files"]],
    }


def board_of(sheet: Sheet, home: str) -> Data:
    """A contest's data as its own page tells of them: its answers as CSV, and the way to the files."""
    meta = sheet.meta
    results = {
        "@type": "DataDownload",
        "encodingFormat": "text/csv",
        "contentUrl": f"{home}{sheet.base}/results?level=district&format=csv",
    }
    return {
        **_about(sheet, home),
        "version": f"{meta['seq']}-{meta['epoch']}",
        "dateModified": meta["as_of"],
        "temporalCoverage": f"{meta['date']}/{meta['as_of'][:10]}",
        "distribution": [results],
    }


def catalog_of(sheet: Sheet, home: str, files: Files) -> Data:
    """Of an election with many contests, or without files: where each contest's are."""
    words = sheet.words
    return {
        "@context": _SCHEMA,
        "@type": "DataCatalog",
        "name": f"{words('data.title')}: {words.of(sheet.meta['name'])}",
        "url": f"{home}{words.root}{DATA}",
        "dataset": [
            {
                "@type": "Dataset",
                "name": words.of(one.name),
                "description": described(
                    words, words.of(sheet.meta["name"]), words.of(one.name), is_test=sheet.meta["is_test"]
                ),
                "url": f"{home}{CONTESTS}/{one.contest}{DATA}",
            }
            for one in files.contests
        ],
    }


def _about(sheet: Sheet, home: str) -> dict[str, Any]:
    words, meta = sheet.words, sheet.meta
    election, contest = words.of(meta["name"]), words.of(meta["contest"]["name"])
    source: Mapping[str, Any] = {"url": meta["result_page"]} if meta.get("result_page") else {}
    return {
        "@context": _SCHEMA,
        "@type": "Dataset",
        "name": f"{election}: {contest}",
        "description": described(words, election, contest, is_test=meta["is_test"]),
        "url": f"{home}{words.root}{DATA}",
        "inLanguage": words.code,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": words("page.brand")},
        "isBasedOn": {"@type": "CreativeWork", "name": words.of(meta["credit"]), **source},
        "spatialCoverage": {"@type": "Place", "name": words.whole or words("area.nation")},
    }


def _whole(sheet: Sheet) -> str:
    """In as many sentences as its own page has room for; a board, which waits for its HTML, has one."""
    election, contest = sheet.words.of(sheet.meta["name"]), sheet.words.of(sheet.meta["contest"]["name"])
    said = described(sheet.words, election, contest, is_test=sheet.meta["is_test"])
    return said + sheet.words("data.described_more")


def described(words: Words, election: str, contest: str, *, is_test: bool) -> str:
    """What the data of a contest are, in a few sentences."""
    said = words("data.described", election=election, contest=contest)
    return f"{words('data.described_rehearsal')}{said}" if is_test else said


def _download(home: str, found: Data, file: Data) -> Data:
    return {
        "@type": "DataDownload",
        "name": file["name"],
        "encodingFormat": file["media_type"],
        "contentUrl": f"{home}{found['address']}{file['name']}",
        "contentSize": str(file["bytes"]),
        "sha256": file["sha256"],
    }
