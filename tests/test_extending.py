"""docs/extending.md: every place it names is there, and two of its recipes, followed to the letter, work."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboard.embed.scene import VIEWS
from dashboard.mission_pages import PAGES

pytestmark = pytest.mark.long

_PROJECT = Path(__file__).parent.parent
_RECIPES = (_PROJECT / "docs" / "extending.md").read_text("utf-8")
_ROOMS = ("texts", "dashboard", "tests", "tally", "api", "ingest", "geo", "mission")
_SERVED = """
import json, sys
from dashboard.app import build
from tests.dashboard.toy.count import ELECTION
from tests.dashboard.toy.desk import DeskApi
client = build(DeskApi().read, election_id=ELECTION).server.test_client()
print(json.dumps({path: [answer.status_code, answer.text] for path in sys.argv[1:] for answer in [client.get(path)]}))
"""
_SERVED_WITH_EMBEDS = """
import json, sys
from api.main import create_app
from dashboard.app import build
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, QUICK, client_of
from mission.people.roles import Role
from tests.api.country import Country, minute
from tests.mission.people import add
store = Store.open("sqlite:///count.db")
add(store.engine, "ana", Role.ADMIN)
country = Country(store)
country.count(country.mesas[:1], minute(1))
country.publish(["nation"], minute(2))
with client_of(create_app(store, ELECTIONS, dashboard=build, options=QUICK)) as client:
    found = {path: client.get(path) for path in sys.argv[1:]}
print(json.dumps({path: [answer.status_code, answer.text] for path, answer in found.items()}))
"""
Edit = tuple[str, str, str]


def _named(recipe: str) -> set[str]:
    """The paths that a recipe names."""
    text = re.split(r"(?m)^## ", _RECIPES.partition(f"## {recipe}\n")[2])[0]
    return set(re.findall(r"`((?:texts|dashboard|tests|tally|api|ingest|mission)/[\w./-]*)`", text))


def test_every_place_that_is_named_is_there() -> None:
    named = set(re.findall(r"`([a-z]+/[\w./-]*)`", _RECIPES))
    assert len(named) > 25
    assert [path for path in sorted(named) if not (_PROJECT / path).exists()] == []


@pytest.fixture
def copy(tmp_path: Path, node: str) -> Callable[[str, list[Edit]], None]:
    """Follow a recipe in a copy of the project: edits are (path, before, after), "" before a file that is new."""

    def follow(recipe: str, edits: list[Edit]) -> None:
        _follow(tmp_path, recipe, edits)
        (tmp_path / "package.json").write_bytes((_PROJECT / "package.json").read_bytes())
        (tmp_path / "node_modules").symlink_to(_PROJECT / "node_modules")
        subprocess.run([node, tmp_path / "dashboard" / "browser" / "bundle.mjs"], check=True)

    return follow


def _follow(folder: Path, recipe: str, edits: list[Edit]) -> None:
    for room in _ROOMS:
        shutil.copytree(_PROJECT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    named = _named(recipe)
    for path, before, after in edits:
        assert path in named or any(path.startswith(one) for one in named if one.endswith("/")), path
        file = folder / path
        text = file.read_text("utf-8") if before else ""
        assert before in text
        file.parent.mkdir(exist_ok=True)
        file.write_text(text.replace(before, after, 1) if before else after, "utf-8")


def _served(folder: Path, *paths: str, by: str = _SERVED) -> dict[str, Any]:
    """What the copy answers: status and text by path."""
    command = [sys.executable, "-c", by, *paths]
    found: dict[str, Any] = json.loads(subprocess.check_output(command, cwd=folder, text=True).splitlines()[-1])
    return found


@pytest.mark.node
def test_a_measure_takes_the_files_that_its_recipe_names(
    copy: Callable[[str, list[Edit]], None], tmp_path: Path, node: str
) -> None:
    said = {"es": ("Nulos", "Votos nulos, en % de los emitidos"), "en": ("Null", "Null votes, in % of those cast")}
    copy(
        "A measure of the map",
        [
            ("dashboard/presentation.toml", "[measures]\n", "[measures]\nnull_votes = [0.1, 0.2, 0.3, 0.4, 0.5]\n"),
            (
                "dashboard/browser/count/measures.js",
                "  counted: (data)",
                "  null_votes: (data) => [shown(data).null, shown(data).cast],\n  counted: (data)",
            ),
            *(
                (
                    f"texts/{code}/map.toml",
                    "[measures]\n",
                    f'[measures]\nnull_votes = "{name}"\nnull_votes_legend = "{legend}"\n',
                )
                for code, (name, legend) in said.items()
            ),
        ],
    )
    _, page = _served(tmp_path, "/")["/"]
    words = re.search(r'<script defer src="(/bundle/[^"]+)"', page)
    assert words is not None
    _, text = _served(tmp_path, words[1])[words[1]]
    assert '"null_votes":[0.1,0.2,0.3,0.4,0.5]' in text
    assert '"null_votes":"Nulos"' in text
    module = tmp_path / "dashboard" / "browser" / "count" / "measures.js"
    asked = f"import {{ text }} from '{module}'; console.log(text({{ votes: [1], null: 3, cast: 8 }}, 'null_votes'));"
    command = [node, "--input-type=module", "-e", asked]
    assert subprocess.check_output(command, text=True).strip() == "37.50 %"


@pytest.mark.node
def test_a_mission_page_takes_the_files_that_its_recipe_names(
    copy: Callable[[str, list[Edit]], None], tmp_path: Path
) -> None:
    view = (
        'import { t } from "../text/words.js";\nexport const view = (body) => body.append(t("mission_phones.hello"));\n'
    )
    sections = '\n[mission_phones]\nhello = "Hola"\n\n[mission_title]\nphones = "Teléfonos"\n'
    copy(
        "A mission page",
        [
            ("dashboard/mission_pages.py", '    "accounts",\n', '    "accounts",\n    "phones",\n'),
            ("dashboard/browser/mission/phones.js", "", view),
            (
                "dashboard/browser/mission/pages/views.js",
                "const VIEWS = {\n",
                'const VIEWS = {\n  phones: () => import("../phones.js"),\n',
            ),
            ("dashboard/browser/mission/pages/bar.js", "  team: [", '  team: [["phones", ADMIN], '),
            *((f"texts/{code}/mission.toml", "\n[mission_title]\n", sections) for code in ("es", "en")),
        ],
    )
    status, page = _served(tmp_path, "/mission/phones")["/mission/phones"]
    assert status == 200
    assert "<h1>Teléfonos</h1>" in page
    (words,) = re.findall(r'src="(/bundle/[^"]+/mission\.es\.js)"', page)
    (view,) = re.findall(r'rel="modulepreload" href="([^"]+/phones\.js)"', page)
    served = _served(tmp_path, words, view)
    assert '"mission_phones":{"hello":"Hola"}' in served[words][1]
    assert "mission_phones.hello" in served[view][1]


_QUECHUA = """
[page]
skip = "Ukhuman riy"
timezone = "Limap pachan."

