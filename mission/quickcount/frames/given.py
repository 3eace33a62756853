"""The frames that a mission gave, folded from a room of the journal of their own: kept for good, a newer one beside."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Engine

from mission.incidents.incident import Member
from mission.journal import Entry, Journal, Journals, NewEntry
from mission.people.accounts import stamp
from mission.people.auditlog import Actor, record
from mission.quickcount.frame import Frame
from mission.quickcount.frames.listing import Listing, pack, unpack
from tally.errors import NotFound
from tally.keys import Level, code_of, is_key

# Beside the room of the quick counts, not in it: a program from before this one folds that room too, and knows no
# such deed.
ROOM = "sampling_frame"
_GIVE = "give"


class FrameOrigin(StrEnum):
    """Where a sample's frame comes from: the count's own mesas, a list that was given, or another count's mesas."""

    COUNT = "count"
    FILE = "file"
    OTHER = "other"


class GivenFrame(Struct, frozen=True):
    """One frame. `id` by number of its giving; `digest` is the frame's, `lists` that of all its list says.

    `other`: of which count it was taken ("election/contest"), where it was; `packed`: its mesas; `names`: of its
    places, by code.
    """

    id: str
    at: str
    by: str
    origin: FrameOrigin
    other: str
    mesas: int
    digest: str
    lists: str
    packed: bytes
    names: Mapping[str, str] = {}

    @property
    def note(self) -> "FrameNote":
        """What a sample of it says."""
        return FrameNote(self.id, self.at, self.by, self.origin, self.other)

    def frame(self) -> Frame:
        """What can be drawn."""
        return self.read().frame()

    def read(self) -> Listing:
        """Its mesas; a tenth of a second for a country's."""
        return unpack(self.packed, self.names)


class FrameNote(Struct, frozen=True):
    """Which given frame a sample was drawn from, and who gave it when."""

    id: str
    at: str
    by: str
    origin: FrameOrigin
    other: str = ""


class _Given(Struct, frozen=True):
    """As it stands in the journal."""

    origin: FrameOrigin
    mesas: int
    digest: str
    lists: str
    packed: bytes
    other: str = ""
    names: Mapping[str, str] = {}


class GivenFrames(Struct, frozen=True):
    """All of an election, by id, in the order they were given."""

    frames: Mapping[str, GivenFrame] = {}

    @property
    def newest(self) -> GivenFrame | None:
        """The one that was given last."""
        return [*self.frames.values()][-1] if self.frames else None

    def name(self, key: str) -> str | None:
        """What the newest calls a polling place; None: nothing, or no place has that key."""
        newest = self.newest
        return newest.names.get(code_of(key)) if newest is not None and is_key(key, Level.POLLING_PLACE) else None

    def find(self, number: str) -> GivenFrame:
        """One of them.

        Raises: NotFound.
        """
        if number not in self.frames:
            raise NotFound(f"there is no sampling frame {number[:20]!r}")
        return self.frames[number]


def fold(state: GivenFrames, entries: Iterable[Entry]) -> GivenFrames:
    """The frames after those entries."""
    frames = dict(state.frames)
    for entry in entries:
        said = msgspec.json.decode(entry.data, type=_Given)
        frames[entry.subject] = GivenFrame(
            id=entry.subject, at=entry.at, by=entry.actor, **msgspec.structs.asdict(said)
        )
    return GivenFrames(frames)


def frame_journals(engine: Engine) -> Journals[GivenFrames]:
    """The journal of each election's given frames."""
    return Journals(engine, ROOM, GivenFrames(), fold)


def give_frame(
    journal: Journal[GivenFrames], listing: Listing, by: Member, now: datetime, other: str = ""
) -> tuple[GivenFrame, bool]:
    """Keep a list of mesas; of the one that was given last it is the same, that one, and False.

    Raises: StoreUnavailable.
    """
    origin, lists = FrameOrigin.OTHER if other else FrameOrigin.FILE, listing.digest
    said = _Given(origin, len(listing.mesas), listing.frame().digest, lists, pack(listing), other, listing.names)
    is_new: list[bool] = []

    def decide(connection: Connection, state: GivenFrames) -> Sequence[NewEntry]:
        if state.newest is not None and state.newest.lists == lists:
            return ()
        is_new.append(True)
        number = f"f{len(state.frames) + 1}"
        record(connection, stamp(now), Actor(None, by.pseudonym), "sampling frame given", number, said.digest)
        return [NewEntry(number, _GIVE, msgspec.json.encode(said))]

    newest = journal.write(by, now, decide).newest
    if newest is None:
        raise NotFound("no sampling frame was given")
    return newest, bool(is_new)
