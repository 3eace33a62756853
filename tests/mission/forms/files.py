"""The least form that there can be, as its file has it, and such files in a folder."""

from pathlib import Path

MINIMAL = """
id = "short"
version = 1
moment = "voting"
code = "CO"
title = { es = "Corto" }

[[sections]]
id = "only"
title = { es = "Todo" }

[[sections.questions]]
id = "queue"
type = "number"
label = { es = "¿Cuántos esperan?" }
least = 0

[[sections.questions]]
id = "calm"
type = "yes_no"
label = { es = "¿Hay calma?" }
"""


def write(folder: Path, text: str = MINIMAL, name: str = "short.v1") -> Path:
    """A form's file in that folder."""
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path
