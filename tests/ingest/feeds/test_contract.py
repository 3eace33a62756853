"""What every feed of the registry promises, over every election it reads: one that is added there is tested here.

Contests of one area have a test of their own, `test_regional`.

The source is our own rehearsal in the feed's generation, with an acta of every fate in every district. What only the
payloads of one generation can show stands in the files beside this one.
"""

import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingest.feeds import ActaHead
from ingest.fetch import REHEARSAL_HEADER
from ingest.registry import FEEDS, known_elections
from ingest.rehearsal.answers import PAGE
from ingest.rehearsal.generations import GENERATIONS
from tally.board import Fact
from tally.election import Election
from tally.errors import FeedMalformed, WrongElection
from tally.model import Acta, AreaCount, PollingPlace
from tests.ingest.feeds.source import DISTRICTS, FATES, Source, published

ELECTIONS = {
    election.id: election
    for election in known_elections().values()
    if election.generation in FEEDS and not election.contest().scope
}
AREAS = {
    "nation": "",
    "department/14": "14",
    "department/92": "92",
    "province/1401": "1401",
    "district/140101": "140101",
    "district/920101": "920101",
}
# An area and one whose answer could be taken for its own. The nation's is none for Lima, whose ids one source gives it.
_MISTAKEN = [
    ("department/14", "department/15"),
    ("department/92", "department/01"),
    ("province/1401", "province/1402"),
    ("district/140101", "district/140201"),
    *((key, "nation") for key in ("department/15", "province/1501", "district/150101", "department/92")),
]


def test_every_registered_feed_has_an_election_and_a_source_to_rehearse_with() -> None:
    assert {election.generation for election in ELECTIONS.values()} == FEEDS.keys()
    assert FEEDS.keys() <= GENERATIONS.keys()


