"""What the checkpoints of a count are called."""

from dashboard.vocabulary import CHECKPOINTS
from dashboard.words import Words
from tally.keys import is_digits


def is_milestone(name: str) -> bool:
    """Whether it is a turn of the count's own, rather than a share on the way: the first figure, the last, no more."""
    return name not in CHECKPOINTS[:-1]


def name_of_checkpoint(words: Words, name: str) -> str:
    """A share of the actas, the first figure, or that nothing is pending any more."""
    return words("bulletin.share", pct=f"{name} %") if is_digits(name) else words(f"bulletin.{name}")
