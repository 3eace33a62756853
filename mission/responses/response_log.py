"""What is done to responses, each in one transaction: taken in, given a picture, judged, chosen between."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

import msgspec
from sqlalchemy import Connection

from mission.incidents.drawings import Drawing, Drawings
from mission.incidents.incident import Member
from mission.incidents.incident_log import OWN_FOR, check_time, new_id
from mission.incidents.intake import check_intake
from mission.incidents.quotas import Taken, check_quota
from mission.journal import Journal, NewEntry, check_seen
from mission.people.accounts import stamp
from mission.people.auditlog import Actor, record
from mission.people.roles import Role
from mission.responses.conflicts import Ruling
from mission.responses.limits import load_limits
from mission.responses.quality import FormTime, find_issues, print_of
from mission.responses.response import Filed, FormResponse, QualityIssue, QualityKind, ResponseState, Review, Sent
from mission.responses.responses import FILE, PHOTO, REVIEW, RULE, AddedPhoto, At, Responses
from mission.thresholds import THRESHOLDS
from tally import moments
from tally.errors import Conflict, Forbidden, InvalidInput, TooMany


class ResponseLog:
    """Where responses are handled: every method returns after the commit, and raises without having changed anything.

    elsewhere: pictures that observers sent with reports of late; they have one quota.
    Raises (every method): StoreUnavailable; NotFound, where it names a response.
    """

    def __init__(self, journal: Journal[Responses], now: datetime, elsewhere: Sequence[Taken] = ()) -> None:
        self._journal, self._now, self._elsewhere = journal, now, elsewhere

    def file(
        self,
        by: Member,
        sent: Sent,
        form_time: FormTime,
        *,
        is_time_confirmed: bool = False,
        upon: int | None = None,
    ) -> tuple[FormResponse, bool]:
        """The response of what was sent, and whether it is new: a key that was seen is the same response.

        `upon`: how many responses of its sender's were read for what is sent, where it is made of an earlier one.

        Raises: InvalidInput: the key was used for something else, or its time is doubted and not confirmed.
        Conflict: its sender has sent more meanwhile. IntakeStopped. TooMany: of this device, or of the mission.
        """
        made = new_id()

        def decide(connection: Connection, state: Responses) -> Sequence[NewEntry]:
            nonlocal made
            if upon is not None:
                check_seen(upon, len(state.own(by.pseudonym)))
            known = next((one for one in state.own(by.pseudonym) if one.sent.key == sent.key), None)
            if known is not None:
                if known.sent.digest != sent.digest:
                    raise InvalidInput("Idempotency-Key: this key was used for other answers; new ones need their own")
                made = known.id
                return ()
            check_intake(connection)
            self._check_quota(by, state)
            if not is_time_confirmed:
                check_time(sent.finished_at, self._now)
            issues = find_issues(sent, form_time, self._now, state.own(by.pseudonym))
            alike = print_of(sent)
            filed = Filed(sent, (*issues, *_said_before(sent, alike, state)), alike)
            is_new.append(True)
            return [NewEntry(made, FILE, msgspec.json.encode(filed))]

        is_new: list[bool] = []
        return self._journal.write(by, self._now, decide).responses[made], bool(is_new)

    def review(self, by: Member, response_id: str, state: ResponseState, reason: str, seen: int) -> FormResponse:
        """Say what a response is worth; `seen`: how many reviews of it whoever says so has read.

        Raises: Forbidden: it is one's own. Conflict: that was said already, or something else meanwhile. InvalidInput:
        no reason, or nothing said.
        """

        def decide(connection: Connection, responses: Responses) -> Sequence[NewEntry]:
            response = responses.find(response_id)
            if response.by == by.pseudonym:
                raise Forbidden("these are your own answers; somebody else has to judge them")
            if state is ResponseState.OPEN:
                raise InvalidInput("state: verified or doubtful")
            _check_reason(reason)
            check_seen(seen, len(response.reviews))
            if response.state is state:
                raise Conflict(f"response {response.id} is {state.value} already")
            self._audit(connection, by, f"response {state.value}", response.id)
            return [NewEntry(response.id, REVIEW, msgspec.json.encode(Review(state, reason.strip())))]

        return self._journal.write(by, self._now, decide).responses[response_id]

    def choose(self, by: Member, at: At, choose: Mapping[str, str], reason: str, seen: int) -> Responses:
        """Say whose answers stand where observers differ, upon the revision that was `seen`; the state after it.

        Raises: Forbidden: one of the answers is one's own. InvalidInput: no reason; a question on which nobody
        differs, or a response that does not answer it. NotFound: nobody answered that form there. Conflict: something
        was answered or chosen there meanwhile.
        """

        def decide(connection: Connection, state: Responses) -> Sequence[NewEntry]:
            weighed = state.weigh(at)
            if any(one.by == by.pseudonym for one in weighed.responses):
                raise Forbidden("one of these answers is your own; somebody else has to choose")
            _check_reason(reason)
            if not choose:
                raise InvalidInput("choose: at least one question, and the response whose answer stands")
            check_seen(seen, state.revision(at))
            for question, response in choose.items():
                if response not in weighed.differences.get(question, {}):
                    raise InvalidInput(f"choose: {question[:40]!r} is no question on which {response[:40]!r} differs")
            among = tuple(one.id for one in weighed.responses)
            ruling = Ruling(*at, choose, among, reason.strip())
            self._audit(connection, by, "answers chosen", f"{at[0]} {at[1]}")
            return [NewEntry(f"{at[0]} {at[1]}", RULE, msgspec.json.encode(ruling))]

        return self._journal.write(by, self._now, decide)

    def check_photo(self, by: Member, response: FormResponse, drawing: Drawing, drawings: Drawings) -> None:
        """Return if a picture may be drawn: what can be refused without seeing it is refused before it costs anything.

        Raises: as `add_photo`.
        """
        taken = (*self._journal.read().taken, *drawings.in_vain)
        self._check_addition(taken, by, response, drawing.picture_bytes or 0)
        if not drawings.repeats(drawing):
            _check_room(response)

    def add_photo(self, by: Member, response_id: str, added: AddedPhoto, place: Callable[[], object]) -> bool:
        """Whether the photo is new to its response: sending it again changes nothing.

        place: puts it where it is kept; not called for one that is refused.
        Raises: Conflict: it belongs to another response, or there are too many. TooMany. Forbidden: an observer, too
        late. IntakeStopped.
        """
        is_new: list[bool] = []

        def decide(connection: Connection, state: Responses) -> Sequence[NewEntry]:
            response, owner = state.find(response_id), state.photos.get(added.photo.hash)
            if owner == response_id:
                place()  # it may have been lost meanwhile
                return ()
            if by.role is Role.OBSERVER:
                check_intake(connection)
            self._check_addition(state.taken, by, response, added.photo.bytes)
            if owner is not None:
                raise Conflict("this picture was sent already, with other answers")
            _check_room(response)
            place()
            is_new.append(True)
            return [NewEntry(response_id, PHOTO, msgspec.json.encode(added))]

        self._journal.write(by, self._now, decide)
        return bool(is_new)

    def _check_addition(self, taken: Sequence[Taken], by: Member, response: FormResponse, picture_bytes: int) -> None:
        check_quota((*self._elsewhere, *taken), by, self._now, picture_bytes)
        if by.role is Role.OBSERVER and self._now - moments.read(response.received_at) >= OWN_FOR:
            hours = THRESHOLDS.reports.own_for_hours
            raise Forbidden(f"answers can be added to for {hours} hours; tell the mission by another way")

    def _check_quota(self, by: Member, state: Responses) -> None:
        """The newest responses but so many: if that one is of late, no more are taken."""
        if by.role is not Role.OBSERVER:
            return
        quotas, window = load_limits().quotas, THRESHOLDS.quotas.window
        own = state.own(by.pseudonym)
        oldest = own[-quotas.device] if len(own) >= quotas.device else None
        of_all = next(islice(reversed(state.responses.values()), quotas.mission - 1, None), None)
        for whose, response in (("this device", oldest), ("the mission", of_all)):
            if response is not None:
                wait: timedelta = moments.read(response.received_at) + window - self._now
                if wait > timedelta(0):
                    minutes = THRESHOLDS.quotas.window_minutes
                    said = f"{whose} has sent all that is taken in {minutes} minutes; send it later"
                    raise TooMany(said, max(1, round(wait.total_seconds())))

    def _audit(self, connection: Connection, by: Member, deed: str, subject: str) -> None:
        record(connection, stamp(self._now), Actor(None, by.pseudonym), f"mission {deed}", subject)


def _said_before(sent: Sent, alike: str | None, state: Responses) -> Sequence[QualityIssue]:
    other = None if alike is None else state.responses.get(state.alike.get(alike, ""))
    if other is None or other.sent.location.key == sent.location.key:
        return ()
    return (QualityIssue(QualityKind.IDENTICAL, {"response": other.id, "questions": len(sent.answers)}),)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("reason: say why")


def _check_room(response: FormResponse) -> None:
    if sum(map(len, response.photos.values())) >= THRESHOLDS.reports.most_photos:
        raise Conflict(f"a response has at most {THRESHOLDS.reports.most_photos} pictures")
