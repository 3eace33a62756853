"""Responses as they are shown to a member: a line of a list, and all of one that the member may read."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from api.mission.incident_lines import ReportedPlace, reported_place
from api.mission.places import locate
from mission.forms.answers import AnswerFault
from mission.incidents.incident import Member, Photo
from mission.incidents.incident_log import OWN_FOR
from mission.incidents.location import DevicePosition, Location
from mission.people.roles import Role
from mission.people.teams import Teams
from mission.responses.response import FormResponse, Given, QualityIssue, ResponseState
from mission.thresholds import THRESHOLDS
from tally import moments
from tally.keys import Level, area_key, place_key, prefix_of
from tally.view import View


class _ResponseHead(Struct, frozen=True, kw_only=True):
    id: str
    revision: int
    form: str
    version: int
    place: ReportedPlace | None
    place_key: str | None
    place_name: str | None
    region: str | None
    observer: str
    team: str | None
    is_own: bool
    started_at: str
    finished_at: str
    device_at: str
    received_at: str
    clock_ahead_s: int | None
    is_clock_off: bool
    state: ResponseState
    is_partial: bool
    is_set_aside: bool
    reason: str | None


class ResponseLine(_ResponseHead, frozen=True, kw_only=True):
    """One line of a list. `issues`: what looks odd, for the team alone. `revision`: what a review names as seen."""

    answers: int
    photos: int
    issues: list[QualityIssue]


class ToldReview(Struct, frozen=True):
    """What was said of a response, and why; `by` whom is for the team alone."""

    state: ResponseState
    reason: str
    by: str | None
    at: str


class ResponseDetail(_ResponseHead, frozen=True, kw_only=True):
    """All of a response that its reader may see; whoever sent it reads the answers for a day (then they are null).

    photos: hashes by question. beside: other responses to the same form at the same place.
    """

    answers: Mapping[str, Given] | None
    faults: tuple[AnswerFault, ...]
    issues: list[QualityIssue]
    reviews: list[ToldReview]
    photos: Mapping[str, tuple[Photo, ...]]
    position: DevicePosition | None
    beside: list[str]


class ResponseWriter(Struct, frozen=True):
    """Writes responses for one member; `name` gives the name of a polling place or area, `now` tells what is old."""

    member: Member
    teams: Teams
    aside: Collection[str]
    view: View
    name: Callable[[str], str | None]
    now: datetime

    @property
    def _is_team(self) -> bool:
        return self.member.role.covers(Role.VERIFIER)

    def line(self, response: FormResponse) -> ResponseLine:
        """One line of a list."""
        photos = sum(map(len, response.photos.values()))
        issues = self._issues(response)
        return ResponseLine(answers=len(response.sent.answers), photos=photos, issues=issues, **self._head(response))

    def detail(self, response: FormResponse, beside: Collection[str]) -> ResponseDetail:
        """All of it; `beside`: ids of what others answered to the same."""
        is_open = self._is_team or is_fresh(response, self.now)
        is_own = response.by == self.member.pseudonym
        has_position = is_open and (is_own or self.member.role.covers(Role.COORDINATOR))
        return ResponseDetail(
            answers=response.sent.answers if is_open else None,
            faults=response.sent.faults,
            issues=self._issues(response),
            reviews=[
                ToldReview(one.state, one.reason, one.by if self._is_team else None, one.at) for one in response.reviews
            ],
            photos=response.photos if is_open else {},
            position=response.sent.position if has_position else None,
            beside=[one for one in beside if one != response.id] if self._is_team else [],
            **self._head(response),
        )

    def where(self, response: FormResponse) -> Location:
        """Where it was, as far as the count knows by now."""
        location = response.sent.location
        return location if location.district is not None else locate(location.key or "", self.view) or location

    def region(self, response: FormResponse) -> str | None:
        """Key of the department or continent it was in."""
        district = self.where(response).district
        return None if district is None else area_key(prefix_of(district, Level.DEPARTMENT))

    def _issues(self, response: FormResponse) -> list[QualityIssue]:
        return list(response.issues) if self._is_team else []

    def _head(self, response: FormResponse) -> dict[str, Any]:
        sent, where = response.sent, self.where(response)
        at = None if where.place is None else place_key(where.place)
        return {
            "id": response.id,
            "revision": len(response.reviews),
            "form": sent.form,
            "version": sent.version,
            "place": reported_place(where.key),
            "place_key": at,
            "place_name": None if where.station is None else self.name(where.station),
            "region": self.region(response),
            "observer": response.by,
            "team": self.teams.of(response.by).team if self._is_team else None,
            "is_own": response.by == self.member.pseudonym,
            "started_at": sent.started_at,
            "finished_at": sent.finished_at,
            "device_at": sent.device_at,
            "received_at": response.received_at,
            "clock_ahead_s": sent.clock_ahead_s,
            "is_clock_off": abs(sent.clock_ahead_s or 0) >= 60 * THRESHOLDS.reports.clock_off_minutes,
            "state": response.state,
            "is_partial": response.is_partial,
            "is_set_aside": self._is_team and response.by in self.aside,
            "reason": response.reviews[-1].reason if response.reviews else None,
        }


def is_fresh(response: FormResponse, now: datetime) -> bool:
    """Whether its observer may still add to it and read all of it."""
    return now - moments.read(response.received_at) < OWN_FOR
