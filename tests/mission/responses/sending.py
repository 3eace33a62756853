"""Observers who answer forms, for the tests about what becomes of it."""

import itertools
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from mission.forms.model import FormMoment
from mission.incidents.incident import Member
from mission.incidents.location import Location
from mission.people.roles import Role
from mission.responses.quality import FormTime
from mission.responses.response import FormResponse, Given, ResponseState, Sent
from mission.responses.response_log import ResponseLog
from mission.responses.responses import Responses, responses_of
from tally import moments
from tests.mission.people import NOW

ANA, LUZ, EVA = (Member(name, Role.OBSERVER) for name in ("garza-12", "condor-31", "zorzal-50"))
TEAM, SECOND = (Member(name, Role.VERIFIER) for name in ("halcon-77", "gallito-8"))
ANSWERS: Mapping[str, Given] = {"access": "yes", "installed": "yes", "present": 3, "booth": ["curtain", "screen"]}
# NOW is 07:00 in Lima.
OPENING = FormTime(date(2030, 1, 6), ZoneInfo("America/Lima"), FormMoment.OPENING)
_numbers = itertools.count()


def location(mesa: str) -> Location:
    return Location(f"mesa/{mesa}", f"place-of-{mesa[:5]}", "140101")


def sent(mesa: str = "000001", minutes: int = 10, ago: int = 5, **changed: Any) -> Sent:
    """Answers that nobody doubts: begun so many minutes before they were finished, so many minutes ago."""
    finished = NOW - timedelta(minutes=ago)
    plain: dict[str, Any] = {
        "form": "opening",
        "version": 1,
        "location": location(mesa),
        "started_at": moments.write(finished - timedelta(minutes=minutes)),
        "finished_at": moments.write(finished),
        "device_at": moments.write(finished),
        "answers": ANSWERS,
        "key": f"key-{next(_numbers)}",
        "digest": "a digest",
    }
    return Sent(**{**plain, **changed})


class Desk:
    """The room of one election, and whoever sends to it."""

    def __init__(self, engine: Engine, now: datetime = NOW) -> None:
        self.journal = responses_of(engine).of("an-election")
        self.now = now

    @property
    def log(self) -> ResponseLog:
        return ResponseLog(self.journal, self.now)

    def file(self, by: Member = ANA, answers: Sent | None = None) -> FormResponse:
        return self.log.file(by, answers or sent(), OPENING)[0]

    def choose(self, choose: Mapping[str, str], reason: str, by: Member = TEAM) -> Responses:
        """A choice at the one mesa, by somebody who read what is there."""
        at = ("opening", "mesa/000001")
        return self.log.choose(by, at, choose, reason, self.journal.read().revision(at))

    def review(self, response: str, state: ResponseState, reason: str) -> FormResponse:
        """What a verifier says of it, who read what was said before."""
        known = self.journal.read().responses.get(response)
        return self.log.review(TEAM, response, state, reason, 0 if known is None else len(known.reviews))

    def answer(self, by: Member, **answers: Given) -> FormResponse:
        """Answers of one of them to the form, at one mesa."""
        return self.file(by, sent(answers={**ANSWERS, **answers}))
