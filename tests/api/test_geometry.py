"""Boundaries and approximate places over HTTP, from the set a fresh clone has."""

import gzip
from collections.abc import Iterator

import brotli
import httpx
import msgspec
import pytest

from api.main import create_app
from geo.boundaries import Geometry
from geo.places import place_id
from tally.keys import NATION
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of
from tests.api.country import Country, minute
from tests.databases import sqlite_in
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def client(geometry: Geometry, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    store = Store.open(sqlite_in(tmp_path_factory.mktemp("geometry")))
    Country(store)
    with client_of(create_app(store, ELECTIONS, geometry=geometry, options=QUICK)) as client:
        yield client
    store.close()


def test_the_index_leads_to_files_that_never_change(client: httpx.Client) -> None:
    answer = client.get("/api/v1/geometry")
    index = answer.json()
    assert index["schematic"] == {"department": False, "province": True, "district": True}
    layer = client.get(index["layers"]["department"]["low"])
    assert layer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert layer.headers["content-type"] == "application/geo+json"
    features = {feature["id"]: feature["properties"] for feature in layer.json()["features"]}
    assert features[14]["key"] == "department/14"
    labels = client.get(index["labels"])
    assert labels.headers["content-type"] == "application/json"
    lon, lat = labels.json()["department/14"]
    assert index["bounds"][0] < lon < index["bounds"][2]
    assert index["bounds"][1] < lat < index["bounds"][3]


def test_layers_are_compressed_ahead(client: httpx.Client, geometry: Geometry) -> None:
    layer = geometry.layers["district"]["low"]
    with client.stream("GET", f"/api/v1/geometry/{layer.file_name}") as answer:
        raw = b"".join(answer.iter_raw())
    assert raw == layer.gzipped
    assert gzip.decompress(raw) == layer.content


def test_another_version_of_a_layer_is_404(client: httpx.Client) -> None:
    assert client.get("/api/v1/geometry/department-low.0000000000000000.json").status_code == 404


def test_without_boundaries_the_server_says_so(store: Store, country: Country) -> None:
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        assert client.get("/api/v1/geometry").status_code == 503


def test_places_are_approximate_points_of_their_district(client: httpx.Client) -> None:
    answer = client.get(f"{BASE}/places?within=district/140101")
    places = answer.json()["places"]
    assert [place["key"] for place in places] == ["place/1401011", "place/1401012"]
    assert {place["precision"] for place in places} == {"district"}
    assert {place["district"] for place in places} == {"district/140101"}
    assert all(-77.3 < place["lon"] < -76.8 and -12.3 < place["lat"] < -11.8 for place in places)
    whole = client.get(f"{BASE}/places?within=nation").json()
    assert [place for place in whole["places"] if place["district"] == "district/140101"] == places
    assert whole["districts"]["district/140101"] == "LIMA"
    assert whole["districts"].keys() == {place["district"] for place in whole["places"]}
    one = client.get(f"{BASE}/places/1401011").json()
    assert one["position"] == {name: places[0][name] for name in ("lon", "lat", "precision")}


def test_a_place_whose_school_is_known_is_an_exact_point(store: Store, country: Country, geometry: Geometry) -> None:
    point = geometry.points["district/140101"]
    place = country.places[0]
    app = create_app(store, ELECTIONS, geometry=geometry, schools={place_id(place): point}, options=QUICK)
    with client_of(app) as client:
        places = client.get(f"{BASE}/places?within=district/140101").json()["places"]
        assert [place["precision"] for place in places] == ["exact", "district"]
        assert client.get(f"{BASE}/places/{place.code}").json()["position"] == {
            "lon": point[0],
            "lat": point[1],
            "precision": "exact",
        }


def test_what_a_client_keeps_of_positions_is_asked_for_again_once_they_are_others(
    store: Store, country: Country, geometry: Geometry
) -> None:
    schools = {place_id(country.places[0]): geometry.points["district/140101"]}
    paths = [f"{BASE}/places?within=district/140101", f"{BASE}/places/{country.places[0].code}"]
    with client_of(create_app(store, ELECTIONS, geometry=geometry, options=QUICK)) as client:
        kept = [client.get(path).headers["etag"] for path in paths]
        again = [client.get(path, headers={"If-None-Match": etag}) for path, etag in zip(paths, kept, strict=True)]
    with client_of(create_app(store, ELECTIONS, geometry=geometry, schools=schools, options=QUICK)) as client:
        later = [client.get(path, headers={"If-None-Match": etag}) for path, etag in zip(paths, kept, strict=True)]
    assert [answer.status_code for answer in again] == [304, 304]
    assert [answer.status_code for answer in later] == [200, 200]


def test_a_version_that_says_nothing_new_of_places_is_no_news_and_a_whole_count_says_that_none_is_missing(
    store: Store, country: Country, geometry: Geometry
) -> None:
    path = f"{BASE}/places?within=nation"
    with client_of(create_app(store, ELECTIONS, geometry=geometry, options=QUICK)) as client:
        before = client.get(path)
        assert not before.json()["is_whole"]
        country.count(country.mesas[:1], minute(1))
        wait_until(lambda: client.get(BASE).json()["seq"] == country.writer.seq)
        assert client.get(path, headers={"If-None-Match": before.headers["etag"]}).status_code == 304
        country.publish([NATION], minute(2))
        wait_until(lambda: client.get(BASE).json()["seq"] == country.writer.seq)
        after = client.get(path, headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert after.json() == {**before.json(), "is_whole": True}


def test_a_place_abroad_has_no_point(client: httpx.Client) -> None:
    assert client.get(f"{BASE}/places?within=district/920101").json() == {
        "places": [],
        "districts": {},
        "is_whole": False,
    }
    assert client.get(f"{BASE}/places/9201011").json()["position"] is None
    assert len(client.get(f"{BASE}/places?within=department/14").json()["places"]) == 6


def test_outlines_are_small_and_their_address_with_their_version_never_changes(client: httpx.Client) -> None:
    answer = client.get("/api/v1/geometry/outlines/nation")
    assert len(answer.json()["paths"]) == 25
    assert answer.headers["cache-control"] == "no-cache"
    version = answer.headers["etag"].strip('"')
    named = client.get("/api/v1/geometry/outlines/nation", params={"v": version})
    assert named.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert named.content == answer.content
    old = client.get("/api/v1/geometry/outlines/nation", params={"v": "0000000000000000"})
    assert old.headers["cache-control"] == "no-cache"
    districts = client.get("/api/v1/geometry/outlines/department/14", params={"level": "district"})
    assert len(districts.json()["paths"]) == 171


def test_under_the_indexs_version_every_outline_is_kept_and_packed_well(client: httpx.Client) -> None:
    version = client.get("/api/v1/geometry").json()["version"]
    for key, level, areas in (
        ("nation", "district", 1892),
        ("nation", "province", 196),
        ("department/14", "district", 171),
    ):
        address, query = f"/api/v1/geometry/outlines/{key}", {"level": level, "v": version}
        with client.stream("GET", address, params=query, headers={"Accept-Encoding": "br"}) as answer:
            packed = b"".join(answer.iter_raw())
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert len(msgspec.json.decode(brotli.decompress(packed))["paths"]) == areas
        assert len(packed) < 40_000


def test_an_outline_that_our_own_page_read_is_packed_for_whoever_asks_next(client: httpx.Client) -> None:
    address = "/api/v1/geometry/outlines/province/1402"
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    packed = client.get(address, headers={"Accept-Encoding": "br"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "br"
    assert (packed.content, packed.headers["etag"]) == (plain.content, plain.headers["etag"])


def test_outlines_of_what_has_none_are_404(client: httpx.Client) -> None:
    for key in ("mesa/000001", "department/92", "nowhere"):
        assert client.get(f"/api/v1/geometry/outlines/{key}").status_code == 404
