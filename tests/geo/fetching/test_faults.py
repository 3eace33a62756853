"""What a source of boundaries may do wrong: each fault is one line, and nothing half-built is used."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from geo.fetching.catalogue import Source
from geo.fetching.fetch import Fetch
from tally.errors import BoundaryError
from tests.geo.fetching.conftest import UNITS, packed
from tests.geo.fetching.host import Host, Served
from tests.geo.fetching.sources import LIMITS

Fetching = Callable[..., tuple[Fetch, list[str]]]
Sources = Callable[..., Source]
MEMBERS = {"shapefile": "*.shp"}


def page(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    return replace(known, addresses=(host.serve("x", Served(b"<!doctype html><p>Please accept our cookies")),))


def other_bytes(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    return replace(known, addresses=(host.serve("x", Served(forms["geojson"])),), sha256="0" * 64)


def other_size(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    return replace(known, addresses=(host.serve("x", Served(forms["geojson"])),), bytes=12)


def untold_size(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    return replace(known, addresses=(host.serve("x", Served(forms["geojson"], says_length=False)),), bytes=12)


def other_form(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    return replace(known, addresses=(host.serve("x", Served(forms["geoparquet"])),), form="geopackage")


def too_few(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    return replace(known, addresses=(host.serve("x", Served(forms["geojson"])),), units=1_890)


def other_country(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    square = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"UBIGEO":"150101"},"geometry":'
    square += b'{"type":"Polygon","coordinates":[[[2,48],[3,48],[3,49],[2,48]]]}}]}'
    return replace(known, addresses=(host.serve("x", Served(square)),))


def endless_redirect(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    return replace(known, addresses=(host.serve("x", Served(leads_to="/x")),))


def redirect_off_the_web(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    return replace(known, addresses=(host.serve("x", Served(leads_to="file:///etc/hostname")),))


def refused(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    return replace(known, addresses=(host.serve("x", Served(forms["geojson"], statuses=[403])),))


def packed_on_the_way(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    return replace(known, addresses=(host.serve("x", Served(b"..", headers={"Content-Encoding": "gzip"})),))


def nobody_there(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    return replace(known, addresses=("http://127.0.0.1:9/districts",))


def traversal(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    bad = packed({"../../outside.geojson": forms["geojson"]})
    return replace(known, addresses=(host.serve("x", Served(bad)),), member="*.geojson")


def several(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    both = packed({"a/one.geojson": b"{}", "b/two.geojson": b"{}"})
    return replace(known, addresses=(host.serve("x", Served(both)),), member="*.geojson")


def broken_zip(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    whole = forms["shapefile"]
    return replace(
        known, addresses=(host.serve("x", Served(whole[: len(whole) // 2])),), form="shapefile", member="*.shp"
    )


def page_in_zip(host: Host, forms: dict[str, bytes], known: Source) -> Source:
    bad = packed({"lima.shp": b"<html>", "lima.dbf": b""})
    return replace(known, addresses=(host.serve("x", Served(bad)),), form="shapefile", member="*.shp")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (page, "a web page came instead of the file"),
        (other_bytes, "the bytes are not the published ones"),
        (other_size, "12 were published: another file"),
        (untold_size, "12 were published: not used"),
        (other_form, "what came is no geopackage"),
        (too_few, "171 districts can be told in it, 1,890 were expected"),
        (other_country, "is not Peru"),
        (endless_redirect, "leads on more than 5 times"),
        (redirect_off_the_web, "which is not encrypted: not followed"),
        (refused, "the server answered 403"),
        (packed_on_the_way, "packs what was asked for plain"),
        (nobody_there, "Connection refused"),
        (traversal, "names a file outside itself"),
        (several, "2 files of the zip are called"),
        (broken_zip, "the zip cannot be unpacked"),
        (page_in_zip, "a web page came instead"),
    ],
)
def test_a_fault_ends_in_one_line_and_leaves_the_boundaries_as_they_were(
    host: Host,
    forms: dict[str, bytes],
    source: Sources,
    fetching: Fetching,
    tmp_path: Path,
    spoil: Callable[[Host, dict[str, bytes], Source], Source],
    sentence: str,
) -> None:
    fetch, failures = fetching(spoil(host, forms, source("")))
    with pytest.raises(BoundaryError, match="1 of 1 sources were tried, none could be used; the map is as it was"):
        fetch.run()
    assert len(failures) == 1
    assert sentence in failures[0]
    assert "\n" not in failures[0]
    assert not (tmp_path / "geometry").exists()
    assert not (tmp_path / "outside.geojson").exists()
    assert list((tmp_path / "downloads").iterdir()) == []


@pytest.mark.parametrize(
    ("less", "says_length", "sentence"),
    [
        ({"bytes": 1000}, True, "are offered, more than the 0 taken"),
        ({"bytes": 1000}, False, "more than 0 MB came: not taken"),
        ({"total_s": 0.0, "tries": 2}, True, "not whole after 0 s"),
    ],
)
def test_what_is_too_large_or_too_slow_is_not_taken(
    host: Host,
    forms: dict[str, bytes],
    source: Sources,
    fetching: Fetching,
    less: dict[str, Any],
    says_length: bool,
    sentence: str,
) -> None:
    address = host.serve("lima", Served(forms["geojson"], says_length=says_length))
    fetch, failures = fetching(source(address))
    with pytest.raises(BoundaryError, match="no boundaries were fetched"):
        replace(fetch, limits=replace(LIMITS, **less)).run()
    assert sentence in failures[0]


def test_a_zip_that_grows_without_end_is_left(host: Host, source: Sources, fetching: Fetching, tmp_path: Path) -> None:
    bomb = packed({"lima.geojson": b"{" + bytes(5_000_000)})
    assert len(bomb) < 10_000
    known = source(host.serve("bomb", Served(bomb)), member="*.geojson")
    fetch, failures = fetching(known)
    with pytest.raises(BoundaryError, match="no boundaries were fetched"):
        replace(fetch, limits=replace(LIMITS, unpacked_bytes=1_000_000)).run()
    assert "grows beyond what is taken" in failures[0]
    assert list((tmp_path / "downloads").iterdir()) == []


def test_a_full_disk_is_said_and_what_came_is_kept(
    host: Host,
    forms: dict[str, bytes],
    source: Sources,
    fetching: Fetching,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "geometry")

    known = source(host.serve("lima", Served(forms["geojson"])))
    fetch, failures = fetching(known)
    with monkeypatch.context() as patched:
        patched.setattr("geo.fetching.unpacking.shutil.copyfile", full)
        with pytest.raises(BoundaryError, match="no boundaries were fetched"):
            fetch.run()
    assert failures == ["lima: geometry: No space left on device; the download is kept"]
    host.asked.clear()
    assert fetch.run().report.districts == UNITS
    assert host.asked == []
