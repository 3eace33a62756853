"""Bars of an embed, its picture and its card: which part begins where and how long it is, in percent."""

from collections.abc import Sequence
from itertools import accumulate

from dashboard.colours import bin_labels, ramps
from dashboard.embed.scene import Scene
from dashboard.vocabulary import BUCKETS


def segments(scene: Scene) -> list[tuple[int, float, float]]:
    """(list, start, width), most votes first; of two lists they meet where the lead is."""
    votes = scene.count.get("votes")
    if not votes or not sum(votes):
        return []
    return [
        (index, *place)
        for index, place in zip(scene.order, _end_to_end([votes[i] for i in scene.order], sum(votes)), strict=True)
    ]


def buckets(scene: Scene) -> list[tuple[str, float, float]]:
    """(bucket, start, width) of what is counted, at the JEE and pending."""
    places = _end_to_end([scene.count.get(bucket) or 0 for bucket in BUCKETS], scene.count.get("total") or 0)
    return [(bucket, *place) for bucket, place in zip(BUCKETS, places, strict=True)]


def legend(scene: Scene) -> list[tuple[str, list[tuple[str, str]]]]:
    """Short name and (colour, lead it stands for) of each list whose colours need explaining."""
    lists, labels = [scene.lists[index] for index in scene.coloured], bin_labels(scene.presentation.lead_bins)
    colors = ramps([entry["color"] for entry in lists], scene.presentation)
    return [(entry["short"], [*zip(ramp, labels, strict=True)]) for entry, ramp in zip(lists, colors, strict=True)]


def _end_to_end(parts: Sequence[int], whole: int) -> list[tuple[float, float]]:
    starts = accumulate(parts[:-1], initial=0)
    return [
        (100 * start / whole, 100 * part / whole) if whole else (0.0, 0.0)
        for start, part in zip(starts, parts, strict=True)
    ]
