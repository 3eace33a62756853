"""What is said of the whole of a contest: how far it is, who is first, what its rule makes of it, and the turnout."""

from collections.abc import Iterator, Sequence

from dashboard.bulletin.cut import Cut, Data
from dashboard.bulletin.figure import Figure, Subject, Value, name, together
from dashboard.bulletin.measured import Measured
from dashboard.components import outcome
from dashboard.figures import group
from dashboard.moments import full_clock, told
from dashboard.naming import title_of
from dashboard.vocabulary import BUCKETS
from dashboard.words import Words
from tally.keys import NATION

_SHARES_SAID = 3


def measured_of(cut: Cut) -> Measured:
    """The figures of the whole."""
    return Measured(NATION, cut.seq, cut.whole, cut.lists)


def subject_of(cut: Cut, words: Words) -> Subject:
    """The whole as a subject: its facts and its values."""
    whole = measured_of(cut)
    facts = {*_standing(whole), *_rule(cut)}
    values = {"place": name(title_of(words, cut.meta, NATION, None, is_whole=True)), "at": _now(cut)}
    if cut.meta["is_test"]:
        facts.add("is_test")
    if _stamped(cut) is not None:
        facts.add("is_stamped")
    if "is_counted" in facts:
        values |= _progress(whole)
        if (turnout := whole.turnout()) is not None:
            facts.add("has_turnout")
            values |= {"turnout": turnout, "summed": whole.summed()}
        facts |= {f"has_{field}" for field in ("blank", "null") if whole.count.get(field) is not None}
    if "has_votes" in facts:
        values |= _first(whole, cut, words)
    if "has_outcome" in facts:
        values |= _certain(cut, words)
    if "has_missing" in facts:
        values |= _missing(cut, words)
    return Subject("whole", frozenset(facts), values)


def _standing(whole: Measured) -> Iterator[str]:
    count, standing = whole.count, whole.standing
    yield standing
    if standing in ("leads", "tie"):
        yield "has_votes"
    if count.get("total") is not None:
        yield "is_read"
    if count.get("counted"):
        yield "is_counted"
    if count.get("total"):
        yield "is_complete" if count["counted"] == count["total"] else "is_partial"
    if whole.side == "computed":
        yield "is_our_sum"
    if len(whole.order) > 1:
        yield "has_second"


def _rule(cut: Cut) -> Iterator[str]:
    """What arithmetic says; nothing of it where nobody has a vote."""
    outlook = cut.meta["outlook"]
    found, decided = outlook.get("outcome"), outlook["decided"]
    if outlook.get("in_review"):
        yield "in_review"
    if outlook["uncounted_actas"]:
        yield "has_missing"
    if found is None:
        return
    yield "has_outcome"
    yield "is_decided" if decided else "is_open"
    yield "has_threshold" if outcome.has_threshold(found) else "by_lead"
    if found["winner"] is not None:
        yield "has_winner"
    if found["tied"] and cut.whole["published"]["votes"][found["tied"][0]] < max(cut.whole["published"]["votes"]):
        yield "tie_second"
    if _closest(cut) is not None:
        yield "has_closest"


def _now(cut: Cut) -> Value:
    return moment(cut, _stamped(cut), cut.meta["as_of"], cut.seq)


def _stamped(cut: Cut) -> str | None:
    return told(measured_of(cut).count.get("source_at"), cut.meta["as_of"])


def moment(cut: Cut, source_at: str | None, at: str, version: int, key: str = NATION) -> Value:
    """When a version of a key was, in the election's time zone: by the source's stamp, else by our own clock."""
    stamp = told(source_at, at)
    text, field = full_clock(stamp or at, cut.meta["timezone"]), "as_of" if stamp is None else "published.source_at"
    return Value(text, (Figure(text, stamp or at, key, version, (field,)),))


