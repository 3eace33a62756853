"""From what is known of a cut to its sentences: every rule in turn, said of each subject that it fits."""

from collections.abc import Iterable, Iterator, Sequence

from dashboard.bulletin.figure import Sentence, Subject
from dashboard.bulletin.rules import Length, SentenceRule, load_rules
from dashboard.words import Words

_ENDS = ".!?»”"


def write(subjects: Sequence[Subject], length: Length, words: Words) -> list[Sentence]:
    """The sentences of a bulletin of that length; of equal ones the first."""
    found = (_say(rule, subject, words) for rule, subject in _chosen(subjects, length))
    return list({sentence.text: sentence for sentence in reversed(list(found))}.values())[::-1]


def text_of(sentences: Iterable[Sentence], length: Length) -> str:
    """All of them as plain text: a page has a paragraph for each section."""
    if length != "page":
        return " ".join(sentence.text for sentence in sentences)
    parts: dict[str, list[str]] = {}
    for sentence in sentences:
        parts.setdefault(sentence.section, []).append(sentence.text)
    return "\n\n".join(" ".join(part) for part in parts.values())


def _chosen(subjects: Sequence[Subject], length: Length) -> Iterator[tuple[SentenceRule, Subject]]:
    return (
        (rule, subject)
        for rule in load_rules()
        if length in rule.lengths
        for subject in subjects
        if rule.is_said_of(subject)
    )


def _say(rule: SentenceRule, subject: Subject, words: Words) -> Sentence:
    given = {**subject.values, **{name: subject.values[own] for name, own in rule.values.items()}}
    shown = {name: value.shown for name, value in given.items()}
    text = words(rule.text, **shown).replace("\u00a0", " ")
    used = words.slots(rule.text, **shown)
    figures = dict.fromkeys(figure for slot in used for figure in given[slot].figures)
    return Sentence(rule.id, rule.section, text if text.endswith(tuple(_ENDS)) else f"{text}.", tuple(figures))
