"""Bytes of the 2026 feed to values of ours: areas, names and change detector. Nothing is asked, stored or guessed."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec
from msgspec import Struct

from ingest.feeds.ballot import area_votes
from ingest.feeds.onpe2026 import words
from ingest.feeds.shares import check_share
from ingest.feeds.texts import place_code, readable, six_digits
from ingest.strict import bare, check_fields
from tally import moments
from tally.board import Fact
from tally.election import Contest, Election
from tally.errors import FeedEmpty, FeedMalformed, WrongElection
from tally.keys import (
    UBIGEO_LENGTH,
    UBIGEO_LEVELS,
    area_key,
    areas_of,
    is_district,
    is_within,
    place_key,
    prefix_of,
    ubigeo_of,
)
from tally.model import AreaCount, PollingPlace

T = TypeVar("T")

_totals = msgspec.json.Decoder(words.Envelope[words.Totals])
_participants = msgspec.json.Decoder(words.Envelope[list[words.Participant]])
_heat = msgspec.json.Decoder(words.Envelope[list[words.Heat]])
_ubigeos = msgspec.json.Decoder(words.Envelope[list[words.Ubigeo]])
_places = msgspec.json.Decoder(words.Envelope[list[words.LocalOption]])
_process = msgspec.json.Decoder(words.Envelope[words.ActiveProcess])


class Cut(Struct, frozen=True):
    """Acta buckets and vote sums of one area at one stamp (ISO UTC); the lists' votes come separately.

    `turnout` is stated in thousandths of a percent of the whole roll.
    """

    counted: int
    at_jee: int
    pending: int
    total: int
    cast: int
    valid: int
    source_at: str | None
    turnout: int | None = None


class Votes(Struct, frozen=True):
    """Votes by list in the contest's order; blank and null are None in the form that leaves them out."""

    votes: tuple[int, ...]
    blank: int | None
    null: int | None


def unwrap(body: bytes, decoder: "msgspec.json.Decoder[words.Envelope[T]]") -> T:
    """The data of an envelope.

    Raises: FeedEmpty: no body, or no data. FeedMalformed: HTML, not JSON, another shape, `success: false`.
    """
    body = bare(body)
    if not body.strip():
        raise FeedEmpty("the source has nothing for that question (empty answer)")
    if body.lstrip()[:1] == b"<":
        raise FeedMalformed("the source sent an HTML page instead of data")
    try:
        envelope = decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FeedMalformed(f"not the expected payload: {error}") from error
    check_fields(body)
    if not envelope.success:
        raise FeedMalformed(f"the source reports a failure of its own: {envelope.message or 'no reason given'}")
    if envelope.data is None:
        raise FeedEmpty("the source has nothing for that question (data is null)")
    return envelope.data


def parse_identity(body: bytes, election: Election) -> None:
    """Check that the active process is the election's.

    Raises: WrongElection: another process or another date. FeedMalformed, FeedEmpty.
    """
    process, expected = unwrap(body, _process), election.process
    named = f"process {process.id} ({process.acronym or process.name or 'no name'})"
    if process.id != expected.id or (expected.acronym is not None and process.acronym != expected.acronym):
        raise WrongElection(
            f"this host answers about {named}, not about {election.id} (process {expected.id}); "
            "check --feed and --election"
        )


def parse_totals(body: bytes, ubigeo: str | None = None, since: str = "") -> Cut:
    """One area's cut. `ubigeo` (six digits) is what was asked; None for nation and scopes, whose echo ids are junk.

    A stamp from before `since` (ISO UTC) is none of a count: it is left out.

    Raises: FeedMalformed: also when the echo ids name another area than the one asked for, or a percentage is of other
    figures.
    """
    totals = unwrap(body, _totals)
    if ubigeo is not None:
        _check_echo(totals, ubigeo)
    stamp = totals.stamp
    try:
        source_at = moments.from_epoch_ms(stamp) if isinstance(stamp, int) else stamp and moments.normal(stamp)
    except ValueError as error:
        raise FeedMalformed(f"stamp {stamp!r} is not a moment") from error
    for share, part, what in (
        (totals.counted_share, totals.counted, "actasContabilizadas"),
        (totals.at_jee_share, totals.at_jee, "actasEnviadasJee"),
        (totals.pending_share, totals.pending, "actasPendientesJee"),
    ):
        check_share(share, part, totals.total, what)
    turnout = None if totals.turnout is None else round(totals.turnout * 1000)
    return Cut(
        totals.counted,
        totals.at_jee,
        totals.pending,
        totals.total,
        totals.cast,
        totals.valid,
        source_at if source_at and source_at >= since else None,
        turnout,
    )


