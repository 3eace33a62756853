"""The embeds as files: whole, complete, and written again only where something changed."""

import asyncio
import gzip
import json
from pathlib import Path

from api.embed.export import Exporter
from api.main import create_app
from geo.boundaries import Geometry
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS
from tests.api.country import Country, minute
from tests.api.embed.conftest import HOME, OPTIONS
from tests.api.regions import ELECTIONS as REGIONAL
from tests.api.regions import GOVERNOR, Region

AREAS = {"nation", "scope/abroad", "department/14", "department/24"}


def export(store: Store, geometry: Geometry, folder: Path, country: Country) -> None:
    """Two rounds, a change of one department between them, as the program runs them."""

    async def rounds() -> None:
        app = create_app(store, ELECTIONS, geometry=geometry, options=OPTIONS)
        async with app.router.lifespan_context(app):
            counts = app.state.services.counts
            while not counts.all():
                await asyncio.sleep(0.01)
            exporter = Exporter(app.state.services, app.state.embed_pages, app.state.embed_overviews, folder, HOME)
            try:
                first = await exporter.write(with_pictures=False)
                assert first.pages == len(AREAS) * 4 * 2 * 3
                assert (await exporter.write(with_pictures=False)).pages == 0
                untouched = (folder / "embed/v1/bar/department/24/es-auto.html").stat().st_mtime_ns
                country.count(country.mesas[8:9], minute(7))
                while counts.all()[0].seq != country.writer.seq:
                    await asyncio.sleep(0.01)
                second = await exporter.write(with_pictures=False)
                assert 0 < second.pages < first.pages
                assert (folder / "embed/v1/bar/department/24/es-auto.html").stat().st_mtime_ns == untouched
            finally:
                exporter.close()

    asyncio.run(rounds())


def test_the_whole_set_is_written_and_then_what_changed(
    store: Store, country: Country, geometry: Geometry, folder: Path
) -> None:
    export(store, geometry, folder, country)
    index = json.loads((folder / "index.json").read_text())
    assert index["seq"] == country.writer.seq
    assert index["is_test"] is True
    assert {entry["area"] for entry in index["embeds"]} == AREAS
    for entry in index["embeds"]:
        for kind in ("auto", "light", "dark", "svg"):
            path = folder / entry[kind]
            assert path.stat().st_size > 500
            if kind != "svg":
                assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == path.read_bytes()
    page = (folder / "embed/v1/map/department/14/en-dark.html").read_text()
    assert "escrutinio-config" not in page
    assert "reload the page to see newer ones" in page
    assert not list(folder.rglob(".part-*"))
    assert (folder / index["height_script"]).is_file()
    for name in ("frame", "embed"):
        assert len(list((folder / "embed/v1/assets").glob(f"{name}.*"))) >= 1


def test_of_many_contests_each_is_written_and_one_embed_of_all_and_then_the_one_that_moved(
    store: Store, geometry: Geometry, folder: Path
) -> None:
    regions = {name: Region(store, name) for name in ("cusco", "puno")}
    for region in regions.values():
        region.publish((3700, 3600, 3000), counted=80, pending=8)

    async def rounds() -> None:
        app = create_app(store, REGIONAL, geometry=geometry, options=OPTIONS)
        async with app.router.lifespan_context(app):
            counts = app.state.services.counts
            while len(counts.all()) < len(regions):
                await asyncio.sleep(0.01)
            exporter = Exporter(app.state.services, app.state.embed_pages, app.state.embed_overviews, folder, HOME)
            try:
                first = await exporter.write(with_pictures=False)
                assert first.pages == (len(regions) * 4 + 1) * 2 * 3
                regions["puno"].publish((3750, 3600, 3000), counted=81, pending=7, at=2)
                while counts.contests(GOVERNOR.id)["puno"].seq != regions["puno"].writer.seq:
                    await asyncio.sleep(0.01)
                assert (await exporter.write(with_pictures=False)).pages == (4 + 1) * 2 * 3
            finally:
                exporter.close()

    asyncio.run(rounds())
    index = json.loads((folder / "index.json").read_text())["embeds"]
    assert {entry.get("contest") for entry in index} == {"cusco", "puno", None}
    assert all((folder / entry["auto"]).is_file() for entry in index)
    overview = (folder / "embed/v1/overview/nation/es-light.html").read_text()
    assert "overview.js" not in overview
    assert 'href="/contests/cusco/"' in overview
    puno = (folder / "embed/v1/contests/puno/bar/nation/es-auto.html").read_text()
    assert "Gobierno Regional de Puno" in puno
    assert "3750" in puno.replace(" ", "").replace("\\u202f", "").replace("\\u00a0", "")