@pytest.fixture(scope="module", params=sorted(ELECTIONS))
def source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Source:
    return Source(ELECTIONS[request.param], tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def heads(source: Source) -> list[ActaHead]:
    heads = [head for district in DISTRICTS for head in source.read(acta_list(source, district))]
    return sorted(heads, key=lambda head: head.mesa)


Reading = Callable[[Source], Coroutine[Any, Any, Any]]


def acta_list(source: Source, district: str) -> Coroutine[Any, Any, list[ActaHead]]:
    """Asked of a feed that has not asked before: it may remember what its lists said."""
    return fresh(source).acta_list(source.ask, f"district/{district}")


def fresh(source: Source) -> Any:
    return FEEDS[source.election.generation](source.election, source.election.contest())


READINGS: dict[str, Reading] = {
    "identity": lambda source: source.feed.identify(source.ask),
    "catalogue": lambda source: source.feed.catalogue(source.ask),
    "area": lambda source: source.feed.area(source.ask, "district/140101", None),
    "acta list": lambda source: acta_list(source, "140101"),
    "acta": lambda source: source.feed.acta(source.ask, ActaHead("000008", "140101", "", None, None, None, ())),
}


# What it reads.


@pytest.mark.parametrize("key", AREAS)
def test_an_area_is_read_as_it_is_published(source: Source, key: str) -> None:
    fact = source.read(source.feed.area(source.ask, key, None))
    count = fact.value
    assert (fact.key, type(count)) == (key, AreaCount)
    assert {name: getattr(count, name) for name in published([])} == published(source.below(AREAS[key]))
    assert source.read(source.feed.area(source.ask, key, count)) == count


def test_the_catalogue_names_every_level_of_every_district(source: Source) -> None:
    names = {fact.key: fact.value for fact in source.read(source.feed.catalogue(source.ask))}
    for district in DISTRICTS:
        for key in (f"district/{district}", f"province/{district[:4]}", f"department/{district[:2]}"):
            assert names[key], key
    assert {"nation", "scope/domestic", "scope/abroad"} <= names.keys()


def test_the_lists_of_actas_have_every_mesa_once_and_name_its_place(source: Source, heads: list[ActaHead]) -> None:
    assert [head.mesa for head in heads] == [mesa.number for mesa in source.mesas]
    assert [head.ubigeo for head in heads] == [mesa.ubigeo for mesa in source.mesas]
    places = {fact.key: fact.value for head in heads for fact in head.facts if isinstance(fact.value, PollingPlace)}
    for head in heads:
        assert places[f"place/{head.place}"].ubigeo == head.ubigeo


def test_every_acta_is_read_as_it_stands_and_nothing_unknown_is_zero(source: Source, heads: list[ActaHead]) -> None:
    for mesa, head in zip(source.mesas, heads, strict=True):
        acta = source.read(source.feed.acta(source.ask, head)).value
        assert isinstance(acta, Acta)
        assert acta.state in FATES[mesa.fate], mesa
        assert (acta.ubigeo, acta.registered, acta.place) == (mesa.ubigeo, 250, head.place)
        if mesa.fate in ("PENDIENTE", "SIN INSTALAR"):
            assert (acta.votes, acta.blank, acta.null, acta.challenged) == (None, None, None, None)
        else:
            assert acta.votes == mesa.votes
            assert (acta.blank, acta.null, acta.challenged) == (mesa.blank, mesa.null, mesa.challenged)
        if mesa.fate in ("CONTABILIZADA", "COMPUTADA RESUELTA", "ANULADA"):
            assert (acta.cast, acta.valid) == (mesa.cast, sum(mesa.votes))
        if mesa.fate == "PENDIENTE":
            assert acta.cast is None


def test_the_change_detector_counts_what_is_counted(source: Source) -> None:
    moved = source.read(source.feed.moved(source.ask))
    if moved is None:  # a generation may have none
        assert source.given == []
    else:
        for prefix, level in ((2, "department"), (4, "province"), (6, "district")):
            for district in DISTRICTS:
                counted = published(source.below(district[:prefix]))["counted"]
                assert moved[f"{level}/{district[:prefix]}"] == counted


def test_a_host_is_a_rehearsal_only_if_it_says_so(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    assert source.read(source.feed.identify(source.ask)) is False
    monkeypatch.setattr(source, "headers", {REHEARSAL_HEADER.upper(): "1"})
    assert source.read(source.feed.identify(source.ask)) is True


# What it refuses.


def not_data() -> Iterator[bytes]:
    yield from (PAGE.body, b"", b"  ", b"null", b"[]", b"{}", b'{"data":null}', b"\xff\xfe{\x00}\x00", b"[" * 100_000)
    yield json.dumps({"success": False, "message": "sin servicio", "data": None}).encode()


def spoil_each(source: Source, reading: Reading, spoil: Callable[[bytes], bytes]) -> Iterator[Any]:
    """The reading again and again, each time with one of its answers spoiled; what was refused is left out."""
    source.read(reading(source))
    for spoiled in range(len(source.given)):
        with suppress(FeedMalformed):
            yield source.read(reading(source), lambda at, body, spoiled=spoiled: spoil(body) if at == spoiled else body)


@pytest.mark.parametrize("name", READINGS)
def test_what_is_no_data_never_becomes_a_figure(source: Source, name: str) -> None:
    truth = source.read(READINGS[name](source))
    for spoiled in not_data():
        for value in spoil_each(source, READINGS[name], lambda body, spoiled=spoiled: spoiled):
            assert _says_no_more(value, truth), spoiled


@pytest.mark.parametrize("name", READINGS)
def test_half_an_answer_is_none(source: Source, name: str) -> None:
    for part in (0.01, 0.3, 0.5, 0.9, 0.999):
        kept = spoil_each(source, READINGS[name], lambda body, part=part: body[: int(len(body) * part)])
        assert list(kept) == []


def _says_no_more(value: Any, truth: Any) -> bool:
    """A feed may have a second way to ask, which may leave figures out; what it gives must still be the truth."""
    if not isinstance(value, Fact) or not isinstance(value.value, AreaCount):
        return False
    left_out = {name: None for name in ("blank", "null", "challenged") if getattr(value.value, name) is None}
    return bool(left_out) and value.value == msgspec.structs.replace(truth.value, **left_out)


def test_another_election_on_the_host_is_refused(source: Source, tmp_path: Path) -> None:
    other = Source(source.election, tmp_path, serves=_another(source.election))
    with pytest.raises(WrongElection, match=source.election.id):
        other.read(other.feed.identify(other.ask))


def _another(election: Election) -> Election:
    """As if the host had been handed to the next process: other numbers, other lists."""
    contest = election.contest()
    lists = tuple(
        msgspec.structs.replace(entry, code=f"{int(entry.code) + 500:0{len(entry.code)}d}") for entry in contest.lists
    )
    process = msgspec.structs.replace(election.process, id=(election.process.id or 0) + 1, acronym="OTRO")
    contests = (msgspec.structs.replace(contest, lists=lists),)
    return msgspec.structs.replace(election, process=process, contests=contests)


# How it knows the answer to another question.


def swapped(source: Source, asked: Reading, other: Reading) -> Any:
    """What a reading gives when every question gets the answer to the one that another reading asks in its place."""
    source.read(other(source))
    given = list(source.given)
    return source.read(asked(source), lambda at, body: given[min(at, len(given) - 1)])


@pytest.mark.parametrize(("key", "other"), _MISTAKEN)
def test_figures_of_another_area_are_refused(source: Source, key: str, other: str) -> None:
    with pytest.raises(FeedMalformed, match="asked for"):
        swapped(source, lambda s: s.feed.area(s.ask, key, None), lambda s: s.feed.area(s.ask, other, None))


def test_a_list_of_actas_of_another_district_is_refused(source: Source) -> None:
    with pytest.raises(FeedMalformed, match="asked for"):
        swapped(source, lambda s: acta_list(s, "140101"), lambda s: acta_list(s, "140201"))


def test_an_acta_of_another_district_is_refused(source: Source, heads: list[ActaHead]) -> None:
    mine, other = (next(head for head in heads if head.ubigeo == ubigeo) for ubigeo in ("140101", "150101"))
    with pytest.raises(FeedMalformed, match="asked for"):
        swapped(source, lambda s: s.feed.acta(s.ask, mine), lambda s: s.feed.acta(s.ask, other))


# What it makes of the bytes again.


def test_kept_answers_give_the_same_facts_again(source: Source, heads: list[ActaHead]) -> None:
    facts = list(source.read(source.feed.catalogue(source.ask)))
    facts += [source.read(source.feed.area(source.ask, key, None)) for key in AREAS]
    facts += [fact for head in heads for fact in head.facts]
    facts += [source.read(source.feed.acta(source.ask, head)) for head in heads]
    for fact in facts:
        assert fact in source.feed.reread([source.kept[src] for src in fact.src.split("+")], {})


def test_an_acta_read_a_second_time_keeps_its_place(source: Source, heads: list[ActaHead]) -> None:
    for head in heads:
        fact = source.read(source.feed.acta(source.ask, head))
        again = source.feed.reread([source.kept[fact.src.split("+")[-1]]], {fact.key: fact.value})
        assert [other.value for other in again if other.key == fact.key] == [fact.value]


def test_an_answer_kept_for_another_question_gives_nothing(source: Source, heads: list[ActaHead]) -> None:
    area = source.read(source.feed.area(source.ask, "district/140101", None))
    acta = source.read(source.feed.acta(source.ask, heads[0]))
    mine, other = ([source.kept[src] for src in fact.src.split("+")] for fact in (area, acta))
    mixed = [msgspec.structs.replace(kept, questions=other[-1].questions) for kept in mine]
    assert source.feed.reread(mixed, {}) == []
