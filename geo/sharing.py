"""Whose each point of a department's mesh is: districts of their published sizes around their capitals, every province
in one piece, and nobody around others.
"""

from typing import Any

import numpy as np
import scipy

from geo.mesh import Mesh, Seeds, groups_of

# How many of the nearest capitals a point may belong to, how often the sizes are brought nearer to the published
# ones, how fast, and how much farther than its neighbours' a capital may reach.
_NEAREST, _ROUNDS, _PACE, _REACH = 24, 30, 0.35, 6.0
# What a step through another province costs, how much more where a way was cut before, through another one's capital;
# and how often ways are looked for.
_FOREIGN, _WORN, _FORBIDDEN, _TRIES = 20.0, 4.0, 1e9, 20


def share_out(mesh: Mesh, seeds: Seeds) -> Any:
    """For each point the number of the district it belongs to."""
    owners = _in_one_piece(mesh, _by_size(mesh, seeds), np.arange(len(seeds.codes)))
    for _ in range(_TRIES):
        owners = _join_provinces(mesh, seeds, owners)
        enclosed = _enclosed(mesh, owners, len(seeds.codes))
        if not enclosed:
            break
        for around, inside in enclosed:
            _open(mesh, owners, around, inside, len(seeds.codes))
        owners = _in_one_piece(mesh, owners, np.arange(len(seeds.codes)))
    return owners


def _by_size(mesh: Mesh, seeds: Seeds) -> Any:
    """Each point's district: the nearest capital, where those of large districts reach farther."""
    count = len(seeds.codes)
    near = min(_NEAREST, count)
    scale = np.array([np.cos(np.radians(mesh.points[:, 1].mean())), 1.0])
    distance, which = scipy.spatial.cKDTree(seeds.points * scale).query(mesh.points * scale, k=near)
    distance, which = distance.reshape(-1, near), which.reshape(-1, near)
    shares, reach = seeds.shares(), np.sqrt(seeds.shares() * count)
    reach = np.clip(reach, 1 / _REACH, _REACH)
    rows = np.arange(len(mesh.points))
    owners = which[:, 0]
    for _ in range(_ROUNDS):
        owners = which[rows, np.argmin(distance / reach[which], axis=1)]
        owners[:count] = np.arange(count)
        got = np.bincount(owners, mesh.sizes, minlength=count)
        reach = np.clip(reach * (shares / np.maximum(got, shares / 50)) ** _PACE, 1 / _REACH, _REACH)
    return owners


def _in_one_piece(mesh: Mesh, owners: Any, roots: Any) -> Any:
    """The same, but what is cut off from its root goes to the neighbour it has most of around it."""
    owners = owners.copy()
    for _ in range(len(mesh.points)):
        pieces = mesh.pieces(owners)
        stray = pieces != pieces[roots][owners]
        if not stray.any():
            break
        a, b = mesh.edges.T
        a, b = np.r_[a, b], np.r_[b, a]
        border = stray[a] & ~stray[b]
        if not border.any():
            break
        votes = np.unique(np.column_stack((a[border], owners[b[border]])), axis=0, return_counts=True)
        order = np.lexsort((votes[0][:, 1], votes[1], votes[0][:, 0]))
        owners[votes[0][order, 0]] = votes[0][order, 1]
    return owners


def _join_provinces(mesh: Mesh, seeds: Seeds, owners: Any) -> Any:
    """The same with every province in one piece: a way is cut through the land that lies between its parts."""
    owners, ways = owners.copy(), np.ones(len(mesh.points))
    for _ in range(_TRIES):
        provinces = seeds.provinces[owners]
        pieces = mesh.pieces(provinces)
        split = [one for one in np.unique(seeds.provinces) if len(np.unique(pieces[provinces == one])) > 1]
        if not split:
            break
        for province in split:
            _connect(mesh, seeds, owners, province, ways)
        owners = _in_one_piece(mesh, owners, np.arange(len(seeds.codes)))
    return owners


def _connect(mesh: Mesh, seeds: Seeds, owners: Any, province: Any, ways: Any) -> None:
    """Cut ways to the largest piece of a province, clear of capitals of others; what was a way once costs more."""
    count = len(seeds.codes)
    while True:
        own = seeds.provinces[owners] == province
        pieces = mesh.pieces(np.where(own, 0, np.arange(1, len(own) + 1)))
        numbers, sizes = np.unique(pieces[own], return_counts=True)
        if len(numbers) == 1:
            return
        main = own & (pieces == numbers[np.argmax(sizes)])
        costs = np.where(own, 1.0, _FOREIGN * ways)
        foreign = np.flatnonzero(seeds.provinces != province)
        costs[mesh.around(foreign)] *= _WORN
        costs[foreign] = _FORBIDDEN
        far, before = mesh.way(np.flatnonzero(main), costs)
        rest = np.flatnonzero(own & ~main)
        at = rest[np.argmin(far[rest])]
        if not far[at] < _FORBIDDEN * 1e-4:
            return
        way = [at]
        while not main[way[-1]]:
            way.append(before[way[-1]])
        wide = mesh.around(way)
        wide = wide[(wide >= count) & ~own[wide]]
        ways[wide] = np.minimum(ways[wide] * _WORN, _WORN**4)
        owners[wide] = owners[at]


def _enclosed(mesh: Mesh, owners: Any, count: int) -> list[tuple[int, Any]]:
    """Districts that lie around others on all sides, and those others."""
    touching = np.unique(np.sort(owners[mesh.pairs], axis=1), axis=0)
    touching = touching[touching[:, 0] != touching[:, 1]]
    rim = np.unique(owners[mesh.rim])
    touching = np.concatenate((touching, np.column_stack((rim, np.full(len(rim), count)))))
    found = []
    for around in range(count):
        groups = groups_of(touching[(touching != around).all(axis=1)], count + 1)
        inside = np.flatnonzero(groups[:count] != groups[count])
        inside = inside[inside != around]
        if len(inside):
            found.append((around, inside))
    return found


def _open(mesh: Mesh, owners: Any, around: int, inside: Any, count: int) -> None:
    """Cut a way out for what is enclosed, through whoever lies around it, clear of that one's capital."""
    within, ring = np.isin(owners, inside), owners == around
    costs = np.where(ring, 1.0, _FORBIDDEN)
    costs[mesh.around([around])] *= _FOREIGN
    costs[:count] = _FORBIDDEN
    out = ~within & ~ring
    costs[out] = 1.0
    if not (within.any() and out.any()):
        return
    far, before = mesh.way(np.flatnonzero(within), costs)
    at = np.flatnonzero(out)[np.argmin(far[out])]
    way = []
    while not within[at]:
        at = before[at]
        way.append(at)
    wide = mesh.around(way)
    owners[wide[(wide >= count) & ring[wide]]] = owners[at]
