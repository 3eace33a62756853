"""What a decoder alone would let through: doubled fields, giant numbers, depth, other encodings, cut bytes."""

import json
from pathlib import Path

import msgspec
import pytest

from ingest.feeds.onpe2021.text import read
from ingest.feeds.onpe2021.words import Mesas
from ingest.feeds.onpe2026.actas import parse_acta_search
from ingest.feeds.onpe2026.parse import Votes, join, parse_participants, parse_totals
from ingest.registry import known_elections
from ingest.strict import check_fields
from tally.errors import FeedMalformed
from tally.rules.checks import check_area

RUNOFF = known_elections()["2026-06-07-president-runoff"].contest()
FIRST_ROUND = known_elections()["2026-04-12-president"].contest()


@pytest.fixture(scope="module")
def totals(reference: Path) -> bytes:
    """A real national answer, as it was served."""
    return (
        reference / "feeds" / "samples" / "2026" / "eg2026_r1_totales_nacional_2026-04-19T22-03-57Z.json"
    ).read_bytes()


pytestmark = pytest.mark.reference_data


def test_a_field_that_stands_twice_is_refused(totals: bytes) -> None:
    doubled = totals.replace(b'"contabilizadas":86748', b'"contabilizadas":86748,"contabilizadas":1')
    with pytest.raises(FeedMalformed, match='field "contabilizadas" stands twice'):
        parse_totals(doubled)


@pytest.mark.parametrize("blank", [" ", "\t", "\n", "  \r\n"])
def test_a_field_that_stands_twice_is_refused_also_with_blanks_before_its_colon(totals: bytes, blank: str) -> None:
    doubled = totals.replace(
        b'"contabilizadas":86748', b'"contabilizadas":86748,"contabilizadas"%s:86749' % blank.encode()
    )
    with pytest.raises(FeedMalformed, match='field "contabilizadas" stands twice'):
        parse_totals(doubled)
    assert parse_totals(totals.replace(b'":', f'"{blank}:'.encode())).counted == 86748


@pytest.mark.parametrize("colon", ["\\u003a", "\\u003A", "\\u0022:"])
def test_a_field_that_stands_twice_is_refused_also_beside_a_text_that_hides_a_colon(colon: str) -> None:
    check_fields(f'{{"a":1,"t":"{colon}"}}'.encode())
    with pytest.raises(FeedMalformed, match='field "a" stands twice'):
        check_fields(f'{{"a":1,"a":2,"t":"{colon}"}}'.encode())


def test_a_doubled_envelope_is_refused(totals: bytes) -> None:
    with pytest.raises(FeedMalformed, match="stands twice"):
        parse_totals(totals[:-1] + b',"success":true}')


def test_a_doubled_field_of_one_row_among_many_is_refused() -> None:
    rows = [{"codigoAgrupacionPolitica": int(entry.code), "totalVotosValidos": 5} for entry in RUNOFF.lists]
    body = json.dumps({"success": True, "data": rows}).encode()
    assert parse_participants(body, RUNOFF).votes == (5, 5)
    doubled = body.replace(b'"totalVotosValidos": 5}', b'"totalVotosValidos": 5, "totalVotosValidos": 9}', 1)
    with pytest.raises(FeedMalformed, match="stands twice"):
        parse_participants(doubled, RUNOFF)


def test_every_object_of_the_2021_feed_is_looked_at() -> None:
    with pytest.raises(FeedMalformed, match='field "a" stands twice'):
        check_fields(b'{"x":[{"a":1,"a":2}]}')


@pytest.mark.parametrize("number", [b"9" * 20, b"1e400", b"-" + b"9" * 20, b"NaN", b"Infinity", b"1.5"])
def test_numbers_no_count_can_have_are_refused(totals: bytes, number: bytes) -> None:
    with pytest.raises(FeedMalformed):
        parse_totals(totals.replace(b'"contabilizadas":86748', b'"contabilizadas":' + number))


def test_a_negative_number_is_read_so_that_its_rule_can_say_so(totals: bytes) -> None:
    cut = parse_totals(totals.replace(b'"pendientesJee":266', b'"pendientesJee":-266'))
    issues = check_area(join(cut, Votes((0,) * 38, None, None)), 38)
    assert "negative" in {issue.rule for issue in issues}


@pytest.mark.parametrize("depth", [100, 200_000])
def test_depth_without_end_is_refused(totals: bytes, depth: int) -> None:
    deep = totals[:-1] + b',"more":' + b"[" * depth + b"]" * depth + b"}"
    if depth > 100:
        with pytest.raises(FeedMalformed):
            parse_totals(deep)
        with pytest.raises(FeedMalformed):
            read(b'{"mesasVotacion":' + b"[" * depth + b"]" * depth + b"}", msgspec.json.Decoder(Mesas))
    else:
        assert parse_totals(deep).counted == 86748


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_other_encodings_are_refused(totals: bytes, encoding: str) -> None:
    with pytest.raises(FeedMalformed):
        parse_totals(totals.decode().encode(encoding))


def test_a_real_answer_cut_at_any_byte_gives_no_total(totals: bytes) -> None:
    for length in range(len(totals)):
        with pytest.raises(FeedMalformed):
            parse_totals(totals[:length])


def test_a_real_acta_cut_at_any_byte_gives_no_acta(reference: Path) -> None:
    pretty = (reference / "feeds" / "samples" / "2026" / "eg2026_r1_actas_buscar_mesa_000001.json").read_bytes()
    rows = [row for row in json.loads(pretty)["data"] if row["idEleccion"] == FIRST_ROUND.source_id]
    body = json.dumps({"success": True, "message": "", "data": rows}).encode()
    assert parse_acta_search(body, FIRST_ROUND, "000001", "s")
    for length in range(len(body)):
        with pytest.raises(FeedMalformed):
            parse_acta_search(body[:length], FIRST_ROUND, "000001", "s")
