"""Frozen copies of the public pages: whole without script or server, and of a moment that they name."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from api.commands.copies import following
from api.commands.copies.copier import Copier
from api.commands.copies.documents import Documents
from api.commands.copies.replicas import Replicas
from api.main import create_app
from dashboard.app import build
from geo.boundaries import Geometry
from tally.errors import StoreUnavailable
from tally.storage.epochs import begin_epoch
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, QUICK, served
from tests.api.country import ELECTION, NAMES, Country, minute
from tests.api.live.replicas import free_port
from tests.api.regions import ELECTIONS as REGIONAL
from tests.api.regions import GOVERNOR, Region
from tests.waiting import wait_until

NOON = datetime(2030, 1, 7, 1, 2, 3, tzinfo=UTC)
SAID = {"": "Copia del 06/01/2030 20:02:03: la página en vivo no responde.", "en": "Copy of 06/01/2030 20:02:03"}


@pytest.fixture
def replica(store: Store, country: Country, geometry: Geometry) -> Iterator[str]:
    """Address of a replica that serves pages."""
    with served(create_app(store, ELECTIONS, geometry=geometry, dashboard=build, options=QUICK)) as address:
        yield f"http://{address}"


def order(folder: Path, *replicas: str) -> following.Order:
    return following.Order(replicas, ELECTION.id, folder, "", is_once=True)


def copy(folder: Path, *replicas: str) -> None:
    following.follow(order(folder, *replicas), rest=lambda _: None, now=lambda: NOON)


def test_every_public_page_stands_in_both_languages_and_needs_neither_script_nor_server(
    replica: str, country: Country, tmp_path: Path
) -> None:
    country.count(country.mesas[:8], minute(1))
    dead = f"http://127.0.0.1:{free_port()}"
    copy(tmp_path, dead, replica)
    names = [f"area/{key}" for key in NAMES if key != "nation"]
    for language, banner in SAID.items():
        for name in ("", "queue", "corrections", "methods", *names):
            path = tmp_path / language / name / "index.html"
            page = path.read_text()
            text = re.sub(r"<[^>]+>", "", page)
            assert banner in text, path
            assert "<script" not in page
            for asset in re.findall(r'<(?:link|img)[^>]*(?:href|src)="([^"]+)"', page):
                assert (tmp_path / asset.partition("?")[0].strip("/")).is_file(), asset
            for claim in ("En vivo", "Al día", "hace ", "Live", "Up to date", " ago"):
                assert claim not in text, (path, claim)
            assert gzip.decompress(path.with_name("index.html.gz").read_bytes()).decode() == page
    assert "Rojo" in (tmp_path / "area/department/14/index.html").read_text()
    assert "no hay copia" in (tmp_path / "away.html").read_text()
    assert "no copy" in (tmp_path / "en" / "away.html").read_text()


def test_embeds_are_copied_in_every_view_and_theme_and_say_so(replica: str, country: Country, tmp_path: Path) -> None:
    country.count(country.mesas[:8], minute(1))
    copy(tmp_path, replica)
    for area in ("nation", "scope/abroad", "department/14"):
        for view in ("map", "bar", "table", "card"):
            for theme in ("auto", "light", "dark"):
                page = (tmp_path / f"embed/v1/{view}/{area}/es-{theme}.html").read_text()
                assert "Copia del 6 ene 2030, 20:02" in page
                assert "escrutinio-config" not in page
                for asset in re.findall(r'(?:src|href)="(/embed/v1/assets/[^"]+)"', page):
                    assert (tmp_path / asset.strip("/")).is_file()
    assert (tmp_path / "embed/v1/height.js").is_file()
    assert "Copy of 6 Jan 2030, 20:02" in (tmp_path / "embed/v1/table/department/24/en-dark.html").read_text()


@pytest.fixture
def copier(replica: str, tmp_path: Path) -> Iterator[Copier]:
    """A copier of that replica into a folder, everything copied once."""
    replicas = Replicas([replica])
    yield Copier(replicas, Documents(replicas.read, ELECTION.id, lambda: NOON), tmp_path)
    replicas.close()


def drain(copier: Copier, now: float) -> None:
    copier.look(now)
    while copier.write_next(now):
        pass
    copier.write_manifest(NOON)


def test_only_what_changed_is_written_again(
    copier: Copier, country: Country, tmp_path: Path, replica: str, until_served: Callable[[], None]
) -> None:
    drain(copier, 0.0)
    pages = [path for path in tmp_path.rglob("*.html") if path.name != "away.html"]
    before = {path: path.stat().st_mtime_ns for path in pages}
    country.count(country.mesas[:4], minute(3))
    until_served()
    drain(copier, 50.0)
    written = _written(tmp_path, before)
    assert {one for one in written if not one.startswith(("en", "embed"))} == {
        ".", "queue", "corrections", "methods", "area/scope/domestic",
    }  # fmt: skip
    assert json.loads((tmp_path / "manifest.json").read_text())["due"] == 3  # which may wait a little
    while copier.write_next(301.0):
        pass
    copier.write_manifest(NOON)
    written = _written(tmp_path, before)
    lima = {f"area/{key}" for key in ("scope/domestic", "department/14", "province/1401", "district/140101")}
    assert {one for one in written if not one.startswith(("en", "embed"))} == {
        ".", "queue", "corrections", "methods", *lima,
    }  # fmt: skip
    assert {one for one in written if one.startswith("embed")} == {
        f"embed/v1/{view}/{area}" for view in ("map", "bar", "table", "card") for area in ("nation", "department/14")
    }
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert (manifest["seq"], manifest["due"], manifest["written_at"]) == (country.writer.seq, 0, "2030-01-07T01:02:03Z")
    assert manifest["pages"]["area/district/140101/index.html"]["seq"] == country.writer.seq
    assert manifest["pages"]["area/district/240101/index.html"]["seq"] < country.writer.seq


def _written(folder: Path, before: dict[Path, int]) -> set[str]:
    """Folders of the pages that are not what they were."""
    return {path.parent.relative_to(folder).as_posix() for path, at in before.items() if path.stat().st_mtime_ns != at}


@pytest.fixture
def until_served(replica: str, country: Country) -> Callable[[], None]:
    """Waits until the replica serves all the country has published."""
    address = f"{replica}/api/v1/elections/{ELECTION.id}"
    return lambda: wait_until(lambda: httpx.get(address).json()["seq"] == country.writer.seq)


@pytest.mark.parametrize("other", [{"election": "2026-04-12-governor"}, {"epoch": "an-earlier-one"}, {}])
def test_pages_of_another_count_or_history_are_gone_from_the_folder_and_its_own_stay(
    replica: str, tmp_path: Path, other: dict[str, str]
) -> None:
    copy(tmp_path, replica)
    manifest, page = tmp_path / "manifest.json", "area/district/250101/index.html"
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**told, **other, "pages": {**told["pages"], page: {}}}))
    files = [tmp_path / page, tmp_path / f"{page}.gz"]
    files[0].parent.mkdir(parents=True)
    for path in (*files, tmp_path / "robots.txt"):
        path.write_text("earlier")
    copy(tmp_path, replica)
    assert [path.exists() for path in files] == [not other] * 2
    assert (page in json.loads(manifest.read_text())["pages"]) is (not other)
    assert (tmp_path / "robots.txt").exists()  # not ours
    assert set(told["pages"]) <= {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html")}


def test_a_new_epoch_takes_every_page_away_and_makes_all_of_them_due(
    copier: Copier, store: Store, country: Country, replica: str, tmp_path: Path
) -> None:
    drain(copier, 0.0)
    country.writer.release()
    new = begin_epoch(store, country.writer.info)
    wait_until(lambda: httpx.get(f"{replica}/api/v1/elections/{ELECTION.id}").json()["epoch"] == new)
    copier.look(1.0)
    assert (copier.waiting, copier.is_whole) == (len(NAMES) + 3, False)
    assert [path.name for path in tmp_path.rglob("*.html") if path.name != "away.html"] == []
    drain(copier, 2.0)
    assert (tmp_path / "area/district/140101/index.html").exists()


def test_a_copy_that_is_old_is_due_again_the_whole_counts_first(copier: Copier) -> None:
    drain(copier, 0.0)
    copier.look(61.0)
    assert copier.waiting == 1 + 2 + 3  # the nation, its two scopes and the sheets
    copier.look(901.0)
    assert copier.waiting == len(NAMES) + 3


def test_without_a_replica_the_copies_stay_and_once_says_why(replica: str, tmp_path: Path) -> None:
    copy(tmp_path, replica)
    before = (tmp_path / "index.html").read_bytes()
    with pytest.raises(StoreUnavailable, match="nothing can be copied"):
        copy(tmp_path, f"http://127.0.0.1:{free_port()}")
    assert (tmp_path / "index.html").read_bytes() == before


def test_it_rests_three_times_as_long_as_it_works(replica: str, tmp_path: Path) -> None:
    rests: list[float] = []
    following.follow(order(tmp_path, replica), share=0.25, rest=rests.append, now=lambda: NOON)
    assert len(rests) == len(NAMES) + 3
    assert all(rest > 0 for rest in rests)


def test_of_many_contests_every_one_is_copied_and_the_pages_about_all(
    store: Store, geometry: Geometry, tmp_path: Path
) -> None:
    regions = {name: Region(store, name) for name in ("cusco", "puno")}
    for region in regions.values():
        region.publish((3700, 3600, 3000), counted=80, pending=8)
    app = create_app(store, REGIONAL, geometry=geometry, dashboard=build, options=QUICK)
    with served(app) as address:
        wait_until(lambda: len(app.state.services.counts.all()) == len(regions))
        of_all = following.Order((f"http://{address}",), GOVERNOR.id, tmp_path, "", is_once=True)
        following.follow(of_all, rest=lambda _: None, now=lambda: NOON)
    for language, banner in SAID.items():
        for name in (
            "",
            "methods",
            *(f"contests/{one}/{page}" for one in regions for page in ("", "queue", "methods")),
        ):
            page = (tmp_path / language / name / "index.html").read_text()
            assert banner in re.sub(r"<[^>]+>", "", page), name
            assert "<script" not in page
    front = (tmp_path / "index.html").read_text()
    assert front.count("data-race=") == len(GOVERNOR.contests)
    assert 'href="/contests/puno/"' in front
    overview = (tmp_path / "embed/v1/overview/nation/en-dark.html").read_text()
    assert overview.count('<tr data-part="') == len(GOVERNOR.contests)
    own = (tmp_path / "embed/v1/contests/puno/card/nation/es-auto.html").read_text()
    assert "Gobierno Regional de Puno" in own
    assert "Copia del 6 ene 2030, 20:02" in own
    for name in ("manifest.json", *(f"contests/{one}/manifest.json" for one in regions)):
        told = json.loads((tmp_path / name).read_text())
        assert told["due"] == 0
        assert all((tmp_path / page).is_file() for page in told["pages"])
