"""The scans that actas/{id} lists of one acta, and where actas/file says that one of them can be fetched."""

import re
from datetime import datetime

from ingest.rehearsal.onpe2026.payloads import Payload
from ingest.rehearsal.scans import signed_url

SHEET, ATTENDANCE, RESOLUTION = 1, 2, 5
_NAMES = {SHEET: "ACTA DE ESCRUTINIO", ATTENDANCE: "ACTA DE INSTALACIÓN Y SUFRAGIO", RESOLUTION: "RESOLUCIÓN 1"}
_KINDS = 16
_LIVES_S = 660
_FILE_ID = re.compile(r"0{16}[0-9a-f]{8}")


def scan_file(mesa: int, kind: int, at_ms: int) -> Payload:
    """A row of archivos; its id is made of mesa and kind."""
    return {
        "id": f"{mesa * _KINDS + kind:024x}",
        "tipo": kind,
        "nombre": f"{mesa:06d}-{kind}.pdf",
        "descripcion": _NAMES[kind],
        "daudFechaCreacion": at_ms,
    }


def mesa_of(file_id: str) -> int | None:
    """The mesa whose scan an id names, None where it is no id."""
    return int(file_id, 16) // _KINDS if _FILE_ID.fullmatch(file_id) else None


def scan_url(file: Payload, at: datetime) -> str:
    """The answer of actas/file: eleven minutes at the store of the scans."""
    return signed_url(file["nombre"], at, _LIVES_S)
