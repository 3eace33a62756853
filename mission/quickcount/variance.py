"""A share as the ratio of two weighted sums of a sample, and how far it may be off: by strata and clusters.

By Taylor's series the ratio R = Σwy / Σwx varies as the sum of z = w(y − Rx) / Σwx does. Units that were drawn together
(clusters) count as one, each stratum by itself: V = Σ_h (1 − n_h/N_h) · n_h/(n_h − 1) · Σ_c (z_c − z̄_h)², with n_h
clusters of the N_h that stratum h has; N_h unknown counts as without end. Degrees of freedom: clusters less strata.
Sources: W. Cochran, "Sampling Techniques", 3rd ed. 1977, 6.3 and 6.11 (combined ratio estimator), 11.4 (the first
stage, which is all of it where whole clusters are read; of the second it lacks the part n_h/N_h); K. Wolter,
"Introduction to Variance Estimation", 2nd ed. 2007, chapter 6; E. Korn, B. Graubard, "Confidence intervals for
proportions with small expected number of positive counts estimated from survey data", Survey Methodology 24(2), 1998.
"""

import numpy as np
from msgspec import Struct

from mission.flags.sheets import Floats, Integers


class SurveyRows(Struct, frozen=True):
    """One row each read unit: its weight, stratum and cluster (numbers from 0), and N_h of each stratum in clusters.

    population: float [strata], np.inf where the stratum's clusters were never counted.
    """

    weight: Floats
    stratum: Integers
    cluster: Integers
    population: Floats


class Ratio(Struct, frozen=True):
    """Of each column of numerators its ratio and variance; one number of degrees of freedom for all."""

    value: Floats
    variance: Floats
    degrees: int


def find_ratio(numerators: Floats | Integers, denominator: Floats | Integers, rows: SurveyRows) -> Ratio:
    """Ratios of sums: numerators [rows, columns], denominator [rows], not all 0.

    Each stratum must have two clusters or all that it has; `merge_thin` sees to it.
    """
    whole = float(rows.weight @ denominator)
    value = rows.weight @ numerators / whole
    z = rows.weight[:, None] * (numerators - denominator[:, None] * value) / whole
    clusters, first, of_row = np.unique(rows.cluster, return_index=True, return_inverse=True)
    total = _add_up(of_row, z, len(clusters))
    stratum, strata = rows.stratum[first], len(rows.population)
    read = np.bincount(stratum, minlength=strata)
    mean = _add_up(stratum, total, strata) / np.maximum(read, 1)[:, None]
    squares = _add_up(stratum, (total - mean[stratum]) ** 2, strata)
    has = read > 0
    factor = (1 - read[has] / rows.population[has]) * read[has] / np.maximum(read[has] - 1, 1)
    return Ratio(value, factor @ squares[has], len(clusters) - int(np.count_nonzero(has)))


def merge_thin(read: Integers, size: Floats, least: int) -> Integers:
    """The stratum each stratum is taken together with, itself where it was read in so many clusters or more.

    Thin ones make one of their own; while that is still thin, the largest of the others joins it.
    """
    into = np.arange(len(read))
    thin = np.flatnonzero(read < least).tolist()
    others = sorted(set(into.tolist()) - set(thin), key=lambda one: (-size[one], one))
    while thin and int(read[thin].sum()) < least and others:
        thin.append(others.pop(0))
    if thin:
        into[thin] = min(thin)
    return into


def quantile(degrees: int, confidence: float) -> float:
    """Student's t beyond which, on both sides together, lies what the confidence leaves."""
    from scipy.special import stdtrit  # here: 27 MB, which a replica without a quick count does without

    return float(stdtrit(max(degrees, 1), (1 + confidence) / 2))


def hold_share(share: float, variance: float, units: int, degrees: int, confidence: float) -> tuple[float, float]:
    """An interval for a share of units that are yes or no, also where none or all of them are.

    Clopper and Pearson's of as many units as a simple sample of this variance has (Korn and Graubard).
    """
    from scipy.special import betaincinv

    effective = float(units)
    if variance > 0:
        ratio = quantile(units - 1, confidence) / quantile(degrees, confidence)
        effective = min(effective, share * (1 - share) / variance * ratio**2)
    yes, tail = share * effective, (1 - confidence) / 2
    low = 0.0 if yes <= 0 else float(betaincinv(yes, effective - yes + 1, tail))
    high = 1.0 if yes >= effective else float(betaincinv(yes + 1, effective - yes, 1 - tail))
    return low, high


def _add_up(group: Integers, values: Floats, groups: int) -> Floats:
    return np.column_stack([np.bincount(group, column, groups) for column in values.T])
