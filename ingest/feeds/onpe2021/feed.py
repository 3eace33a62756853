"""The 2021 feed as a Feed: which questions make one reading, and how their answers fit together."""

import math
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from ingest.feeds import SPARE, ActaHead, Kept
from ingest.feeds.onpe2021 import questions, words
from ingest.feeds.onpe2021.actas import parse_acta, parse_mesas, parse_places, source_code
from ingest.feeds.onpe2021.parse import parse_catalogue, parse_identity, parse_results, parse_ubigeos_abroad
from ingest.feeds.onpe2021.pointers import locate
from ingest.feeds.onpe2021.reread import Rereading
from ingest.feeds.pointers import Pointers
from ingest.fetch import Ask, is_rehearsal
from tally.board import Fact
from tally.election import Contest, Election
from tally.errors import FeedMalformed
from tally.keys import code_of
from tally.model import Acta, AreaCount


class Onpe2021:
    """One contest of one election on a host of the 2021 generation.

    Which mesas stand where is settled before election day and the lists say nothing else: each is asked once in the
    life of this object, 2,082 districts and 11,876 places in 2021.
    """

    base_path = questions.BASE_PATH
    guarded: str | None = None

    def __init__(self, election: Election, contest: Contest) -> None:
        self.election, self.contest = election, contest
        self._zone, self._since = ZoneInfo(election.timezone), election.begins
        self._places: dict[str, list[Fact]] = {}
        self._mesas: dict[str, list[ActaHead]] = {}

    async def identify(self, ask: Ask) -> bool:
        """See Feed.identify: there is no process to ask for, so the host is known by the lists it counts."""
        answer = await ask(questions.results(self.contest, words.NATION))
        parse_identity(answer.body, self.election, self.contest)
        return is_rehearsal(answer)

    async def catalogue(self, ask: Ask) -> list[Fact]:
        """See Feed.catalogue."""
        domestic, abroad = await ask(questions.ubigeos()), await ask(questions.ubigeos_abroad())
        return parse_catalogue(domestic.body, domestic.src) + parse_ubigeos_abroad(abroad.body, abroad.src)

    async def moved(self, ask: Ask) -> dict[str, int] | None:
        """See Feed.moved: this generation has no change detector."""
        return None

    async def area(self, ask: Ask, key: str, before: AreaCount | None) -> AreaCount | Fact:
        """See Feed.area: one answer has it all."""
        ubigeo = questions.ubigeo_of(key)
        answer = await ask(questions.results(self.contest, ubigeo))
        count = parse_results(answer.body, self.contest, ubigeo, self._zone, self._since)
        return count if count == before else Fact(key, count, answer.src)

    async def acta_list(self, ask: Ask, district: str, most: int | None = None) -> list[ActaHead]:
        """See Feed.acta_list. What was answered before a failure is not asked again, unless it is what is wrong.

        Raises: FeedMalformed: a mesa stands in two places.
        """
        ubigeo = code_of(district)
        if ubigeo not in self._places:
            answer = await ask(questions.places(ubigeo))
            self._places[ubigeo] = parse_places(answer.body, ubigeo, answer.src)
        longest = math.inf if most is None else most + SPARE
        heads: dict[str, ActaHead] = {}
        for place in self._places[ubigeo]:
            if max(len(self._places[ubigeo]), len(heads)) > longest:  # no place is without a mesa
                raise self._forgotten(ubigeo, f"has more polling places or mesas than {longest}")
            for head in await self._mesas_of(ask, place, ubigeo):
                if head.mesa in heads:
                    raise self._forgotten(ubigeo, f"has mesa {head.mesa} in two polling places")
                heads[head.mesa] = head
        return list(heads.values())

    def _forgotten(self, ubigeo: str, reason: str) -> FeedMalformed:
        """What is wrong with the lists of a district: all of them are asked for anew."""
        for place in self._places.pop(ubigeo):
            self._mesas.pop(place.key, None)
        return FeedMalformed(f"{ubigeo} {reason}")

    async def _mesas_of(self, ask: Ask, place: Fact, ubigeo: str) -> list[ActaHead]:
        if place.key not in self._mesas:
            code = source_code(code_of(place.key))
            answer = await ask(questions.mesas(ubigeo, code))
            heads = parse_mesas(answer.body, place, ubigeo)
            self._mesas[place.key] = [msgspec.structs.replace(head, src=answer.src) for head in heads]
        return self._mesas[place.key]

    async def acta(self, ask: Ask, head: ActaHead) -> Fact:
        """See Feed.acta: where the mesa stands was told by the list, so its bytes belong to the acta's."""
        answer = await ask(questions.acta(head.mesa))
        src = answer.src if head.src is None else f"{head.src}+{answer.src}"
        return parse_acta(answer.body, self.contest, head, src)

    def reread(self, answers: Sequence[Kept], known: Mapping[str, Acta]) -> list[Fact]:
        """See Feed.reread."""
        return Rereading(self.contest, (self._zone, self._since), known).read(answers)

    def locate(self, answer: Kept, key: str) -> Pointers | None:
        """See Feed.locate."""
        return locate(answer, self.contest, key)
