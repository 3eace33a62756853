"""The 2026 feed as a Feed: which questions make one reading, and how their answers fit together."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from ingest.feeds import ActaHead, Kept
from ingest.feeds.onpe2026 import questions
from ingest.feeds.onpe2026.actas import ActaPage, check_figures, check_paging, parse_acta_page, parse_acta_search
from ingest.feeds.onpe2026.parse import (
    Cut,
    Votes,
    join,
    parse_catalogue,
    parse_heat,
    parse_identity,
    parse_participants,
    parse_totals,
)
from ingest.feeds.onpe2026.pointers import locate
from ingest.feeds.onpe2026.reread import reread
from ingest.feeds.pointers import Pointers
from ingest.fetch import Answer, Ask, is_rehearsal
from tally.board import Fact
from tally.election import Contest, Election
from tally.errors import FeedEmpty, FeedMalformed
from tally.keys import code_of, is_within, ubigeo_of
from tally.model import Acta, AreaCount

_HEAT_LEVELS = ("ambito_geografico", "ubigeo_nivel_01", "ubigeo_nivel_02")


class Onpe2026:
    """One contest of one election on a host of the 2026 generation."""

    base_path = questions.BASE_PATH
    guarded: str | None = questions.ACTAS

    def __init__(self, election: Election, contest: Contest) -> None:
        self.election, self.contest = election, contest

    async def identify(self, ask: Ask) -> bool:
        """See Feed.identify: the rehearsal server marks its answers with a header of its own."""
        answer = await ask(questions.identity())
        parse_identity(answer.body, self.election)
        return is_rehearsal(answer)

    async def catalogue(self, ask: Ask) -> list[Fact]:
        """See Feed.catalogue."""
        answer = await ask(questions.leaves(self.contest))
        return parse_catalogue(answer.body, answer.src, self.contest.scope)

    async def moved(self, ask: Ask) -> dict[str, int]:
        """See Feed.moved: an answer per scope and level below the contest's own; a district has none below."""
        found: dict[str, int] = {}
        for scope in questions.scopes(self.contest):
            for level in _HEAT_LEVELS[len(self.contest.scope) // 2 :]:
                try:
                    found |= parse_heat((await ask(questions.heat(self.contest, scope, level))).body)
                except FeedEmpty:  # nothing counted there yet
                    continue
        own = self.contest.whole
        return {key: counted for key, counted in found.items() if is_within(key, own)}

    async def area(self, ask: Ask, key: str, before: AreaCount | None) -> AreaCount | Fact:
        """See Feed.area. Totals and participants are two answers: if they straddle a cut, both are asked once more."""
        for attempt in (1, 2):
            totals = await ask(questions.totals(self.contest, key))
            cut = parse_totals(totals.body, ubigeo_of(questions.own_key(self.contest, key)), self.election.begins)
            if before is not None and _is_same(cut, before):
                return before
            votes, answer = await self._votes(ask, key)
            if sum(votes.votes) == cut.valid or attempt == 2:
                break
        return Fact(key, join(cut, votes), f"{totals.src}+{answer.src}")

    async def _votes(self, ask: Ask, key: str) -> tuple[Votes, Answer]:
        # The second form only where the source has nothing in the first: it leaves blank and null votes out, and what
        # was read of one stamp is not read again.
        *forms, last = questions.participants(self.contest, key)
        for form in forms:
            with suppress(FeedEmpty):
                answer = await ask(form)
                return parse_participants(answer.body, self.contest), answer
        answer = await ask(last)
        return parse_participants(answer.body, self.contest), answer

    async def acta_list(self, ask: Ask, district: str, most: int | None = None) -> list[ActaHead]:
        """See Feed.acta_list.

        Raises: FeedMalformed: the pages together have not as many actas as the source says.
        """
        ubigeo = code_of(district)
        heads: dict[str, ActaHead] = {}
        pages: list[ActaPage] = []
        while not pages or len(pages) < pages[0].pages:
            answer = await ask(questions.acta_list(self.contest, ubigeo, len(pages)))
            page = parse_acta_page(answer.body, self.contest, ubigeo, answer.src)
            check_paging(page, (pages or [page])[0], len(pages), most)
            pages.append(page)
            known = len(heads)
            heads |= {head.mesa: head for head in page.heads}
            if len(heads) == known and page.pages > 1:
                raise FeedMalformed(f"page {page.number} of the actas of {ubigeo} has none that was not there before")
        if len(heads) != pages[0].records:
            raise FeedMalformed(
                f"the list of actas of {ubigeo} has {len(heads)} rows, the source says {pages[0].records}"
            )
        return list(heads.values())

    async def acta(self, ask: Ask, head: ActaHead) -> Fact:
        """See Feed.acta: actas/buscar/mesa keeps illegible figures as null, where actas/{id} says 0."""
        answer = await ask(questions.acta_search(head.mesa))
        fact = parse_acta_search(answer.body, self.contest, head.mesa, answer.src)
        if isinstance(fact.value, Acta) and fact.value.ubigeo != head.ubigeo:
            raise FeedMalformed(
                f"mesa {head.mesa} stands in the list of {head.ubigeo}, but its acta says {fact.value.ubigeo}"
            )
        if isinstance(fact.value, Acta):
            check_figures(fact.value, head)
        return fact

    def reread(self, answers: Sequence[Kept], known: Mapping[str, Acta]) -> list[Fact]:
        """See Feed.reread; an acta of this generation names its place itself."""
        return reread(answers, self.contest, self.election.begins)

    def locate(self, answer: Kept, key: str) -> Pointers | None:
        """See Feed.locate."""
        return locate(answer, self.contest, key)


def _is_same(cut: Cut, before: AreaCount) -> bool:
    """Same stamp and same figures: the list votes of that cut are already known."""
    return all(getattr(cut, name) == getattr(before, name) for name in Cut.__struct_fields__)
