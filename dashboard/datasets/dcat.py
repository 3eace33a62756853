"""All sets as a catalogue for portals of open data: DCAT 3 (W3C) in JSON-LD, with what DCAT-AP demands."""

from collections.abc import Mapping
from typing import Any

from dashboard.datasets import setview
from dashboard.datasets.metadata import described
from dashboard.datasets.sets import PACKAGE, ContestFiles, read_files
from dashboard.reading import Data, Source
from dashboard.routes import CATALOG, DATA
from dashboard.words import Words

_IANA = "https://www.iana.org/assignments/media-types/"
_EUROPA = "http://publications.europa.eu/resource/authority/"
_SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
_CONTEXT: Data = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Languages = Mapping[str, Words]


def catalog(source: Source, languages: Languages, home: str) -> Data:
    """A series for each contest, a dataset for each of its sets, a distribution for each file."""
    files, meta = read_files(source).contests, source.meta()
    series = [_series(one, meta, languages, home) for one in files]
    datasets = [
        _dataset(found, one, source, languages, home, series[place])
        for place, one in enumerate(files)
        for found in one.sets
    ]
    return {
        "@context": _CONTEXT,
        "@id": f"{home}{CATALOG}",
        "@type": "dcat:Catalog",
        "dct:title": _texts({code: words("data.catalog_title") for code, words in languages.items()}),
        "dct:description": _texts({code: words("data.about") for code, words in languages.items()}),
        "dct:publisher": _publisher(languages),
        "dct:language": [_node(f"{_EUROPA}language/{code}") for code in ("SPA", "ENG")],
        "foaf:homepage": _node(f"{home}{DATA}"),
        "dcat:dataset": [*series, *datasets],
    }


def _series(files: ContestFiles, meta: Data, languages: Languages, home: str) -> Data:
    names = {code: _named(files, meta, words) for code, words in languages.items()}
    about = {
        code: described(words, words.of(meta["name"]), words.of(files.name), is_test=meta["is_test"])
        for code, words in languages.items()
    }
    return {
        "@id": f"{home}{files.latest}",
        "@type": "dcat:DatasetSeries",
        "dct:title": _texts(names),
        "dct:description": _texts(about),
        "dct:publisher": _publisher(languages),
        "dct:spatial": _node(f"{_EUROPA}country/PER"),
        "dcat:theme": _node(f"{_EUROPA}data-theme/GOVE"),
    }


def _dataset(
    found: Data, files: ContestFiles, source: Source, languages: Languages, home: str, series: Data
) -> dict[str, Any]:
    address, meta = f"{home}{found['address']}", source.meta()
    package = source.optional(f"{found['address']}{PACKAGE}") or {}
    license_of = next((_node(one["path"]) for one in package.get("licenses", ())), None)
    own = {} if license_of is None else {"dct:license": license_of}
    titles = {
        code: f"{_named(files, meta, words)} · {setview.label(found, words)}" for code, words in languages.items()
    }
    return {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": address,
        "dct:title": _texts(titles),
        "dct:description": series["dct:description"],
        "dct:publisher": series["dct:publisher"],
        "dct:spatial": series["dct:spatial"],
        "dcat:theme": series["dcat:theme"],
        "dcat:inSeries": _node(series["@id"]),
        "dcat:version": found["version"],
        "dct:issued": _typed(found["made_at"], "dateTime"),
        "dct:modified": _typed(found["as_of"], "dateTime"),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(meta["date"], "date"),
            "dcat:endDate": _typed(found["as_of"], "dateTime"),
        },
        "dcat:distribution": [{**_distribution(address, file), **own} for file in found["files"]],
    }


def _distribution(address: str, file: Data) -> dict[str, Any]:
    url = f"{address}{file['name']}"
    return {
        "@id": f"{url}#file",
        "@type": "dcat:Distribution",
        "dct:title": file["name"],
        "dcat:accessURL": _node(address),
        "dcat:downloadURL": _node(url),
        "dcat:mediaType": _node(_IANA + file["media_type"].partition(";")[0]),
        "dcat:byteSize": _typed(str(file["bytes"]), "nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _node(_SHA256),
            "spdx:checksumValue": _typed(file["sha256"], "hexBinary"),
        },
    }


def _named(files: ContestFiles, meta: Data, words: Words) -> str:
    return f"{words.of(meta['name'])}: {words.of(files.name)}"


def _publisher(languages: Languages) -> Data:
    return {"@type": "foaf:Agent", "foaf:name": next(iter(languages.values()))("page.brand")}


def _node(address: str) -> Data:
    return {"@id": address}


def _typed(value: str, kind: str) -> Data:
    return {"@value": value, "@type": f"xsd:{kind}"}


def _texts(said: Mapping[str, str]) -> list[Data]:
    return [{"@value": text, "@language": code} for code, text in said.items()]
