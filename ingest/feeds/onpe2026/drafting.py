"""A race of the 2026 feed, read for a draft of its election's file: which contests it has, and who runs in each.

A race's own level is the highest whose areas have lists that the areas below have too: the nation of a regional race
has none, and a provincial race asked of a district answers with that of the province around it.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec

from ingest.drafting.found import FoundContest, FoundList, FoundRace, Progress
from ingest.feeds.onpe2026 import questions, words
from ingest.feeds.onpe2026.parse import parse_leaves, unwrap
from ingest.feeds.texts import readable
from ingest.fetch import Ask, Question, is_rehearsal
from tally import moments
from tally.election import Contest, ListEntry, Process
from tally.errors import FeedEmpty, FeedError, FeedMalformed
from tally.keys import NATION, UBIGEO_LEVELS, Level, area_key, areas_of, code_of, is_digits, is_within, level_of
from tally.outcome.rule import LEAD

_process = msgspec.json.Decoder(words.Envelope[words.ActiveProcess])
_menu = msgspec.json.Decoder(words.Envelope[list[words.MenuEntry]])
_running = msgspec.json.Decoder(words.Envelope[list[words.Running]])
_acta_page = msgspec.json.Decoder(words.Envelope[words.PageOfActas])
_acta_search = msgspec.json.Decoder(words.Envelope[list[words.BallotActa]])

# A question names a race, not its lists.
_NOBODY = ListEntry("nobody", "0", "", "", "", "")
_PAGE = "eleccion-presidencial"
_LEVELS = (Level.NATION, *UBIGEO_LEVELS)
# Areas of one level that are asked before the level is given up: some have no race (a province's capital elects no
# district mayor).
_TRIES = 3


class RaceReader:
    """Reads one race. `ask` keeps the pace."""

    base_path = questions.BASE_PATH

    def __init__(self, ask: Ask, race: int) -> None:
        self._ask = ask
        self._race = Contest("race", {}, race, LEAD, (_NOBODY,))
        self._names: dict[str, str] = {}
        self._found: dict[str, FoundContest | None] = {}

    async def read(
        self, progress: Progress, is_right: Callable[[FoundContest], None], *, with_ballots: bool
    ) -> FoundRace:
        """The race with all its contests; `is_right` raises if the first is not what is looked for.

        Raises: FeedEmpty: the source has no lists of it. FeedError.
        """
        answer = await self._ask(questions.identity())
        process = unwrap(answer.body, _process)
        leaves = await self._ask(questions.leaves(self._race))
        self._names = {fact.key: str(fact.value) for fact in parse_leaves(leaves.body, leaves.src)}
        level = await self._level(is_right)
        keys = self._keys(level)
        for done, key in enumerate(keys):
            progress(done, len(keys))
            await self._contest(key)
        contests = [found for key in keys if (found := self._found[key]) is not None]
        name = await self._race_name(process.id)
        page = await self._page(contests[0]) if level is Level.NATION else None
        # Last: after a refusal nothing may be asked for a while.
        ballots = await self._ballots(contests) if with_ballots else None
        return FoundRace(
            process=_process_of(process),
            day=_day(process.day_ms),
            source_id=self._race.source_id,
            name=name,
            source_page=page,
            contests=tuple(ballots or contests),
            empty=tuple(self._names[key] for key in keys if self._found[key] is None),
            has_ballots=ballots is not None,
            is_test=is_rehearsal(answer),
        )

    async def _level(self, is_right: Callable[[FoundContest], None]) -> Level:
        for level in _LEVELS:
            for key in self._keys(level)[:_TRIES]:
                found = await self._contest(key)
                if found is not None and await self._is_whole(found, key):
                    is_right(found)
                    return level
        raise FeedEmpty(f"the source has no lists of race {self._race.source_id}: is it that race, and has it begun?")

    async def _is_whole(self, found: FoundContest, key: str) -> bool:
        """Whether the first area below that has lists has the same ones."""
        level = level_of(key)
        if level is Level.DISTRICT:
            return True
        below = _LEVELS[_LEVELS.index(level) + 1]
        for part in [one for one in self._keys(below) if is_within(one, key)][:_TRIES]:
            inner = await self._contest(part)
            if inner is not None:
                return inner.names == found.names
        return True

    def _keys(self, level: Level) -> list[str]:
        return [NATION] if level is Level.NATION else sorted(key for key in self._names if level_of(key) is level)

    async def _contest(self, key: str) -> FoundContest | None:
        """What the source says of that area's race; None: nothing."""
        if key not in self._found:
            self._found[key] = None
            with suppress(FeedEmpty):
                lists = await self._lists(questions.participants(self._race, key)[-1])
                scope = "" if key == NATION else code_of(key)
                self._found[key] = FoundContest(scope, self._area(scope), lists)
        return self._found[key]

    def _area(self, scope: str) -> tuple[str, ...]:
        return tuple(self._names[key] for key in areas_of(scope) if key in self._names) if scope else ()

    async def _lists(self, question: Question) -> tuple[FoundList, ...]:
        rows = unwrap((await self._ask(question)).body, _running)
        lists = tuple(_list(row) for row in rows if str(row.code) not in (words.BLANK, words.NULL, words.CHALLENGED))
        if not lists:
            raise FeedEmpty("the source has no list for that question")
        if len({one.code for one in lists}) != len(lists):
            raise FeedMalformed("a list stands twice among the participants")
        if not all(is_digits(one.code) for one in lists):
            raise FeedMalformed("a list among the participants has no number")
        return tuple(sorted(lists, key=lambda one: int(one.code)))

    async def _page(self, contest: FoundContest) -> str | None:
        """Where the race has answers of its own, which tell blank from null votes."""
        own = msgspec.structs.replace(self._race, source_page=_PAGE)
        with suppress(FeedEmpty, FeedMalformed):
            lists = await self._lists(questions.participants(own, NATION)[0])
            return _PAGE if {one.code for one in lists} == {one.code for one in contest.lists} else None
        return None

    async def _race_name(self, process: int) -> str:
        """What the source's menu calls it; empty where it is not on it, as the district mayors of 2026."""
        with suppress(FeedEmpty, FeedMalformed):
            rows = unwrap((await self._ask(questions.menu(process))).body, _menu)
            row = next((row for row in rows if row.race == self._race.source_id), None)
            return "" if row is None else readable(row.name, "the name of the race")
        return ""

    async def _ballots(self, contests: Sequence[FoundContest]) -> list[FoundContest] | None:
        """The contests in the order of their ballots, with the withdrawn lists; None: not every one could be seen."""
        try:
            return [await self._with_ballot(contest) for contest in contests]
        except FeedError:  # a night on which the actas are refused is a night like others
            return None

    async def _with_ballot(self, contest: FoundContest) -> FoundContest:
        around = area_key(contest.scope) if contest.scope else NATION
        district = next((key for key in self._keys(Level.DISTRICT) if is_within(key, around)), None)
        if district is None:
            raise FeedEmpty(f"the source names no district of {' '.join(contest.area) or 'the country'}")
        page = await self._ask(questions.acta_list(self._race, code_of(district), 0))
        heads = unwrap(page.body, _acta_page).rows
        mesa = next((row.mesa for row in heads if row.election == self._race.source_id), None)
        if not mesa:
            raise FeedEmpty(f"the source lists no acta of {' '.join(contest.area)} yet")
        rows = unwrap((await self._ask(questions.acta_search(mesa))).body, _acta_search)
        lines = next((row.lines for row in rows if row.race == self._race.source_id and row.lines), None)
        if not lines:
            raise FeedEmpty(f"the source shows no acta of {' '.join(contest.area)} yet")
        known = {one.code: one for one in contest.lists}
        for line in sorted(lines, key=lambda line: line.position or 0):
            code = str(line.code)
            if line.status == words.WITHDRAWN and code not in known:
                known[code] = FoundList(code, readable(line.name, "the name of a list"), "", is_withdrawn=True)
        places = {str(line.code): line.position or 0 for line in lines}
        lists = sorted(known.values(), key=lambda one: places.get(one.code, len(places)))
        return msgspec.structs.replace(contest, lists=tuple(lists))


def _process_of(found: words.ActiveProcess) -> Process:
    acronym = None if found.acronym is None else readable(found.acronym, "the acronym of the process")
    return Process(found.id, readable(found.name or "", "the name of the process"), acronym)


def _day(milliseconds: int | None) -> str:
    try:
        return "" if milliseconds is None else moments.from_epoch_ms(milliseconds)
    except ValueError as error:
        raise FeedMalformed(f"the day of the process is no moment: {error}") from error


def _list(row: words.Running) -> FoundList:
    name, candidate = readable(row.name, "the name of a list"), readable(row.candidate or "", "a candidate's name")
    return FoundList(str(row.code), name, candidate, row.votes)
