"""Mesas without a single vote for one of the leading lists: context for whoever reads them, never a suspicion."""

import numpy as np

from mission.flags.flag import Flag, FlagKind, FlagSeverity, Setting, flag_id
from mission.flags.sheets import Booleans, Sheets
from mission.flags.words import commas, joined, spaced
from tally.keys import mesa_key


def find_zeros(sheets: Sheets, is_tallied: Booleans, setting: Setting) -> list[Flag]:
    """A note for each such mesa. In 2021 a run-off judged clean had 87 of them."""
    return [
        _flag(sheets, row, setting, index)
        for index in sorted(setting.leaders)
        for row in np.flatnonzero(is_tallied & (sheets.votes[:, index] == 0)).tolist()
    ]


def _flag(sheets: Sheets, row: int, setting: Setting, index: int) -> Flag:
    mesa, name, valid = sheets.mesas[row], setting.names[index], int(sheets.votes[row].sum())
    what = (
        f"La mesa {mesa} no tiene ningún voto para {name}, de {spaced(valid)} válidos. En lugares pequeños o de voto "
        "muy unánime ocurre en toda elección.",
        f"Mesa {mesa} has no vote for {name}, of {commas(valid)} valid ones. In small or very united places that "
        "happens in every election.",
    )
    es, en = joined(what)
    key, place = mesa_key(mesa), int(sheets.place[row])
    return Flag(
        id=flag_id(FlagKind.ZERO, key, str(index)),
        kind=FlagKind.ZERO,
        severity=FlagSeverity.CONTEXT,
        key=key,
        place=sheets.places[place] if place >= 0 else None,
        ubigeo=sheets.ubigeos[row],
        evidence={"list": index, "valid": valid},
        es=es,
        en=en,
    )
