"""What a person orders: "truncate", "truncate:0.2", "403-storm:90s@2m", "echo:0.5:10m@30s"."""

import re

from msgspec import Struct

from ingest.rehearsal.faults.catalogue import FAULTS
from tally.errors import InvalidInput

_SPAN = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)([smh])", re.ASCII)
_SHARE = re.compile(r"0?\.[0-9]{1,9}|[01](?:\.0{0,9})?", re.ASCII)
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}


class Order(Struct, frozen=True):
    """A fault, its share of the answers, and when: seconds from the first question on; `lasts_s` None is for good."""

    name: str
    share: float
    begins_s: float
    lasts_s: float | None

    def is_due(self, elapsed_s: float) -> bool:
        """Whether it is active that long after the first question."""
        return elapsed_s >= self.begins_s and (self.lasts_s is None or elapsed_s < self.begins_s + self.lasts_s)


def read_order(text: str) -> Order:
    """The order that NAME[:SHARE][:DURATION][@BEGINNING] stands for.

    Raises: InvalidInput: no such fault, or not a share or duration.
    """
    order, at, beginning = text.partition("@")
    name, *options = order.split(":")
    if name not in FAULTS:
        raise InvalidInput(f"unknown fault {name!r}; known: {', '.join(FAULTS)}")
    share, lasts_s = FAULTS[name].usual_share, FAULTS[name].usual_s
    begins_s = _seconds(beginning, text) if at else FAULTS[name].begins_s
    for option in options:
        if _SHARE.fullmatch(option):
            share = float(option)
        else:
            lasts_s = _seconds(option, text)
    return Order(name, share, begins_s, lasts_s)


def _seconds(span: str, text: str) -> float:
    found = _SPAN.fullmatch(span)
    if found is None:
        raise InvalidInput(f"--fault {text!r}: {span!r} is neither a share like 0.2 nor a time like 90s, 2m or 1h")
    return float(found[1]) * _SECONDS[found[2]]
