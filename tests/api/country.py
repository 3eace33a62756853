"""A small country that is counted through the real board and writer."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import update

from tally import moments
from tally.board import Board, Fact
from tally.changes import ChangeSet
from tally.election import Contest, Election, ListEntry, Process
from tally.feednotes import FeedNote
from tally.keys import ABROAD, DOMESTIC, NATION, area_key, mesa_key, place_key
from tally.model import Acta, ActaState, FeedState, PollingPlace
from tally.outcome.rule import ContestRule, RuleKind
from tally.storage.database import transaction
from tally.storage.store import FeedStatus, Store
from tally.storage.tables import CountRow, table_of
from tally.storage.writer import Writer

# Nobody renews its lease while a test looks at it, as a poller would.
_FOR_GOOD_S = 1e6

ELECTION = Election(
    id="2030-01-06-mayor",
    name={"es": "Elección de prueba", "en": "Test election"},
    date=date(2030, 1, 6),
    generation="onpe2026",
    hosts=("localhost",),
    process=Process(),
    contests=(
        Contest(
            id="mayor",
            name={"es": "Alcaldía", "en": "Mayor"},
            source_id=1,
            rule=ContestRule(RuleKind.PLURALITY),
            lists=(
                ListEntry("red", "1", "ROJO", "Rojo", "ROSA ROJAS", "#e08214"),
                ListEntry("blue", "2", "AZUL", "Azul", "AZUCENA AZUL", "#2166ac"),
            ),
        ),
    ),
    credit={"es": "Prueba", "en": "Test"},
    max_registered_abroad=500,
)
NAMES = {
    NATION: "PERÚ",
    DOMESTIC: "PERÚ (NACIONAL)",
    ABROAD: "EXTRANJERO",
    "department/14": "LIMA",
    "province/1401": "LIMA",
    "district/140101": "LIMA",
    "district/140102": "ANCÓN",
    "province/1402": "CAÑETE",
    "district/140201": "SAN VICENTE DE CAÑETE",
    "department/24": "CALLAO",
    "province/2401": "CALLAO",
    "district/240101": "CALLAO",
    "department/92": "AMÉRICA",
    "province/9201": "ARGENTINA",
    "district/920101": "BUENOS AIRES",
}
DISTRICTS = tuple(key.partition("/")[2] for key in NAMES if key.startswith("district/"))
MESAS_PER_PLACE = 4
ROLL = 200
START = datetime(2030, 1, 6, 22, 0, tzinfo=UTC)


def minute(n: int) -> str:
    """ISO UTC, n minutes after the polls closed."""
    return moments.write(START + timedelta(minutes=n))


def end_leases(store: Store) -> None:
    """No poller lives: what 20 s without a sign of life come to, for every count."""
    with transaction(store.engine) as connection:
        connection.execute(update(table_of(CountRow)).values(writer_until=0.0))


class Country:
    """Two places a district, four mesas a place; `mesas` in order, all pending at version 1.

    is_listed: the source has named its mesas; before the night it has not.
    """

    def __init__(
        self, store: Store, *, is_test: bool = False, election: Election = ELECTION, is_listed: bool = True
    ) -> None:
        contest = election.contest()
        self.board = Board(len(contest.lists))
        self.writer = Writer.acquire(store, election.id, contest.id, is_test=is_test, at=minute(0))
        self.writer.lease_s = _FOR_GOOD_S
        self.places = [
            PollingPlace(code=f"{ubigeo}{n}", name=f"I.E. Nº {n} {NAMES[area_key(ubigeo)]}", ubigeo=ubigeo)
            for ubigeo in DISTRICTS
            for n in (1, 2)
        ]
        self.where = {
            f"{1 + n * MESAS_PER_PLACE + k:06}": place
            for n, place in enumerate(self.places)
            for k in range(MESAS_PER_PLACE)
        }
        self.mesas = list(self.where)
        self.sets: list[ChangeSet] = []
        facts: list[Fact] = [Fact(key, name) for key, name in NAMES.items()]
        facts += [Fact(place_key(place.code), place) for place in self.places]
        if is_listed:
            facts += self._listed(self.mesas)
        self.tell(facts, minute(0))

    def list_mesas(self, mesas: Iterable[str], at: str) -> ChangeSet:
        """The source names those, as pending."""
        return self.tell(self._listed(mesas), at)

    def _listed(self, mesas: Iterable[str]) -> list[Fact]:
        return [Fact(mesa_key(mesa), self.acta(mesa, ActaState.PENDING)) for mesa in mesas]

    def tell(self, facts: Sequence[Fact], at: str) -> ChangeSet:
        """Apply facts and publish what they change."""
        changes = self.writer.append(self.board.apply(facts), at)
        self.sets.append(changes)
        return changes

    def acta(self, mesa: str, state: ActaState = ActaState.COUNTED, votes: tuple[int, int] | None = None) -> Acta:
        """An acta of a mesa; without votes some that differ by mesa."""
        place = self.where[mesa]
        if state is not ActaState.COUNTED:
            return Acta(code="P", place=place.code, registered=ROLL, state=state, ubigeo=place.ubigeo)
        red, blue = votes or (60 + int(mesa) % 7, 50 + int(mesa) % 5)
        return Acta(
            blank=3,
            cast=red + blue + 5,
            challenged=0,
            code="C",
            null=2,
            place=place.code,
            registered=ROLL,
            source_at=minute(1),
            state=state,
            ubigeo=place.ubigeo,
            valid=red + blue,
            votes=(red, blue),
        )

    def count(self, mesas: Iterable[str], at: str, votes: tuple[int, int] | None = None) -> ChangeSet:
        """Those mesas are counted."""
        return self.tell(
            [Fact(mesa_key(mesa), self.acta(mesa, votes=votes), f"sha256:{int(mesa):064x}") for mesa in mesas], at
        )

    def publish(self, keys: Iterable[str], at: str) -> ChangeSet:
        """The source states for those areas what the actas add up to."""
        facts = [Fact(key, self.board.sums.of(key).as_count(at), f"sha256:{len(key):064x}") for key in keys]
        return self.tell(facts, at)

    def report(self, state: str, checked_at: str, note: FeedNote | None = None) -> None:
        """The feed's state."""
        self.writer.report(FeedStatus(FeedState(state), note, checked_at, None, checked_at))
