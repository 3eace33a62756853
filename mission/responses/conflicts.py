"""Answers of several observers to one form at one place: kept apart, set beside each other, chosen by a person."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from mission.responses.response import FormResponse, Given


class Ruling(Struct, frozen=True, omit_defaults=True):
    """Data of `rule`: whose answer to which question stands, and why. Who and when says the entry.

    among: responses that were there to choose from.
    """

    form: str
    key: str
    choose: Mapping[str, str]
    among: tuple[str, ...]
    reason: str
    by: str = ""
    at: str = ""


class StandingAnswers(Struct, frozen=True):
    """What was answered to a form at a place or mesa.

    answers: by question; None: observers differ and nobody has chosen yet. differences: what each response says, by
    question and response, where two differ. chosen: whose answer stands there, by question.
    """

    form: str
    key: str
    responses: tuple[FormResponse, ...]
    answers: Mapping[str, Given | None]
    differences: Mapping[str, Mapping[str, Given]]
    chosen: Mapping[str, str]

    @property
    def undecided(self) -> list[str]:
        """Questions on which observers differ, and nobody has chosen."""
        return [question for question in self.differences if question not in self.chosen]


def weigh(at: tuple[str, str], responses: Sequence[FormResponse], rulings: Sequence[Ruling]) -> StandingAnswers:
    """Those responses, one an observer, as one set of answers. Nothing is decided by how many said it."""
    said: dict[str, dict[str, Given]] = {}
    free: dict[str, Given] = {}
    for response in responses:
        for question, answer in response.asked.items():
            if question in response.sent.uncompared:
                free[question] = answer
            else:
                said.setdefault(question, {})[response.id] = answer
    differences = {question: by for question, by in said.items() if _differ(by)}
    ruled = {question: _chosen(question, by, rulings) for question, by in differences.items()}
    chosen = {question: response for question, response in ruled.items() if response is not None}
    answers: dict[str, Given | None] = {**free, **{question: _first(by) for question, by in said.items()}}
    answers |= {question: by[chosen[question]] if question in chosen else None for question, by in differences.items()}
    return StandingAnswers(*at, tuple(responses), answers, differences, chosen)


def _first(by: Mapping[str, Given]) -> Given:
    return next(iter(by.values()))


def _differ(by: Mapping[str, Given]) -> bool:
    first = _first(by)
    return any(answer != first for answer in by.values())


def _chosen(question: str, by: Mapping[str, Given], rulings: Sequence[Ruling]) -> str | None:
    """The response whose answer was chosen last, unless it counts no more or somebody said something else since."""
    for ruling in reversed(rulings):
        one = ruling.choose.get(question)
        if one is not None:
            newer = [answer for response, answer in by.items() if response not in ruling.among]
            return one if one in by and all(answer == by[one] for answer in newer) else None
    return None
