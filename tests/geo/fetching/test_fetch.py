"""`geo fetch`: boundaries from an open host, and every way in which such a host disappoints."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.boundaries import load_geometry
from geo.fetching.catalogue import Source, load_sources
from geo.fetching.fetch import Fetch, what_is_there
from geo.notice import MapNotice
from tally.errors import BoundaryError, InvalidInput
from tally.keys import Level
from tests.geo.fetching.conftest import UNITS
from tests.geo.fetching.host import Host, Served

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
