"""Pages of a list: `pagina` counts from 0, `tamanio` is limited."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from ingest.rehearsal.answers import Question
from ingest.rehearsal.mesas import Integers
from ingest.rehearsal.onpe2026.payloads import Payload
from tally.keys import is_digits

T = TypeVar("T")

_MOST_ROWS = 100


class BadPage(Exception):
    """The source answers 400: a page is not a number, or too large."""


def paged(
    question: Question, rows: Sequence[T] | Integers, usual: int, show: Callable[[T], Payload], name: str = "content"
) -> Payload:
    """The page that was asked for, `usual` rows long where nothing is said, its rows under `name`."""
    page, size = _number(question, "pagina", 0), _number(question, "tamanio", usual)
    if not 0 < size <= _MOST_ROWS:
        raise BadPage(f"tamanio debe estar entre 1 y {_MOST_ROWS}")
    part = rows[page * size : (page + 1) * size]
    return {
        name: [show(row) for row in (part.tolist() if isinstance(part, np.ndarray) else part)],
        "totalRegistros": len(rows),
        "totalPaginas": -(-len(rows) // size),
        "paginaActual": page,
    }


def _number(question: Question, name: str, usual: int) -> int:
    text = question.get(name, "")
    if text and not (is_digits(text) and len(text) < 10):
        raise BadPage(f"{name} debe ser un número")
    return int(text) if text else usual
