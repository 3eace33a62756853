"""The forms as a phone shows them, tried out by whoever prepares them; every shipped one, by its own questions."""

import msgspec
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from mission.forms.library import load_forms, offered
from tests.dashboard.axe import SIZES, objections
from tests.dashboard.toy.desk import DeskApi, open_ready

pytestmark = pytest.mark.browser

SHIPPED = [msgspec.to_builtins(form) for form in offered(load_forms())]


@pytest.fixture
def forms(desk: DeskApi, member: BrowserContext) -> Page:
    """A page of a coordinator, where the shipped forms are offered."""
    desk.mission.forms.offered = SHIPPED
    return member.new_page()


def answer(page: Page, question: str, said: str) -> None:
    """Choose an answer of a question that is asked."""
    page.get_by_role("group", name=question).get_by_label(said, exact=True).check()


def test_questions_come_as_they_are_asked_and_a_fault_is_said_where_it_is(forms: Page, url: str) -> None:
    open_ready(forms, f"{url}/mission/forms?form=opening")
    asked = forms.locator("[data-question]:visible")
    expect(asked).to_have_count(1)
    answer(forms, "¿Pudo entrar y observar sin obstáculos?", "Sí")
    answer(forms, "¿Se instaló la mesa?", "Sí")
    assert asked.count() > 10
    members, women = forms.get_by_label("¿Cuántos miembros de mesa hay?"), forms.get_by_label("¿Cuántas son mujeres?")
    members.fill("5")
    women.fill("2")
    expect(forms.locator('[data-question="members"] .note')).to_have_text("Fuera de lo esperado. Entre 0 y 3")
    expect(members).to_have_attribute("aria-invalid", "true")
    members.fill("1")
    women.blur()
    expect(forms.locator(".form > [role=status]")).to_contain_text("Son más mujeres que miembros de mesa.")
    answer(forms, "¿Pudo entrar y observar sin obstáculos?", "No")
    expect(members).not_to_be_visible()
    answer(forms, "¿Qué lo impidió?", "Solo desde lejos")
    expect(members).to_have_value("1")


def test_what_is_missing_is_counted_and_the_first_of_it_has_the_focus(forms: Page, url: str) -> None:
    open_ready(forms, f"{url}/mission/forms?form=departure")
    forms.get_by_label("¿A qué hora salió?").fill("18:30")
    forms.get_by_role("button", name="Revisar").click()
    expect(forms.locator(".phone > [role=status]")).to_have_text("7 respuestas por revisar.")
    focused = forms.locator(":focus")
    expect(focused).to_have_attribute("type", "radio")
    assert focused.evaluate("(element) => element.closest('[data-question]').dataset.question") == "why"


def test_a_form_is_answered_by_keys_alone_and_an_answer_is_taken_back(forms: Page, url: str) -> None:
    open_ready(forms, f"{url}/mission/forms?form=opening")
    forms.locator('[data-question="access"] input').first.focus()
    forms.keyboard.press("ArrowDown")
    expect(forms.locator('[data-question="obstacle"]')).to_be_visible()
    clear = forms.locator('[data-question="access"]').get_by_role("button", name="Borrar la respuesta")
    forms.keyboard.press("Tab")
    expect(clear).to_be_focused()
    forms.keyboard.press("Enter")
    expect(forms.locator('[data-question="obstacle"]')).not_to_be_visible()
    expect(forms.locator('[data-question="access"] input').first).to_be_focused()


def test_what_is_not_asked_yet_can_be_shown_and_an_earlier_version_looked_at(
    desk: DeskApi, forms: Page, url: str
) -> None:
    opening = next(form for form in SHIPPED if form["id"] == "opening")
    desk.mission.forms.earlier = [{**opening, "version": 0, "due": None, "title": {"es": "La de antes"}}]
    open_ready(forms, f"{url}/mission/forms?form=opening&lang=en")
    forms.get_by_role("button", name="Also show what is not asked yet").click()
    expect(forms.locator("[data-question]:visible")).to_have_count(19)
    expect(forms.get_by_role("table")).to_contain_text("Was the mesa installed?NoMesa not installed")
    forms.get_by_label("Version").select_option("0")
    expect(forms.locator(".phone h2")).to_have_text("La de antes")
    assert "version=0" in forms.url


_SMALL = "(labels) => labels.filter((label) => label.offsetHeight && label.offsetHeight < 44).length"


@pytest.mark.parametrize("form", ["arrival", "opening", "counting"])
def test_nobody_objects_to_a_form_and_every_answer_is_as_large_as_a_finger(forms: Page, url: str, form: str) -> None:
    open_ready(forms, f"{url}/mission/forms?form={form}")
    forms.get_by_role("button", name="Mostrar también").click()
    forms.get_by_role("button", name="Revisar").click()
    assert objections(forms) == []
    forms.set_viewport_size(SIZES[0])
    assert forms.evaluate("document.documentElement.scrollWidth") == SIZES[0]["width"]
    assert forms.locator(".phone label.radio").evaluate_all(_SMALL) == 0
