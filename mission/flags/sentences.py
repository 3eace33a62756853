"""Which texts of [flag] follow on the one that is named like a flag's kind, and make up its sentence with it.

A text that needs a figure nobody knows is left out; instead of the first one, [flag_general] says what kind it is.
"""

from collections.abc import Mapping

from mission.flags.flag import FlagKind

_NOT_EVIDENCE = "not_evidence"
_MOVES = ("turned", "moves", _NOT_EVIDENCE)

SENTENCES: Mapping[FlagKind, tuple[str, ...]] = {
    FlagKind.ARITHMETIC: ("held", "roll", _NOT_EVIDENCE),
    FlagKind.AGGREGATE: (_NOT_EVIDENCE,),
    FlagKind.DECREASE: ("again", "decrease_usual", _NOT_EVIDENCE),
    FlagKind.REOPENED: (_NOT_EVIDENCE,),
    FlagKind.SWAP: ("swap_cause", *_MOVES),
    FlagKind.SHARE: ("likely", "weak", "causes", *_MOVES),
    FlagKind.TURNOUT: ("likely", "weak", "turnout_causes", *_MOVES),
    FlagKind.IDENTICAL: ("identical_cause", "identical_beyond", _NOT_EVIDENCE),
    FlagKind.ZERO: (_NOT_EVIDENCE,),
}
