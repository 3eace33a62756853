"""Copies of a quick count: when one stands, what does not add up, and what of it all becomes public."""

import random
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from sqlalchemy import Engine

from mission.incidents.incident import Member
from mission.incidents.intake import turn_intake
from mission.journal import Entry
from mission.people.auditlog import COMMAND_LINE
from mission.people.roles import Role
from mission.quickcount import book
from mission.quickcount.book import CopyNote, DrawnSample, QuickCount, QuickCountDeed, QuickCounts, fold
from mission.quickcount.copies import CopyDecision, CopyEntry, CopyFault, CopyState, find_faults, newest, stand
from mission.quickcount.estimate import Copy
from mission.quickcount.frame import Frame, SampleUnit, Unit
from mission.quickcount.handling import QuickCountDesk, quick_count_journals
from mission.quickcount.publication import PublicationProposal, PublicQuickCount, digest_of, published_at, standing_of
from mission.quickcount.sampling import Design, SampleDesign, draw
from tally.errors import Conflict, Forbidden, IntakeStopped, InvalidInput, NotFound
from tests.mission.people import NOW

RED, BLUE = Copy((60, 50), 3, 2, 0, 115, 200), Copy((50, 60), 3, 2, 0, 115, 200)
SEED = "27182818284590452353"


def entry(number: int, copy: Copy = RED, observer: str = "garza-1", turn: int = 1, photo: bool = False) -> CopyEntry:
    photos = ("ab" * 32,) if photo else ()
    return CopyEntry(number, f"2030-01-06T23:{number:02}:00Z", observer, "000001", turn, copy, f"k{number}", photos)


@pytest.mark.parametrize(
    ("entries", "state", "copy"),
    [
        ([], CopyState.MISSING, None),
        ([entry(1)], CopyState.ALONE, None),
        ([entry(1, photo=True)], CopyState.PHOTO, RED),
        ([entry(1), entry(2, turn=2)], CopyState.ALIKE, RED),
        ([entry(1), entry(2, observer="pato-2")], CopyState.ALIKE, RED),
        ([entry(1), entry(2, BLUE, turn=2)], CopyState.OPEN, None),
        ([entry(1), entry(2, BLUE, observer="pato-2", photo=True)], CopyState.OPEN, None),
        ([entry(1), entry(2, BLUE, turn=2), entry(3, BLUE, observer="pato-2")], CopyState.ALIKE, BLUE),
        ([entry(1), entry(2, BLUE, turn=2), entry(3, turn=2)], CopyState.ALIKE, RED),
        ([entry(1), entry(2, BLUE)], CopyState.ALONE, None),
    ],
)
def test_a_copy_stands_by_two_entries_alike_or_by_one_with_a_photo(
    entries: list[CopyEntry], state: CopyState, copy: Copy | None
) -> None:
    standing = stand(entries)
    assert (standing.state, standing.copy) == (state, copy)


def test_two_pairs_that_differ_stay_open_until_somebody_decides() -> None:
    entries = [entry(1), entry(2, turn=2), entry(3, BLUE, "pato-2"), entry(4, BLUE, "pato-2", 2)]
    assert stand(entries).state is CopyState.OPEN
    decided = stand(entries, CopyDecision(5, "2030-01-06T23:05:00Z", "vera", 3, "La foto lo muestra"))
    assert (decided.state, decided.copy, decided.id) == (CopyState.DECIDED, BLUE, 5)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([1, 2]), st.sampled_from([RED, BLUE])), max_size=8))
def test_of_each_observers_first_and_second_only_the_last_counts(sent: list[tuple[str, int, Copy]]) -> None:
    entries = [entry(n, copy, who, turn) for n, (who, turn, copy) in enumerate(sent, start=1)]
    counting = newest(entries)
    assert len({(one.observer, one.entry) for one in counting}) == len(counting)
    assert stand(entries) == stand(counting)


@pytest.mark.parametrize(
    ("copy", "faults"),
    [
        (RED, ()),
        (Copy((60, 50), 3, 2, 0, 116, 200), (CopyFault.SUM,)),
        (Copy((160, 50), 3, 2, 0, 215, 200), (CopyFault.OVER,)),
        (Copy((60, 50), 3, 2, 0, 115, 199), (CopyFault.ROLL,)),
        (Copy((60, None), 3, 2, 0, 999), (CopyFault.OVER,)),
        (Copy((60, 50)), ()),
    ],
)
def test_what_does_not_add_up_is_told_and_what_is_not_legible_is_no_fault(
    copy: Copy, faults: tuple[CopyFault, ...]
) -> None:
    assert find_faults(copy, 200) == faults


