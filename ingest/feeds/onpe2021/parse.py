"""Bytes of the 2021 feed to values of ours: published counts, who the host is, names. Nothing is asked or guessed."""

from collections.abc import Container, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from ingest.feeds.ballot import area_votes
from ingest.feeds.onpe2021 import words
from ingest.feeds.onpe2021.text import find, is_same, number, percent, read
from ingest.feeds.shares import check_share
from ingest.feeds.texts import readable
from tally import moments
from tally.board import Fact
from tally.election import Contest, Election
from tally.errors import FeedEmpty, FeedMalformed, WrongElection
from tally.keys import NATION, UBIGEO_LENGTH, UBIGEO_LEVELS, Level, area_key, is_digits, level_of, parent, ubigeo_of
from tally.model import AreaCount

_results = msgspec.json.Decoder(words.Results)
_ubigeos = msgspec.json.Decoder(words.Ubigeos)
_ubigeos_abroad = msgspec.json.Decoder(words.UbigeosAbroad)
_Row = words.Department | words.Province | words.DistrictRow

_STAMP = "%d/%m/%Y %H:%M h"


def parse_results(body: bytes, contest: Contest, ubigeo: str, zone: ZoneInfo, since: str = "") -> AreaCount:
    """What the source publishes for one area; `ubigeo` is what was asked, `zone` that of its stamps.

    A stamp from before `since` (ISO UTC) is none of a count: it is left out.

    Challenged votes are not stated: they are what is left of the votes cast, where blank and null votes are known.
    Raises: FeedMalformed: also when the answer is about another area or its own acta buckets contradict each other.
    """
    results = read(body, _results)
    summary = results.summary
    if summary.ubigeo != ubigeo:
        raise FeedMalformed(f"asked for {ubigeo}, but the source answered about {summary.ubigeo}")
    _check_buckets(summary)
    _check_shares(results, {entry.code for entry in contest.lists})
    lists, sums = _rows(results.rows, contest)
    if "cast" not in sums or "valid" not in sums:
        raise FeedMalformed("the row of valid votes or of votes cast is missing among the results")
    moment = _moment(results.generals.stamp, zone)
    cast, valid, blank, null = sums["cast"], sums["valid"], sums.get("blank"), sums.get("null")
    return AreaCount(
        at_jee=number(summary.at_jee, "TOTAL_JEE"),
        blank=blank,
        cast=cast,
        challenged=None if blank is None or null is None else cast - valid - blank - null,
        counted=number(summary.counted, "CONTABILIZA"),
        null=null,
        pending=number(summary.pending, "POR_PROCESAR"),
        source_at=moment if moment is not None and moment >= since else None,
        total=number(summary.total, "A_INSTALAR"),
        valid=valid,
        votes=area_votes(lists, contest),
    )


def _check_buckets(summary: words.Summary) -> None:
    """Sums that held in every capture of 2021 and that our own area counts do not show."""
    n = {name: number(getattr(summary, name), name) for name in summary.__struct_fields__ if name != "ubigeo"}
    sums = (
        ("ACTAS_PROCESADAS + POR_PROCESAR", n["processed"] + n["pending"], "A_INSTALAR", n["total"]),
        ("CONTABILIZA + TOTAL_JEE", n["counted"] + n["at_jee"], "ACTAS_PROCESADAS", n["processed"]),
        (
            "CONT_NORMAL + CONT_ANULADA + MESAS_NO_INST",
            n["normal"] + n["annulled"] + n["not_installed"],
            "CONTABILIZA",
            n["counted"],
        ),
        ("the causes of the JEE", sum(n[cause] for cause in words.CAUSES), "TOTAL_JEE", n["at_jee"]),
    )
    for parts, added, whole, stated in sums:
        if added != stated:
            raise FeedMalformed(f"{parts} = {added}, but {whole} is {stated}")


def _check_shares(results: words.Results, codes: Container[str | None]) -> None:
    """Percentages beside the figures that they are of; generalData may be missing altogether."""
    summary, general = results.summary, results.generals.general or words.General()
    total = number(summary.total, "A_INSTALAR")
    for share, part, what in (
        (general.counted_share, summary.counted, "POR_ACTAS_CONTABILIZADAS"),
        (general.processed_share, summary.processed, "POR_ACTAS_PROCESADAS"),
    ):
        check_share(percent(share, what), number(part, what), total, what)
    lists = [(row, number(row.votes, row.name)) for row in results.rows if row.code in codes]
    valid = sum(votes for _, votes in lists)
    for row, votes in lists:
        check_share(percent(row.share, row.name), votes, valid, f"the share of list {row.code}")


