"""Lists of actas: pages, numbers of pages and rows that do not fit together."""

import copy
import random
from collections.abc import Callable
from typing import Any

from bench.mutations.unwell.scene import on_value

Rows = list[dict[str, Any]]


def _on_page(name: str, change: Callable[[dict[str, Any], random.Random], object]) -> None:
    def apply(value: Any, chance: random.Random) -> bool:
        page = value["data"]
        if not isinstance(page, dict) or not page.get("content"):
            return False
        change(page, chance)
        return True

    on_value(f"page: {name}", apply)


def _set(field: str, value: Any) -> Callable[[dict[str, Any], random.Random], object]:
    return lambda page, _: page.update({field: value})


def _on_row(name: str, change: Callable[[dict[str, Any], random.Random], object]) -> None:
    _on_page(name, lambda page, chance: change(chance.choice(page["content"]), chance))


for _number in (-1, 0, 2, 7, 10**9):
    _on_page(f"of {_number} pages", _set("totalPaginas", _number))
for _number in (-1, 0, 10**9):
    _on_page(f"of {_number} rows", _set("totalRegistros", _number))
_on_page("one row more than there are", lambda page, _: page.update(totalRegistros=page["totalRegistros"] + 1))
_on_page("one row less than there are", lambda page, _: page.update(totalRegistros=page["totalRegistros"] - 1))
_on_page("the second for the first", _set("paginaActual", 1))
_on_page("without a number", _set("paginaActual", None))
_on_page("without rows", _set("content", []))
_on_page("with null for rows", _set("content", None))
_on_page("with an object for rows", _set("content", {}))
_on_page("with a null row", lambda page, _: page["content"].append(None))
_on_page("every row twice", lambda page, _: page["content"].extend(copy.deepcopy(page["content"])))
_on_page("every row the first", lambda page, _: page.update(content=[page["content"][0]] * len(page["content"])))
_on_page("rows backwards", lambda page, _: page["content"].reverse())
_on_page("half of the rows", lambda page, _: page.update(content=page["content"][::2]))
_on_page(
    "half of the rows, and said so",
    lambda page, _: page.update(content=page["content"][::2], totalRegistros=len(page["content"][::2])),
)
_on_page("ten thousand rows", lambda page, _: page.update(content=page["content"] * 1000))
_on_row("a row of another district", lambda row, _: row.update(idUbigeo=150101))
_on_row("a row of no district", lambda row, _: row.update(idUbigeo=300101))
_on_row("a mesa of seven digits", lambda row, _: row.update(codigoMesa=f"0{row['codigoMesa']}"))
_on_row("a mesa without its zeros", lambda row, _: row.update(codigoMesa=row["codigoMesa"].lstrip("0")))
_on_row("a mesa that is no number", lambda row, _: row.update(codigoMesa="MESA 1"))
_on_row("a mesa nobody has", lambda row, chance: row.update(codigoMesa=f"{chance.randrange(500_000, 800_000):06}"))
_on_row("a row counted that is not", lambda row, _: row.update(codigoEstadoActa="C"))
_on_row("a row pending that is counted", lambda row, _: row.update(codigoEstadoActa="P"))
_on_row("a row at the jury", lambda row, _: row.update(codigoEstadoActa="E"))
_on_row("a row in a state nobody knows", lambda row, _: row.update(codigoEstadoActa="Ñ"))
_on_row("a row with other votes", lambda row, chance: row.update(totalVotosEmitidos=chance.randrange(300)))
