"""What an XLSForm says, by our codes of the languages it names: "Español (es)", "es"; unnamed, it is Spanish."""

import re
from typing import Any

from mission.forms.model import Words
from texts.language import DEFAULT_LANGUAGE, LANGUAGES

_CODE = re.compile(r"\(([\w-]+)\)\s*$")
# What pyxform calls the language of words that stand under no name of one.
_UNNAMED = "default"


class Wording:
    """Reads words, and keeps in `unknown` the languages that are none of ours."""

    def __init__(self) -> None:
        self.unknown: set[str] = set()

    def read(self, given: Any) -> Words | None:
        """The words of a label, hint or message by language; None where it says nothing."""
        if isinstance(given, str):
            return {DEFAULT_LANGUAGE: given} if given else None
        words = {}
        for language, text in (given or {}).items():
            found = _CODE.search(language)
            code = found[1].lower() if found else language.strip().lower()
            code = DEFAULT_LANGUAGE if code == _UNNAMED else code
            if code not in LANGUAGES:
                self.unknown.add(language)
            elif text:
                words[code] = str(text)
        return words or None
