"""Both languages say everything, and nothing is said that nobody asks for."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import texts
from dashboard import app
from dashboard.document import SCRIPTS, STYLES
from dashboard.needs import NEEDS
from dashboard.words import load_words
from dashboard.worker import SCRIPT
from texts.language import LANGUAGES, Text

_HERE = Path(app.__file__).parent
_LANGUAGES = load_words()


def _said_in(language: str) -> set[str]:
    """What a language says itself, without what the default one says for it."""
    files = (Path(texts.__file__).parent / language).glob("*.toml")
    sections = {name: part for path in files for name, part in tomllib.loads(path.read_text("utf-8")).items()}
    return {f"{section}.{key}" for section, entries in sections.items() for key in entries}


def keys(language: str) -> set[str]:
    sections = _LANGUAGES[language].texts
    return {f"{section}.{key}" for section, entries in sections.items() for key in entries}


def _forms(text: Text) -> list[str]:
    return [text] if isinstance(text, str) else [form for plural, form in text.items() if plural != "by"]


def sources(*rooms: str) -> str:
    files = [path for kind in ("*.py", "*.js") for room in rooms for path in (_HERE.parent / room).rglob(kind)]
    return "\n".join(path.read_text("utf-8") for path in files)


def _kinds_in(name: str) -> set[str]:
    """Units, and sections of identifiers, that a text asks for."""
    section, _, key = name.partition(".")
    return {
        kind for form in _forms(_LANGUAGES["es"].texts[section][key]) for kind in re.findall(r"\{\w+:(\w+)\}", form)
    }


def _with_identifiers(sections: set[str]) -> set[str]:
    """Sections, and those whose words their texts ask for."""
    texts = _LANGUAGES["es"].texts
    kinds = {kind for section in sections for key in texts[section] for kind in _kinds_in(f"{section}.{key}")}
    return sections | (kinds & texts.keys()) - texts["units"].keys()


def _files() -> set[str]:
    return {path.name for path in (_HERE / "assets").iterdir()}


def test_both_languages_have_the_same_keys() -> None:
    folder = Path(texts.__file__).parent
    assert {path.parent.name for path in folder.glob("*/*.toml")} == set(LANGUAGES)
    assert _said_in("es") == _said_in("en")


def test_both_languages_fill_in_the_same_values() -> None:
    for name in keys("es"):
        section, _, key = name.partition(".")
        slots = {
            frozenset(re.findall(r"\{([\w:.=]+)\}", form))
            for language in LANGUAGES
            for form in _forms(_LANGUAGES[language].texts[section][key])
        }
        assert len(slots) == 1, name


def test_every_text_is_used() -> None:
    text = sources("dashboard", "mission", "api")
    families = tuple(f"{section}." for section in re.findall(r'["`](\w+)\.(?:\$\{|\{)', text))
    said = set(re.findall(r"[\"']([a-z_]+\.[a-z_-]+)[\"']", text))
    kinds = {kind for name in keys("es") for kind in _kinds_in(name)}
    counted = {f"units.{unit}" for unit in kinds}
    families += tuple(f"{kind}." for kind in kinds)
    unused = {name for name in keys("es") - said - counted if not name.startswith(families)}
    # page.missing and page.unavailable are asked for by name and with "_why".
    assert (
        unused - {"page.missing_why", "page.unavailable_why", "outlook.voters_exact", "outlook.voters_bound"} == set()
    )


def test_every_text_asked_for_exists() -> None:
    sections = "|".join(_LANGUAGES["es"].texts)
    asked = set(re.findall(rf'(?<!querySelectorAll\()"((?:{sections})\.[a-z_]+)"', sources("dashboard"))) - _files()
    assert asked
    assert asked - keys("es") == set()


def test_the_browser_is_given_every_section_its_modules_ask_for() -> None:
    shared = _asked_by(SCRIPTS)
    assert {"map", "search", "sorting", "outlook"} <= shared
    assert shared | {"units"} == set(_LANGUAGES["es"].for_browser())
    for address, needs in NEEDS.items():
        assert _asked_by(needs.scripts) - shared == set(needs.sections), address


def test_every_script_and_style_is_on_some_page() -> None:
    named = {SCRIPT, *SCRIPTS, *STYLES, *(name for needs in NEEDS.values() for name in (*needs.scripts, *needs.styles))}
    assert {path.name for path in (_HERE / "assets").iterdir() if path.suffix in (".js", ".css")} == named


def _asked_by(scripts: Iterable[str]) -> set[str]:
    text = "\n".join((_HERE / "assets" / name).read_text("utf-8") for name in scripts)
    sections = "|".join(_LANGUAGES["es"].texts)
    return _with_identifiers(set(re.findall(rf'\b(?:t|parts|told)\((?:[^)"`]*[?([] ?)?["`]({sections})\.', text)))


def test_no_words_stand_in_the_code() -> None:
    spanish = re.compile(
        r'["\'`>][^"\'`<\n]*\b(votos|actas|mesas|revisado|hace|distrito|electores)\b[^"\'`<\n]*["\'`<]'
    )
    for path in (_HERE / "assets").glob("*.js"):
        bare = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
        hits = [hit.group(0) for hit in spanish.finditer(bare) if " " in hit.group(0)]
        assert hits == [], path.name
