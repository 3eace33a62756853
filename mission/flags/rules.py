"""Rule flags, severity high: actas that contradict themselves. On a count that was judged clean there are none."""

from collections.abc import Iterator, Mapping

import msgspec
import numpy as np

from mission.flags.flag import Flag, FlagKind, FlagSeverity, flag_mesa
from mission.flags.sheets import UNKNOWN, Booleans, Sheets
from tally.keys import mesa_key
from tally.model import Acta, ActaState
from tally.rules.checks import check_acta
from tally.rules.issues import Issue, Rule, broken


def find_broken_rules(sheets: Sheets, values: Mapping[str, bytes]) -> list[Flag]:
    """A flag for each rule an acta breaks: one that is held, or one that stands and yet contradicts itself.

    `values` are the mesas' canonical JSON by key. The columns only find the rows: what is said comes from the very
    check that holds an impossible acta before it is published.
    """
    flags = []
    for row in np.flatnonzero(sheets.is_held | is_broken(sheets)).tolist():
        acta = msgspec.json.decode(values[mesa_key(sheets.mesas[row])], type=Acta)
        issues = acta.held or check_acta(acta, sheets.votes.shape[1])
        flags += [_flag(sheets, row, issue, bool(acta.held)) for issue in issues or ()]
    return [*flags, *_repeated(sheets)]


def is_broken(sheets: Sheets) -> Booleans:
    """Rows whose state and figures no acta can have together."""
    counted, annulled = sheets.has_state(ActaState.COUNTED), sheets.has_state(ActaState.ANNULLED)
    figures = np.column_stack([sheets.votes, sheets.valid, sheets.blank, sheets.null, sheets.challenged, sheets.cast])
    parts = sheets.valid + sheets.blank + sheets.null + sheets.challenged
    wrong = (
        (figures < 0).any(axis=1)
        | (sheets.votes.sum(axis=1) != sheets.valid)
        | (parts != sheets.cast)
        | ((sheets.registered != UNKNOWN) & (sheets.cast > sheets.registered))
    )
    states_votes = (sheets.votes > 0).any(axis=1)
    # An annulled acta either shows no figures, or every vote cast as null.
    shows_figures = (sheets.votes != UNKNOWN).any(axis=1)
    annulled &= states_votes | (shows_figures & (wrong | (sheets.null != sheets.cast)))
    uncounted = sheets.has_state(ActaState.PENDING, ActaState.NOT_INSTALLED) & states_votes
    return np.asarray((counted & wrong) | annulled | uncounted)


def _repeated(sheets: Sheets) -> Iterator[Flag]:
    """A mesa exists once. A log cannot hold it twice, a file that is brought from elsewhere can."""
    numbers, times = np.unique(np.asarray(sheets.mesas, dtype=np.str_), return_counts=True)
    for mesa, count in zip(numbers[times > 1].tolist(), times[times > 1].tolist(), strict=True):
        yield _flag(sheets, list(sheets.mesas).index(mesa), broken(Rule.REPEATED, times=count), is_held=False)


def _flag(sheets: Sheets, row: int, issue: Issue, is_held: bool) -> Flag:
    registered = int(sheets.registered[row])
    return flag_mesa(
        sheets,
        row,
        FlagKind.ARITHMETIC,
        FlagSeverity.HIGH,
        issue.rule,
        figures={"rule": issue.rule, "is_held": is_held, "issue": msgspec.to_builtins(issue)},
        at_most_votes=registered if registered != UNKNOWN else None,
    )
