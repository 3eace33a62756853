"""The frame before the night: read as spreadsheets write it, kept once, drawn from, and set beside a count's mesas."""

import csv
import hashlib
import io

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard.words import load_words
from mission.incidents.incident import Member
from mission.people.roles import Role
from mission.quickcount.frame import Frame, SampleUnit, Unit
from mission.quickcount.frames.beside import set_beside
from mission.quickcount.frames.given import FrameOrigin, frame_journals, give_frame
from mission.quickcount.frames.listing import ListedMesa, Listing, make_listing, pack, unpack
from mission.quickcount.frames.reading import ReadListing, read_listing
from mission.quickcount.sampling import Design, SampleDesign, draw
from tally.keys import mesa_key, place_key
from tests.mission.people import NOW
from tests.mission.quickcount.makers import SEED

HEAD = "mesa;ubigeo;local;electores"
NAMED = "mesa;ubigeo;local;nombre del local"
_UBIGEOS = ("010101", "140101", "140102", "920101")

WRONG: list[tuple[tuple[str, ...], list[tuple[int, str | None, str]]]] = [
    ((";140101;;",), [(2, "mesa", "mesa_wrong")]),
    (("1234567;140101;;",), [(2, "mesa", "mesa_wrong")]),
    (("1;;;",), [(2, "ubigeo", "ubigeo_wrong")]),
    (("1;1401;;",), [(2, "ubigeo", "ubigeo_wrong")]),
    (("1;990101;;",), [(2, "ubigeo", "ubigeo_wrong")]),
    (("1;140101;;10000",), [(2, "electores", "registered_wrong")]),
    (("1;140101;;-1",), [(2, "electores", "registered_wrong")]),
    (("1;140101;;;sobra",), [(2, None, "ragged")]),
    (("1;140101;;", "000001;140101;;"), [(3, "mesa", "repeated")]),
    (("1;140101;a;", "2;140102;a;"), [(3, "local", "place_elsewhere")]),
]
WRONG_NAMES: list[tuple[tuple[str, ...], list[tuple[int, str | None, str]]]] = [
    (("1;140101;;IE 1",), [(2, "nombre del local", "name_of_no_place")]),
    (("1;140101;a;" + "x" * 121,), [(2, "nombre del local", "long")]),
    (("1;140101;a;IE\x071",), [(2, "nombre del local", "letters")]),
    (("1;140101;a;IE 1", "2;140101;a;", "3;140101;a;IE 2"), [(4, "nombre del local", "name_differs")]),
]


def listings() -> st.SearchStrategy[Listing]:
    """Lists of up to 12 mesas in a few districts, each place in one of them, some of the places with a name."""
    mesas = st.lists(st.integers(0, 20), unique=True, max_size=12)
    where = st.tuples(st.sampled_from(_UBIGEOS), st.sampled_from([None, "a", "b"]), st.none() | st.integers(0, 9999))

    def make(own: list[int], places: list[tuple[str, str | None, int | None]], names: dict[str, str]) -> Listing:
        made = [
            ListedMesa(f"{mesa:06}", ubigeo, place and f"{ubigeo}-{place}", roll)
            for mesa, (ubigeo, place, roll) in zip(own, places, strict=True)
        ]
        return make_listing(
            made, {one.place: names[one.place[-1]] for one in made if one.place and one.place[-1] in names}
        )

    names = st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(['I.E. 1, "Ñ"', "=cmd", "Colegio; 2"]))
    return mesas.flatmap(
        lambda own: st.builds(make, st.just(own), st.lists(where, min_size=len(own), max_size=len(own)), names)
    )


def read(*lines: str, head: str = HEAD) -> ReadListing:
    return read_listing("\r\n".join((head, *lines)).encode())


@given(listings())
def test_what_is_packed_and_what_is_written_as_csv_is_read_again_as_it_was(listing: Listing) -> None:
    assert unpack(pack(listing), listing.names) == listing
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["mesa", "ubigeo", "local", "electores", "nombre del local"])
    for one in listing.mesas:
        writer.writerow([one.mesa, one.ubigeo, one.place, one.registered, listing.names.get(one.place or "")])
    again = read_listing(sheet.getvalue().encode())
    assert (again.listing, bool(again.faults)) == (listing, not listing.mesas)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_is_sent_ends_in_a_list_or_in_faults(data: bytes) -> None:
    found = read_listing(data)
    assert found.faults or found.listing.mesas


def test_leading_zeros_that_a_spreadsheet_took_are_put_back() -> None:
    [one] = read("7;10101;0012;300").listing.mesas
    assert one == ListedMesa("000007", "010101", "0012", 300)


def test_a_place_has_the_name_that_one_of_its_lines_says() -> None:
    found = read("1;140101;a;", "2;140101;a;  I.E.   1 ", "3;140101;a;I.E. 1", "4;140101;b;-", head=NAMED)
    assert (found.faults, found.listing.names) == ((), {"a": "I.E. 1"})


@pytest.mark.parametrize(("lines", "found"), WRONG_NAMES)
def test_each_fault_of_a_name_is_told_by_line_and_column(
    lines: tuple[str, ...], found: list[tuple[int, str | None, str]]
) -> None:
    assert [(one.line, one.column, one.kind) for one in read(*lines, head=NAMED).faults] == found


def test_names_alone_make_another_list_and_the_same_sample() -> None:
    bare = make_listing([ListedMesa("000001", "140101", "a")])
    named = make_listing(bare.mesas, {"a": "I.E. 1"})
    assert bare.digest != named.digest
    assert bare.frame() == named.frame()


