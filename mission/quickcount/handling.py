"""What may be done with a quick count, by whom: each a decision over the journal as it stands."""

from collections.abc import Callable
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Engine

from mission.incidents.incident import Member
from mission.incidents.intake import check_intake
from mission.incidents.quotas import Taken, check_quota
from mission.journal import Journal, Journals, NewEntry, check_seen
from mission.people.accounts import stamp
from mission.people.auditlog import Actor, record
from mission.people.roles import Role
from mission.quickcount.book import (
    ROOM,
    CopyNote,
    DrawnSample,
    QuickCount,
    QuickCountDeed,
    QuickCounts,
    fold,
)
from mission.quickcount.copies import CopyDecision, CopyEntry
from mission.quickcount.disclosure import check_apart
from mission.quickcount.publication import PublicationProposal, digest_of, standing_of
from mission.thresholds import THRESHOLDS
from tally.errors import Conflict, Forbidden, InvalidInput, NotFound

_Decide = Callable[[Connection, QuickCount], NewEntry | None]


def quick_count_journals(engine: Engine) -> Journals[QuickCounts]:
    """The journal of each election's quick counts."""
    return Journals(engine, ROOM, QuickCounts(), fold)


class QuickCountDesk(Struct, frozen=True):
    """Whoever does something, and when."""

    journal: Journal[QuickCounts]
    by: Member
    now: datetime

    def draw(self, drawn: DrawnSample) -> QuickCount:
        """Keep a sample that was drawn; it cannot be changed, only another one drawn beside it.

        Raises: Conflict: that seed was used before. StoreUnavailable.
        """
        made: list[str] = []

        def decide(connection: Connection, state: QuickCounts) -> list[NewEntry]:
            if any(one.drawn.sample.seed == drawn.sample.seed for one in state.counts.values()):
                raise Conflict("a quick count was drawn with this seed already: throw another one")
            made.append(f"q{len(state.counts) + 1}")
            self._note(connection, QuickCountDeed.DRAW, made[0])
            return [NewEntry(made[0], QuickCountDeed.DRAW, msgspec.json.encode(drawn))]

        return self.journal.write(self.by, self.now, decide).find(made[0])

    def copy(self, number: str, sent: CopyEntry) -> tuple[CopyEntry, bool]:
        """Take a copy; with the same key again the one that was taken, and False.

        Raises: NotFound: the mesa is not of the sample. Conflict: that key names another copy. TooMany: see quotas.
        IntakeStopped, StoreUnavailable.
        """
        found: list[int] = []

        def decide(connection: Connection, count: QuickCount) -> NewEntry | None:
            count.unit(sent.mesa)
            before = [one for entries in count.copies.values() for one in entries]
            same = next((one for one in before if one.key == sent.key and self._is_mine(one)), None)
            if same is not None:
                if (same.mesa, same.entry, same.copy) != (sent.mesa, sent.entry, sent.copy):
                    raise Conflict("another copy was sent under this Idempotency-Key")
                found.append(same.id)
                return None
            check_intake(connection)
            check_quota([Taken(one.at, one.observer) for one in before], self.by, self.now)
            return NewEntry(number, QuickCountDeed.COPY, msgspec.json.encode(sent))

        count = self._write(number, decide)
        kept = next(one for one in reversed(count.copies[sent.mesa]) if one.key == sent.key and self._is_mine(one))
        return kept, not found

    def add_photo(self, number: str, entry: int, photo: str, keep: Callable[[], object]) -> bool:
        """Keep a photo with one's own entry; False if it has it already.

        Raises: NotFound: there is no such entry of one's own. Conflict: it has as many as are taken. StoreUnavailable.
        """
        is_new: list[bool] = []

        def decide(_: Connection, count: QuickCount) -> NewEntry | None:
            own = self.own(count, entry)
            if photo in own.photos:
                return None
            if len(own.photos) >= THRESHOLDS.reports.most_photos:
                raise Conflict(f"a copy has {THRESHOLDS.reports.most_photos} pictures at most")
            keep()
            is_new.append(True)
            return NewEntry(number, QuickCountDeed.PHOTO, msgspec.json.encode(CopyNote(entry, photo)))

        self._write(number, decide)
        return bool(is_new)

    def own(self, count: QuickCount, entry: int) -> CopyEntry:
        """An entry of whoever asks.

        Raises: NotFound.
        """
        found = count.find(entry)
        if not self._is_mine(found):
            raise NotFound(f"you have sent no copy {entry}")
        return found

    def decide(self, number: str, entry: int, reason: str, seen: int) -> QuickCount:
        """Say which of a mesa's entries stands; `seen`: the revision of the mesa that is decided upon.

        Raises: NotFound. InvalidInput: no reason. Forbidden: it is one's own. Conflict: the mesa was copied or decided
        meanwhile. StoreUnavailable.
        """
        if not reason.strip():
            raise InvalidInput("say why this entry stands")

        def decide(connection: Connection, count: QuickCount) -> NewEntry:
            mesa = count.find(entry).mesa
            if any(map(self._is_mine, count.copies[mesa])):
                raise Forbidden("you copied this mesa yourself; somebody else has to decide")
            check_seen(seen, count.revision(mesa))
            self._note(connection, QuickCountDeed.DECIDE, f"{number}/{mesa}", reason)
            made = CopyDecision(0, "", self.by.pseudonym, entry, reason)
            return NewEntry(number, QuickCountDeed.DECIDE, msgspec.json.encode(made))

        return self._write(number, decide)

    def propose(self, number: str, make: Callable[[QuickCount], PublicationProposal]) -> QuickCount:
        """Propose what `make` tells of the copies as they stand; a later proposal takes an earlier one's place.

        Raises: Forbidden: only a coordinator may. Conflict: it is too like what was public before, see `disclosure`.
        NotFound, StoreUnavailable; what `make` raises.
        """
        self._need_coordinator()

        def say(count: QuickCount) -> bytes:
            proposal = make(count)
            check_apart(count, proposal.basis)
            return msgspec.json.encode(proposal)

        return self._publish(number, QuickCountDeed.PROPOSE, say)

    def confirm(self, number: str, digest: str) -> QuickCount:
        """Make public what somebody else proposed.

        Raises: Conflict: nothing waits, or another proposal does. Forbidden: it is one's own. NotFound.
        """

        def check(count: QuickCount) -> bytes:
            proposal = standing_of(count.steps).proposal
            if proposal is None or proposal.public is None or digest_of(proposal.public) != digest:
                raise Conflict("seen: this is not what is proposed now; read it again")
            if proposal.by == self.by.pseudonym:
                raise Forbidden("you proposed this yourself; a second person has to confirm it")
            return msgspec.json.encode({"digest": digest})

        return self._publish(number, QuickCountDeed.CONFIRM, check)

    def withdraw(self, number: str, reason: str) -> QuickCount:
        """Take back what is proposed or public; `reason` is told to whoever read it.

        Raises: Conflict: there is nothing. InvalidInput: no reason. Forbidden: only a coordinator may. NotFound.
        """
        self._need_coordinator()
        if not reason.strip():
            raise InvalidInput("say why it is taken back: whoever read it is told")

        def check(count: QuickCount) -> bytes:
            standing = standing_of(count.steps)
            if standing.proposal is None and standing.shown is None:
                raise Conflict("nothing of this quick count is proposed or public")
            return msgspec.json.encode({"reason": reason})

        return self._publish(number, QuickCountDeed.WITHDRAW, check)

    def _publish(self, number: str, deed: QuickCountDeed, say: Callable[[QuickCount], bytes]) -> QuickCount:
        def decide(connection: Connection, count: QuickCount) -> NewEntry:
            said = say(count)
            self._note(connection, deed, number)
            return NewEntry(number, deed, said)

        return self._write(number, decide)

    def _write(self, number: str, decide: _Decide) -> QuickCount:
        def ask(connection: Connection, state: QuickCounts) -> list[NewEntry]:
            entry = decide(connection, state.find(number))
            return [] if entry is None else [entry]

        return self.journal.write(self.by, self.now, ask).find(number)

    def _is_mine(self, entry: CopyEntry) -> bool:
        return entry.observer == self.by.pseudonym

    def _need_coordinator(self) -> None:
        if not self.by.role.covers(Role.COORDINATOR):
            raise Forbidden("only a coordinator may propose it or take it back")

    def _note(self, connection: Connection, deed: QuickCountDeed, subject: str, detail: str = "") -> None:
        actor = Actor(None, self.by.pseudonym)
        record(connection, stamp(self.now), actor, f"quick count {deed}", subject, detail)
