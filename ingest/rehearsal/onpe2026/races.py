"""The contract of 2026 over an election of many contests: each question goes to the contests that it is about."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from ingest.rehearsal.answers import PAGE, Question, Response
from ingest.rehearsal.areas import NATION_ROW
from ingest.rehearsal.cut import AreaFigures, add_up
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.onpe2026 import payloads
from ingest.rehearsal.onpe2026.contract import BASE, Contract2026
from ingest.rehearsal.onpe2026.envelope import DONE, NOTHING, data
from ingest.rehearsal.onpe2026.filters import BadCombination, NothingThere, ubigeo_of
from ingest.rehearsal.onpe2026.heat_answers import HeatPlace
from ingest.rehearsal.ubigeos import text_of
from tally.keys import area_key, code_of, is_digits

_TOTALS, _LISTS, _MAP = "resumen-general/totales", "resumen-general/participantes", "resumen-general/mapa-calor"
_OF_MANY = re.compile(r"ubigeos/(dep-prov-distritos|departamentos|provincias|distritos)|actas/buscar/mesa")
_MESA = "codigoMesa"
_SHEET = re.compile(r"actas/([0-9]{3,18})")
_WHERE = ("idUbigeoDistrito", "idUbigeoProvincia", "idUbigeoDepartamento", "idUbigeo")


def contract_of(feed: RehearsalFeed) -> "Contract2026 | Races2026":
    """The contract over all contests of a feed."""
    return Contract2026(feed) if len(feed.races) == 1 else Races2026(feed)


class Races2026:
    """Every path that a client of many contests asks for; what is about the process is the first one's to say."""

    def __init__(self, feed: RehearsalFeed) -> None:
        self._feed = feed
        self._contracts = [(one, Contract2026(one)) for one in feed.races]
        self._maps: dict[tuple[tuple[str, str], ...], Response] = {}
        self._mapped_at = -1
        self._ballots: dict[int, list[Contract2026]] = {}  # of each mesa
        for one, contract in self._contracts:
            for mesa in [] if one.mesas is None else one.mesas.table.mesa.tolist():
                self._ballots.setdefault(mesa, []).append(contract)

    def answer(self, path: str, question: Question) -> Response:
        """The answer to a GET; a path that is not known gets the site's page."""
        if not path.startswith(BASE):
            return PAGE
        name = path[len(BASE) :]
        try:
            if name == _MAP:
                return self._map(question)
            if _OF_MANY.fullmatch(name):
                return self._listed(path, question)
            sheet = _SHEET.fullmatch(name)
            where = (text_of(int(sheet[1]) // 100 % 10**6), int(sheet[1]) % 100) if sheet else _asked(question)
        except NothingThere:
            return NOTHING
        except BadCombination:
            return self._contracts[0][1].answer(path, question)
        for one, contract in self._of_race(where[1]):
            if where[0].startswith(one.contest.scope):
                return contract.answer(path, question)
        return self._above(name, *where) if name in (_TOTALS, _LISTS) else self._contracts[0][1].answer(path, question)

    def _of_race(self, race: int | None) -> Iterator[tuple[RehearsalFeed, Contract2026]]:
        for one, contract in self._contracts:
            if race in (None, one.contest.source_id):
                yield one, contract

    def _above(self, name: str, ubigeo: str, race: int | None) -> Response:
        """An area above the contests' own: their sums, and no list."""
        prefix = code_of(area_key(ubigeo)) if int(ubigeo) else ""
        parts = [
            figures
            for one, _ in self._of_race(race)
            if one.contest.scope.startswith(prefix) and (figures := one.cut().area(NATION_ROW)) is not None
        ]
        if not parts:
            return NOTHING
        if name == _LISTS:
            return data([])
        code = int(ubigeo) if prefix else 0
        return data(payloads.totals(add_up(parts), code, is_national=not prefix, is_regional=True))

    def _map(self, question: Question) -> Response:
        cut, key = self._feed.cut().at_ms, tuple(sorted(question.items()))
        if cut != self._mapped_at:
            self._mapped_at = cut
            self._maps.clear()
        if key not in self._maps:
            found: dict[HeatPlace, list[AreaFigures]] = {}
            for _, contract in self._of_race(_asked(question)[1]):
                for figures, where in contract.map.areas(question):
                    found.setdefault(where, []).append(figures)
            rows = (payloads.heat(add_up(parts), *where) for where, parts in sorted(found.items(), key=_by_ubigeo))
            self._maps[key] = data(list(rows), DONE)
        return self._maps[key]

    def _listed(self, path: str, question: Question) -> Response:
        """Rows of every contest, each once."""
        rows: dict[str, Any] = {}
        for contract in self._told(question):
            answer = contract.answer(path, question)
            if answer.status == 200:
                for row in msgspec.json.decode(answer.body)["data"]:
                    rows[str(row.get("ubigeo", row.get("id")))] = row
        return data([rows[code] for code in sorted(rows)]) if rows else NOTHING

    def _told(self, question: Question) -> list[Contract2026]:
        """Who has rows: the races on a mesa's ballots, or all of the race that is asked about."""
        mesa = question.get(_MESA)
        if mesa is None:
            return [contract for _, contract in self._of_race(_asked(question)[1])]
        return self._ballots.get(int(mesa), []) if is_digits(mesa) else []


def _by_ubigeo(found: tuple[HeatPlace, list[AreaFigures]]) -> int:
    return found[0][0]


def _asked(question: Question) -> tuple[str, int | None]:
    """The smallest area that is named ("000000": none), and the race (None: any)."""
    ubigeo = next((code for name in _WHERE if (code := ubigeo_of(question, name))), 0)
    return text_of(ubigeo), ubigeo_of(question, "idEleccion")
