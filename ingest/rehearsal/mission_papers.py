"""What a mission has of a rehearsed count beside the source: the list of its mesas before the day, and the actas as
they are posted at the doors, before the source publishes them.
"""

from collections.abc import Iterable
from pathlib import Path

from ingest.rehearsal.mesas import MesaTable
from tally.errors import InvalidInput
from tally.keys import MESA_LENGTH, UBIGEO_LENGTH
from tally.model import NOT_VALID

MESAS, ACTAS = "mesas.csv", "actas.csv"


def write_papers(table: MesaTable, folder: Path) -> None:
    """Write both as CSV. Actas: the figures, then the lists' votes in the contest's order; none of a mesa without any.

    Raises: InvalidInput: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MESAS).write_text("".join(_mesas(table)), encoding="utf-8")
        (folder / ACTAS).write_text("".join(_actas(table)), encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{folder} cannot be written: {error.strerror}") from error


def _mesas(table: MesaTable) -> Iterable[str]:
    yield "mesa,ubigeo,local,electores\n"
    columns = (table.mesa.tolist(), table.ubigeo.tolist(), table.place.tolist(), table.registered.tolist())
    for mesa, ubigeo, place, registered in zip(*columns, strict=True):
        yield f"{mesa:0{MESA_LENGTH}},{ubigeo:0{UBIGEO_LENGTH}},{table.places[place].code},{registered}\n"


def _actas(table: MesaTable) -> Iterable[str]:
    figures = (*NOT_VALID, "cast", "registered")
    yield ",".join(("mesa", *figures, *(f"votes{n}" for n in range(1, table.votes.shape[1] + 1)))) + "\n"
    columns = [getattr(table, name).tolist() for name in figures]
    has_acta = (table.installed & table.known).tolist()
    rows = zip(table.mesa.tolist(), has_acta, zip(*columns, strict=True), table.votes.tolist(), strict=True)
    for mesa, is_there, own, votes in rows:
        if is_there:
            yield ",".join((f"{mesa:0{MESA_LENGTH}}", *map(str, own), *map(str, votes))) + "\n"
