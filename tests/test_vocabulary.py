"""One home for each vocabulary: what is made of the enums is committed, and no list is written by hand elsewhere."""

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from api.commands.vocabulary import modules
from api.mission.public_layer import HiddenReason
from mission.alerts import AlertKind
from mission.doubt import Reason
from mission.flags.flag import FlagKind
from mission.incidents.incident import Deed, State
from mission.incidents.rubric import Basis, Category, Severity
from mission.incidents.summary import Verification
from mission.people.auditlog import Action
from mission.people.roles import Role
from mission.responses.completeness import FormStanding
from mission.responses.response import QualityKind
from tally.changes import Kind
from tally.model import BUCKETS, NOT_VALID, ActaState, FeedState
from tally.observations import REASONS

_PROJECT = Path(__file__).parents[1]
# Each vocabulary with its owner.
_OWNED: Mapping[str, tuple[Iterable[str], str]] = {
    "actions": (Action, "mission/people/auditlog.py"),
    "acta states": ((*BUCKETS, *ActaState), "tally/model.py"),
    "alert kinds": (AlertKind, "mission/alerts.py"),
    "bases": (Basis, "mission/incidents/rubric.py"),
    "categories": (Category, "mission/incidents/rubric.py"),
    "deeds": (Deed, "mission/incidents/incident.py"),
    "doubts": (Reason, "mission/doubt.py"),
    "feed states": (FeedState, "tally/model.py"),
    "flag kinds": (FlagKind, "mission/flags/flag.py"),
    "hidden reasons": (HiddenReason, "api/mission/public_layer.py"),
    "form standings": (FormStanding, "mission/responses/completeness.py"),
    "incident states": (State, "mission/incidents/incident.py"),
    "kinds of changes": (Kind, "tally/changes.py"),
    "observations": (REASONS, "tally/observations.py"),
    "quality kinds": (QualityKind, "mission/responses/response.py"),
    "roles": (Role, "mission/people/roles.py"),
    "severities": (Severity, "mission/incidents/rubric.py"),
    "verifications": (Verification, "mission/incidents/summary.py"),
    "votes that are not valid": (NOT_VALID, "tally/model.py"),
}
# Made of the owners; the words of the source, which each feed has in one table, and the two verifiers of proofs, which
# share nothing with us (their tests hold them to what the feeds say); and tables as they once were.
_VERIFIERS = ("ingest/proof/bundles/standalone.py", "dashboard/browser/proof/answer.js")
_MADE = (path.relative_to(_PROJECT).as_posix() for path in modules())
_APART = (*_MADE, "ingest/feeds/", *_VERIFIERS, "tally/migrations/")
_WINDOW = 3


def _members(line: str, members: Iterable[str]) -> set[str]:
    """Which members stand in that line as texts or as names of an object's values; to read a field is no list."""
    return {
        member
        for member in members
        if re.search(rf"""["'`]{member}["'`](?!\])|(?<![\w\])]\[)["'`]{member}["'`]|(?<![\w.]){member}(?=: )""", line)
    }


def find_lists(path: str, text: str) -> Iterator[str]:
    """A line for each vocabulary of which three members stand within a few lines of a file that does not own it."""
    bare = re.sub(r'"""(?:.|\n)*?"""|/\*(?:.|\n)*?\*/', lambda found: "\n" * found[0].count("\n"), text)
    bare = re.sub(r"\.get\(.\w+.\)", "", bare)
    if path.endswith(".py"):
        bare = re.sub(r"(?m)^\s*\w+: [\w\[\], |.]+( = .*)?$", "", bare)  # a field of a class names no member
    for name, (members, owner) in _OWNED.items():
        near = {member for member in members if member in bare}
        if path == owner or len(near) < 3:
            continue
        lines = [_members(line, near) for line in bare.splitlines()]
        for start in range(len(lines)):
            found = set().union(*lines[start : start + _WINDOW])
            if len(found) >= 3:
                yield f"{path}:{start + 1} lists {name}: {', '.join(sorted(found))}"
                break


def _sources() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.js"], cwd=_PROJECT, capture_output=True, text=True, check=True
    )
    apart = ("tests/", "bench/", "dashboard/built/", *_APART)
    return [path for path in listed.stdout.splitlines() if not path.startswith(apart)]


def test_what_the_dashboard_is_told_is_what_the_enums_say() -> None:
    for path, text in modules().items():
        assert path.read_text("utf-8") == text, f"{path.name}: run `make vocabulary`"


def test_no_list_of_a_vocabulary_is_written_by_hand() -> None:
    sources = _sources()
    assert len(sources) > 300
    found = [line for path in sources for line in find_lists(path, (_PROJECT / path).read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("dashboard/browser/mission/x.js", 'const ORDER = ["critical", "serious", "info"];'),
        ("dashboard/browser/mission/x.js", "const MARKS = {\n  critical: 1,\n  serious: 2,\n  minor: 3,\n};"),
        ("dashboard/queue.py", 'STATES = (\n    "counted",\n    "at_jee",\n    "pending",\n)'),
        ("api/x.py", 'if role in ("verifier", "coordinator", "admin"):'),
        ("mission/x.py", 'kind: Literal["share", "turnout", "zero"]'),
    ],
)
def test_a_planted_list_is_found(path: str, text: str) -> None:
    assert len([*find_lists(path, f"\n\n{text}\n")]) == 1


@pytest.mark.parametrize(
    "text",
    [
        'total = count["counted"] + count["at_jee"] + count["pending"]',
        'cells = [row.get("blank"), row.get("null"), row.get("challenged")]',
        "class Count:\n    counted: int\n    at_jee: int\n    pending: int = 0\n",
        '"""Says "critical", "serious" and "minor"."""',
    ],
)
def test_a_field_that_is_read_or_named_is_no_list(text: str) -> None:
    assert [*find_lists("api/x.py", text)] == []
