"""Counts in the forms of NIST SP 1500-100: a contest with its areas, and all contests of an election in one report."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from fastapi import Depends, Query
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import CURRENT, JSON, PAST, Reply, Representation, Router, pack, respond
from api.http.pieces import respond_in_pieces
from api.http.workers import check_wanted
from api.live.count import LiveCount
from api.serving.access import Live, Services, Serving, name_contest, name_first
from api.standards.civics import write_civics
from api.standards.nist import nist_json
from api.standards.nist_model import NistElectionReport
from api.standards.reporting import Report
from api.standards.units import Picked, check_units, choose_units, pick
from api.standards.wholes import pick_wholes, recall_wholes
from api.story.past import Version, read_common_moment
from geo.layers import content_hash
from tally.changes import Entry
from tally.election import Election
from tally.errors import InvalidInput
from tally.keys import NATION, Level
from tally.topics import DISTRICTS, PROVINCES
from tally.view import View

router = Router(tags=["standards"])
_XML = "application/xml"
# Levels of which there may be thousands of units, each with votes of forty lists.
_LONG = (Level.DISTRICT, Level.POLLING_PLACE, Level.MESA)
_At = Query(None, description="As it stood at this moment, ISO 8601.")
_Level = Query(None, description="How far down its areas are told: department, if nothing is said.")
_Within = Query(None, description="Only in this area or polling place, which places and mesas need: district/140101")


class XmlResponse(Response):
    """What is described of an answer in XML."""

    media_type = _XML


class _Form(Struct, frozen=True):
    """A standard's form of a report."""

    name: str
    media_type: str
    write: Callable[[Report], bytes]


_NIST = _Form("nist", JSON, nist_json)
_CIVICS = _Form("civics", _XML, write_civics)


class _Wish(Struct, frozen=True):
    """A report that is asked for."""

    form: _Form
    at: str | None
    level: Level | None = None
    within: str | None = None

    @property
    def depth(self) -> Level:
        """The last level it tells of."""
        return self.level or Level.DEPARTMENT


@router.get("/elections/{election_id}/contests/{contest_id}/nist.json", dependencies=[Depends(name_contest)])
async def read_nist(
    request: Request,
    live: Live,
    services: Serving,
    level: Level | None = _Level,
    within: str | None = _Within,
    at: str | None = _At,
) -> Reply[NistElectionReport]:
    """How a contest stands, with its areas, in the form of NIST SP 1500-100 version 2."""
    return await _of_contest(request, live, services, _Wish(_NIST, at, level, within))


@router.get("/elections/{election_id}/nist.json", dependencies=[Depends(name_first)])
async def read_nist_of_election(
    request: Request,
    live: Live,
    services: Serving,
    level: Level | None = _Level,
    within: str | None = _Within,
    at: str | None = _At,
) -> Reply[NistElectionReport]:
    """All contests of an election in one report; of several each as a whole, of a single one with its areas."""
    return await _of_election(request, live, services, _Wish(_NIST, at, level, within))


@router.get(
    "/elections/{election_id}/contests/{contest_id}/civics.xml",
    response_class=XmlResponse,
    dependencies=[Depends(name_contest)],
)
async def read_civics(request: Request, live: Live, services: Serving, at: str | None = _At) -> Response:
    """How a contest stands in the country, in its departments and abroad, in Google's Civics profile."""
    return await _of_contest(request, live, services, _Wish(_CIVICS, at))


@router.get("/elections/{election_id}/civics.xml", response_class=XmlResponse, dependencies=[Depends(name_first)])
async def read_civics_of_election(request: Request, live: Live, services: Serving, at: str | None = _At) -> Response:
    """All contests of an election in one report in Google's Civics profile."""
    return await _of_election(request, live, services, _Wish(_CIVICS, at))


async def _of_contest(request: Request, live: LiveCount, services: Services, wish: _Wish) -> Reply[Any]:
    """One contest's report; its ETag is a version of the count, of a long report one some seconds old."""
    check_units(live.view, wish.depth, wish.within)
    version = await services.past.version(live, wish.at)
    etag = f"{live.epoch}-{version.seq}"
    about = ("standards", wish.form.name, live.info.id, live.epoch, live.info.is_test, wish.depth, wish.within)
    if wish.depth in _LONG:
        key = about if wish.at is None else (*about, version.seq)
        found = services.pieced.find(key, etag)
        if found is None:
            head = Representation(b"", None, etag, wish.form.media_type)
            write = _writer(services, live, version, wish)
            found = services.pieced.make(key, head, lambda: iter((write(),)))
        answer: Reply[Any] = await respond_in_pieces(request, found, version.cache)
        return answer
    key = (*about, version.seq)
    # What a worker reads is copied only where there is something to make.
    make = None if services.answers.has(key) else _writer(services, live, version, wish)
    work_out = services.answers.read if version.is_past else services.answers.get
    made = await work_out(key, lambda: pack(make() if make else b"", etag, wish.form.media_type))
    return respond(request, made, version.cache)


def _writer(services: Services, live: LiveCount, version: Version, wish: _Wish) -> Callable[[], bytes]:
    """What writes the report in a worker, while the count moves on."""
    view = live.view.frozen([NATION, PROVINCES, DISTRICTS, *([wish.within] if wish.within else ())])
    info, contest, election = live.info, live.contest, live.election

    def write() -> bytes:
        units = choose_units(view, contest, wish.depth, wish.within)
        entries = _entries(services, view, version, [unit.source for unit in units])
        picked = pick(info, contest, units, entries, (version.seq, version.at))
        check_wanted()
        return wish.form.write(Report(election, (picked.read(),), version.at))

    return write


def _entries(services: Services, view: View, version: Version, keys: Sequence[str]) -> Mapping[str, Entry]:
    """The values of those keys at a version; none of the time before the first."""
    if version.seq == view.seq:
        return view.entries
    if not version.seq:
        return {}
    return {entry.change.key: entry for piece in services.past.pieces(view.info, version.seq, keys) for entry in piece}


async def _of_election(request: Request, live: LiveCount, services: Services, wish: _Wish) -> Reply[Any]:
    """The report of all contests of the election that a count is of; its ETag names the versions of all."""
    if live.is_only:
        return await _of_contest(request, live, services, wish)
    election = live.election
    if wish.level is not None or wish.within is not None:
        raise InvalidInput(f"{election.id} has several contests: level and within are of one contest's report")
    lives = services.counts.contests(election.id)
    as_of = max(one.view.as_of for one in lives.values())
    about = ("standards", wish.form.name, election.id)
    versions = [(name, one.etag, one.info.is_test) for name, one in sorted(lives.items())]
    if wish.at is None:
        make_now = partial(_write, election, pick_wholes(election, lives), as_of, wish.form)
        return respond(request, await services.answers.get((*about, *versions), make_now), CURRENT)
    at, is_settled = read_common_moment(wish.at, as_of)
    histories = [(name, one.epoch, one.info.is_test) for name, one in sorted(lives.items())]
    key = (*about, at, *(histories if is_settled else versions))
    infos = {name: one.info for name, one in lives.items()}

    def make() -> Representation:
        return _write(election, recall_wholes(services.store, election, infos, at), at, wish.form)

    return respond(request, await services.answers.read(key, make), PAST if is_settled else CURRENT)


def _write(election: Election, picked: Sequence[Picked], as_of: str, form: _Form) -> Representation:
    report = Report(election, tuple(one.read() for one in picked), as_of)
    versions = " ".join(f"{one.contest.id}={one.version}" for one in picked)
    return pack(form.write(report), content_hash(versions.encode()), form.media_type)