def _rows(rows: Sequence[words.ResultRow], contest: Contest) -> tuple[dict[str, int], dict[str, int]]:
    """Votes by code of list, and the other rows by our names.

    Raises: FeedMalformed: a row stands twice or is neither.
    """
    codes = {entry.code for entry in contest.lists}
    lists: dict[str, int] = {}
    sums: dict[str, int] = {}
    for row in rows:
        votes = number(row.votes, row.name)
        label = None if row.code in codes else find(row.name, words.LABELS)
        if label is None and row.code is None:
            raise FeedMalformed(f"unknown row {row.name!r} among the results")
        into, name = (lists, row.code or "") if label is None else (sums, words.LABELS[label])
        if name in into:
            raise FeedMalformed(f"row {row.name!r} stands twice among the results")
        into[name] = votes
    return lists, sums


def _moment(stamp: words.Stamp, zone: ZoneInfo) -> str | None:
    """ISO UTC of a stamp, None before the first cut.

    Raises: FeedMalformed: not a moment.
    """
    if not stamp.day or not stamp.minute:
        return None
    if not (stamp.day.isascii() and stamp.minute.isascii()):  # strptime reads the digits of every alphabet
        raise FeedMalformed(f"stamp {stamp.day!r} {stamp.minute!r} is not written in our digits")
    try:
        local = datetime.strptime(f"{stamp.day.strip()} {stamp.minute.strip()}", _STAMP).replace(tzinfo=zone)
        return moments.normal(local.isoformat())
    except ValueError as error:
        raise FeedMalformed(f"stamp {stamp.day!r} {stamp.minute!r} is not a moment") from error


def parse_identity(body: bytes, election: Election, contest: Contest) -> None:
    """Check that the host counts this contest: its lists, their candidates, and no stamp from before election day.

    Raises: WrongElection. FeedMalformed, FeedEmpty.
    """
    results = read(body, _results)
    other = _difference(results, election, contest)
    if other is not None:
        raise WrongElection(f"this host does not answer about {election.id}: {other}; check --feed and --election")


def _difference(results: words.Results, election: Election, contest: Contest) -> str | None:
    rows = {row.code: row for row in results.rows if row.code is not None and find(row.name, words.LABELS) is None}
    expected = {entry.code: entry for entry in contest.lists if not entry.is_withdrawn or entry.code in rows}
    if rows.keys() != expected.keys():
        return f"its lists are {_listed(rows)}, not {_listed(expected)}"
    for code, row in rows.items():
        if row.candidate is not None and not is_same(row.candidate, expected[code].candidate):
            return f"the candidate of list {code} is {row.candidate}, not {expected[code].candidate}"
    moment = _moment(results.generals.stamp, ZoneInfo(election.timezone))
    if moment is not None and _local_day(moment, election) < election.date:
        return f"its figures are of {results.generals.stamp.day}, before election day"
    return None


def _listed(codes: Mapping[str, object]) -> str:
    return ", ".join(sorted(codes)) or "none"


def _local_day(moment: str, election: Election) -> date:
    return moments.read(moment).astimezone(ZoneInfo(election.timezone)).date()


def parse_catalogue(body: bytes, src: str) -> list[Fact]:
    """Names of all areas of Peru, and of the three that have no ubigeo."""
    return [Fact(key, name, src) for key, name in words.TOP_NAMES.items()] + parse_ubigeos(body, src)


def parse_ubigeos(body: bytes, src: str) -> list[Fact]:
    """Names of the departments, provinces and districts of Peru."""
    return _names(read(body, _ubigeos).tree, src)


def parse_ubigeos_abroad(body: bytes, src: str) -> list[Fact]:
    """Names of the continents, countries and cities abroad.

    None where the source says in so many words that it has none: a replay of a part of the country starts all the same.
    """
    tree = read(body, _ubigeos_abroad).tree
    return _names(tree, src) if tree.districts or tree.departments or tree.provinces else []


def _names(tree: words.DomesticTree | words.AbroadTree, src: str) -> list[Fact]:
    if not tree.districts:
        raise FeedEmpty("the source names no district")
    levels: tuple[Sequence[_Row], ...] = (tree.departments, tree.provinces, tree.districts)
    named = [(row, level) for level, rows in zip(UBIGEO_LEVELS, levels, strict=True) for row in rows]
    return [Fact(_key(row, level), readable(row.name, f"the name of {row.ubigeo}"), src) for row, level in named]


def _key(row: _Row, level: Level) -> str:
    """Key of the area that a row names.

    Raises: FeedMalformed: a code that is not of that level, or lies below another parent than it says.
    """
    code = row.ubigeo
    is_code = len(code) == UBIGEO_LENGTH and is_digits(code) and code != words.NATION
    key = area_key(code) if is_code else NATION
    if level_of(key) is not level:
        raise FeedMalformed(f"ubigeo {code!r} ({row.name}) is not a code of its level")
    if row.parent != (ubigeo_of(parent(key) or NATION) or words.NATION):
        raise FeedMalformed(f"ubigeo {code} ({row.name}) cannot lie in {row.parent}")
    return key
