"""The guide of text messages: what stands behind each number, so that whoever has no data has it on paper.

It is made of the rubric and the forms that are asked, and read, searched and kept offline as any other guide.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from mission.forms.library import offered
from mission.forms.model import Form, Question
from mission.guides.document import Document, DocumentNode
from mission.guides.library import Guide, Guides
from mission.messages.codes import SEVERITY_NUMBERS, category_codes
from mission.messages.form_answers import question_numbers
from mission.messages.orders import OrderWord
from texts.language import Language, load_languages

NAME = "text-messages"


def add_text_guide(guides: Guides, forms: Mapping[str, tuple[Form, ...]]) -> Guides:
    """The guides with that of text messages; one of the mission's own of that name stands in its place."""
    asked = offered(forms)
    documents = {code: _document(language, asked) for code, language in load_languages().items()}
    digest = hashlib.sha256(msgspec.json.encode(documents)).hexdigest()
    known = {NAME: Guide(NAME, digest, documents), **guides.guides}
    return replace(guides, guides=dict(sorted(known.items())))


def _document(language: Language, forms: Iterable[Form]) -> Document:
    def say(name: str, **values: object) -> str:
        return language(f"text_guide.{name}", **values)

    incident, read, help_ = (language(f"text_order.{word}").split()[0] for word in OrderWord)
    categories = [(code, language(f"category.{category}")) for code, category in category_codes().items()]
    severities = [
        (str(number), f"{language(f'severity.{severity}')}. {language(f'severity.{severity}_rubric')}")
        for number, severity in SEVERITY_NUMBERS.items()
    ]
    blocks = [
        _paragraph(say("about")),
        _heading("h3", say("incident")),
        _paragraph(say("incident_how", word=incident)),
        _table((say("category"), say("what")), categories),
        _table((say("severity"), say("what")), severities),
        _heading("h3", say("message")),
        _paragraph(say("message_how", read=read, help=help_)),
        _heading("h3", say("form")),
        _paragraph(say("form_how")),
    ]
    for form in forms:
        rows = [
            (str(number), language.of(question.label), _answer(language, question))
            for number, question in question_numbers(form).items()
        ]
        blocks.append(_heading("h4", f"{form.code.upper()}: {language.of(form.title)}"))
        blocks.append(_table((say("number"), say("question"), say("answer")), rows))
    return Document(say("title"), tuple(blocks))


def _answer(language: Language, question: Question) -> str:
    """How a question is answered: its choices by their numbers, or what is written."""
    choices = " · ".join(f"{n} {language.of(choice.label)}" for n, choice in enumerate(question.choices, start=1))
    said = language(f"text_guide.answer_{question.type}")
    return " ".join(filter(None, (choices, said)))


def _heading(tag: str, text: str) -> DocumentNode:
    return DocumentNode(tag, (text,))


def _paragraph(text: str) -> DocumentNode:
    return DocumentNode("p", (text,))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> DocumentNode:
    def line(cells: Sequence[str], tag: str) -> DocumentNode:
        return DocumentNode("tr", tuple(DocumentNode(tag, (cell,)) for cell in cells))

    body = tuple(line(cells, "td") for cells in rows)
    return DocumentNode("table", (DocumentNode("thead", (line(head, "th"),)), DocumentNode("tbody", body)))