def _check_echo(totals: words.Totals, ubigeo: str) -> None:
    named = [wanted for key in areas_of(ubigeo) if (wanted := ubigeo_of(key)) is not None]
    for echo, wanted in zip((totals.department, totals.province, totals.district), named, strict=False):
        if echo is None or str(echo).zfill(UBIGEO_LENGTH) != wanted:
            raise FeedMalformed(f"asked for {ubigeo}, but the source answered about {echo} (expected {wanted})")


def parse_participants(body: bytes, contest: Contest) -> Votes:
    """Votes of one area, from either form of the list.

    Raises: FeedEmpty: it has no row: a race of many areas, asked of all of them. FeedMalformed: a list is unknown,
        missing, twice, or negative, or its percentage is of other figures.
    """
    rows = unwrap(body, _participants)
    if not rows:
        raise FeedEmpty("the source has no list for that question")
    found: dict[str, int] = {}
    for row in rows:
        code = str(row.code)
        if code in found:
            raise FeedMalformed(f"list {code} stands twice among the participants")
        found[code] = row.votes
    blank, null = found.pop(words.BLANK, None), found.pop(words.NULL, None)
    found.pop(words.CHALLENGED, None)
    votes = area_votes(found, contest)
    for row in rows:
        if str(row.code) in found:
            check_share(row.share, row.votes, sum(votes), f"the share of list {row.code}")
    return Votes(votes, blank, null)


def join(cut: Cut, votes: Votes) -> AreaCount:
    """One area's count from its two halves; challenged votes are what is left of the votes cast."""
    challenged = None
    if votes.blank is not None and votes.null is not None:
        challenged = cut.cast - cut.valid - votes.blank - votes.null
    return AreaCount(
        at_jee=cut.at_jee,
        blank=votes.blank,
        cast=cut.cast,
        challenged=challenged,
        counted=cut.counted,
        null=votes.null,
        pending=cut.pending,
        source_at=cut.source_at,
        total=cut.total,
        turnout=cut.turnout,
        valid=cut.valid,
        votes=votes.votes,
    )


def read_ubigeo(code: int) -> str:
    """Six digits of an ubigeo that the source writes as a number: 10101 → "010101".

    Raises: FeedMalformed: no ubigeo has that number.
    """
    if not 0 < code < 10**UBIGEO_LENGTH:
        raise FeedMalformed(f"{code} is not an ubigeo")
    return str(code).zfill(UBIGEO_LENGTH)


def parse_heat(body: bytes) -> dict[str, int]:
    """Counted actas by key of every area in the heat map; areas with nothing counted are absent."""
    found = {}
    for row in unwrap(body, _heat):
        code = row.level3 or row.level2 or row.level1
        if code is not None:
            found[area_key(read_ubigeo(code))] = row.counted
    return found


def parse_catalogue(body: bytes, src: str, scope: str = "") -> list[Fact]:
    """Names of all areas in or around `scope` (ubigeo prefix), from the flat list of leaves.

    Its root are the three areas without an ubigeo.
    """
    facts = [Fact(key, name, src) for key, name in words.TOP_NAMES.items()] + parse_leaves(body, src, scope)
    return [fact for fact in facts if not scope or is_within(scope, fact.key) or is_within(fact.key, area_key(scope))]


def parse_leaves(body: bytes, src: str, scope: str = "") -> list[Fact]:
    """Names of all districts in `scope`, and of the provinces and departments around them, from the list of leaves.

    Raises: FeedMalformed: a leaf's name has not three parts, or its code not the six digits of a district.
    """
    names: dict[str, str] = {}
    for leaf in unwrap(body, _ubigeos):
        ubigeo = six_digits(leaf.ubigeo, "ubigeo")
        if not ubigeo.startswith(scope):
            continue
        parts = [readable(part, f"the name of {ubigeo}") for part in leaf.name.split("\\")]
        if len(parts) != len(UBIGEO_LEVELS) or not is_district(ubigeo):
            raise FeedMalformed(f"ubigeo {ubigeo!r} is named {leaf.name!r}: not a leaf of the tree")
        for level, name in zip(UBIGEO_LEVELS, parts, strict=True):
            names[area_key(prefix_of(ubigeo, level))] = name
    return [Fact(key, name, src) for key, name in names.items()]


def parse_places(body: bytes, ubigeo: str, src: str) -> Sequence[Fact]:
    """Polling places of one district (ubigeos/locales)."""
    facts = []
    for row in unwrap(body, _places):
        place = PollingPlace(code=place_code(row.code), name=readable(row.name, row.code), ubigeo=ubigeo)
        facts.append(Fact(place_key(place.code), place, src))
    return facts
