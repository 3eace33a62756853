"""All responses of an election at one version of the journal: the fold of its room."""

from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Engine

from mission.incidents.incident import Photo
from mission.incidents.quotas import Taken, recent
from mission.journal import Entry, Journals
from mission.people.roles import Role
from mission.responses.conflicts import Ruling, StandingAnswers, weigh
from mission.responses.response import Filed, FormResponse, ResponseState, Review
from tally.errors import NotFound

ROOM = "responses"
# What may happen to a response, and to the answers to a form at a place.
FILE, REVIEW, PHOTO, RULE = "file", "review", "photo", "rule"
# A form's id and the key of a place or mesa.
At = tuple[str, str]


class AddedPhoto(Struct, frozen=True):
    """Data of `photo`: which question it answers."""

    question: str
    photo: Photo


class Responses(Struct, frozen=True):
    """Responses by id, in the order of arrival; which ones are whose, which at what place, which say the same.

    taken: pictures that observers sent of late. Never changes: `after` makes the next one.
    """

    responses: dict[str, FormResponse] = {}
    of_observer: dict[str, tuple[str, ...]] = {}
    at_place: dict[At, tuple[str, ...]] = {}
    alike: dict[str, str] = {}
    photos: dict[str, str] = {}
    rulings: dict[At, tuple[Ruling, ...]] = {}
    taken: tuple[Taken, ...] = ()

    def own(self, observer: str) -> Sequence[FormResponse]:
        """That observer's, in the order of arrival."""
        return [self.responses[one] for one in self.of_observer.get(observer, ())]

    def find(self, response_id: str) -> FormResponse:
        """The response of that id.

        Raises: NotFound.
        """
        found = self.responses.get(response_id)
        if found is None:
            raise NotFound(f"there is no response {response_id[:40]!r}")
        return found

    def weigh(self, at: At, aside: Collection[str] = ()) -> StandingAnswers:
        """What was answered to a form at a place, without what is doubtful or of observers who are set aside.

        Of what is left an observer's newest response counts. Raises: NotFound: nobody answered it there.
        """
        here = [self.responses[one] for one in self.at_place.get(at, ())]
        if not here:
            raise NotFound(f"nobody answered the form {at[0][:40]!r} there")
        newest = {one.by: one for one in here if one.by not in aside and one.state is not ResponseState.DOUBTFUL}
        return weigh(at, list(newest.values()), self.rulings.get(at, ()))

    def revision(self, at: At) -> int:
        """How often something was said there: an answer, what one is worth, a choice. What is decided names it."""
        own = map(self.responses.__getitem__, self.at_place.get(at, ()))
        return sum(1 + len(one.reviews) for one in own) + len(self.rulings.get(at, ()))

    def standing(self, aside: Collection[str] = ()) -> Iterator[StandingAnswers]:
        """One set of answers for each form and place where anybody's counts; what is in conflict is undecided in it."""
        weighed = (self.weigh(at, aside) for at in self.at_place)
        return (one for one in weighed if one.responses)

    def conflicts(self, aside: Collection[str] = ()) -> list[StandingAnswers]:
        """Where observers differ, also where somebody chose."""
        weighed = (self.weigh(at, aside) for at, several in self.at_place.items() if len(several) > 1)
        return [one for one in weighed if one.differences]


def responses_of(engine: Engine) -> Journals[Responses]:
    """The room's journals."""
    return Journals(engine, ROOM, Responses(), fold)


def fold(state: Responses, entries: Iterable[Entry]) -> Responses:
    """The state after those entries. Copies a few maps once, whatever the number of entries."""
    after = _copied(state)
    taken, at = list(state.taken), ""
    for entry in entries:
        at = entry.at
        if entry.deed == FILE:
            _file(after, entry)
        elif entry.deed == RULE:
            ruling = replace(msgspec.json.decode(entry.data, type=Ruling), by=entry.actor, at=entry.at)
            key = (ruling.form, ruling.key)
            after.rulings[key] = (*after.rulings.get(key, ()), ruling)
        elif entry.deed == REVIEW:
            response = after.responses[entry.subject]
            review = replace(msgspec.json.decode(entry.data, type=Review), by=entry.actor, at=entry.at)
            after.responses[response.id] = replace(response, reviews=(*response.reviews, review))
        else:
            _show(after, entry)
            if entry.role == Role.OBSERVER:
                photo = msgspec.json.decode(entry.data, type=AddedPhoto).photo
                taken.append(Taken(entry.at, entry.actor, photo.bytes))
    return replace(after, taken=recent(taken, at) if taken else ())


def _copied(state: Responses) -> Responses:
    return Responses(
        dict(state.responses),
        dict(state.of_observer),
        dict(state.at_place),
        dict(state.alike),
        dict(state.photos),
        dict(state.rulings),
    )


def _file(after: Responses, entry: Entry) -> None:
    filed = msgspec.json.decode(entry.data, type=Filed)
    sent = filed.sent
    response = FormResponse(id=entry.subject, by=entry.actor, received_at=entry.at, sent=sent, issues=filed.issues)
    after.responses[response.id] = response
    after.of_observer[response.by] = (*after.of_observer.get(response.by, ()), response.id)
    at = (sent.form, sent.location.key or "")
    after.at_place[at] = (*after.at_place.get(at, ()), response.id)
    if filed.alike is not None:
        after.alike.setdefault(filed.alike, response.id)


def _show(after: Responses, entry: Entry) -> None:
    response, added = after.responses[entry.subject], msgspec.json.decode(entry.data, type=AddedPhoto)
    shown = (*response.photos.get(added.question, ()), added.photo)
    after.responses[response.id] = replace(response, photos={**response.photos, added.question: shown})
    after.photos[added.photo.hash] = response.id
