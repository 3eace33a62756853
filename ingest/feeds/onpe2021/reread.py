"""Kept answers of the 2021 feed to the facts they gave: what every reading of `Onpe2021` makes of its bytes, again."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from zoneinfo import ZoneInfo

import msgspec

from ingest.feeds import ActaHead, Kept
from ingest.feeds.onpe2021 import questions
from ingest.feeds.onpe2021.actas import parse_acta, parse_mesas, parse_places
from ingest.feeds.onpe2021.parse import parse_catalogue, parse_results, parse_ubigeos_abroad
from ingest.feeds.texts import place_code
from tally.board import Fact
from tally.election import Contest
from tally.errors import FeedMalformed
from tally.keys import mesa_key, place_key
from tally.model import Acta, PollingPlace

_QUESTION = re.compile(r".*?(/results|/ecp/ubigeos|/mesas/locales|/mesas/actas|/mesas/detalle)/([^/]+)(?:/(.+))?")


class Rereading:
    """One fact's answers, in order: a list of mesas comes before the acta whose place it tells.

    `stamps`: zone of the source's stamps, and since when there are any (ISO UTC).
    """

    def __init__(self, contest: Contest, stamps: tuple[ZoneInfo, str], known: Mapping[str, Acta]) -> None:
        self._contest, self._stamps, self._known = contest, stamps, known
        self._heads: dict[str, ActaHead] = {}

    def read(self, answers: Sequence[Kept]) -> list[Fact]:
        """See Feed.reread."""
        facts: list[Fact] = []
        for answer in answers:
            for question in answer.questions:
                asked = _QUESTION.fullmatch(question.path)
                if asked is not None:
                    with suppress(FeedMalformed):
                        facts += self._facts(answer, *asked.groups(default=""))
        return facts

    def _facts(self, answer: Kept, path: str, first: str, rest: str) -> list[Fact]:
        body, src = answer.body, answer.src
        if path == "/results" and first == str(self._contest.source_id):
            return [Fact(questions.key_of(rest), parse_results(body, self._contest, rest, *self._stamps), src)]
        if path == "/ecp/ubigeos":
            return parse_catalogue(body, src) if first == "P" else parse_ubigeos_abroad(body, src)
        if path == "/mesas/locales":
            return parse_places(body, first, src)
        if path == "/mesas/actas":
            ubigeo, _, code = rest.partition("/")
            place = PollingPlace(code=f"{ubigeo}-{place_code(code)}", name=code, ubigeo=ubigeo)
            heads = parse_mesas(body, Fact(place_key(place.code), place), ubigeo)
            self._heads |= {head.mesa: msgspec.structs.replace(head, src=src) for head in heads}
        elif path == "/mesas/detalle" and (head := self._head(first)) is not None:
            return [parse_acta(body, self._contest, head, src if head.src is None else f"{head.src}+{src}")]
        return []

    def _head(self, mesa: str) -> ActaHead | None:
        acta = self._known.get(mesa_key(mesa))
        if mesa in self._heads or acta is None:
            return self._heads.get(mesa)
        return ActaHead(mesa, acta.ubigeo, acta.code, acta.state, acta.cast, acta.valid, (), acta.place)
