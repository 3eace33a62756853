"""What machines find: schema.org's Dataset on pages, and the DCAT catalogue, each read by a program that others use."""

from typing import Any

import extruct
import pytest
from rdflib import DCTERMS, RDF, XSD, Graph, Literal, Namespace, URIRef

from dashboard.app import build
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.count import ELECTION
from tests.dashboard.toy.races import RacesApi

# rdflib's own reader of JSON-LD still makes one.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
HOME = "https://count.example"
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")


@pytest.fixture
def site(api: ToyApi) -> Any:
    """A client of pages that know their address."""
    return build(api.read, election_id=ELECTION, home_of=lambda _claimed: HOME).server.test_client()


def extracted(client: Any, path: str) -> list[dict[str, Any]]:
    """The JSON-LD of a page, as a search engine's program takes it."""
    found: list[dict[str, Any]] = extruct.extract(client.get(path).text, base_url=HOME, syntaxes=["json-ld"])["json-ld"]
    return found


@pytest.mark.parametrize(("path", "place"), [("/data", "Perú y extranjero"), ("/data?lang=en", "Peru and abroad")])
def test_the_page_of_files_tells_of_each_file_of_the_newest_set(site: Any, api: ToyApi, path: str, place: str) -> None:
    [told] = extracted(site, path)
    newest = api.sets[0]
    assert (told["@type"], told["@context"]) == ("Dataset", "https://schema.org")
    assert (told["version"], told["dateModified"]) == (newest["version"], newest["as_of"])
    assert told["temporalCoverage"] == "2026-06-07/2026-06-13"
    assert told["spatialCoverage"] == {"@type": "Place", "name": place}
    assert told["license"] == "https://opendatacommons.org/licenses/by/1-0/"
    assert told["isBasedOn"]["url"] == "https://resultados.example"
    assert 50 <= len(told["description"]) <= 5000
    files = {
        (one["contentUrl"], one["encodingFormat"], one["sha256"], one["contentSize"]) for one in told["distribution"]
    }
    assert files == {
        (f"{HOME}{newest['address']}{file['name']}", file["media_type"], file["sha256"], str(file["bytes"]))
        for file in newest["files"]
    }


def test_a_contests_board_tells_of_its_data_and_a_page_of_the_past_or_of_a_part_does_not(site: Any) -> None:
    [told] = extracted(site, "/")
    assert (told["@type"], told["url"], told["version"]) == ("Dataset", f"{HOME}/data", "100-e1")
    [results] = told["distribution"]
    assert results["contentUrl"] == f"{HOME}/api/v1/elections/{ELECTION}/results?level=district&format=csv"
    assert "REHEARSAL" in extracted(site, "/?lang=en")[0]["description"]
    for path in ("/?at=2026-06-09T16:00:00Z", "/area/department/14", "/mesa/000001", "/methods"):
        assert extracted(site, path) == []


def test_of_many_contests_each_tells_of_its_own(site: Any) -> None:
    client = build(RacesApi().read, election_id=ELECTION, home_of=lambda _claimed: HOME).server.test_client()
    [told] = extracted(client, "/contests/cusco/")
    assert told["url"] == f"{HOME}/contests/cusco/data"
    assert "/contests/cusco/results" in told["distribution"][0]["contentUrl"]
    [catalog] = extracted(client, "/data")
    assert catalog["@type"] == "DataCatalog"


def test_the_catalogue_is_dcat_with_what_its_profile_demands(site: Any, api: ToyApi) -> None:
    answer = site.get("/data/catalog.jsonld")
    assert (answer.status_code, answer.mimetype) == (200, "application/ld+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    graph = Graph().parse(data=answer.text, format="json-ld")
    [catalog] = graph.subjects(RDF.type, DCAT.Catalog)
    assert catalog == URIRef(f"{HOME}/data/catalog.jsonld")
    [series] = graph.subjects(RDF.type, DCAT.DatasetSeries)
    for node in (catalog, series, *graph.subjects(RDF.type, DCAT.Dataset)):
        for demanded in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher):
            assert graph.value(node, demanded) is not None, (node, demanded)
        assert {text.language for text in graph.objects(node, DCTERMS.title) if isinstance(text, Literal)} == {
            "es",
            "en",
        }
    datasets = {URIRef(HOME + found["address"]): found for found in api.sets}
    assert set(graph.objects(catalog, DCAT.dataset)) == {series, *datasets}
    for node, found in datasets.items():
        assert graph.value(node, DCAT.inSeries) == series
        assert graph.value(node, DCAT.version) == Literal(found["version"])
        assert graph.value(node, DCTERMS.modified) == Literal(found["as_of"], datatype=XSD.dateTime)
        files = {
            (
                str(graph.value(one, DCAT.downloadURL)),
                str(graph.value(graph.value(one, SPDX.checksum), SPDX.checksumValue)),
            )
            for one in graph.objects(node, DCAT.distribution)
        }
        assert files == {(f"{node}{file['name']}", file["sha256"]) for file in found["files"]}


def test_without_files_the_catalogue_is_empty_and_still_one(api: ToyApi) -> None:
    api.sets = []
    client = build(api.read, election_id=ELECTION).server.test_client()
    graph = Graph().parse(data=client.get("/data/catalog.jsonld").text, format="json-ld", publicID=f"{HOME}/")
    [catalog] = graph.subjects(RDF.type, DCAT.Catalog)
    assert list(graph.objects(catalog, DCAT.dataset)) == []
