"""Which incidents a list or a sheet is of: the filters that both take."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Query

from api.mission.incident_list import IncidentChoice
from api.serving.access import GivenCase
from mission.incidents.incident import State
from mission.incidents.rubric import Category, Severity

_Day = Annotated[date | None, Query(description="Day on which it happened, as the election's zone has it.")]


def read_choice(
    case: GivenCase,
    state: State | None = None,
    severity: Severity | None = None,
    category: Category | None = None,
    within: str | None = Query(None, max_length=64, description="Key of an area, polling place or mesa."),
    text: str = Query("", max_length=200, description="Words, all of which stand in the report or its place's name."),
    since: _Day = None,
    until: _Day = None,
    reporter: str | None = Query(None, max_length=100, description="Pseudonym of who reported it."),
) -> IncidentChoice:
    """The choice in a query; `until` is the last day of it."""
    zone = ZoneInfo(case.live.election.timezone)
    begins = None if since is None else datetime.combine(since, time(), zone)
    ends = None if until is None else datetime.combine(until, time(), zone) + timedelta(days=1)
    return IncidentChoice(state, severity, category, within, text, begins, ends, reporter)


GivenChoice = Annotated[IncidentChoice, Depends(read_choice)]
