"""What stands of the observation at places of the count, as the findings count it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from api.mission.places import locate
from geo.urban import PlaceAreas
from mission.findings.seen import FindingCell, PlaceSetting, Seen
from mission.findings.table import FindingsGround
from mission.incidents.book import Book
from mission.incidents.quarantine import quarantined
from mission.responses.response import FormResponse, ResponseState
from mission.responses.responses import Responses
from mission.stations import count_observers, posted
from mission.zones import Zones
from tally.keys import Level, code_of, level_of, place_key, prefix_of
from tally.model import PollingPlace
from tally.view import View


class Observed:
    """The ground of findings at one version of the count, the log and the responses."""

    def __init__(self, view: View, areas: PlaceAreas, book: Book, responses: Responses) -> None:
        self._view, self._areas, self._book, self._responses = view, areas, book, responses
        self._settings: dict[str, PlaceSetting] = {}

    def ground(self) -> FindingsGround:
        """What findings are made of. Reports of observers who are set aside are in none of it."""
        seen = defaultdict[str, list[Seen]](list)
        for form, one in (*self._standing(), *self._doubtful()):
            seen[form].append(one)
        postings = self._book.postings
        places = {
            code_of(posting.key): self._cell(posting.prefix, code_of(posting.key))
            for posting in posted(postings).values()
            if posting.key is not None and level_of(posting.key) is Level.POLLING_PLACE
        }
        named = Zones(count_observers(postings)).named
        return FindingsGround(seen, places, frozenset(one for one in named if prefix_of(one, Level.DEPARTMENT) == one))

    def _standing(self) -> Iterator[tuple[str, Seen]]:
        for one in self._responses.standing(quarantined(self._book.turns)):
            decided = {question: answer for question, answer in one.answers.items() if answer is not None}
            found = self._seen(one.key, one.responses)
            yield one.form, msgspec.structs.replace(found, answers=decided, undecided=frozenset(one.undecided))

    def _doubtful(self) -> Iterator[tuple[str, Seen]]:
        aside = quarantined(self._book.turns)
        for one in self._responses.responses.values():
            if one.state is ResponseState.DOUBTFUL and one.by not in aside:
                found = self._seen(one.sent.location.key or "", (one,))
                yield one.sent.form, msgspec.structs.replace(found, answers=one.asked, is_doubtful=True)

    def _seen(self, key: str, responses: Iterable[FormResponse]) -> Seen:
        first, *_ = responses = tuple(responses)
        where = locate(key, self._view) or first.sent.location
        observers, ids = frozenset(one.by for one in responses), tuple(one.id for one in responses)
        return Seen(key, where.place or key, self._cell(where.district, where.place), observers, {}, responses=ids)

    def _cell(self, district: str | None, place: str | None) -> FindingCell:
        region = prefix_of(district, Level.DEPARTMENT) if district else ""
        return FindingCell(region, PlaceSetting.NOT_TOLD if place is None else self._setting(place))

    def _setting(self, place: str) -> PlaceSetting:
        if place not in self._settings:
            entry = self._view.entries.get(place_key(place))
            described = None if entry is None else msgspec.json.decode(entry.change.data, type=PollingPlace)
            area = None if described is None else self._areas.of(described)
            self._settings[place] = PlaceSetting.NOT_TOLD if area is None else PlaceSetting(area)
        return self._settings[place]
