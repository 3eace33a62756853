"""What is said of the way to a cut: what moved since the cut before, who led when, what was corrected or is held."""

from collections.abc import Iterator

from dashboard.bulletin.cut import Cut, Data
from dashboard.bulletin.figure import Figure, Subject, Value, name
from dashboard.bulletin.measured import Measured
from dashboard.bulletin.whole import measured_of, moment
from dashboard.figures import group
from dashboard.ledger import told_moves
from dashboard.naming import name_of
from dashboard.words import Words
from tally.keys import NATION

_MOST_LINES = 10


def subjects_of(cut: Cut, words: Words) -> Iterator[Subject]:
    """The change since the cut before, the lead so far, what is held, and each line of the ledger."""
    now = measured_of(cut)
    then = None if cut.before is None else Measured(NATION, cut.before["seq"], cut.before["data"], cut.lists)
    # What the source says and what we add up are no two cuts of one series.
    if cut.before is not None and then is not None and then.side == now.side:
        yield _change(cut, cut.before, then)
    if now.standing in ("leads", "tie"):
        yield _lead(cut)
    if cut.held:
        places = [name_of(words, key, said) for key, said in cut.held.items()]
        held = Figure(
            group(len(cut.held)), len(cut.held), NATION, cut.seq, tuple(f"{key}.held" for key in cut.held), "number"
        )
        yield Subject("held", frozenset(), {"n": Value(len(cut.held), (held,)), "places": name(", ".join(places))})
    corrections = [line for line in cut.noted if line["kind"] == "correction"]
    if corrections:
        seqs = tuple(f"{line['key']}@{line['seq']}" for line in corrections)
        number = Figure(group(len(seqs)), len(seqs), NATION, cut.seq, seqs, "number")
        yield Subject("corrections", frozenset(), {"n": Value(len(seqs), (number,))})
    for line in cut.noted[:_MOST_LINES]:
        yield _line(cut, line, words)
    rest = len(cut.noted) - _MOST_LINES
    if rest > 0:
        more = Figure(group(rest), rest, NATION, cut.seq, ("corrections",), "number")
        yield Subject("more_lines", frozenset(), {"n": Value(rest, (more,))})


def _change(cut: Cut, before: Data, then: Measured) -> Subject:
    now = measured_of(cut)
    values = {"since": moment(cut, before["source_at"], before["at"], before["seq"])}
    facts = set()
    for field in ("counted", "valid"):
        difference = (now.count.get(field) or 0) - (then.count.get(field) or 0)
        facts.add(f"{field}_{'rose' if difference > 0 else 'fell' if difference else 'stayed'}")
        text, of = group(abs(difference)), (f"{now.side}.{field}",)
        figure = Figure(text, abs(difference), NATION, cut.seq, of, "difference", since=before["seq"])
        values[field] = Value(abs(difference), (figure,))
    both = now.standing == then.standing == "leads" and len(now.order) > 1
    if both and now.order[0] == then.order[0] and now.margin != then.margin:
        facts.add("lead_moved")
        values |= {"leader": name(cut.lists[now.order[0]]["short"]), "before": then.lead(), "after": now.lead()}
    return Subject("change", frozenset(facts), values)


def _lead(cut: Cut) -> Subject:
    """How often the first place changed, and the last time."""
    facts, leads = {measured_of(cut).standing}, cut.leads
    if not leads:
        return Subject("lead", frozenset({*facts, "never_changed"}))
    last, times = leads[-1], tuple(f"moments.{turn['seq']}" for turn in leads)
    if cut.before is None or last["seq"] > cut.before["seq"]:
        facts.add("changed_now")
    of = tuple(f"published.votes.{last[side]}" for side in ("leader", "before"))
    margin = Figure(group(last["margin"]), last["margin"], NATION, last["seq"], of, "difference")
    values = {
        "n": Value(len(leads), (Figure(group(len(leads)), len(leads), NATION, cut.seq, times, "number"),)),
        "leader": name(cut.lists[last["leader"]]["short"]),
        "before": name(cut.lists[last["before"]]["short"]),
        "margin": Value(last["margin"], (margin,)),
        "at": moment(cut, last["source_at"], last["at"], last["seq"]),
    }
    return Subject("lead", frozenset(facts), values)


def _line(cut: Cut, line: Data, words: Words) -> Subject:
    """A line of the ledger: what happened where, and each figure that moved."""
    said, figures = [name_of(words, line["key"], line["name"])], []
    for text, move in told_moves(line, cut.lists, words):
        said.append(text)
        field = f"{move.side}.{f'votes.{move.figure}' if isinstance(move.figure, int) else move.figure}"
        for shown, version in ((move.before, line["seq"] - 1), (move.after, line["seq"])):
            figures.append(Figure(shown, shown, line["key"], version, (field,)))
    return Subject(
        "line",
        frozenset({line["kind"]}),
        {"kind": name(words(f"kind.{line['kind']}")), "place": Value("; ".join(said), tuple(figures))},
    )
