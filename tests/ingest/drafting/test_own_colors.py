"""An operator's own colours: over those of the elections' files, refused where they cannot be, checked by doctor."""

from pathlib import Path

import pytest

from api.commands.doctor import _colors
from ingest.drafting.own_colors import hard_to_see
from ingest.registry import known_elections
from tally.errors import InvalidInput
from tally.settings import load_settings

RUNOFF, GOVERNOR = "2026-06-07-president-runoff", "2026-10-04-governor"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "colours.toml"
    monkeypatch.setenv("ESCRUTINIO_LIST_COLORS", str(path))
    return path


def test_lists_have_the_operators_colours_wherever_elections_are_read(file: Path) -> None:
    file.write_text(f'["{RUNOFF}"]\n8 = "#C0392B"\n')
    found = {entry.code: entry.color for entry in known_elections()[RUNOFF].contest().lists}
    assert found == {"8": "#c0392b", "10": "#2166ac"}


def test_a_list_has_its_colour_in_every_contest_and_another_where_one_says_so(file: Path) -> None:
    file.write_text("")
    plain = known_elections()[GOVERNOR]
    code = plain.contests[0].lists[0].code
    with_it = [contest.id for contest in plain.contests if any(entry.code == code for entry in contest.lists)]
    other = with_it[-1]
    file.write_text(f'["{GOVERNOR}"]\n{code} = "#7b1fa2"\n["{GOVERNOR}".{other}]\n{code} = "#00695c"\n')
    for contest in known_elections()[GOVERNOR].contests:
        before = {entry.code: entry.color for entry in plain.contest(contest.id).lists}
        after = {entry.code: entry.color for entry in contest.lists}
        changed = {one: color for one, color in after.items() if color != before[one]}
        wanted = "#00695c" if contest.id == other else "#7b1fa2"
        assert changed == ({code: wanted} if contest.id in with_it else {})


@pytest.mark.parametrize("said", ["# Mañana".encode("latin-1"), b"a = " + b"[" * 5000])
def test_a_file_that_no_program_reads_is_a_sentence(file: Path, said: bytes) -> None:
    file.write_bytes(said)
    with pytest.raises(InvalidInput, match=r"colours .*colours\.toml: "):
        known_elections()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[nowhere]\n8 = '#c0392b'", "no election is 'nowhere'"),
        (f"['{RUNOFF}']\n9 = '#c0392b'", f"no list of '{RUNOFF}' has code 9"),
        (f"['{RUNOFF}']\n8 = 'red'", "8 = 'red' is not a colour like #2166ac"),
        (f"['{RUNOFF}'.nowhere]\n8 = '#c0392b'", "no list of 'nowhere' has code 8"),
        (f"['{RUNOFF}']\n8 = '#2166AC'", "two lists of president are #2166ac"),
        ("8 = '#c0392b'", "Expected `object`"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(file: Path, text: str, sentence: str) -> None:
    file.write_text(text)
    with pytest.raises(InvalidInput, match=sentence):
        known_elections()


@pytest.mark.parametrize(
    ("color", "sentences"),
    [
        ("#c0392b", []),
        ("#ffe066", ["president: 8 #ffe066 has 1.3 to 1 on #ffffff, 2.7 is the least"]),
        ("#101820", ["president: 8 #101820 has 1.0 to 1 on #12171a, 2.7 is the least"]),
        ("#2a6bb0", ["president: 8 #2a6bb0 and 10 #2166ac are one to some eyes"]),
    ],
)
def test_doctor_says_which_colour_is_hard_to_see_and_on_what(file: Path, color: str, sentences: list[str]) -> None:
    file.write_text(f'["{RUNOFF}"]\n8 = "{color}"\n')
    assert list(hard_to_see(known_elections()[RUNOFF], file)) == sentences
    if sentences:
        with pytest.raises(InvalidInput, match=sentences[0]):
            _colors(load_settings())
    else:
        assert _colors(load_settings()) == f"own ones of {file}"


def test_without_a_file_nothing_is_said_of_them() -> None:
    assert _colors(load_settings()) == "those of the elections' files"
