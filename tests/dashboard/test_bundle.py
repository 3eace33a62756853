"""The browser's code as a whole: what is committed is what its sources make, and its imports point one way."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dashboard.app import build
from dashboard.built import BUILT, entries
from dashboard.mission_pages import PAGES
from tests.dashboard.toy.count import ELECTION
from tests.dashboard.toy.desk import DeskApi

_PROJECT = Path(__file__).parents[2]
_BROWSER = _PROJECT / "dashboard" / "browser"
_SOURCES = {path.relative_to(_BROWSER).as_posix() for path in _BROWSER.rglob("*.js")}
_IMPORT = re.compile(r"""(?:from |import |import\()"([^"]+)\"""")


def _rooms() -> dict[str, set[str]]:
    """Each room, and the rooms it may import, as the lint is told."""
    found = {}
    for each in json.loads((_PROJECT / "biome.json").read_bytes())["overrides"]:
        (rule,) = each["linter"]["rules"]["style"]["noRestrictedImports"]["options"]["patterns"]
        room = each["includes"][0].split("/")[2]
        found[room] = {group.split("/")[-2] for group in rule["group"] if group.startswith("!")}
    return found


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _imports(name: str) -> list[str]:
    """What a module imports of ours."""
    path = _BROWSER / name
    given = _IMPORT.findall(path.read_text("utf-8"))
    return [(path.parent / each).resolve().relative_to(_BROWSER).as_posix() for each in given if each[0] == "."]


def test_every_module_is_in_something_that_browsers_load() -> None:
    assert set(json.loads((BUILT / "manifest.json").read_bytes())["sources"]) >= _SOURCES


def test_imports_point_one_way_and_never_in_a_circle() -> None:
    graph, rooms = {name: _imports(name) for name in _SOURCES}, _rooms()
    assert set(rooms) == {name.partition("/")[0] for name in _SOURCES if "/" in name}
    for name, found in graph.items():
        room = name.partition("/")[0]
        for other in found if room in rooms else ():
            assert other.partition("/")[0] in {room, *rooms[room]}, f"{name} imports {other}"
    standing = set(graph)
    while leaves := {name for name in standing if not standing & set(graph[name])}:
        standing -= leaves
    assert standing == set()


def test_a_page_asks_for_two_modules_and_nothing_it_holds_names_a_machine() -> None:
    assert len(entries()["board"]) == 2
    here = re.escape(str(BUILT.parents[1]).encode())
    for name, content in _files(BUILT).items():
        assert not re.search(rb"sourceMappingURL|/home/|/tmp/|" + here, content), name


def test_a_page_of_the_mission_names_all_that_it_loads_and_no_other_page_of_it() -> None:
    client = build(DeskApi().read, election_id=ELECTION).server.test_client()
    views = entries("views")
    assert set(views) == set(PAGES.values())
    for path, name in PAGES.items():
        asked = set(re.findall(r'rel="modulepreload" href="([^"]+)"', client.get(path).text))
        assert asked == {file.url for file in (*entries()["board"][1:], *entries()["mission"][1:], *views[name])}


def test_no_module_looks_behind() -> None:
    """Safari reads that from 16.4 on; before, a module that has it is not run at all, and the page stands still."""
    assert [name for name in sorted(_SOURCES) if re.search(r"\(\?<[=!]", (_BROWSER / name).read_text("utf-8"))] == []


@pytest.mark.node
def test_what_is_committed_is_what_the_sources_make(node: str, tmp_path: Path) -> None:
    subprocess.run([node, _BROWSER / "bundle.mjs", tmp_path / "built"], check=True, cwd=tmp_path)
    assert _files(tmp_path / "built") == _files(BUILT), "make bundle makes it again"


@pytest.mark.node
def test_the_pure_modules_pass_their_own_tests(node: str) -> None:
    files = sorted(Path(__file__).parent.joinpath("js").glob("*.test.js"))
    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.findall(r"(?m)^[#ℹ] pass (\d+)", done.stdout)[-1]) >= len(files)


@pytest.mark.node
@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"live/extra.js": 'import "../page/why.js";\n'}, "noRestrictedImports"),
        ({"map/one.js": 'import "./two.js";\n', "map/two.js": 'import "./one.js";\n'}, "noImportCycles"),
        ({"text/extra.js": "export const name = nobody;\n"}, "noUndeclaredVariables"),
        ({"count/extra.js": "const unread = 1;\n"}, "noUnusedVariables"),
    ],
)
def test_the_lint_objects(node: str, tmp_path: Path, wrong: dict[str, str], rule: str) -> None:
    shutil.copy(_PROJECT / "biome.json", tmp_path)
    shutil.copytree(_BROWSER, tmp_path / "dashboard" / "browser")
    for name, text in wrong.items():
        (tmp_path / "dashboard" / "browser" / name).write_text(text, "utf-8")
    biome = _PROJECT / "node_modules" / "@biomejs" / "biome" / "bin" / "biome"
    command = [node, biome, "lint", "--error-on-warnings", "dashboard/browser"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert rule in done.stdout + done.stderr
