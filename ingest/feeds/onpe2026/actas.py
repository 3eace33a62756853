"""Bytes of the 2026 feed to values of ours: lists of actas, and the acta itself."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from ingest.feeds import SPARE, ActaHead
from ingest.feeds.ballot import acta_votes
from ingest.feeds.onpe2026 import words
from ingest.feeds.onpe2026.parse import read_ubigeo, unwrap
from ingest.feeds.onpe2026.questions import PAGE_SIZE
from ingest.feeds.texts import place_code, readable, six_digits
from tally import moments
from tally.board import Fact
from tally.election import Contest, slug
from tally.errors import FeedEmpty, FeedMalformed
from tally.keys import mesa_key, place_key
from tally.model import Acta, ActaState, PollingPlace

_page = msgspec.json.Decoder(words.Envelope[words.PageOfActas])
_search = msgspec.json.Decoder(words.Envelope[list[words.ActaRow]])


# Percentages have three decimals.
_TURNOUT_STEP = 0.0011
# Of 5,104 actas at the juries in April 2026 the longest list of reasons had 83 characters.
_LONGEST_OBSERVATION = 2000
_MOST_MESAS = 999_999  # their numbers have six digits


class ActaPage(Struct, frozen=True):
    """One page of a district's list, its number (from 0), and how many pages and actas there are in all.

    `rows`: how many stand on it, those of other elections too.
    """

    heads: list[ActaHead]
    number: int
    rows: int
    pages: int
    records: int


def parse_acta_page(body: bytes, contest: Contest, ubigeo: str, src: str) -> ActaPage:
    """One page of the list of actas of a district.

    Raises: FeedMalformed: also when a row lies in another district than the one asked for.
    """
    page = unwrap(body, _page)
    heads = []
    for row in page.rows:
        if row.election != contest.source_id:
            continue
        if read_ubigeo(row.ubigeo) != ubigeo:
            raise FeedMalformed(f"asked for the actas of {ubigeo}, but mesa {row.mesa} lies in {row.ubigeo}")
        heads.append(_head(row, src))
    return ActaPage(heads, page.page, len(page.rows), page.pages, page.records)


def check_paging(page: ActaPage, first: ActaPage, number: int, most: int | None) -> None:
    """Check that a page is the one asked for, of a list that is as long as the first page said and as it can be.

    Raises: FeedMalformed.
    """
    if page.number != number:
        raise FeedMalformed(f"asked for page {number} of a list, but the source answered with page {page.number}")
    if (page.pages, page.records) != (first.pages, first.records):
        raise FeedMalformed(f"a list of {first.records} actas has {page.records} on its page {number}")
    longest = _MOST_MESAS if most is None else most + SPARE
    if not 0 <= page.records <= longest:
        raise FeedMalformed(f"a list of {page.records} actas, where there can be {longest} at most")
    # The source may give fewer rows a page than it is asked for.
    if page.pages > 1 and page.pages not in (_pages(page.records, PAGE_SIZE), _pages(page.records, first.rows)):
        raise FeedMalformed(f"{page.records} actas are not {page.pages} pages of {first.rows} rows")


def _pages(records: int, size: int) -> int:
    return -(-records // size) if size else 0


def _head(row: words.ActaRow, src: str) -> ActaHead:
    mesa, ubigeo = six_digits(row.mesa, "mesa"), read_ubigeo(row.ubigeo)
    state = _state(row.code, row.state, is_empty=False)
    facts: list[Fact] = []
    place = _place(row, ubigeo)
    code = None if place is None else place.code
    if place is not None:
        facts.append(Fact(place_key(place.code), place, src))
    if state is ActaState.PENDING:
        acta = Acta(code=row.code, place=code, registered=row.registered, state=state, ubigeo=ubigeo)
        facts.append(Fact(mesa_key(mesa), acta, src))
    return ActaHead(mesa, ubigeo, row.code, state, row.cast, row.valid, tuple(facts), code)


def parse_acta_search(body: bytes, contest: Contest, mesa: str, src: str) -> Fact:
    """The contest's acta of one mesa, from actas/buscar/mesa (one row per election of that mesa).

    Raises: FeedEmpty: no acta of this contest. FeedMalformed: another mesa, or twice.
    """
    rows = [row for row in unwrap(body, _search) if row.election == contest.source_id]
    if not rows:
        raise FeedEmpty(f"the source has no acta of this contest for mesa {mesa}")
    if len(rows) > 1 or rows[0].mesa != six_digits(mesa, "mesa"):
        raise FeedMalformed(f"asked for mesa {mesa}, but the source answered {[row.mesa for row in rows]}")
    row = rows[0]
    ubigeo = read_ubigeo(row.ubigeo)
    place = _place(row, ubigeo)
    where = (ubigeo, None if place is None else place.code)
    return Fact(mesa_key(mesa), _acta(row, contest, where), src)


def check_figures(acta: Acta, head: ActaHead) -> None:
    """Check that the acta is the one its list speaks of: two exchanged within a district change no sum at all.

    Raises: FeedMalformed: if it changed since, its district moved too and is listed again.
    """
    if acta.state is not ActaState.COUNTED or head.state is not acta.state or head.cast is None:
        return
    if (acta.cast, acta.valid) != (head.cast, head.valid):
        raise FeedMalformed(
            f"mesa {head.mesa} has {head.cast} votes, {head.valid} valid, in its list, "
            f"but {acta.cast} and {acta.valid} on its acta"
        )


def _acta(row: words.ActaRow, contest: Contest, where: tuple[str, str | None]) -> Acta:
    lines = row.lines or ()
    _check_turnout(row)
    votes = _figures(lines)
    blank, challenged, null = (votes.pop(code, None) for code in (words.BLANK, words.CHALLENGED, words.NULL))
    state = _state(row.code, row.state, is_empty=not lines)
    stamps = [event.at_ms for event in row.events or () if event.at_ms is not None]
    shown = state in (ActaState.COUNTED, ActaState.AT_JEE)
    return Acta(
        blank=blank,
        cast=row.cast if shown else None,
        challenged=challenged,
        code=row.code,
        null=null,
        observation=_observation(row.events or ()),
        place=where[1],
        registered=row.registered,
        source_at=_moment(max(stamps)) if stamps else None,
        state=state,
        ubigeo=where[0],
        valid=row.valid if shown else None,
        votes=acta_votes(votes, contest) if lines and shown else None,
    )


def _moment(milliseconds: int) -> str:
    try:
        return moments.from_epoch_ms(milliseconds)
    except ValueError as error:
        raise FeedMalformed(f"the acta has an event at {milliseconds}, which is not a moment") from error


def _check_turnout(row: words.ActaRow) -> None:
    """The source divides votes cast by the roll itself: a wrong one of the two shows."""
    if row.code != "C" or row.turnout is None or not row.registered or row.cast is None:
        return
    if abs(row.turnout - 100 * row.cast / row.registered) > _TURNOUT_STEP:
        raise FeedMalformed(
            f"the acta of mesa {row.mesa} states a turnout of {row.turnout} %, but {row.cast} of {row.registered} voted"
        )


def _figures(lines: Sequence[words.DetailRow]) -> dict[str, int | None]:
    figures: dict[str, int | None] = {}
    for line in lines:
        code = str(line.code)
        if code in figures:
            raise FeedMalformed(f"list {code} stands twice on the acta")
        figures[code] = 0 if line.status == words.WITHDRAWN and line.votes is None else line.votes
    return figures


def _state(code: str, state: str | None, *, is_empty: bool) -> ActaState:
    if code not in words.STATES:
        raise FeedMalformed(f"unknown acta state {code!r}; known: {', '.join(words.STATES)}")
    if code == "C" and state == words.NOT_INSTALLED and is_empty:
        return ActaState.NOT_INSTALLED
    return words.STATES[code]


def _place(row: words.ActaRow, ubigeo: str) -> PollingPlace | None:
    name = readable(row.place_name or "", "a polling place's name")
    if not row.place and not name:
        return None
    code = place_code(row.place or f"{ubigeo}-{slug(name).replace('_', '-')[:24]}")
    populated = readable(row.populated_place or "", "a populated place's name")
    return PollingPlace(code=code, name=name or code, populated_place=populated or None, ubigeo=ubigeo)


def _observation(events: Sequence[words.TimelineRow]) -> str | None:
    """Reasons in the order they first appear: the source joins them by commas and repeats them."""
    texts = [event.resolution for event in events if event.resolution]
    reasons = [readable(reason, "an observation") for text in texts for reason in text.split(",")]
    joined = ", ".join(dict.fromkeys(filter(None, reasons)))
    if len(joined) > _LONGEST_OBSERVATION:
        raise FeedMalformed(f"the acta's observations have {len(joined)} characters")
    return joined or None
