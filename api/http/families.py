"""Families of metrics under our prefix, and those that every process of an installation tells alike."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from tally.storage.disk import DiskRoom

PREFIX = "escrutinio_"
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Labelled = Mapping[tuple[str, ...], float]
FamilyKind = type[GaugeMetricFamily | CounterMetricFamily]


def gauge(name: str, text: str, value: float | None) -> Iterable[Metric]:
    """One figure; none of what is not known."""
    if value is not None:
        yield GaugeMetricFamily(PREFIX + name, text, value=value)


def counter(name: str, text: str, value: float) -> Metric:
    """One figure that only grows."""
    return CounterMetricFamily(PREFIX + name, text, value=value)


def by(label: str, name: str, text: str, values: Mapping[str, float], kind: FamilyKind = GaugeMetricFamily) -> Metric:
    """One figure for each value of a label."""
    return family(name, text, {(value,): number for value, number in values.items()}, (label,), kind)


def about(name: str, text: str, **labels: str) -> Metric:
    """What is said in labels alone."""
    return family(name, text, {tuple(labels.values()): 1.0}, tuple(labels))


def family(
    name: str, text: str, values: Labelled, labels: Sequence[str], kind: FamilyKind = GaugeMetricFamily
) -> Metric:
    """One figure for each of some labels."""
    found = kind(PREFIX + name, text, labels=labels)
    for labelled, value in values.items():
        found.add_metric(labelled, value)
    return found


def of_installation(rooms: Mapping[str, DiskRoom], clock_offset_s: float | None) -> Iterable[Metric]:
    """The program's version, what is left of its disks, and how far this machine's clock is off from the database's."""
    yield about("build_info", "The program that tells this.", version=version("escrutinio"))
    free = {name: float(room.free_bytes) for name, room in rooms.items()}
    yield by("folder", "disk_free_bytes", "Left on the disk of a folder.", free)
    inodes = {name: float(room.free_inodes) for name, room in rooms.items() if room.free_inodes is not None}
    yield by("folder", "disk_free_inodes", "Files that still fit on the disk of a folder.", inodes)
    yield from gauge("clock_offset_seconds", "This machine's clock before the database's.", clock_offset_s)
