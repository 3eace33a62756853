"""Mesas without a single vote for one of the leading lists: context for whoever reads them, never a suspicion."""

import numpy as np

from mission.flags.flag import Flag, FlagKind, FlagSeverity, Setting, flag_id
from mission.flags.sheets import Booleans, Sheets
from tally.keys import mesa_key


def find_zeros(sheets: Sheets, is_tallied: Booleans, setting: Setting) -> list[Flag]:
    """A note for each such mesa. In 2021 a run-off judged clean had 87 of them."""
    return [
        _flag(sheets, row, index)
        for index in sorted(setting.leaders)
        for row in np.flatnonzero(is_tallied & (sheets.votes[:, index] == 0)).tolist()
    ]


def _flag(sheets: Sheets, row: int, index: int) -> Flag:
    key, place = mesa_key(sheets.mesas[row]), int(sheets.place[row])
    return Flag(
        id=flag_id(FlagKind.ZERO, key, str(index)),
        kind=FlagKind.ZERO,
        severity=FlagSeverity.CONTEXT,
        key=key,
        place=sheets.places[place] if place >= 0 else None,
        ubigeo=sheets.ubigeos[row],
        figures={"list": index, "valid": int(sheets.votes[row].sum())},
    )
