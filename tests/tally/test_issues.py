"""Issues are data: the log keeps rules and figures, older logs stay readable, and every rule has its sentences."""

from typing import Any

import pytest
from msgspec import UNSET

from dashboard.words import load_words
from tally.board import Board, Fact
from tally.chain import chain
from tally.changes import Kind, fold
from tally.rules.issues import Issue, Rule, broken, say_the_same
from tests.tally.makers import acta, count, fact
from tests.tally.old_log import RECORDED, encode, recorded_log, tell
from texts.issues import sentence

LANGUAGES = load_words()


@pytest.mark.parametrize("case", RECORDED["issues"], ids=lambda case: str(case["rule"]))
def test_a_rule_is_said_in_the_words_that_older_logs_hold(case: dict[str, Any]) -> None:
    issue = {"rule": case["rule"], "figures": case["figures"]}
    assert {code: sentence(LANGUAGES[code], issue) for code in ("es", "en")} == {"es": case["es"], "en": case["en"]}
    assert tell(issue) == {name: case[name] for name in ("en", "es", "rule")}


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_rule_has_a_general_sentence_and_one_with_its_figures(language: Any) -> None:
    general = [*language.texts["rules"], *language.texts["flag_rules"]]
    assert general == [*language.texts["issue"]] == [*Rule]


def test_only_an_issue_without_figures_says_the_same_as_one_with_any() -> None:
    few, many, bare = broken(Rule.LISTS, given=1, lists=2), broken(Rule.LISTS, given=3, lists=2), Issue(rule=Rule.LISTS)
    assert say_the_same([few], [bare])
    assert say_the_same([bare], [many])
    assert not say_the_same([few], [many])
    assert not say_the_same([bare], [broken(Rule.NEGATIVE)])
    assert not say_the_same([bare], [bare, few])


def restored() -> Board:
    board = Board(2)
    board.restore((key, entry.change.data) for key, entry in fold(recorded_log()).items())
    return board


def test_a_log_of_format_1_is_read_as_rules_without_figures() -> None:
    board = restored()
    assert board.held == {"department/14": (Issue(rule="buckets"),)}
    assert board.actas["mesa/000001"].held == (Issue(rule="over_roll"),)
    assert board.held["department/14"][0].figures is UNSET


def test_a_board_restored_from_a_log_of_format_1_publishes_no_spurious_change() -> None:
    board = restored()
    assert board.apply([Fact("department/14", count(total=99)), fact("000001", acta((600, 400)))]) == []
    assert board.apply([Fact("department/14", count(total=98)), fact("000001", acta((601, 400)))]) == []
    held = board.apply([Fact("department/14", count(total=99, valid=1)), fact("000001", acta((60, 40), valid=1))])
    assert {change.kind for change in held} == {Kind.HOLD}
    good = board.apply([Fact("department/14", count()), fact("000001", acta())])
    assert {change.key: change.kind for change in good} == {
        "department/14": Kind.RELEASE,
        "mesa/000001": Kind.RELEASE,
    }


def test_the_hash_of_a_log_of_format_1_is_what_it_was() -> None:
    digest = ""
    for changes in recorded_log():
        digest = chain(digest, changes)
    assert digest == RECORDED["chain"]


def test_the_writer_of_format_1_that_the_tests_keep_writes_the_recorded_bytes() -> None:
    board = Board(2)
    board.apply([Fact("nation", count()), Fact("department/14", count(total=99))])
    [held] = [change.data for change in recorded_log()[0].changes if change.key == "department/14"]
    assert encode(board.state("department/14")).replace(b'"name":null', b'"name":"LIMA"') == held
