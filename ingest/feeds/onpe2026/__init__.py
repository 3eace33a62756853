"""ONPE's public result feed, generation of 2026 (`presentacion-backend`).

Authority: ONPE, resultadosegundavuelta.onpe.gob.pe and resultadoelectoral.onpe.gob.pe.
Contract: GET with query string, envelope {success, message, data}; observed by several clients, not documented by ONPE.
Update interval: cuts every 4 to 10 minutes, many polls find the same stamp.
Known quirks: a wrong parameter name is ignored and another scope's numbers come back, so echo ids are checked;
`actasContabilizadas` is a percentage in totals and a count in the heat map; `pendientesJee` simply means pending;
codes are numbers in one list of participants and strings in the other; the national answer's echo ids are junk;
200 with an HTML page, 204 and `success: false` all mean "no numbers".
"""

from ingest.feeds.onpe2026.feed import Onpe2026

__all__ = ["Onpe2026"]
