"""Answers about where: ubigeos by level, leaves by name, electoral districts, polling places."""

from ingest.rehearsal.answers import NOTHING, Answer, Handler, check_election, data
from ingest.rehearsal.areas import ELECTORAL_DISTRICTS, ambit
from ingest.rehearsal.feed import Feed
from ingest.rehearsal.filters import Question, ambit_of, ubigeo_of
from ingest.rehearsal.mesas import Place
from ingest.rehearsal.ubigeos import area_at, text_of
from tally.keys import UBIGEO_LEVELS, Level, prefix_of


class PlaceAnswers:
    """The catalogue of the election, as far as it has mesas (a replay without mesas: all of it)."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._index = feed.count.index
        self._places: dict[int, list[Place]] = {}
        for place in feed.mesas.table.places if feed.mesas else ():
            self._places.setdefault(place.ubigeo, []).append(place)

    def routes(self) -> dict[str, Handler]:
        """Handlers by path."""
        return {
            "ubigeos/departamentos": lambda question: self._level(question, Level.DEPARTMENT, None),
            "ubigeos/provincias": lambda question: self._level(question, Level.PROVINCE, "idUbigeoDepartamento"),
            "ubigeos/distritos": lambda question: self._level(question, Level.DISTRICT, "idUbigeoProvincia"),
            "ubigeos/dep-prov-distritos": self.leaves,
            "ubigeos/locales": self.places,
            "distrito-electoral/distritos": self.electoral_districts,
        }

    def leaves(self, question: Question) -> Answer:
        """ubigeos/dep-prov-distritos: every leaf with its full name."""
        check_election(self._feed, question)
        scope = ambit_of(question)
        return data(
            [
                {"ubigeo": text_of(leaf), "nombre": " \\ ".join(self._name(leaf, level) for level in UBIGEO_LEVELS)}
                for leaf in self._index.below(Level.DISTRICT)
                if scope in (None, ambit(leaf))
            ]
        )

    def places(self, question: Question) -> Answer:
        """ubigeos/locales"""
        places = self._places.get(ubigeo_of(question, "idUbigeo") or 0)
        if not places:
            return NOTHING
        return data([{"codigoLocalVotacion": place.code, "nombreLocalVotacion": place.name} for place in places])

    def electoral_districts(self, question: Question) -> Answer:
        """distrito-electoral/distritos"""
        return data([{"codigo": code, "nombre": name} for code, (name, _) in enumerate(ELECTORAL_DISTRICTS, start=1)])

    def _level(self, question: Question, level: Level, parent_name: str | None) -> Answer:
        check_election(self._feed, question)
        parent = ubigeo_of(question, parent_name) if parent_name else 0
        if parent is None:
            return NOTHING
        scope = ambit_of(question)
        found = [ubigeo for ubigeo in self._index.below(level, parent) if scope in (None, ambit(ubigeo))]
        if not found:
            return NOTHING
        return data([{"ubigeo": text_of(ubigeo), "nombre": self._name(ubigeo, level)} for ubigeo in found])

    def _name(self, ubigeo: int, level: Level) -> str:
        """Name of the area of that level around an ubigeo; its code where the catalogue does not know it."""
        code = text_of(area_at(ubigeo, level))
        return self._feed.catalogue.name(prefix_of(code, level)) or code
