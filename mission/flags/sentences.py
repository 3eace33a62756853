"""Which texts of [flag] follow on the one that is named like a flag's kind, and make up its sentence with it.

A text that needs a figure nobody knows is left out; instead of the first one, [flag_general] says what kind it is.
"""

from collections.abc import Mapping

from mission.flags.flag import FlagKind

_NOT_EVIDENCE = "not_evidence"
_AWAY = ("likely", "weak", "causes", "moves", _NOT_EVIDENCE)

SENTENCES: Mapping[FlagKind, tuple[str, ...]] = {
    FlagKind.ARITHMETIC: ("held", "roll", _NOT_EVIDENCE),
    FlagKind.AGGREGATE: (_NOT_EVIDENCE,),
    FlagKind.DECREASE: ("again", "decrease_usual", _NOT_EVIDENCE),
    FlagKind.REOPENED: (_NOT_EVIDENCE,),
    FlagKind.SWAP: ("swap_cause", "moves", _NOT_EVIDENCE),
    FlagKind.SHARE: _AWAY,
    FlagKind.TURNOUT: _AWAY,
    FlagKind.IDENTICAL: ("identical_cause", _NOT_EVIDENCE),
    FlagKind.ZERO: (_NOT_EVIDENCE,),
}
