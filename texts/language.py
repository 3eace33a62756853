"""One language's texts, and how a sentence is filled in; `dashboard/browser/text/words.js` does it in the browser.

A text is a string with {placeholders}. `{actas:acta}` is a number with its unit, from [units] in the plural the number
asks for; `{reason:reasons}` is the word of an identifier (or of several) from the section [reasons]; `{share:percent}`
is a share, 0..1, with one decimal; `{ratio:.1}` has one decimal, too, and `{q:=3}` is "= 0.012" or "< 0.001".
A sentence whose verb depends on a number has a form for each plural:
`open = { by = "actas", one = "falta {actas:acta}", other = "faltan {actas:acta}" }`; without `by` it goes by `n`.
The plurals are those of Unicode's CLDR: Babel knows them here, Intl.PluralRules in the browser. One that depends on a
fact has the forms `yes` and `no`; a form that is not there says nothing.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError

FOLDER = Path(__file__).parent
Text = str | Mapping[str, str]
Sections = Mapping[str, Mapping[str, Text]]

NAMES: Mapping[str, str] = tomllib.loads((FOLDER / "languages.toml").read_text("utf-8"))
LANGUAGES = tuple(NAMES)
DEFAULT_LANGUAGE = LANGUAGES[0]
_PLACEHOLDER = re.compile(r"\{(\w+(?::(?:\w+|[.=][0-9]))?)\}")
_UNITS = "units"


@dataclass(frozen=True)
class Language:
    """One language's texts by section and key, and its name in itself."""

    code: str
    name: str
    texts: Sections

    def __call__(self, name: str, /, **values: Any) -> str:
        """The text of "section.key", its placeholders filled in."""
        return "".join(str(part) for part in self.parts(name, **values))

    def parts(self, name: str, number: Callable[[str], Any] = str, /, **values: Any) -> list[Any]:
        """The text of a key as a list of children, each placeholder replaced by what is given for it.

        `number` makes the child of a number with its unit.
        """
        pieces = _PLACEHOLDER.split(self._form(name, values))
        return [self._fill(piece, values, number) if at % 2 else piece for at, piece in enumerate(pieces) if piece]

    def told(self, names: Iterable[str], /, **values: Any) -> str:
        """Several texts in a row, without those that need a value nobody knows."""
        known = {name: value for name, value in values.items() if value is not None}
        return " ".join(filter(None, (self(name, **known) for name in names if self._is_known(name, known))))

    def says(self, name: str) -> bool:
        """Whether there is a text of that name."""
        section, _, key = name.partition(".")
        return key in self.texts.get(section, ())

    def of(self, names: Mapping[str, str] | None) -> str:
        """This language's side of a name that an election's file gives in several."""
        return (names or {}).get(self.code) or (names or {}).get(DEFAULT_LANGUAGE, "")

    def _text(self, name: str) -> Text:
        section, _, key = name.partition(".")
        return self.texts[section][key]

    def _is_known(self, name: str, values: Mapping[str, Any]) -> bool:
        text = self._text(name)
        if not isinstance(text, str) and text.get("by", "n") not in values:
            return False
        return values.keys() >= set(self.slots(name, **values))

    def slots(self, name: str, /, **values: Any) -> list[str]:
        """Names of the values that stand in a key's text for those values, in their order."""
        return [slot.partition(":")[0] for slot in _PLACEHOLDER.findall(self._form(name, values))]

    def _form(self, name: str, values: Mapping[str, Any]) -> str:
        text = self._text(name)
        if isinstance(text, str):
            return text
        value = values[text.get("by", "n")]
        if isinstance(value, bool):
            return text.get("yes" if value else "no", "")
        return text.get("other" if value is None else plural(self.code, value)) or text["other"]

    def _fill(self, placeholder: str, values: Mapping[str, Any], number: Callable[[str], Any]) -> Any:
        name, _, kind = placeholder.partition(":")
        value = values[name]
        if kind == "percent":
            return number(f"{100 * value:.1f} %")
        if kind.startswith((".", "=")):
            return number(_decimals(value, int(kind[1]), is_compared=kind[0] == "="))
        if value is None or isinstance(value, int):
            return number(self(f"{_UNITS}.{kind}", n=value) if kind else spaced(value))
        if kind:
            chosen = [value] if isinstance(value, str) else value
            return ", ".join(str(self.texts[kind][one]) for one in chosen)
        return value


def spaced(number: int | None) -> str:
    """Thousands parted by spaces: 9052039 → "9 052 039"; a missing number is a dash."""
    return "—" if number is None else f"{number:,}".replace(",", " ")


def _decimals(number: float, places: int, *, is_compared: bool) -> str:
    if is_compared and number < 10**-places:
        return f"< {10**-places:.{places}f}"
    return f"{'= ' if is_compared else ''}{number:.{places}f}".replace("-", "−")


def plural(code: str, number: int) -> str:
    """The name of a number's plural in a language, as CLDR has it: "one", "other", …"""
    locale = _locale(code)
    return "other" if locale is None else locale.plural_form(number)


@cache
def _locale(code: str) -> Locale | None:
    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return None


def load_languages(folder: Path = FOLDER, names: Mapping[str, str] = NAMES) -> dict[str, Language]:
    """Every language by its code, the default first; one folder each, whose TOML files share no section."""
    read = {code: _read(folder / code) for code in names}
    spoken = read[next(iter(read))]
    return {code: Language(code, names[code], _completed(own, spoken)) for code, own in read.items()}


@cache  # they stay as they are while the program runs, and every page's words begin with them
def _read(folder: Path) -> Sections:
    texts: dict[str, dict[str, Text]] = {}
    for path in sorted(folder.glob("*.toml")):
        sections = tomllib.loads(path.read_text("utf-8"))
        assert not texts.keys() & sections.keys(), f"{path.name} repeats a section of another file"  # noqa: S101 - ours
        texts |= sections
    return texts


def _completed(own: Sections, spoken: Sections) -> Sections:
    """What a language does not say yet is said in the default one."""
    return {section: {**entries, **own.get(section, {})} for section, entries in spoken.items()}


@cache
def sections_in(*files: str) -> tuple[str, ...]:
    """Names of the sections in those files of the texts ("mission"), which every language has alike."""
    folder = FOLDER / DEFAULT_LANGUAGE
    return tuple(name for file in files for name in tomllib.loads((folder / f"{file}.toml").read_text("utf-8")))


def sections_of(language: Language, names: Iterable[str]) -> dict[str, Mapping[str, Text]]:
    """Those sections, the units that any of them may ask for, and the sections whose words their placeholders name."""
    chosen = {section: language.texts[section] for section in (_UNITS, *names)}
    forms = (form for entries in chosen.values() for text in entries.values() for form in forms_of(text))
    named = {kind for form in forms for kind in re.findall(r"\{\w+:(\w+)\}", form)}
    words = (named & language.texts.keys()) - language.texts[_UNITS].keys()
    return chosen | {section: language.texts[section] for section in sorted(words)}


def forms_of(text: Text) -> list[str]:
    """Every form of a text: one, or one a plural."""
    return [text] if isinstance(text, str) else [form for name, form in text.items() if name != "by"]
