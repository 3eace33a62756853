"""Swap suspects: mesas where exchanging the columns of the two leading lists fits the polling place much better."""

import numpy as np
from msgspec import Struct

from mission.flags.binomial import LEAST_RHO, fit_rho, log_likelihood
from mission.flags.flag import Flag, FlagKind, FlagSeverity, Setting, flag_id
from mission.flags.sheets import Floats, Integers, Sheets
from mission.flags.thresholds import Thresholds
from mission.flags.within import Siblings, look_around
from mission.flags.words import against_margin, commas, joined, percent, spaced
from tally.keys import mesa_key


class Swaps(Struct, frozen=True):
    """`log_ratio` by row (NaN where not testable), how many were compared, and the flags."""

    log_ratio: Floats
    tests: int
    flags: list[Flag]


def find_swaps(sheets: Sheets, place: Integers, setting: Setting, limits: Thresholds) -> Swaps:
    """Log-likelihood of the exchanged columns over that of the columns as they stand, by the beta-binomial.

    An exchange that would move the share by a few points only says that the two columns are alike: it is no flag.
    """
    first, second = sorted(setting.leaders)
    x = sheets.votes[:, first]
    n = x + sheets.votes[:, second]
    around = look_around(place, x, n, limits.within_place.least_mesas)
    rows = around.is_testable
    ratio = np.full(len(x), np.nan)
    if rows.any():
        mine, of, share = x[rows], n[rows], around.share[rows]
        rho = max(LEAST_RHO, fit_rho(mine, of, share, around.ballots[rows]))
        ratio[rows] = log_likelihood(of - mine, of, share, rho) - log_likelihood(mine, of, share, rho)
    is_wide = np.abs(2 * x - n) >= limits.swap.least_points / 100 * n
    found = np.flatnonzero((ratio > limits.swap.least_log_ratio) & is_wide)
    ranked = found[np.argsort(-ratio[found], kind="stable")].tolist()
    return Swaps(ratio, int(rows.sum()), [_flag(sheets, around, setting, row, float(ratio[row])) for row in ranked])


def _flag(sheets: Sheets, around: Siblings, setting: Setting, row: int, ratio: float) -> Flag:
    first, second = sorted(setting.leaders)
    a, b, usual = int(sheets.votes[row, first]), int(sheets.votes[row, second]), float(around.share[row])
    mesa, moved = sheets.mesas[row], 2 * abs(a - b)
    one, other = setting.names[first], setting.names[second]
    what = (
        f"Mesa {mesa}: {spaced(a)} votos para {one} y {spaced(b)} para {other}; en las otras mesas de "
        f"su local, {percent(usual)} para {one}. Con las dos columnas intercambiadas encajaría mucho mejor (logaritmo "
        f"de la razón de verosimilitudes {ratio:.1f}).",
        f"Mesa {mesa}: {commas(a)} votes for {one} and {commas(b)} for {other}; in the other mesas of "
        f"its polling place, {percent(usual)} for {one}. With the two columns exchanged it would fit much better "
        f"(log-likelihood ratio {ratio:.1f}).",
    )
    cause = (
        "Causa habitual: quien transcribió el acta puso cada cifra en la fila del otro.",
        "Usual cause: whoever transcribed the acta put each figure in the other's row.",
    )
    because = ("Si las columnas están intercambiadas", "If the columns are exchanged")
    es, en = joined(what, cause, against_margin(moved, setting, because))
    key = mesa_key(mesa)
    return Flag(
        id=flag_id(FlagKind.SWAP, key),
        kind=FlagKind.SWAP,
        severity=FlagSeverity.REVIEW,
        key=key,
        place=sheets.places[sheets.place[row]],
        ubigeo=sheets.ubigeos[row],
        evidence={"votes": [a, b], "expected": round(usual, 4), "log_ratio": round(ratio, 2)},
        at_most_votes=moved,
        es=es,
        en=en,
    )
