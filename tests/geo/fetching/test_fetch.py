"""`geo fetch`: boundaries from an open host, and every way in which such a host disappoints."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from geo.boundaries import load_geometry
from geo.fetching.catalogue import Source, load_sources
from geo.fetching.fetch import Fetch, what_is_there
from geo.notice import MapNotice
from tally.errors import BoundaryError, InvalidInput
from tally.keys import Level
from tests.geo.fetching.conftest import UNITS, packed
from tests.geo.fetching.host import Host, Served
from tests.geo.fetching.sources import LIMITS

Fetching = Callable[..., tuple[Fetch, list[str]]]
Sources = Callable[..., Source]
MEMBERS = {"shapefile": "*.shp"}


@pytest.mark.parametrize("form", ["geojson", "topojson", "geopackage", "shapefile", "geoparquet"])
def test_every_form_becomes_boundaries_that_say_whose_they_are(
    host: Host, forms: dict[str, bytes], source: Sources, fetching: Fetching, tmp_path: Path, form: str
) -> None:
    address = host.serve("lima", Served(forms[form]))
    digest = hashlib.sha256(forms[form]).hexdigest()
    known = source(address, form=form, member=MEMBERS.get(form), sha256=digest, bytes=len(forms[form]))
    fetched = fetching(known)[0].run()
    geometry = load_geometry(tmp_path / "geometry")
    assert len(geometry.polygons("district")) == fetched.report.districts == UNITS
    assert geometry.origin is not None
    assert (geometry.origin.credit, geometry.origin.sha256) == ("Somebody, CC BY 4.0", digest)
    assert geometry.notice_at(Level.PROVINCE) == MapNotice({"credit": "Somebody, CC BY 4.0"}, "credited")
    said = geometry.notice_at(Level.DISTRICT)
    assert said is not None
    assert (said.id, said.figures["n"]) == ("many_missing_credited", 1892 - UNITS)
    assert host.asked == [("lima", "", "Test/1")]
    assert list((tmp_path / "downloads").iterdir()) == []


def test_a_cut_download_is_gone_on_with(
    host: Host, forms: dict[str, bytes], source: Sources, fetching: Fetching
) -> None:
    address = host.serve("lima", Served(forms["geojson"], cuts=[1000, 2000]))
    fetching(source(address))[0].run()
    assert [asked for _, asked, _ in host.asked] == ["", "bytes=1000-", "bytes=3000-"]


def test_what_was_cut_for_good_is_gone_on_with_by_the_next_run(
    host: Host, forms: dict[str, bytes], source: Sources, fetching: Fetching, tmp_path: Path
) -> None:
    served = Served(forms["geojson"], cuts=[20_000, 0, 0])
    known = source(host.serve("lima", served))
    fetch, failures = fetching(known)
    with pytest.raises(BoundaryError, match="no boundaries were fetched"):
        fetch.run()
    assert len(failures) == 1
    assert "the next run goes on from the" in failures[0]
    assert not (tmp_path / "geometry").exists()
    kept = (tmp_path / "downloads" / "lima.part").stat().st_size
    assert kept == 20_000
    host.asked.clear()
    fetch.run()
    assert host.asked[0][1] == f"bytes={kept}-"


def test_a_file_that_changed_meanwhile_is_begun_again(
    host: Host, forms: dict[str, bytes], source: Sources, fetching: Fetching
) -> None:
    served = Served(forms["geojson"][:-1] + b" ", cuts=[1000, 0, 0])
    known = source(host.serve("lima", served))
    fetch, _ = fetching(known)
    with pytest.raises(BoundaryError):
        fetch.run()
    host.serve("lima", Served(forms["geojson"]))
    assert fetch.run().report.districts == UNITS


def test_a_part_that_is_already_whole_is_used(
    host: Host, forms: dict[str, bytes], source: Sources, fetching: Fetching, tmp_path: Path
) -> None:
    content = forms["geojson"]
    known = source(host.serve("lima", Served(content)), sha256=hashlib.sha256(content).hexdigest())
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / "lima.part").write_bytes(content)
    fetching(known)[0].run()
    assert host.asked[0][1] == f"bytes={len(content)}-"


def test_a_part_longer_than_the_file_is_thrown_away(
    host: Host, forms: dict[str, bytes], source: Sources, fetching: Fetching, tmp_path: Path
) -> None:
    content = forms["geojson"]
    known = source(host.serve("lima", Served(content)), sha256=hashlib.sha256(content).hexdigest())
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / "lima.part").write_bytes(content + b"more")
    assert fetching(known)[0].run().report.districts == UNITS
    assert [asked for _, asked, _ in host.asked] == [f"bytes={len(content) + 4}-", ""]


def test_a_busy_server_is_asked_again(host: Host, forms: dict[str, bytes], source: Sources, fetching: Fetching) -> None:
    served = Served(forms["geojson"], statuses=[503, 429])
    assert fetching(source(host.serve("lima", served)))[0].run().report.districts == UNITS
    assert len(host.asked) == 3


def test_the_next_source_is_tried_when_one_fails(
    host: Host, forms: dict[str, bytes], source: Sources, fetching: Fetching
) -> None:
    good = host.serve("good", Served(forms["geojson"]))
    fetch, failures = fetching(source(f"{host.url}/gone", name="first"), source(good, name="second"))
    assert fetch.run().origin.source == "second"
    assert [line.split(": ")[0] for line in failures] == ["first"]
    assert "the server answered 404" in failures[0]


def test_a_licence_that_is_not_accepted_keeps_its_source_untouched(
    host: Host, forms: dict[str, bytes], source: Sources, fetching: Fetching
) -> None:
    address = host.serve("lima", Served(forms["geojson"]))
    fetch, failures = fetching(source(address), agrees=lambda source: False)
    with pytest.raises(BoundaryError, match=r"no licence was accepted.*--accept-licence CC-BY-4\.0"):
        fetch.run()
    assert (host.asked, failures) == ([], [])


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


def test_boundaries_in_use_survive_a_source_that_fails(
    host: Host, forms: dict[str, bytes], source: Sources, fetching: Fetching, tmp_path: Path
) -> None:
    good = source(host.serve("lima", Served(forms["geojson"])))
    fetching(good)[0].run()
    before = load_geometry(tmp_path / "geometry")
    bad = source(host.serve("bad", Served(forms["geojson"])), units=1_890)
    with pytest.raises(BoundaryError):
        fetching(bad)[0].run()
    assert load_geometry(tmp_path / "geometry") == before
    assert what_is_there(tmp_path / "geometry") == "171 districts, from Districts of Lima"


def test_a_folder_of_other_things_is_not_touched(
    host: Host, forms: dict[str, bytes], source: Sources, fetching: Fetching, tmp_path: Path
) -> None:
    (tmp_path / "geometry").mkdir()
    (tmp_path / "geometry" / "thesis.txt").write_text("three years of work")
    with pytest.raises(BoundaryError, match="already holds other files"):
        fetching(source(host.serve("lima", Served(forms["geojson"]))))[0].run()
    assert host.asked == []


def test_the_catalogue_asks_over_tls_only_and_says_what_is_not_published(tmp_path: Path) -> None:
    catalogue = load_sources()
    assert len(catalogue.sources) >= 5
    assert all(address.startswith("https://") for one in catalogue.sources for address in one.addresses)
    assert all(len(one.sha256 or "0" * 64) == 64 and one.terms and one.credit for one in catalogue.sources)
    assert len({one.name for one in catalogue.sources}) == len(catalogue.sources)
    text = Path("geo/data/sources.toml").read_text("utf-8").replace("https://osf.io/j9ax8/download", "http://osf.io/x")
    (tmp_path / "own.toml").write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match=r"http://osf\.io/x is not https"):
        load_sources(tmp_path / "own.toml")
    with pytest.raises(InvalidInput, match="no source of boundaries is called 'ign'"):
        catalogue.chosen(("ign",))
