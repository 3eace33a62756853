"""An XLSForm as ODK and Kobo read it, in the Markdown that pyxform takes for one."""

HEADS = ("type", "name", "label::Español (es)", "label::English (en)", "required", "relevant", "constraint", "default")
OPENING = (
    ("start", "start"),
    ("begin_group", "Mesa", "La mesa", "The mesa"),
    ("select_one yes_no", "open", "¿Abrió?", "Did it open?", "yes"),
    ("time", "At", "¿A qué hora?", "When?", "", "${open} = 'yes'", ". >= '06:00' and . <= '12:00:00.000'"),
    ("end_group", ""),
    ("select_multiple lack", "missing", "¿Qué faltaba?", "What was missing?", "", "not(${open} = 'yes')"),
    ("integer", "members", "¿Cuántos?", "How many?", "", "selected(${missing}, 'Box') or ${At} > '08:00'"),
    ("integer", "women", "¿Mujeres?", "Women?", "", "", "${women} <= ${members}"),
    ("begin_group", "end", "Al final", "At the end", "", "${members} != 0"),
    ("begin_group", "inner", "Dentro", "Inside", "", "${women} + ${members} >= 3"),
    ("image", "photo", "Foto", "Photo"),
    ("end_group", ""),
    ("text", "notes", "Notas", "Notes", "", "${women} != ''"),
    ("end_group", ""),
)
_REST = """
| choices |
| | list_name | name | label::Español (es) | label::English (en) |
| | yes_no | yes | Sí | Yes |
| | yes_no | no | No | No |
| | lack | Box | Ánfora | Box |
| | lack | 2 | Otra | Other |
| settings |
| | form_title | form_id | version |
| | Apertura | our_opening | 3 |
"""


def sheet(*rows: tuple[str, ...]) -> str:
    """The survey of those rows, with two lists of choices."""
    cells = (HEADS, *((*row, *[""] * (len(HEADS) - len(row))) for row in rows))
    return "\n".join(("| survey |", *(f"| | {' | '.join(row)} |" for row in cells))) + _REST
