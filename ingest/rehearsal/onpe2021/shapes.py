"""The answers of 2021: no envelope, everything in the path, numbers as strings, stamps in local time to the minute."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from ingest.rehearsal.faults.exchange import FaultRequest

_RESULTS = re.compile(r"(/results/[0-9]{1,3}/)([0-9]{6})", re.ASCII)
_ACTA = re.compile(r"/mesas/detalle/([0-9]{6})", re.ASCII)
_NATION = "000000"
_COUNTED = ("ACTA ELECTORAL NORMAL", "ACTA ELECTORAL RESUELTA")
_CODE_LENGTH = 8  # of a list; the sums among them have shorter codes or none
_OTHER = 900


class Shapes2021:
    """See Shapes."""

    def area(self, question: FaultRequest) -> str | None:
        """See Shapes."""
        found = _RESULTS.fullmatch(question.path)
        return None if found is None else found[2].replace(_NATION, "")

    def is_totals(self, question: FaultRequest) -> bool:
        """See Shapes: one answer has it all."""
        return self.area(question) is not None

    def is_about_actas(self, question: FaultRequest) -> bool:
        """See Shapes."""
        return "/mesas/" in question.path

    def counted(self, payload: Any) -> int:
        """See Shapes."""
        return int(payload["summary"]["CONTABILIZA"].replace(",", "")) if "summary" in payload else 0

    def about_nation(self, question: FaultRequest) -> FaultRequest:
        """See Shapes."""
        return FaultRequest(_RESULTS.sub(rf"\g<1>{_NATION}", question.path))

    def echo(self, payload: Any, own: Any) -> None:
        """See Shapes."""
        payload["summary"]["CCODI_UBIGEO"] = own["summary"]["CCODI_UBIGEO"]

    def copy_stamp(self, payload: Any, other: Any) -> None:
        """See Shapes."""
        if "generals" in payload and "generals" in other:
            payload["generals"]["actData"] = other["generals"]["actData"]

    def shift_stamp(self, payload: Any, seconds: int) -> None:
        """See Shapes."""
        if "generals" in payload:
            stamp = payload["generals"]["actData"]
            read = datetime.strptime(f"{stamp['FECHA']} {stamp['HORA']}", "%d/%m/%Y %H:%M h")  # noqa: DTZ007 - local
            moved = read + timedelta(seconds=seconds)
            stamp |= {"FECHA": f"{moved:%d/%m/%Y}", "HORA": f"{moved:%H:%M} h"}

    def empty_general(self, payload: Any) -> None:
        """See Shapes."""
        if "generals" in payload:
            payload["generals"]["generalData"] = None

    def empty_actas(self, question: FaultRequest, payload: Any, is_meant: Callable[[str], bool]) -> None:
        """See Shapes: the answer does not name its mesa, the question does."""
        found = _ACTA.fullmatch(question.path)
        president = payload.get("procesos", {}).get("generalPre")
        if found is None or president is None or not is_meant(found[1]):
            return
        if president["presidencial"]["OBSERVACION_TXT"] in _COUNTED:
            president["presidencial"]["TOT_CIUDADANOS_VOTARON"] = 0
            for line in president["votos"]:
                line["congresal"] = "0"

    def double_mesa(self, payload: Any) -> None:
        """See Shapes."""
        rows = payload.get("mesasVotacion")
        if rows:
            rows.append(rows[0])

    def rename_election(self, payload: Any) -> None:
        """See Shapes: there is no process, only the codes of its lists."""
        for row in payload.get("results", ()):
            _rename(row, "C_CODI_AGRUPOL")
        for line in (payload.get("procesos", {}).get("generalPre") or {}).get("votos", ()):
            _rename(line, "CCODI_AUTO")


def _rename(row: Any, name: str) -> None:
    code = row.get(name)
    if code is not None and len(code) == _CODE_LENGTH:
        row[name] = f"{int(code) + _OTHER:0{_CODE_LENGTH}}"