def desk(engine: Engine, name: str = "carla", role: Role = Role.COORDINATOR, minutes: int = 0) -> QuickCountDesk:
    at = NOW + timedelta(minutes=minutes)
    return QuickCountDesk(quick_count_journals(engine).of("an-election"), Member(name, role), at)


def drawn(seed: str = SEED) -> DrawnSample:
    frame = Frame(tuple(Unit(f"{n:06}", "department/14", f"p{n // 4}", 200) for n in range(40)))
    return DrawnSample("Muestra", draw(frame, Design(SampleDesign.SIMPLE, SampleUnit.MESA, 10), seed), "epoch", 7)


def public(name: str = "Muestra") -> PublicQuickCount:
    return PublicQuickCount(
        name=name,
        as_of="2030-01-06T23:00:00Z",
        drawn_at="2030-01-06T12:00:00Z",
        unit="mesa",
        design="simple",
        drawn=10,
        mesas=10,
        reported=9,
        response=0.9,
        level=0.95,
        shares=(),
        lead=None,
        sample="0" * 64,
    )


def test_a_sample_is_kept_as_it_was_drawn_and_its_seed_is_not_used_twice(engine: Engine) -> None:
    made = desk(engine).draw(drawn())
    assert desk(engine).journal.read().find(made.id).drawn == drawn()
    with pytest.raises(Conflict, match="seed"):
        desk(engine).draw(drawn())
    assert desk(engine).draw(drawn(SEED[::-1])).id != made.id


def a_count(engine: Engine) -> tuple[QuickCount, str]:
    count = desk(engine).draw(drawn())
    return count, count.drawn.sample.mesas[0].id


def send(
    engine: Engine, count: QuickCount, mesa: str, who: str, copy: Copy, key: str = "k", turn: int = 1
) -> CopyEntry:
    return desk(engine, who, Role.OBSERVER).copy(count.id, CopyEntry(0, "", who, mesa, turn, copy, key))[0]


def test_a_copy_sent_again_is_the_same_one_and_another_under_its_key_is_refused(engine: Engine) -> None:
    count, mesa = a_count(engine)
    first = send(engine, count, mesa, "ana", RED)
    assert send(engine, count, mesa, "ana", RED) == first
    with pytest.raises(Conflict, match="Idempotency-Key"):
        send(engine, count, mesa, "ana", BLUE)
    assert send(engine, count, mesa, "eva", BLUE).id != first.id  # a key is its sender's own
    with pytest.raises(NotFound, match="not of this sample"):
        send(engine, count, "999999", "ana", RED, "k2")


def test_a_copy_that_was_taken_is_told_so_also_while_the_intake_is_stopped(engine: Engine) -> None:
    count, mesa = a_count(engine)
    first = send(engine, count, mesa, "ana", RED)
    turn_intake(engine, COMMAND_LINE, "avalancha", NOW, is_stopped=True)
    assert send(engine, count, mesa, "ana", RED) == first
    with pytest.raises(IntakeStopped):
        send(engine, count, mesa, "ana", RED, "another", 2)


def test_a_correction_is_another_entry_and_the_earlier_one_stays_on_record(engine: Engine) -> None:
    count, mesa = a_count(engine)
    send(engine, count, mesa, "ana", BLUE, "k1")
    send(engine, count, mesa, "eva", RED, "k2")
    send(engine, count, mesa, "ana", RED, "k3")
    kept = desk(engine).journal.read().find(count.id)
    assert [one.copy for one in kept.copies[mesa]] == [BLUE, RED, RED]
    assert kept.standing(mesa).copy == RED


def test_whoever_copied_a_mesa_does_not_decide_on_it_and_a_decision_needs_a_reason(engine: Engine) -> None:
    count, mesa = a_count(engine)
    chosen = send(engine, count, mesa, "ana", RED)
    send(engine, count, mesa, "vera", BLUE, "k2")
    with pytest.raises(Forbidden, match="yourself"):
        desk(engine, "vera", Role.VERIFIER).decide(count.id, chosen.id, "porque sí", 3)
    with pytest.raises(InvalidInput, match="why"):
        desk(engine).decide(count.id, chosen.id, " ", 3)
    decided = desk(engine).decide(count.id, chosen.id, "La foto lo muestra", 3)
    assert decided.standing(mesa).state is CopyState.DECIDED