[customiser]
title = "Yupayta p'anqaykipi churay"

[units]
vote = { other = "{n} rikuchiy" }
"""
_PAGES = (
    *("/", "/area/department/14", "/area/scope/abroad", "/place/1401011", "/mesa/000001", "/nowhere"),
    *("/queue", "/timeline", "/corrections", "/corrections?kind=all", "/methods", *PAGES),
)
_EMBEDS = tuple(f"/embed/v1/{view}" for view in VIEWS)


def test_a_language_is_one_folder_and_one_line(tmp_path: Path) -> None:
    edits = [
        ("texts/languages.toml", 'en = "English"\n', 'en = "English"\nqu = "Runasimi"\n'),
        ("texts/qu/page.toml", "", _QUECHUA),
    ]
    _follow(tmp_path, "A language", edits)
    paths = [f"{path}{'&' if '?' in path else '?'}lang=qu" for path in (*_PAGES, *_EMBEDS, "/embed")]
    served = _served(tmp_path, "/", "/mission/worker.js", *paths, by=_SERVED_WITH_EMBEDS)
    assert 'href="/?lang=qu"' in served.pop("/")[1]
    assert served.pop("/mission/worker.js")[1].startswith('self.LANGUAGES=["es","en","qu"];')
    for path, (status, text) in served.items():
        assert status == (404 if "nowhere" in path else 200), path
        assert '<html lang="qu"' in text, path
    for path in _PAGES:
        text = served[f"{path}{'&' if '?' in path else '?'}lang=qu"][1]
        assert "Ukhuman riy" in text, path
        assert 'href="/methods?lang=qu' in text or path == "/nowhere", path
    for path in _EMBEDS:
        assert "Limap pachan." in served[f"{path}?lang=qu"][1], path
    assert "Yupayta p&#39;anqaykipi churay" in served["/embed?lang=qu"][1]
    # A plural of the language itself, beside what only the default one says.
    assert re.search(r'<span data-f="votes.0">\d+</span> rikuchiy', served["/?lang=qu"][1])
    assert "Conteo ONPE" in served["/?lang=qu"][1]
