"""What a contest's rule says of its count, in sentences: who won, who goes on, and on how many votes it hangs."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from dashboard.words import Words

Data = Mapping[str, Any]


def has_threshold(outcome: Data | None) -> bool:
    """Whether the rule asks for more than the most votes."""
    return outcome is not None and outcome["threshold"] is not None


def conclusion(outcome: Data, contest: Data, words: Words) -> str:
    """What is certain under a rule with two rounds, in one sentence or two."""
    names = [contest["lists"][place]["short"] for place in outcome["first_two"]]
    if outcome["state"] == "won":
        return words("outcome.won", leader=contest["lists"][outcome["winner"]]["short"])
    if outcome["state"] != "runoff":
        return words(f"outcome.{outcome['state']}")
    if len(names) == 2:
        return words("outcome.runoff_pair", first=names[0], second=names[1])
    threshold = _threshold(contest["rule"], words)
    if names:
        return words("outcome.runoff_one", first=names[0], threshold=threshold)
    return words("outcome.runoff", threshold=threshold)


def margin(one: Data, contest: Data, words: Words) -> list[Any]:
    """One margin that decides, its numbers unbreakable."""
    name, values = _margin(one, contest, words)
    return words.spans(name, **values)


def margin_text(one: Data, contest: Data, words: Words) -> str:
    """The same as text."""
    name, values = _margin(one, contest, words)
    return words(name, **values)


def is_tie(one: Data) -> bool:
    """Whether no vote is between two lists: `tie` says that, not a ranking."""
    return one["behind"] is not None and not one["votes"]


def told_margins(outlook: Data) -> list[Data]:
    """The margins that decide, but for ties; none where nobody has votes: nobody leads then, and nobody is tied."""
    outcome = outlook["outcome"]
    if outlook["leader"] is None and not outcome["tied"]:
        return []
    return [one for one in outcome["margins"] if not is_tie(one)]


def closest(outlook: Data, contest: Data, words: Words) -> str | None:
    """The tie or the margin that decides by the fewest votes, open ones first."""
    outcome, one = outlook["outcome"], closest_margin(outlook)
    if outcome["tied"] and len(told_margins(outlook)) < len(outcome["margins"]):
        return tie(outcome, contest, words)
    return None if one is None else margin_text(one, contest, words)


def closest_margin(outlook: Data) -> Data | None:
    """The margin that decides by the fewest votes, open ones first, ties apart."""
    return min(told_margins(outlook), key=lambda one: (not one["is_open"], abs(one["votes"])), default=None)


def _margin(one: Data, contest: Data, words: Words) -> tuple[str, dict[str, Any]]:
    lists, votes = contest["lists"], one["votes"]
    values = {"ahead": lists[one["ahead"]]["short"], "n": abs(votes)}
    if one["behind"] is not None:
        return f"outcome.{one['kind']}", {**values, "behind": lists[one["behind"]]["short"]}
    name = "outcome.above" if votes >= 0 else "outcome.below"
    return name, {**values, "threshold": _threshold(contest["rule"], words)}


def tie(outcome: Data | None, contest: Data, words: Words) -> str | None:
    """Which lists share a place that decides."""
    if outcome is None or not outcome["tied"]:
        return None
    return words("outcome.tied", lists=joined([contest["lists"][place]["short"] for place in outcome["tied"]], words))


def joined(names: Sequence[str], words: Words) -> str:
    """ "Rojo, Azul, Verde", as the language joins them."""
    return words("outcome.and", most=", ".join(names[:-1]), last=names[-1])


def part_of(rule: Data) -> str:
    """The part of the valid votes that a rule asks for: "30 %"."""
    share = Fraction(rule["threshold"])
    percent = 100 * share
    return f"{percent.numerator}\u00a0%" if percent.denominator == 1 else str(share)


def _threshold(rule: Data, words: Words) -> str:
    return words("outcome.at_least" if rule["is_inclusive"] else "outcome.more_than", part=part_of(rule))
