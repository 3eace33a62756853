"""Random grounds for the tests of findings: places, who looked at them, and what was answered."""

import random

from mission.findings.seen import FindingCell, PlaceSetting, Seen
from mission.findings.table import FindingsGround
from mission.forms.model import Choice, Form, FormMoment, Question, QuestionType, Section
from mission.responses.response import Given

OPENED = Question(id="opened", type=QuestionType.YES_NO, label={"es": "¿Abrió?"}, is_reported=True)
WAIT = Question(id="wait", type=QuestionType.NUMBER, label={"es": "Espera"}, is_reported=True)
BEGAN = Question(id="began", type=QuestionType.TIME, label={"es": "Hora"}, is_reported=True)
LACKING = Question(
    id="lacking",
    type=QuestionType.CHOICES,
    label={"es": "Faltó"},
    choices=(Choice("ballots", {"es": "Cédulas"}), Choice("ink", {"es": "Tinta"})),
    is_reported=True,
)
NOTE = Question(id="note", type=QuestionType.TEXT, label={"es": "Nota"})


def form_of(*questions: Question) -> Form:
    """A form that asks those questions."""
    title = {"es": "Apertura"}
    return Form(
        id="opening",
        version=1,
        moment=FormMoment.OPENING,
        code="AP",
        title=title,
        sections=(Section(id="all", title=title, questions=questions),),
    )


def seen_at(n: int, cell: FindingCell, observers: set[str], **answers: Given) -> Seen:
    """What stands at the n-th polling place."""
    return Seen(f"place/{n:04}", f"{n:04}", cell, frozenset(observers), answers, responses=(f"r{n}",))


def draw_ground(chance: random.Random) -> FindingsGround:
    """Up to 60 places in up to four regions; observers go about, in their region for the most part.

    Whoever says that it opened is asked how long the wait was.
    """
    regions = [f"{n:02}" for n in range(1, chance.randint(2, 5))]
    cells = [FindingCell(region, setting) for region in regions for setting in PlaceSetting if chance.random() < 0.8]
    cells = cells or [FindingCell("01", PlaceSetting.URBAN)]
    seen, places = [], {}
    for n in range(chance.randint(0, 60)):
        cell = chance.choice(cells[: chance.randint(1, len(cells))])
        own = cell.region if chance.random() < 0.9 else chance.choice(regions)
        observers = {f"ave-{own}-{chance.randint(0, 8)}" for _ in range(chance.choice((1, 1, 2)))}
        opened = chance.choice(("yes", "no", "na"))
        asked: dict[str, Given] = {"wait": 5} if opened == "yes" else {}
        seen.append(seen_at(n, cell, observers, opened=opened, **asked))
        if chance.random() < 0.8:
            places[f"{n:04}"] = cell
    named = frozenset(region for region in regions if chance.random() < 0.8)
    return FindingsGround({"opening": seen}, places, named)
