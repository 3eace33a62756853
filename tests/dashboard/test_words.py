"""Both languages say everything, and nothing is said that nobody asks for."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import texts
from api.mission.public_layer import HiddenReason
from dashboard import app
from dashboard.mission_pages import SECTIONS
from dashboard.wording import PROOF, RACES
from dashboard.words import load_words
from ingest.drafting.draft import Concern
from mission.alerts import AlertKind
from mission.audit.ground import AuditRefusal
from mission.audit.standing import AuditOutcome
from mission.doubt import Reason
from mission.flags.flag import FlagKind
from mission.incidents.book import POST, PUBLISH
from mission.incidents.incident import Deed, State
from mission.incidents.quarantine import QUARANTINE, RESTORE
from mission.incidents.rubric import Basis, Category, Severity
from mission.people.auditlog import Action
from mission.people.locks import LockKind
from mission.people.roles import Role
from mission.stake import StakeVerdict
from tally.changes import Kind
from tally.model import NOT_VALID, ActaState
from tally.observations import REASONS
from tally.outcome.outcome import MarginKind
from tally.outcome.standing import ContestState
from texts.language import LANGUAGES, forms_of

_HERE = Path(app.__file__).parent
_BROWSER = _HERE / "browser"
_LANGUAGES = load_words()
_TURNS = (POST, PUBLISH, QUARANTINE, RESTORE)
_VOCABULARIES: dict[str, Iterable[str]] = {
    "role": Role,
    "category": Category,
    "severity": [name for severity in Severity for name in (severity, f"{severity}_rubric")],
    "basis": Basis,
    "incident_state": {*State} - {State.DRAFT},
    "incident_move": Deed,
    "deed": [*(action.replace(" ", "_").replace("-", "_") for action in Action), *_TURNS],
    "lock": LockKind,
    "flag_kind": FlagKind,
    "flag_general": FlagKind,
    "mission_alert": [*AlertKind, "said", "none", "more", "close"],
    "hidden_reason": HiddenReason,
    "stake_verdict": [*StakeVerdict, "head"],
    "stake_outcome": {*StakeVerdict} - {StakeVerdict.NONE, StakeVerdict.IN_REVIEW},
    "margin_kind": MarginKind,
    **dict.fromkeys(("race_state", "race_count"), ContestState),
    "audit_outcome": [*AuditOutcome, "head"],
    "audit_refusal": AuditRefusal,
    "stake_set": ["all", *Reason, "mesas"],
    "audit_rest": NOT_VALID,
    "draft_concern": Concern,
    "reasons": REASONS,
    "mesa_state": ActaState,
    "kind": Kind,
}


def _said_in(language: str) -> set[str]:
    """What a language says itself, without what the default one says for it."""
    files = (Path(texts.__file__).parent / language).glob("*.toml")
    sections = {name: part for path in files for name, part in tomllib.loads(path.read_text("utf-8")).items()}
    return {f"{section}.{key}" for section, entries in sections.items() for key in entries}


def keys(language: str) -> set[str]:
    sections = _LANGUAGES[language].texts
    return {f"{section}.{key}" for section, entries in sections.items() for key in entries}


_KINDS = ("*.py", "browser/**/*.js", "templates/**/*.html", "templates/**/*.svg")


def sources(*rooms: str) -> str:
    folders = [_HERE.parent / room for room in rooms]
    files = [path for folder in folders for kind in _KINDS for path in folder.rglob(kind)]
    return "\n".join(path.read_text("utf-8") for path in files)


def _kinds_in(name: str) -> set[str]:
    """Units, and sections of words, that a text's placeholders name."""
    section, _, key = name.partition(".")
    forms = forms_of(_LANGUAGES["es"].texts[section][key])
    return {kind for form in forms for kind in re.findall(r"\{\w+:(\w+)\}", form)}