@pytest.mark.parametrize(("lines", "found"), WRONG)
def test_each_fault_is_named_by_line_and_column(
    lines: tuple[str, ...], found: list[tuple[int, str | None, str]]
) -> None:
    assert [(one.line, one.column, one.kind) for one in read(*lines).faults] == found


def test_a_file_without_mesas_or_without_districts_is_no_list() -> None:
    for head in ("ubigeo;local", "mesa;local", "nombre;rol"):
        assert [one.kind for one in read("1;2", head=head).faults] == ["head"]


def test_a_head_alone_is_no_list() -> None:
    """What is given stands as the newest, and of nothing nothing is drawn."""
    for below in ((), ("", "  ;;"), ("\r\n" * 9,)):
        assert [(one.line, one.column, one.kind) for one in read(*below).faults] == [(1, None, "no_lines")]


def test_every_fault_has_its_sentence_and_the_example_is_a_list_without_fault() -> None:
    kinds = {one.kind for lines in ((), *(lines for lines, _ in WRONG)) for one in read(*lines).faults}
    kinds |= {one.kind for lines, _ in WRONG_NAMES for one in read(*lines, head=NAMED).faults}
    for words in load_words().values():
        sentences, example = words.texts["mission_csv_fault"], words.texts["mission_frame"]
        assert kinds <= sentences.keys()
        found = read(str(example["example_line"]), head=str(example["example_heads"]))
        assert (found.faults, len(found.listing.mesas), len(found.sheet.heads)) == ((), 1, 5)


def test_a_lists_frame_has_the_digest_of_the_counts_own_and_knows_its_districts() -> None:
    listing = make_listing([ListedMesa("000002", "920101"), ListedMesa("000001", "140101", "7", 300)])
    own = Frame((Unit("000001", "department/14", "7", 300, False), Unit("000002", "scope/abroad")))
    assert listing.frame().digest == own.digest == hashlib.sha256(own.text).hexdigest()
    assert [unit.ubigeo for unit in listing.frame().units] == ["140101", "920101"]


def test_what_was_drawn_from_the_counts_own_mesas_is_written_as_it_was_before_lists_were_given() -> None:
    """The public has been told the hash of what is written."""
    unit = Unit("000001", "department/14", "7", 300, False)
    assert msgspec.json.encode(unit) == (
        b'{"id":"000001","stratum":"department/14","cluster":"7","registered":300,"is_remote":false}'
    )


@given(listings(), listings(), st.booleans())
def test_every_mesa_of_the_list_and_of_the_count_is_told_once(given_: Listing, count: Listing, whole: bool) -> None:
    found = set_beside(given_, count, is_whole=whole)
    differing = (*found.unknown, *found.other_district, *found.other_place)
    assert found.equal + len(differing) == len(given_.mesas) == found.given
    assert found.named == found.given - len(found.unknown) + len(found.missing)
    assert found.is_same is (
        not (found.missing or found.other_district or found.other_place or (whole and found.unknown))
    )
    assert set_beside(given_, given_, is_whole=True).is_same


def test_of_the_drawn_mesas_none_is_missing_and_each_is_told() -> None:
    listing = make_listing(ListedMesa(f"{n:06}", "140101", "7") for n in range(6))
    count = make_listing(ListedMesa(f"{n:06}", "140102" if n == 1 else "140101", "7") for n in range(1, 9))
    found = set_beside(listing, count, is_whole=True).of(["000000", "000001", "000002"])
    assert (found.given, found.named, found.equal, found.missing) == (3, 2, 1, ())
    assert (found.unknown, found.other_district) == (("000000",), ("000001",))


def test_a_place_that_one_of_both_does_not_know_is_no_difference() -> None:
    listing, count = (make_listing([ListedMesa("000001", "140101", place)]) for place in ("7", None))
    assert set_beside(listing, count, is_whole=True).is_same
    assert set_beside(count, listing, is_whole=True).is_same


def test_a_list_is_kept_once_for_good_and_a_newer_one_stands_beside_it(engine: Engine) -> None:
    journal, by = frame_journals(engine).of("an-election"), Member("carla", Role.COORDINATOR)
    one = make_listing(ListedMesa(f"{n:06}", "140101", f"p{n // 4}") for n in range(40))
    first, is_new = give_frame(journal, one, by, NOW)
    assert (first.id, is_new, first.mesas, first.origin, first.by) == ("f1", True, 40, FrameOrigin.FILE, "carla")
    assert give_frame(journal, one, by, NOW) == (first, False)
    rolls = [msgspec.structs.replace(mesa, registered=300) for mesa in one.mesas]
    with_rolls = make_listing(rolls, {"p0": "I.E. 1, Ñ"})
    second, is_new = give_frame(journal, with_rolls, by, NOW, "2029-10-07/mayor")
    assert (second.id, is_new, second.digest == first.digest, second.origin) == ("f2", True, True, FrameOrigin.OTHER)
    kept = frame_journals(engine).of("an-election").read()
    assert (kept.newest, kept.find("f1").read(), second.read()) == (second, one, with_rolls)
    assert [kept.name(place_key(code)) for code in ("p0", "p1")] == ["I.E. 1, Ñ", None]
    assert kept.name(mesa_key("000001")) is None


def test_places_of_a_list_are_drawn_whole() -> None:
    listing = make_listing(ListedMesa(f"{n:06}", "140101", f"p{n // 4}") for n in range(40))
    sample = draw(listing.frame(), Design(SampleDesign.SIMPLE, SampleUnit.PLACE, 3), SEED)
    assert len(sample.mesas) == 12
