"""What is said of the actas at the juries: how many wait, and whether they can still decide."""

from dashboard.bulletin.cut import Cut
from dashboard.bulletin.figure import Figure, Subject, Value
from dashboard.figures import group
from tally.keys import NATION


def subject_of(cut: Cut) -> Subject | None:
    """The queue as a subject; None where nothing waits, or the source does not say how many do."""
    summary = cut.queue
    if summary is None or not summary["published_open"]:
        return None
    waiting: int = summary["published_open"]
    facts, values = set(), {"n": _figure(cut, waiting, "published.at_jee")}
    # While figures are in review nothing is concluded from them.
    if summary["margin"] is not None and summary["at_most_votes"] and not cut.meta["outlook"]["in_review"]:
        deciding = summary["deciding"]
        # Of a tie there is no lead that these votes could be held against.
        is_lead = bool(summary["margin"]) and (deciding is None or deciding["kind"] == "first_second")
        is_bound = summary["at_most_is_bound"] or summary["open"] > waiting
        facts |= {"has_weight", "by_lead" if is_lead else "by_rule", "is_bound" if is_bound else "is_exact"}
        facts.add("can_decide" if summary["exceeds_margin"] else "cannot_decide")
        values |= {
            "votes": _figure(cut, summary["at_most_votes"], "queue.summary.at_most_votes"),
            "margin": _figure(cut, summary["margin"], "queue.summary.margin"),
        }
    return Subject("jury", frozenset(facts), values)


def _figure(cut: Cut, number: int, field: str) -> Value:
    return Value(number, (Figure(group(number), number, NATION, cut.seq, (field,)),))
