"""The guide of text messages: whoever has it on paper can write each order, and is understood."""

from pathlib import Path
from typing import Any

from mission.forms.library import load_forms, offered
from mission.guides.document import Document, DocumentNode
from mission.guides.library import Guide, Guides, load_guides
from mission.messages.form_answers import question_numbers
from mission.messages.guide import NAME, add_text_guide
from tally.storage.store import Store
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team, team_of
from tests.api.mission.messages.conftest import PHONES
from tests.api.mission.messages.gateway import told

ANA = PHONES["observer"]


def printed(team: Team, language: str = "es") -> list[Any]:
    """The blocks of the guide as an observer's phone gets them."""
    answer = team.people["observer"].get(f"{MISSION}/guides/{NAME}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["documents"][language]["blocks"])


def rows(table: Any) -> list[list[str]]:
    """The cells of a table's body."""
    return [["".join(cell["children"]) for cell in row["children"]] for row in table["children"][1]["children"]]


def tables(team: Team, language: str = "es") -> list[list[list[str]]]:
    return [rows(block) for block in printed(team, language) if block["tag"] == "table"]


def test_the_printed_type_and_severity_are_what_a_text_files(team: Team) -> None:
    categories, severities, *_ = tables(team)
    assert ["07", "Propaganda en el local"] in categories
    assert [number for number, _ in severities] == ["1", "2", "3", "4"]
    [kind] = [number for number, word in categories if word == "Intimidación o violencia"]
    [grave] = [number for number, word in severities if word.startswith("Grave")]
    assert (told(team.public, ANA, f"INC {kind} 000001 {grave} pelea") or "").startswith("Recibido")
    [incident] = team.people["verifier"].get(f"{MISSION}/incidents").json()["incidents"]
    assert (incident["category"], incident["severity"]) == ("intimidation_or_violence", "serious")


def test_each_form_that_is_asked_has_all_its_questions_by_the_numbers_a_text_gives_them(team: Team) -> None:
    for language in ("es", "en"):
        _, _, *forms = tables(team, language)
        asked = offered(load_forms())
        assert [[int(number) for number, *_ in lines] for lines in forms] == [[*question_numbers(one)] for one in asked]
        for form, lines in zip(asked, forms, strict=True):
            assert [text for _, text, _ in lines] == [one.label[language] for one in form.questions.values()]
            assert all(answer for *_, answer in lines)


def test_without_a_gateway_there_is_no_such_guide_and_a_missions_own_stands_before_ours(
    store: Store, tmp_path: Path
) -> None:
    with team_of(store, tmp_path) as team:
        assert team.people["observer"].get(f"{MISSION}/guides/{NAME}").status_code == 404
    own = Guide(NAME, "x", {"es": Document("Lo nuestro", (DocumentNode("p", ("Así.",)),))})
    made = add_text_guide(Guides({**load_guides().guides, NAME: own}, ()), load_forms())
    assert made.guides[NAME] is own
    assert [*made.guides] == sorted(made.guides)