def _named_by(sections: Iterable[str]) -> set[str]:
    """The sections of words that a text of those sections names."""
    texts = _LANGUAGES["es"].texts
    kinds = {kind for section in sections for key in texts[section] for kind in _kinds_in(f"{section}.{key}")}
    return (kinds & {*texts}) - {*texts["units"]}


def _files() -> set[str]:
    return {path.name for folder in ("browser", "styles", "built") for path in (_HERE / folder).rglob("*.*")}


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
            for form in forms_of(_LANGUAGES[language].texts[section][key])
        }
        assert len(slots) == 1, name


def test_every_text_is_used() -> None:
    text = sources("dashboard", "mission", "api")
    families = tuple(f"{section}." for section in re.findall(r'["`](\w+)\.(?:\$\{|\{|%s)', text))
    families += tuple(f"{section}." for section in re.findall(r'\bwordOf\("(\w+)"', text))
    said = set(re.findall(r"[\"']([a-z_]+\.[a-z_-]+)[\"']", text))
    kinds = {kind for name in keys("es") for kind in _kinds_in(name)}
    families += tuple(f"{kind}." for kind in kinds - {*_LANGUAGES["es"].texts["units"]})
    counted = {f"units.{kind}" for kind in kinds}
    unused = {name for name in keys("es") - said - counted if not name.startswith(families)}
    # These of [page] are asked for by name and with "_why".
    assert (
        unused
        - {
            "page.missing_why",
            "page.other_count_why",
            "page.unavailable_why",
            "outlook.voters_exact",
            "outlook.voters_bound",
        }
        == set()
    )


def test_every_text_asked_for_exists() -> None:
    sections = "|".join(_LANGUAGES["es"].texts)
    asked = set(re.findall(rf'(?<!querySelectorAll\()"((?:{sections})\.[a-z_]+)"', sources("dashboard"))) - _files()
    assert asked
    assert asked - keys("es") == set()


def test_the_browser_is_given_every_section_its_modules_ask_for() -> None:
    shared, mission = _asked_by("text", "count", "map", "page"), _asked_by("mission")
    assert {"map", "search", "sorting", "replay"} <= shared
    races = _said("\n".join((_BROWSER / room / "races.js").read_text("utf-8") for room in ("count", "page")))
    assert races == set(RACES)
    shared -= races | _said((_BROWSER / "count" / "standing.js").read_text("utf-8"))  # embeds' and walls' alone
    # What a member's own browser says on the public pages it says before it has the mission's words.
    public = _said((_BROWSER / "mission" / "member.js").read_text("utf-8"))
    assert shared | public | {"units", *_named_by(shared)} == set(_LANGUAGES["es"].for_browser())
    assert mission - shared - public == set(SECTIONS)
    assert _asked_by("proof") == set(PROOF)


def test_every_member_of_a_vocabulary_has_its_word_and_no_other_has() -> None:
    for language in LANGUAGES:
        sections = _LANGUAGES[language].texts
        for section, vocabulary in _VOCABULARIES.items():
            assert {*sections[section]} == {*vocabulary}, (language, section)


def _asked_by(*rooms: str) -> set[str]:
    return _said("\n".join(path.read_text("utf-8") for room in rooms for path in (_BROWSER / room).rglob("*.js")))


def _said(text: str) -> set[str]:
    sections = "|".join(_LANGUAGES["es"].texts)
    whole = re.findall(rf'\b(?:t|parts|word|told)\((?:[^)"`]*[?([] ?)?["`]({sections})\.', text)
    return {*whole, *re.findall(rf'\bwordOf\("({sections})"', text)}


def test_no_words_stand_in_the_code() -> None:
    spanish = re.compile(
        r'["\'`>][^"\'`<\n]*\b(votos|actas|mesas|revisado|hace|distrito|electores)\b[^"\'`<\n]*["\'`<]'
    )
    for path in _BROWSER.rglob("*.js"):
        bare = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
        hits = [hit.group(0) for hit in spanish.finditer(bare) if " " in hit.group(0)]
        assert hits == [], path.name
