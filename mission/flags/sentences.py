"""Which texts of [flag] make up the sentence of each kind of flag, in their order.

A text that needs a figure nobody knows is left out; instead of the first one, [flag_general] says what kind it is.
"""

from collections.abc import Mapping

from mission.flags.flag import FlagKind

_NOT_EVIDENCE = "not_evidence"
_AWAY = ("likely", "weak", "causes", "moves", _NOT_EVIDENCE)

SENTENCES: Mapping[FlagKind, tuple[str, ...]] = {
    FlagKind.ARITHMETIC: ("arithmetic", "held", "roll", _NOT_EVIDENCE),
    FlagKind.AGGREGATE: ("aggregate", _NOT_EVIDENCE),
    FlagKind.DECREASE: ("decrease", "again", "decrease_usual", _NOT_EVIDENCE),
    FlagKind.REOPENED: ("reopened", _NOT_EVIDENCE),
    FlagKind.SWAP: ("swap", "swap_cause", "moves", _NOT_EVIDENCE),
    FlagKind.SHARE: ("share", *_AWAY),
    FlagKind.TURNOUT: ("turnout", *_AWAY),
    FlagKind.IDENTICAL: ("identical", "identical_cause", _NOT_EVIDENCE),
    FlagKind.ZERO: ("zero", _NOT_EVIDENCE),
}