def test_of_two_who_decide_at_once_the_second_is_told_and_so_is_who_missed_an_entry(engine: Engine) -> None:
    count, mesa = a_count(engine)
    first, other = send(engine, count, mesa, "ana", RED), send(engine, count, mesa, "eva", BLUE, "k2")
    seen = desk(engine).journal.read().find(count.id).revision(mesa)
    desk(engine).decide(count.id, first.id, "La foto lo muestra", seen)
    with pytest.raises(Conflict, match="since you looked"):
        desk(engine, "vera", Role.VERIFIER).decide(count.id, other.id, "Lo dijo por teléfono", seen)
    stands = desk(engine).journal.read().find(count.id)
    assert stands.standing(mesa).copy == RED
    again = desk(engine, "vera", Role.VERIFIER).decide(count.id, other.id, "Lo dijo luego", stands.revision(mesa))
    assert again.standing(mesa).copy == BLUE
    send(engine, count, mesa, "luz", RED, "k3")
    with pytest.raises(Conflict, match="since you looked"):
        desk(engine).decide(count.id, first.id, "Son dos", again.revision(mesa))


def test_a_photo_is_added_by_whoever_sent_the_copy_and_once(engine: Engine) -> None:
    count, mesa = a_count(engine)
    sent, photo, kept = send(engine, count, mesa, "ana", RED), "ab" * 32, []
    ana = desk(engine, "ana", Role.OBSERVER)
    assert ana.add_photo(count.id, sent.id, photo, lambda: kept.append(1))
    assert not ana.add_photo(count.id, sent.id, photo, lambda: kept.append(1))
    assert (len(kept), ana.journal.read().find(count.id).standing(mesa).state) == (1, CopyState.PHOTO)
    with pytest.raises(NotFound):
        desk(engine, "eva", Role.OBSERVER).add_photo(count.id, sent.id, photo, list)


def test_nothing_is_public_until_a_second_person_confirms_what_was_proposed(engine: Engine) -> None:
    count, _ = a_count(engine)
    with pytest.raises(Forbidden, match="coordinator"):
        desk(engine, "vera", Role.VERIFIER).propose(count.id, lambda _: PublicationProposal(public()))
    proposed = desk(engine).propose(count.id, lambda _: PublicationProposal(public()))
    assert standing_of(proposed.steps).shown is None
    with pytest.raises(Forbidden, match="second person"):
        desk(engine).confirm(count.id, digest_of(public()))
    with pytest.raises(Conflict, match="read it again"):
        desk(engine, "vera", Role.VERIFIER).confirm(count.id, digest_of(public("otra")))
    confirmed = desk(engine, "vera", Role.VERIFIER).confirm(count.id, digest_of(public()))
    shown = standing_of(confirmed.steps).shown
    assert shown is not None
    assert (shown.public, shown.by) == (public(), "carla")


def test_after_a_publication_a_proposal_differs_by_no_mesa_or_by_five(engine: Engine) -> None:
    count, _ = a_count(engine)
    mesas = [unit.id for unit in count.drawn.sample.mesas]
    basis: dict[str, tuple[int | None, ...]] = dict.fromkeys(mesas, (60, 50))
    desk(engine).propose(count.id, lambda _: PublicationProposal(public(), basis))
    desk(engine, "vera", Role.VERIFIER).confirm(count.id, digest_of(public()))
    few = PublicationProposal(public("otra"), basis | dict.fromkeys(mesas[:4], (50, 60)))
    with pytest.raises(Conflict, match="fewer than 5"):
        desk(engine).propose(count.id, lambda _: few)
    for enough in (basis, basis | dict.fromkeys(mesas[:5], (50, 60))):
        proposed = desk(engine).propose(count.id, lambda _, enough=enough: PublicationProposal(public("otra"), enough))
        proposal = standing_of(proposed.steps).proposal
        assert proposal is not None
        assert proposal.basis == enough


def test_a_publication_is_taken_back_with_a_reason_and_the_past_shows_what_stood(engine: Engine) -> None:
    count, _ = a_count(engine)
    with pytest.raises(Conflict, match="nothing"):
        desk(engine).withdraw(count.id, "error")
    desk(engine, minutes=1).propose(count.id, lambda _: PublicationProposal(public()))
    desk(engine, "vera", Role.VERIFIER, minutes=2).confirm(count.id, digest_of(public()))
    with pytest.raises(InvalidInput, match="why"):
        desk(engine, minutes=3).withdraw(count.id, "")
    steps = desk(engine, minutes=3).withdraw(count.id, "Se copió mal una mesa").steps
    before, while_public, after = (published_at([steps], f"2030-01-06T12:0{n}:30Z") for n in (1, 2, 3))
    assert (before.shown, before.withdrawn) == (None, None)
    assert while_public.shown is not None
    assert after.shown is None
    assert after.withdrawn is not None
    assert after.withdrawn.reason == "Se copió mal una mesa"


