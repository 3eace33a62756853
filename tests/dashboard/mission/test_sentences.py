"""What the mission's pages say of flags, votes at stake, audits and alerts: figures in, sentences out."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from msgspec import to_builtins
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.wording import KEYS
from dashboard.words import load_words
from mission.alerts import Alert, AlertKind, say
from mission.flags.flag import Flag, FlagKind, FlagSeverity
from mission.flags.screening import screen
from mission.flags.sentences import SENTENCES
from mission.flags.thresholds import load_thresholds
from mission.people.roles import Role
from tally.board import Board, Fact
from tally.changes import Kind, encode
from tally.keys import NATION
from tally.ledger import LedgerEntry
from tally.model import ActaState
from tests.dashboard.modules import configure
from tests.dashboard.toy.desk import DeskApi, open_ready
from tests.dashboard.toy.rooms import AUDIT, PROSPECT, STAKE
from tests.mission.counts import many_places, mesas
from tests.tally.makers import acta, count, fact, pending, place
from texts.language import LANGUAGES, load_languages
from texts.spelling import SPELLING

pytestmark = pytest.mark.browser
_WORDS = load_words()

Say = Callable[..., str]


@pytest.fixture(scope="module")
def say_flag(module_page: Page) -> Say:
    """The sentence of a flag in a language, as the browser makes it."""
    configure(module_page, keys=KEYS, spelling=SPELLING, lists=[{"short": "LISTA A"}, {"short": "LISTA B"}])

    def say_it(flag: Flag | Mapping[str, Any], language: str = "en", **more: Any) -> str:
        configure(module_page, language=language, words=_WORDS[language].texts)
        shown = {"area_name": None, **to_builtins(flag), **more}
        return str(module_page.evaluate("(flag) => modules.flagtext.say(flag)", shown))

    return say_it


def found(kind: FlagKind, values: Mapping[str, bytes], ledger: tuple[LedgerEntry, ...] = ()) -> Flag:
    return next(flag for flag in screen(values, 2, ledger, load_thresholds()).flags if flag.kind is kind)


def test_a_mesa_unlike_its_place_is_explained_with_its_causes_and_its_most_votes(say_flag: Say) -> None:
    values = many_places(np.random.default_rng(3)) | mesas([100, 104, 96, 101, 99, 103, 97, 190], "9999", 900)
    flag = found(FlagKind.SHARE, values)
    said = say_flag(flag)
    assert said.startswith(
        "Mesa 000907: 190 of 200 valid votes for LISTA A (95.0 %); in the other mesas of its polling place, 50.0 %. "
        "Corrected for 488 tests: q < 0.001; if everything up to here is flagged"
    )
    assert "seated by surname. Had the mesa voted like its polling place, the lead of LISTA A over LISTA B (" in said
    assert said.endswith("would fall by 180 votes. This is not evidence of fraud.")
    assert "Weak" not in said
    assert "190 de 200 votos válidos para LISTA A (95.0 %)" in say_flag(flag, "es")
    assert say_flag(flag, "es").endswith("Esto no es evidencia de fraude.")
    weak = say_flag(flag, figures={**flag.figures, "is_firm": False}, q=0.0301)
    assert ": q = 0.030; if" in weak
    assert "to be false. Weak: it does not stand" in weak


def test_turnout_is_said_in_voters(say_flag: Say) -> None:
    values = many_places(np.random.default_rng(4)) | mesas([100] * 7, "9999", 900, registered=300)
    values |= {"mesa/000990": encode(acta((100, 100), place="9999", registered=206))}
    said = say_flag(found(FlagKind.TURNOUT, values))
    assert said.startswith("Mesa 000990: 206 of 206 registered voters voted (100.0 %); in the other mesas")
    assert "Were those votes too many or too few for a single list, the margin that decides" in said


def test_a_swap_names_both_lists_and_how_much_better_it_would_fit(say_flag: Say) -> None:
    values = many_places(np.random.default_rng(5)) | mesas([150, 152, 148, 151, 149, 153, 50], "9999", 900)
    flag = found(FlagKind.SWAP, values)
    said = say_flag(flag)
    assert said.startswith("Mesa 000906: 50 votes for LISTA A and 150 for LISTA B; in the other mesas of its polling")
    assert f"(log-likelihood ratio {flag.figures['log_ratio']:.1f}). Usual cause: whoever transcribed" in said
    assert "If the columns are exchanged, the lead of LISTA A over LISTA B (4 242) would rise by 200 votes." in said


def test_equal_figures_and_missing_votes_are_said_to_be_ordinary(say_flag: Say) -> None:
    values = mesas([77, 77, 80, 0])
    twin, zero = found(FlagKind.IDENTICAL, values), found(FlagKind.ZERO, values)
    assert say_flag(twin).startswith(
        "Mesa 000001 has in every row the same figures as 000002 of its own polling place. The whole count has "
        f"1 such repetition; by chance alone about {twin.figures['expected']:.0f} are expected. By chance alone, that "
        f"the whole count has any repetition as rare has p = {twin.figures['chance']:.3f};"
    )
    assert say_flag(zero) == (
        "Mesa 000004 has no vote for LISTA A, of 200 valid votes. In small or very united places that happens in every "
        "election. This is not evidence of fraud."
    )


def test_a_broken_rule_is_said_with_the_issue_whether_it_is_held_and_how_many_are_in_question(say_flag: Say) -> None:
    board = Board(2)
    board.apply([fact("000001", pending()), fact("000001", acta(cast=999))])
    flags = screen({"mesa/000001": encode(board.actas["mesa/000001"])}, 2, (), load_thresholds()).flags
    said = say_flag(next(flag for flag in flags if flag.figures["rule"] == "over_roll"))
    assert said == (
        "Mesa 000001: 999 votes cast with 300 registered voters. No correct acta can be so; usually it is a slip of "
        "typing or transmission. The new value is held and not published. At most its 300 registered voters are in "
        "question. This is not evidence of fraud."
    )
    standing = found(FlagKind.ARITHMETIC, {"mesa/000001": encode(acta(cast=200, registered=None))})
    assert "held" not in say_flag(standing)
    assert "in question" not in say_flag(standing)


def test_totals_that_fell_and_actas_taken_back_are_told_from_the_ledger(say_flag: Say) -> None:
    board, states = Board(2), []
    for votes in ((60, 40), (55, 40), (50, 40)):
        board.apply([Fact(NATION, count(votes), "sha256:cc")])
        states.append(encode(board.state(NATION)))
    ledger = (
        _line(9, NATION, states[1], states[2]),
        _line(8, "mesa/000001", encode(acta()), encode(pending(state=ActaState.AT_JEE))),
        _line(7, NATION, states[0], states[1]),
    )
    fell, back = found(FlagKind.DECREASE, {}, ledger), found(FlagKind.REOPENED, {}, ledger)
    assert say_flag(fell, area_name="PERÚ") == (
        "Perú: a published total fell (LISTA A: 55 → 50; votes cast: 101 → 96) at version 9. 1 time more before. It "
        "happens in every election when an acta is annulled or corrected. This is not evidence of fraud."
    )
    assert say_flag(fell, "es", area_name="PERÚ").startswith(
        "Perú: un total publicado bajó (LISTA A: 55 → 50; votos emitidos: 101 → 96) en la versión 9. Antes ya 1 vez"
    )
    assert say_flag(back).startswith("The acta of mesa 000001 was counted and went back to the jury at version 8.")
    assert "before" not in say_flag(found(FlagKind.DECREASE, {}, ledger[:1]))


def _line(seq: int, key: str, before: bytes, after: bytes) -> LedgerEntry:
    return LedgerEntry(seq, "2026-06-08T02:12:03Z", Kind.CORRECTION, key, before, after, None, None, None)


def test_a_total_that_is_not_the_sum_of_its_actas_is_said_with_what_differs(say_flag: Say) -> None:
    board = Board(2)
    board.apply([Fact(NATION, "PERÚ"), place(), fact("000001", acta())])
    board.apply([Fact(NATION, count((61, 39), counted=1, at_jee=0, pending=0, total=1), "sha256:bb")])
    flag = found(FlagKind.AGGREGATE, {NATION: encode(board.state(NATION))})
    said = say_flag(flag, area_name="PERÚ")
    assert said.startswith("Perú: what is published and the sum of 1 counted acta differ (votes)")
    assert said.endswith(
        "Usually a cut is half published; if it stays, the source must be asked. This is not evidence of fraud."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_flag_of_an_earlier_version_is_said_as_far_as_its_figures_reach(say_flag: Say, language: str) -> None:
    texts = _WORDS[language].texts
    for kind in SENTENCES:
        flag = Flag(id="old", kind=kind, severity=FlagSeverity.REVIEW, key="mesa/000001")
        assert say_flag(flag, language).startswith(texts["flag_general"][kind])
        assert say_flag(flag, language).endswith(texts["flag"]["not_evidence"])
    figures = {"seq": 8, "at": "2026-06-08T02:12:03Z", "times": 1}
    kept = Flag(id="old", kind=FlagKind.REOPENED, severity=FlagSeverity.INFO, key="mesa/000001", figures=figures)
    assert say_flag(kept, language).startswith(_WORDS[language]("flag.reopened", mesa="000001", seq=8))


def test_a_kind_of_a_newer_server_breaks_nothing(say_flag: Say) -> None:
    assert say_flag({"id": "new", "kind": "astrology", "key": "mesa/000001", "figures": {}}) == ""


STAKES = {
    "safe": (12, "12 mesas, 2 814 registered voters, national margin 49 641: cannot change the winner."),
    "safe_if_annulled": (
        1,
        "1 mesa, 2 814 registered voters, national margin 49 641: their annulment would not change the winner (the "
        "margin would be 49 521); what happened there could.",
    ),
    "open": (2, "2 mesas, 2 814 registered voters, national margin 49 641: could change the winner."),
    "in_review": (
        2,
        "2 mesas, 2 814 registered voters, national margin 49 641: nothing can be said: figures are in review.",
    ),
    "none": (0, "No mesa in this selection."),
}


@pytest.mark.parametrize("verdict", STAKES)
def test_votes_at_stake_are_a_sentence(
    member: BrowserContext, monkeypatch: pytest.MonkeyPatch, url: str, verdict: str
) -> None:
    page, (mesas_chosen, sentence) = member.new_page(), STAKES[verdict]
    monkeypatch.setitem(STAKE, "verdict", verdict)
    monkeypatch.setitem(STAKE, "mesas", mesas_chosen)
    open_ready(page, f"{url}/mission/stake?lang=en")
    expect(page.locator(".lead-sentence")).to_have_text(sentence)


@pytest.mark.parametrize(
    ("mesas_chosen", "says"),
    [
        (12, "12 mesas, 2 814 electores hábiles, ventaja nacional 49 641: no pueden cambiar al ganador."),
        (1, "1 mesa, 2 814 electores hábiles, ventaja nacional 49 641: no puede cambiar al ganador."),
    ],
)
def test_the_sentence_of_the_specification(
    member: BrowserContext, monkeypatch: pytest.MonkeyPatch, url: str, mesas_chosen: int, says: str
) -> None:
    page = member.new_page()
    monkeypatch.setitem(STAKE, "mesas", mesas_chosen)
    open_ready(page, f"{url}/mission/stake")
    expect(page.locator(".lead-sentence")).to_have_text(says)


AUDITS = {
    "running": (
        {"needed": 4},
        "1 draw read, 0 actas with differences, p = 0.9800: 3 more are needed if there is no further difference.",
    ),
    "confirmed": (
        {"p_value": 0.00001},
        "1 draw read, 0 actas with differences, p < 0.0001: the transcription confirms the win of Norte at a risk "
        "of 0.05.",
    ),
    "exhausted": (
        {"settled": 5, "discrepancies": 1},
        "5 draws read, 1 acta with differences, p = 0.9800: this sample can no longer confirm it; all actas should be "
        "read.",
    ),
}


@pytest.mark.parametrize("outcome", AUDITS)
def test_an_audit_is_a_sentence(
    member: BrowserContext, monkeypatch: pytest.MonkeyPatch, url: str, outcome: str
) -> None:
    page, (figures, sentence) = member.new_page(), AUDITS[outcome]
    for name, value in {**figures, "outcome": outcome}.items():
        monkeypatch.setitem(AUDIT, name, value)
    open_ready(page, f"{url}/mission/acta-audits?id=1&lang=en")
    expect(page.locator(".lead-sentence")).to_have_text(sentence)


def test_an_audit_names_who_it_confirms_by_how_much_and_what_was_not_read(member: BrowserContext, url: str) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/acta-audits?id=1")
    says = (
        "Gana Norte, por 49 641 votos. Se leyeron 92 729 de 92 766 actas. Sin leer: 37 actas, con 11 100 electores "
        "como máximo, todos contados en contra."
    )
    expect(page.get_by_text(says)).to_be_visible()


def test_where_no_audit_can_be_begun_the_page_says_why_and_asks_for_no_seed(
    member: BrowserContext, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/acta-audits?lang=en")
    expect(page.get_by_label("Public seed")).to_be_visible()
    size = "Draws that are enough without differences: 1 190 (total error bound, U: 397.5)."
    expect(page.get_by_text(size)).to_be_visible()
    monkeypatch.setitem(PROSPECT, "refusal", "unread")
    page.reload()
    says = "None can be begun: the actas that were not read could change the published outcome."
    expect(page.get_by_text(says)).to_be_visible()
    expect(page.get_by_label("Public seed")).to_have_count(0)


ALERTS: tuple[dict[str, Any], ...] = (
    {"kind": "critical", "figures": {"category": "missing_material"}},
    {"kind": "hold", "figures": {"areas": [{"key": "nation", "name": None}, {"key": "department/14", "name": "LIMA"}]}},
    {"kind": "correction", "figures": {"areas": [{"key": "mesa/000001", "name": None}], "rest": 4}},
    {"kind": "released", "figures": {"areas": [{"key": "mesa/000001", "name": "I.E. Nº 1"}]}},
    {"kind": "critical", "figures": {"category": "other", "place": {"key": "place/0001", "name": None}}},
    {"kind": "decided", "figures": {"margin": 12345}},
    {"kind": "undecided", "figures": {"margin": 1}},
    {"kind": "feed_stale", "figures": {"note": "down"}},
    {"kind": "hold", "figures": {}},
    {"kind": "decided", "figures": {"margin": None}},
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_and_a_page_say_the_same_of_an_alert(
    member: BrowserContext, desk: DeskApi, url: str, language: str
) -> None:
    desk.mission.alerts.clear()
    for number, alert in enumerate(ALERTS):
        desk.mission.alerts[f"alert/{number}"] = {**alert, "href": None, "at": f"2026-06-07T12:00:{59 - number}Z"}
    page: Page = member.new_page()
    open_ready(page, f"{url}/mission?lang={language}")
    words = load_languages()[language]
    said = [
        say(Alert(0, AlertKind(alert["kind"]), alert["figures"], None, "", Role.OBSERVER), words) for alert in ALERTS
    ]
    expect(page.locator("ul.alerts li.alert > span")).to_have_text(said)
