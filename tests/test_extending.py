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

_PROJECT = Path(__file__).parent.parent
_RECIPES = (_PROJECT / "docs" / "extending.md").read_text("utf-8")
_ROOMS = ("texts", "dashboard", "tests", "tally", "api", "ingest", "geo", "mission")
_SERVED = """
import json, sys
from dashboard.app import build
from tests.dashboard.toy_count import ELECTION
from tests.dashboard.toy_desk import DeskApi
client = build(DeskApi().read, election_id=ELECTION).server.test_client()
print(json.dumps({path: [answer.status_code, answer.text] for path in sys.argv[1:] for answer in [client.get(path)]}))
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
        for room in _ROOMS:
            shutil.copytree(_PROJECT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
        (tmp_path / "package.json").write_bytes((_PROJECT / "package.json").read_bytes())
        (tmp_path / "node_modules").symlink_to(_PROJECT / "node_modules")
        named = _named(recipe)
        for path, before, after in edits:
            assert path in named or any(path.startswith(one) for one in named if one.endswith("/")), path
            file = tmp_path / path
            text = file.read_text("utf-8") if before else ""
            assert before in text
            file.write_text(text.replace(before, after, 1) if before else after, "utf-8")
        subprocess.run([node, tmp_path / "dashboard" / "browser" / "bundle.mjs"], check=True)

    return follow


def _served(folder: Path, *paths: str) -> dict[str, Any]:
    """What the copy answers: status and text by path."""
    command = [sys.executable, "-c", _SERVED, *paths]
    found: dict[str, Any] = json.loads(subprocess.check_output(command, cwd=folder, text=True))
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
            ("dashboard/desks.py", '    "accounts",\n', '    "accounts",\n    "phones",\n'),
            ("dashboard/desks.py", '    "mission_title",\n', '    "mission_title",\n    "mission_phones",\n'),
            ("dashboard/browser/mission/phones.js", "", view),
            (
                "dashboard/browser/mission/main.js",
                "import { view as publicLayer }",
                'import { view as phones } from "./phones.js";\nimport { view as publicLayer }',
            ),
            ("dashboard/browser/mission/main.js", "const VIEWS = {\n", "const VIEWS = {\n  phones,\n"),
            ("dashboard/browser/mission/session.js", "const PAGES = [\n", 'const PAGES = [\n  ["phones", "admin"],\n'),
            *((f"texts/{code}/mission.toml", "\n[mission_title]\n", sections) for code in ("es", "en")),
        ],
    )
    status, page = _served(tmp_path, "/mission/phones")["/mission/phones"]
    assert status == 200
    assert "<h1>Teléfonos</h1>" in page
    (words,) = re.findall(r'src="(/bundle/[^"]+/mission\.es\.js)"', page)
    (entry,) = re.findall(r'data-entry="mission" src="([^"]+)"', page)
    served = _served(tmp_path, words, entry)
    assert '"mission_phones":{"hello":"Hola"}' in served[words][1]
    assert "mission_phones.hello" in served[entry][1]