def _made(proposal: PublicationProposal, _: QuickCount) -> PublicationProposal:
    return proposal


def test_of_several_quick_counts_the_one_that_was_published_last_is_public(engine: Engine) -> None:
    counts = [desk(engine).draw(drawn()), desk(engine).draw(drawn(SEED[::-1]))]
    for n, count in enumerate(counts):
        proposal = PublicationProposal(public(str(n)))
        desk(engine).propose(count.id, partial(_made, proposal))
        desk(engine, "vera", Role.VERIFIER).confirm(count.id, digest_of(public(str(n))))
    state = desk(engine).journal.read().counts.values()
    shown = published_at(count.steps for count in state).shown
    assert shown is not None
    assert shown.public == public("1")


def _entries(chance: random.Random, number: int) -> list[Entry]:
    """So many copies, photos, decisions and steps of two quick counts, as they may follow each other."""
    entries: list[Entry] = []
    sent: dict[str, list[int]] = {"q1": [], "q2": []}

    def enter(subject: str, deed: QuickCountDeed, data: Any) -> None:
        at = f"2030-01-06T23:00:{len(entries) % 60:02}Z"
        written = msgspec.json.encode(data)
        entries.append(Entry(subject, deed, written, seq=len(entries) + 1, at=at, actor="vera", role="verifier"))

    for subject, seed in (("q1", SEED), ("q2", SEED[::-1])):
        enter(subject, QuickCountDeed.DRAW, drawn(seed))
    while len(entries) < number:
        subject, turn = chance.choice(("q1", "q2")), chance.randrange(6)
        if turn < 3 or not sent[subject]:
            sent[subject].append(len(entries) + 1)
            mesa = f"{chance.randrange(5):06}"
            copied = CopyEntry(0, "", f"ave-{turn}", mesa, 1 + turn % 2, chance.choice((RED, BLUE)), str(len(entries)))
            enter(subject, QuickCountDeed.COPY, copied)
        elif turn == 3:
            enter(subject, QuickCountDeed.PHOTO, CopyNote(chance.choice(sent[subject]), f"{len(entries):064x}"))
        elif turn == 4:
            enter(subject, QuickCountDeed.DECIDE, CopyDecision(0, "", "vera", chance.choice(sent[subject]), "Foto"))
        else:
            enter(subject, QuickCountDeed.WITHDRAW, {"reason": "error"})
    return entries


@given(st.integers(0, 10**6), st.integers(2, 60), st.integers(1, 12))
def test_entries_folded_at_once_make_the_same_as_one_by_one_or_by_the_handful(seed: int, number: int, few: int) -> None:
    entries = _entries(random.Random(seed), number)
    by_one, by_few = QuickCounts(), QuickCounts()
    for entry_ in entries:
        by_one = fold(by_one, [entry_])
    for start in range(0, number, few):
        by_few = fold(by_few, entries[start : start + few])
    assert fold(QuickCounts(), entries) == by_one == by_few


def test_a_night_of_copies_makes_each_quick_count_anew_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counting(struct: Any, **changed: Any) -> Any:
        if isinstance(struct, QuickCount):
            made.append(struct.id)
        return structs.replace(struct, **changed)

    monkeypatch.setattr(book, "replace", counting)
    fold(QuickCounts(), _entries(random.Random(1), 400))
    assert sorted(made) == ["q1", "q2"]


def test_a_fold_leaves_the_state_before_as_it_was() -> None:
    entries = _entries(random.Random(3), 80)
    before = fold(QuickCounts(), entries[:40])
    kept = msgspec.json.encode(before)
    fold(before, entries[40:])
    assert msgspec.json.encode(before) == kept


def test_a_photo_of_a_copy_that_was_never_sent_is_refused() -> None:
    entries = _entries(random.Random(1), 2)
    lost = Entry("q1", QuickCountDeed.PHOTO, b'{"entry":99,"photo":"a"}', seq=3, at="", actor="ana", role="observer")
    with pytest.raises(NotFound, match="no copy 99"):
        fold(QuickCounts(), [*entries, lost])
