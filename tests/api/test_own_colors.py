"""A list's own colour is the same wherever it is drawn: pages, wall, embeds, cards, pictures, and the API."""

from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image

from api.main import create_app
from api.options import ServeOptions
from dashboard.app import build
from geo.boundaries import Geometry
from ingest.drafting.own_colors import recoloured
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, client_of
from tests.api.country import ELECTION, Country, minute

_OWN, _FILES = "#7b1fa2", "#e08214"
_LISTED = ("/", "/tv", "/area/department/14", "/embed/v1/bar", "/embed/v1/bar.svg", BASE)
# Only who leads there is drawn: the first list does.
_LEADING = ("/embed/v1/map", "/embed/v1/map.svg", "/embed/v1/table")


def test_a_lists_own_colour_is_everywhere_and_the_files_nowhere(
    store: Store, geometry: Geometry, tmp_path: Path
) -> None:
    path = tmp_path / "colours.toml"
    path.write_text(f'["{ELECTION.id}"]\n1 = "{_OWN}"\n')
    country = Country(store)
    country.count(country.mesas[:8], minute(1))
    country.publish(["nation", "department/14"], minute(1))
    options = ServeOptions(poll_s=0.02)
    app = create_app(
        store,
        recoloured(ELECTIONS, path),
        geometry=geometry,
        dashboard=partial(build, home_of=options.home),
        options=options,
    )
    with client_of(app) as client:
        client.timeout = 60  # type: ignore[assignment] # seconds are taken too
        for address in (*_LISTED, *_LEADING):
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert _OWN in answer.text.lower(), address
            assert _FILES not in answer.text.lower(), address
        for address in ("/cards/nation.png", "/embed/v1/bar.png"):
            with Image.open(BytesIO(client.get(address).content)) as picture:
                found = picture.convert("RGB").getcolors(1_000_000) or []
            drawn = {f"#{red:02x}{green:02x}{blue:02x}" for _, (red, green, blue) in found}
            assert _OWN in drawn, address
            assert _FILES not in drawn, address
