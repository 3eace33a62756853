"""The vocabularies of the rooms as the dashboard is given them: `make vocabulary` writes the two modules it reads.

The dashboard imports none of our rooms, and the browser cannot: what both are told here stands nowhere else in them.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mission.flags.sentences import SENTENCES

_DASHBOARD = Path(__file__).parents[1] / "dashboard"
_MADE = "Made by `make vocabulary` from the enums of the rooms, see api/vocabulary.py; never edited."


def vocabularies() -> dict[str, Any]:
    """Every vocabulary by its name, in its own order."""
    return {"flag_sentences": SENTENCES}


def modules() -> Mapping[Path, str]:
    """The text of each module that is made, by its path."""
    return {_DASHBOARD / "assets" / "vocabulary.js": _browser_module(vocabularies())}


def _browser_module(named: Mapping[str, Any]) -> str:
    lines = "".join(f"    {name}: {json.dumps(value)},\n" for name, value in named.items())
    return (
        f'/* {_MADE} */\n(function (escrutinio) {{\n  "use strict";\n\n  escrutinio.vocabulary = {{\n{lines}  }};\n'
        "})(window.escrutinio);\n"
    )


def main() -> None:
    """Write them."""
    for path, text in modules().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
