"""A share as the ratio of two weighted sums of a sample, and how far it may be off: by strata and clusters.

The variance is the jackknife's: each cluster (what was drawn at once) is left out in turn, the others of its stratum
standing for it, and the ratio reckoned again: V = Σ_h (1 − n_h/N_h) · (n_h − 1)/n_h · Σ_c (R_(c) − R)², with n_h
clusters of the N_h that stratum h has; N_h unknown counts as without end. Where all clusters are equal in size it is
the textbook's formula; where places differ much, Taylor's series (R_(c) over the whole denominator) says too little.
Degrees of freedom are Satterthwaite's, (ΣV_h)² / Σ V_h²/(n_h − 1): few, where a stratum read twice is most of it.
Sources: W. Cochran, "Sampling Techniques", 3rd ed. 1977, 6.17 (jackknife of a ratio), 11.4 (the first stage, which is
all of it where whole clusters are read; of the second it lacks the part n_h/N_h); K. Wolter, "Introduction to Variance
Estimation", 2nd ed. 2007, chapter 4; F. Satterthwaite, "An approximate distribution of estimates of variance
components", Biometrics Bulletin 2(6), 1946; E. Korn, B. Graubard, "Confidence intervals for proportions with small
expected number of positive counts estimated from survey data", Survey Methodology 24(2), 1998.
"""

import numpy as np
from msgspec import Struct, structs

from mission.flags.sheets import Booleans, Floats, Integers
from mission.quickcount.limits import LIMITS


class SurveyRows(Struct, frozen=True):
    """One row each read unit: its weight, stratum and cluster (numbers from 0), and N_h of each stratum in clusters.

    population: float [strata], np.inf where the stratum's clusters were never counted.
    """

    weight: Floats
    stratum: Integers
    cluster: Integers
    population: Floats

    def count_clusters(self) -> Integers:
        """How many clusters of each stratum were read."""
        first = np.unique(self.cluster, return_index=True)[1]
        return np.bincount(self.stratum[first], minlength=len(self.population))


class Ratio(Struct, frozen=True):
    """Of each column of numerators its ratio, its variance, and the degrees of freedom that this has."""

    value: Floats
    variance: Floats
    degrees: Floats


class ShareEstimate(Struct, frozen=True):
    """A share with its interval."""

    share: float
    low: float
    high: float


def find_share(is_yes: Booleans, rows: SurveyRows) -> ShareEstimate | None:
    """The share of units that are so, with an interval also where none or all are; None if a single cluster was read.

    Clopper and Pearson's of as many units as a simple sample of this variance has (Korn and Graubard).
    """
    into = merge_thin(rows.count_clusters(), rows.population, LIMITS.response.least_units)
    merged = structs.replace(rows, stratum=into[rows.stratum], population=add_sizes(into, rows.population))
    units, confidence = len(is_yes), LIMITS.interval.confidence
    found = find_ratio(is_yes[:, None].astype(np.float64), np.ones(units), merged)
    if len(np.unique(rows.cluster)) < 2:
        return None
    from scipy.special import betaincinv  # here: 27 MB, which a replica without a sample does without

    share, variance = float(found.value[0]), float(found.variance[0])
    effective = float(units)
    if variance > 0:
        ratio = float(quantile(units - 1, confidence) / quantile(found.degrees, confidence)[0])
        effective = min(effective, share * (1 - share) / variance * ratio**2)
    yes, tail = share * effective, (1 - confidence) / 2
    low = 0.0 if yes <= 0 else float(betaincinv(yes, effective - yes + 1, tail))
    high = 1.0 if yes >= effective else float(betaincinv(yes + 1, effective - yes, 1 - tail))
    return ShareEstimate(share, low, high)


def find_ratio(numerators: Floats | Integers, denominator: Floats | Integers, rows: SurveyRows) -> Ratio:
    """Ratios of sums: numerators [rows, columns], denominator [rows], not 0 but for one cluster.

    Each stratum must have two clusters or all that it has; `merge_thin` sees to it.
    """
    whole = float(rows.weight @ denominator)
    value = rows.weight @ numerators / whole
    part = rows.weight / whole
    clusters, first, of_row = np.unique(rows.cluster, return_index=True, return_inverse=True)
    stratum, strata = rows.stratum[first], len(rows.population)
    excess = _add_up(of_row, part[:, None] * (numerators - denominator[:, None] * value), len(clusters))
    size = _add_up(of_row, (part * denominator)[:, None], len(clusters))
    read = rows.count_clusters()
    others = np.maximum(read - 1, 1)
    # What of the denominator is left when a cluster is out and the others of its stratum stand for it.
    left = 1 - (read / others)[stratum, None] * _center(stratum, size, read)
    squares = _add_up(stratum, (_center(stratum, excess, read) / left) ** 2, strata)
    has = read > 0
    factor = (1 - read[has] / rows.population[has]) * (read / others)[has]
    parts = factor[:, None] * squares[has]
    variance, doubt = parts.sum(axis=0), (parts**2 / others[has, None]).sum(axis=0)
    most = float(len(clusters) - np.count_nonzero(has))
    return Ratio(value, variance, np.divide(variance**2, doubt, out=np.full(len(value), most), where=doubt > 0))


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


def add_sizes(into: Integers, size: Floats) -> Floats:
    """The sizes of strata that were taken together, at the number of each."""
    return np.asarray(np.bincount(into, size, len(size)), dtype=np.float64)


def quantile(degrees: float | Floats, confidence: float) -> Floats:
    """Student's t beyond which, on both sides together, lies what the confidence leaves."""
    from scipy.special import stdtrit

    return np.asarray(stdtrit(np.maximum(degrees, 1), (1 + confidence) / 2))


def _add_up(group: Integers, values: Floats, groups: int) -> Floats:
    return np.column_stack([np.bincount(group, column, groups) for column in values.T])


def _center(group: Integers, values: Floats, number: Integers) -> Floats:
    """Values less the mean of their group, of which there are so many."""
    mean = _add_up(group, values, len(number)) / np.maximum(number, 1)[:, None]
    return np.asarray(values - mean[group])
