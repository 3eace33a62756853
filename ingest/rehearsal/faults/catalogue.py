"""Every fault by the name under which it is asked for, in the order in which they work on one answer."""

from ingest.rehearsal.faults.fault import Fault
from ingest.rehearsal.faults.figures import DuplicateMesa, Echo, NullGeneral, OtherElection, ZeroActa
from ingest.rehearsal.faults.refusals import ActaChallenge, Challenge202, Html200, Storm403, TooMany429, Truncate
from ingest.rehearsal.faults.times import ClockSkew, Decrease, Freeze, StaleEdge
from ingest.rehearsal.faults.wire import GzipBomb, SlowDrip

# From the count itself to the wire: what a later one covers, an earlier one did in vain, as in reality.
FAULTS: dict[str, type[Fault]] = {
    "freeze": Freeze,
    "decrease": Decrease,
    "stale-edge": StaleEdge,
    "echo": Echo,
    "null-general": NullGeneral,
    "zero-acta": ZeroActa,
    "duplicate-mesa": DuplicateMesa,
    "clock-skew": ClockSkew,
    "wrong-election": OtherElection,
    "truncate": Truncate,
    "html-200": Html200,
    "202-challenge": Challenge202,
    "acta-challenge": ActaChallenge,
    "429": TooMany429,
    "403-storm": Storm403,
    "slow-drip": SlowDrip,
    "gzip-bomb": GzipBomb,
}