def _progress(whole: Measured) -> dict[str, Value]:
    count = whole.count
    values = {field: whole.number(field) for field in (*BUCKETS, "total", "cast")}
    values |= {field: whole.number(field) for field in ("blank", "null") if count.get(field) is not None}
    return {**values, "pct": whole.part("counted")}


def _first(whole: Measured, cut: Cut, words: Words) -> dict[str, Value]:
    shorts, order = [entry["short"] for entry in cut.lists], whole.order
    shares = [(shorts[place], whole.share(place)) for place in order[:_SHARES_SAID]]
    said = ", ".join(f"{short} {share.shown}" for short, share in shares)
    values = {
        "shares": together(said, *(share for _, share in shares)),
        "tied": name(outcome.joined([shorts[place] for place in whole.tied], words) if whole.tied else ""),
    }
    for rank, place in zip(("first", "second"), order, strict=False):
        values |= {rank: name(shorts[place])}
        values |= {f"{rank}_votes": whole.votes(place), f"{rank}_share": whole.share(place)}
    if len(order) > 1:
        margin = whole.lead()
        values |= {"margin": margin, "points": whole.points()}
        values["votes"] = together(words("units.vote", n=margin.shown), margin)
    return values


def _missing(cut: Cut, words: Words) -> dict[str, Value]:
    outlook = cut.meta["outlook"]
    actas, voters = (_of_outlook(cut, field) for field in ("uncounted_actas", "uncounted_registered"))
    bound = "bound" if outlook["uncounted_registered_is_bound"] else "exact"
    return {"actas": actas, "voters": together(words(f"outlook.voters_{bound}", n=voters.shown), voters)}


def _of_outlook(cut: Cut, field: str) -> Value:
    found: int = cut.meta["outlook"][field]
    return Value(found, (Figure(group(found), found, NATION, cut.seq, (f"outlook.{field}",)),))


def _certain(cut: Cut, words: Words) -> dict[str, Value]:
    """Who won or goes on under the contest's rule, and what it hangs on."""
    found, contest = cut.meta["outlook"]["outcome"], cut.meta["contest"]
    values = {}
    if found["winner"] is not None:
        values["winner"] = name(cut.lists[found["winner"]]["short"])
    if outcome.has_threshold(found):
        values["conclusion"] = _with_part(outcome.conclusion(found, contest, words), cut)
    if found["tied"]:
        values["tied_second"] = name(outcome.joined([cut.lists[place]["short"] for place in found["tied"]], words))
    if (closest := _closest(cut)) is not None:
        values["closest"] = margin_of(closest, cut, words)
    return values


def _closest(cut: Cut) -> Data | None:
    """Under a rule with two rounds the margin that hangs on the fewest votes."""
    outlook = cut.meta["outlook"]
    return outcome.closest_margin(outlook) if outcome.has_threshold(outlook.get("outcome")) else None


def told_margins(cut: Cut) -> Sequence[Data]:
    """The margins that a rule with two rounds hangs on."""
    outlook = cut.meta["outlook"]
    return outcome.told_margins(outlook) if outcome.has_threshold(outlook.get("outcome")) else []


def margin_of(one: Data, cut: Cut, words: Words) -> Value:
    """One of them in words, with its figure and that of the threshold."""
    said, at = (
        outcome.margin_text(one, cut.meta["contest"], words),
        cut.meta["outlook"]["outcome"]["margins"].index(one),
    )
    votes = abs(one["votes"])
    figure = Figure(group(votes), votes, NATION, cut.seq, (f"outlook.outcome.margins.{at}.votes",))
    return together(said, Value("", (figure,)), _with_part(said, cut))


def _with_part(said: str, cut: Cut) -> Value:
    """A phrase with the part of the valid votes that the rule asks for, where it names it."""
    rule = cut.meta["contest"]["rule"]
    text = outcome.part_of(rule).replace("\u00a0", " ")
    figure = Figure(text, rule["threshold"], NATION, cut.seq, ("contest.rule.threshold",))
    return Value(said, (figure,) if text in said.replace("\u00a0", " ") else ())
