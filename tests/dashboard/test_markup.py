"""The one writer of HTML: what nobody called finished is text, in templates, components and single elements alike."""

import re
from traceback import extract_tb

import pytest
from dash import html
from jinja2 import DictLoader, Environment, UndefinedError
from markupsafe import Markup

from dashboard import markup
from tests.dashboard.payloads import PAYLOADS


@pytest.fixture
def templates(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Templates by name, written by the test."""
    found: dict[str, str] = {}
    own: Environment = markup._TEMPLATES.overlay(loader=DictLoader(found))
    monkeypatch.setattr(markup, "_TEMPLATES", own)
    return found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_not_called_finished_is_text_wherever_it_is_written(payload: str, templates: dict[str, str]) -> None:
    templates["page"] = '<p title="{{ it }}">{{ it }}{{ [it]|html }}</p>'
    written = (
        markup.render("page", it=payload),
        markup.html_of(html.P([payload, [payload]], title=payload)),
        markup.element("text", [payload, None, payload], aria_label=payload),
    )
    for text in written:
        inside = text[text.index(" ") : text.rindex("</")]
        assert inside.count("<") == 0
        assert inside.count(">") == 1
        assert inside.count('"') == 2


def test_finished_markup_stays_as_it_is(templates: dict[str, str]) -> None:
    bold = Markup("<b>&amp;</b>")
    templates["page"] = "<p>{{ it }}</p>"
    assert markup.render("page", it=bold) == markup.html_of(html.P(bold)) == markup.element("p", bold)
    assert markup.html_of(html.P(bold)) == "<p><b>&amp;</b></p>"


def test_a_line_break_of_a_template_is_for_its_reader(templates: dict[str, str]) -> None:
    templates["page"] = '<p\n  id="a">\n  {{ a }}\n  {% if b %}\n  <b>{{ b }}</b> one\n  two\n  {% endif %}\n</p>\n'
    assert markup.render("page", a="x\ny", b=1) == '<p id="a">x\ny<b>1</b> one two</p>'


def test_a_name_that_is_not_there_is_an_error_which_tells_its_line(templates: dict[str, str]) -> None:
    templates["page"] = "<p>\n\n{{ nobody }}\n</p>"
    with pytest.raises(UndefinedError) as raised:
        markup.render("page")
    assert [frame.lineno for frame in extract_tb(raised.tb) if frame.filename == "<template>"] == [3]


def test_attributes_stand_in_one_order_whatever_process_writes_them() -> None:
    names = [f"data-{letter}" for letter in "hgfedcba"]
    told = markup.html_of(html.P("it", title="t", **dict.fromkeys(names, "1")))
    assert re.findall(r"data-\w", told) == sorted(names)
    assert told.startswith('<p title="t" data-a')


def test_code_is_made_of_every_template_at_once(templates: dict[str, str]) -> None:
    templates |= {"page": "<p>{{ it }}</p>", "within/picture": "<svg/>"}
    markup.compile_templates()
    templates.clear()
    assert markup.render("page", it="a") + markup.render("within/picture") == "<p>a</p><svg/>"
