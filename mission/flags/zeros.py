"""Mesas without a single vote for one of the leading lists: context for whoever reads them, never a suspicion."""

import numpy as np

from mission.flags.flag import Flag, FlagKind, FlagSeverity, Setting, flag_mesa
from mission.flags.sheets import Booleans, Sheets


def find_zeros(sheets: Sheets, is_tallied: Booleans, setting: Setting) -> list[Flag]:
    """A note for each such mesa. In 2021 a run-off judged clean had 87 of them."""
    return [
        flag_mesa(
            sheets,
            row,
            FlagKind.ZERO,
            FlagSeverity.CONTEXT,
            str(index),
            figures={"list": index, "valid": int(sheets.votes[row].sum())},
        )
        for index in sorted(setting.leaders)
        for row in np.flatnonzero(is_tallied & (sheets.votes[:, index] == 0)).tolist()
    ]
