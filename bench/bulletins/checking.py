"""What is wrong with a bulletin: a number that the data do not have, a wrong plural, two sentences that contradict.

Numbers are read back out of the text, by a reader of its own: none is taken from the code that wrote it.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bench.bulletins.telling import Data, Told
from dashboard.bulletin.figure import Figure, Sentence
from tally.keys import NATION
from texts.language import forms_of, load_languages, plural

_MOMENT = r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d"
_NUMBER = r"[<>] \d+\.\d+(?: %)?|\d+\.\d+(?: %)?|\d{1,3}(?: \d{3})+(?: %)?|\d+(?: %)?"
_STATED = re.compile(f"{_MOMENT}|(?<![\\w.]){_NUMBER}")
_LANGUAGES = load_languages()
_NO_CAUSE = re.compile(
    r"\b(?:debido|gracias a|por culpa|tendencia|proyec\w+|pronóstic\w+|probabl\w+|ganar[áí]\w*|because|due to|trend"
    r"|project\w+|forecast\w*|likely|probab\w+|will win)\b",
    re.IGNORECASE,
)
# No two sentences of these may stand in one bulletin.
_APART: tuple[tuple[set[str], set[str]], ...] = (
    ({"first_two", "first_only", "margin", "winner", "decided", "lead_moved"}, {"tie", "tie_votes", "no_valid_votes"}),
    ({"first_two", "margin", "tie", "headline"}, {"nothing_counted", "not_read", "no_valid_votes"}),
    ({"complete"}, {"progress", "out", "open", "missing", "nothing_counted"}),
    ({"winner", "decided"}, {"open"}),
    ({"in_review"}, {"open", "winner", "decided", "jury_weight", "jury_verdict"}),
    ({"counted_rose"}, {"counted_fell", "counted_stayed"}),
    ({"valid_rose"}, {"valid_fell"}),
    ({"lead_changes"}, {"no_lead_changes"}),
    ({"lead_changed"}, {"lead_moved", "last_lead", "no_lead_changes"}),
)
# Facts that are told of in several sentences, each under the fields by which they tell it.
_SAME = (
    ("published.at_jee", "queue.summary.published_open"),
    ("outlook.margin", "queue.summary.margin", "published.votes.0|published.votes.1"),
)
_CAN_DECIDE = ("Alcanza", "They are enough", "It is enough")
_VERBS = {"es": (("falta", "faltan"), ("espera", "esperan")), "en": ()}


def faults_of(data: Data, told: Sequence[Told]) -> Iterator[str]:
    """Everything that is wrong with the bulletins of a cut."""
    for one in told:
        for sentence in one.sentences:
            yield from _numbers(data, sentence)
            yield from _plurals(sentence.text, one.language)
            if _NO_CAUSE.search(sentence.text):
                yield f"a cause or a forecast: {sentence.text}"
        yield from _undated(data, one)
        yield from _contradictions(one)
        if one.length == "page" and not one.sentences:
            yield f"nothing is said in {one.language}"
    yield from _differing(told)
    yield from _unequal(told)


def numbers_in(text: str) -> list[str]:
    """The numbers and moments that stand in a text."""
    return _STATED.findall(text)


def _numbers(data: Data, sentence: Sentence) -> Iterator[str]:
    stated, named = set(numbers_in(sentence.text)), {figure.text for figure in sentence.figures}
    if stated != named:
        yield f"{sentence.id}: {sorted(stated ^ named)} is stated or named, not both: {sentence.text}"
    for figure in sentence.figures:
        if not _is_there(data, figure):
            yield f"{sentence.id}: {figure.text} is not what {figure.of} of {figure.key} make at {figure.version}"


def _is_there(data: Data, figure: Figure) -> bool:
    """Whether the data have that number: worked out anew from the fields, and written as the text has it."""
    if figure.how == "number":
        return figure.text == str(len(figure.of))
    values = [data.field(figure, path, figure.version) for path in figure.of]
    if any(value is None for value in values):
        return False
    if figure.of[-1].endswith(("_at", "as_of")):
        local = datetime.fromisoformat(values[0]).astimezone(UTC).astimezone(ZoneInfo(data.cut.meta["timezone"]))
        return figure.text == local.strftime("%d/%m/%Y %H:%M:%S")
    return _is_written(figure, _worked_out(data, figure, values))


def _worked_out(data: Data, figure: Figure, values: Sequence[int]) -> float:
    first, *others = values
    if figure.since is not None:
        return abs(first - data.field(figure, figure.of[0], figure.since))
    if figure.how == "percent":
        return 100 * first / others[0]
    if figure.how == "points":
        return 100 * (first - others[0]) / others[1]
    return abs(first - sum(others) if figure.how == "difference" else first + sum(others))


def _is_written(figure: Figure, value: float) -> bool:
    text = figure.text.removesuffix(" %").replace(" ", "")
    if text[0] in "<>":
        bound = float(text[1:])
        return 0 < value < bound if text[0] == "<" else bound <= value < 100
    decimals = len(text.partition(".")[2])
    return abs(float(text) - value) <= 0.5 * 10**-decimals + 1e-9 if decimals else int(text) == value


def _plurals(text: str, code: str) -> Iterator[str]:
    """Units and verbs that do not go with the number beside them."""
    units = _LANGUAGES[code].texts["units"].values()
    for unit in units:
        one, other = (form.removeprefix("{n} ") for form in forms_of(unit))
        if one == other:
            continue
        for number, noun in re.findall(
            rf"(?<![\w.,])(\d[\d ]*) ({re.escape(one)}|{re.escape(other)})\b(?! \w*s\b)", text
        ):
            wanted = one if plural(code, int(number.replace(" ", ""))) == "one" else other
            if noun != wanted:
                yield f"{number} {noun}: {text}"
    for single, many in _VERBS[code]:
        for verb, number in re.findall(rf"\b({single}|{many}) (\d[\d ]*)", text, re.IGNORECASE):
            if (verb.lower() == single) is not (int(number.replace(" ", "")) == 1):
                yield f"{verb} {number}: {text}"


def _contradictions(told: Told) -> Iterator[str]:
    said = {sentence.id for sentence in told.sentences}
    for one, other in _APART:
        if said & one and said & other:
            yield f"{sorted(said & one)} beside {sorted(said & other)} in {told.language}, {told.length}"
    if said & {"winner", "decided"} and any(text.startswith(_CAN_DECIDE) for text in _texts(told, "jury_verdict")):
        yield f"decided, and yet the juries could decide, in {told.language}, {told.length}"


def _undated(data: Data, told: Told) -> Iterator[str]:
    """Figures of a part that the source stamped otherwise than the whole: two moments that would be taken for one."""
    whole = _stamp(data, NATION, data.cut.seq)
    for sentence in told.sentences:
        stamps = {
            (one.key, _stamp(data, one.key, one.version)) for one in sentence.figures if one.version == data.cut.seq
        }
        moments = {one.value for one in sentence.figures}
        for key, stamp in stamps:
            if stamp not in (None, whole, *moments):
                yield f"{sentence.id}: {key} is of {stamp}, all of it of {whole}: {sentence.text}"


def _stamp(data: Data, key: str, version: int) -> str | None:
    found = data.field(Figure("", "", key, version, ()), "published", version)
    return None if found is None else found.get("source_at")


def _texts(told: Told, rule: str) -> Iterator[str]:
    return (sentence.text for sentence in told.sentences if sentence.id == rule)


def _differing(told: Sequence[Told]) -> Iterator[str]:
    """One fact has one number, whatever the sentence, length or language."""
    known: dict[tuple[object, ...], str] = {}
    for one in told:
        for sentence in one.sentences:
            for figure in sentence.figures:
                fact = (figure.key, figure.version, figure.of, figure.how, figure.since)
                if known.setdefault(fact, figure.text) != figure.text:
                    yield f"{fact} is {known[fact]} and {figure.text}"


def _unequal(told: Sequence[Told]) -> Iterator[str]:
    """Facts that are told by different fields are the same number, too."""
    stated: dict[tuple[str, int, str], float | str] = {}
    for one in told:
        for sentence in one.sentences:
            for figure in sentence.figures:
                if figure.since is None:
                    stated[figure.key, figure.version, "|".join(sorted(figure.of))] = figure.value
    for fields in _SAME:
        for key, version in {(key, version) for key, version, _ in stated}:
            found = {stated[key, version, field] for field in fields if (key, version, field) in stated}
            if len(found) > 1:
                yield f"{fields} of {key} at {version} are {sorted(map(str, found))}"
