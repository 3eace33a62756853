"""A source that is unwell: the second suite of false answers, apart from the first in every class.

A class is given a whole scene, so that two answers may go wrong together, and is tried at first sight and in mid-count.
"""

from bench.mutations.unwell import fields, pages, siblings, texts, values  # noqa: F401 - each registers its own
from bench.mutations.unwell.scene import CLASSES, Spoil, WireScene

__all__ = ["CLASSES", "Spoil", "WireScene"]
