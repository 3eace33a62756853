"""What counts as enough, late or alike stands in one TOML of its room, and in no text and no module beside it."""

import re
import tomllib
from pathlib import Path

import pytest

from dashboard.colours import load_presentation
from dashboard.wording import wordings
from dashboard.words import load_words
from texts.language import Language, forms_of, load_languages

_PROJECT = Path(__file__).parents[1]
_ROOMS = ("tally", "mission")
# Waits and leases of programs, which decide nothing about a count or a person.
_TECHNICAL = {"_NOTED", "_FIRST", "_LEASE", "LASTS"}
_TIME = re.compile(r"^(\w+)(?:, \w+)* = .*timedelta\((?:minutes|hours|days|seconds)=\d", re.MULTILINE)
_BROWSER = _PROJECT / "dashboard/browser"
_SHOWN = re.compile(r"config\.shown\.(\w+)")
# Drawing, the forms of bytes and the protocol, of which nothing is decided by a count or a person.
_DRAWN = {"map", "proof", "live"}
# What says how often, how finely or how much at once a script works; a time or a distance says so by its name.
_WORKED = {"POINTS", "POSITIONS", "AHEAD", "KEPT", "ERRORS", "BEHIND", "ACTA_DECIMALS", "DECIMALS", "EARTH_M", "AROUND"}
_WORKED |= {"EDGE", "QUALITY", "BORDER", "TALLEST", "TURN"}
_NUMBER = re.compile(r"^(?:export )?const ([A-Z][A-Z_0-9]*) = -?[\d.(]|\b(value): \"\d", re.MULTILINE)
# Numbers with the words they would stand before: no text writes one itself.
_SAID = re.compile(r"\b\d+ (?:MB|caracteres|characters|fotos|photos|horas|hours|minutos|minutes|puntos|points)\b")


def _times(path: Path) -> list[str]:
    return [name for name in _TIME.findall(path.read_text("utf-8")) if name not in _TECHNICAL]


@pytest.mark.parametrize("room", _ROOMS)
def test_no_time_that_a_person_is_held_to_stands_in_a_module(room: str) -> None:
    modules = [path for path in (_PROJECT / room).rglob("*.py") if "rehearsal" not in path.parts]
    assert len(modules) > 20
    assert {path.name: found for path in modules if (found := _times(path))} == {}


def _numbers(path: Path) -> list[str]:
    named = ("".join(found) for found in _NUMBER.findall(path.read_text("utf-8")))
    return [name for name in named if name not in _WORKED and not name.endswith(("_MS", "_PX"))]


def test_no_threshold_stands_in_a_module_of_the_browser() -> None:
    modules = [path for path in _BROWSER.rglob("*.js") if path.relative_to(_BROWSER).parts[0] not in _DRAWN]
    assert len(modules) > 100
    assert {path.name: found for path in modules if (found := _numbers(path))} == {}


@pytest.mark.parametrize("planted", ["const WALK_M = 5000; // near", 'input("size", { value: "300" })'])
def test_a_number_in_a_module_of_the_browser_is_found(tmp_path: Path, planted: str) -> None:
    module = tmp_path / "planted.js"
    module.write_text(f"const WAIT_MS = 400;\n{planted}\n")
    assert len(_numbers(module)) == 1


def test_everything_that_says_how_much_is_shown_is_read_somewhere() -> None:
    tables = tomllib.loads((_PROJECT / "dashboard/presentation.toml").read_text("utf-8"))
    sources = [path for kind in ("py", "js") for path in (_PROJECT / "dashboard").rglob(f"*.{kind}")]
    read = "\n".join(path.read_text("utf-8") for path in sources if "built" not in path.parts)
    names = [name for table in ("shown", "mission_shown", "nearby", "wall") for name in tables[table]]
    assert [name for name in names if not re.search(rf"\.{name}\b|\b{name}: |\[\"{name}\"\]", read)] == []


def test_what_only_the_missions_pages_read_is_told_to_them_alone() -> None:
    tables = tomllib.loads((_PROJECT / "dashboard/presentation.toml").read_text("utf-8"))
    told = wordings(load_words(), load_presentation(_PROJECT / "dashboard/presentation.toml"))["es"]
    shared, added = (file.content.decode() for file in (told.shared, told.of["mission"]))
    own = {**tables["mission_shown"], **tables["nearby"]}
    assert [name for name, value in own.items() if f'"{name}":{value}' in shared] == []
    assert [name for name, value in own.items() if f'"{name}":{value}' not in added] == []
    # Every other module runs on pages that do not bring the mission's words along.
    public = [path for path in _BROWSER.rglob("*.js") if "mission" not in path.relative_to(_BROWSER).parts]
    read = [path.read_text("utf-8") for path in (*public, _BROWSER / "mission/member.js")]
    named = {name for text in read for name in _SHOWN.findall(text)}
    assert named == set(tables["shown"])


def test_a_time_in_a_module_is_found(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("SILENT_AFTER = timedelta(hours=3)\n")
    assert _times(planted) == ["SILENT_AFTER"]


@pytest.mark.parametrize("language", load_languages().values(), ids=lambda language: language.code)
def test_no_text_repeats_a_threshold(language: Language) -> None:
    said = [form for entries in language.texts.values() for text in entries.values() for form in forms_of(text)]
    assert [form for form in said if _SAID.search(form)] == []


@pytest.mark.parametrize("path", sorted(p for room in _ROOMS for p in (_PROJECT / room).glob("*.toml")), ids=str)
def test_every_threshold_is_read_by_name_somewhere(path: Path) -> None:
    modules = [one for room in (*_ROOMS, "api") for one in (_PROJECT / room).rglob("*.py")]
    sources = "\n".join(one.read_text("utf-8") for one in (*modules, *_BROWSER.rglob("*.js")))
    tables = tomllib.loads(path.read_text("utf-8"))
    names = {name for table in tables.values() if isinstance(table, dict) for name in table} - {"critical"}
    assert [name for name in names if not re.search(rf"\.{name}\b", sources)] == []


def test_what_is_asked_in_the_api_is_what_the_password_is_held_to() -> None:
    limits = tomllib.loads((_PROJECT / "mission/thresholds.toml").read_text("utf-8"))["passwords"]
    route = (_PROJECT / "api/routes/mission/administration.py").read_text("utf-8")
    assert str(limits["shortest"]) not in re.findall(r"_length=(\d+)", route)
