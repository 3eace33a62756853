"""The rehearsal's day of observation: forms come in, messages are read, a sample of mesas is copied."""

import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from mission.forms.model import Form
from mission.rehearsal.answers import Pen, read_forms
from mission.rehearsal.copying import SampleCopies
from mission.rehearsal.data import DayData, PlantedConflict
from mission.rehearsal.people import Person
from tally import moments
from tally.keys import Level, code_of, level_of

# Whether it was done; what was not is tried again after the others.
Step = Callable[[], bool]
# Who is one of two in what is planted: a pair for each conflict, then one that says what another said.
_PAIR = 2


class Observation:
    """What the mission does beside reports, step by step; `places` tells the keys of an observer's place by now."""

    def __init__(
        self,
        data: DayData,
        chance: random.Random,
        people: tuple[Person, Sequence[Person], Sequence[Person]],
        places: Callable[[int], Sequence[str]],
        election: str,
        sample: SampleCopies,
    ) -> None:
        self._data, self._chance, self._places, self._election = data, chance, places, election
        self._coordinator, self._verifiers, self._observers = people
        self._pen = Pen(data, chance)
        self._steps = deque[Step]()
        self._mesas: dict[int, str] = {}
        self._said: dict[tuple[str, int], dict[str, Any]] = {}
        self._sample = sample
        self._is_begun = False

    def is_over(self, *, is_patient: bool) -> bool:
        """Whether all was done; who is not patient waits for no acta that is still to be counted."""
        if not self._is_begun or self._steps:
            return False
        return self._sample.is_whole or (self._sample.is_waiting and not is_patient)

    def act(self) -> None:
        """Do the next thing.

        Raises: Busy.
        """
        if not self._is_begun:
            self._steps.extend(self._plan())
            self._is_begun = True
        self._sample.act()
        if self._steps:
            step = self._steps[0]
            if step():
                self._steps.popleft()
            else:
                self._steps.rotate(-1)

    def _plan(self) -> Iterator[Step]:
        forms = read_forms(self._coordinator.get("forms"))
        told = self._coordinator.count(self._election)
        zone = ZoneInfo(told["timezone"])
        # The day that a rehearsal observes: see Case.form_time.
        day = datetime.combine(moments.utc_now().astimezone(zone).date() - timedelta(days=1), datetime.min.time(), zone)
        first, *rest = self._data.messages
        yield partial(self._write, first.text, None, 0)
        for form in forms:
            for n in range(len(self._observers)):
                if self._chance.random() >= self._data.answers.absent or n < _PAIR * (len(self._data.planted) + 1):
                    yield partial(self._answer, form, n, day)
        for number, message in enumerate(rest, 1):
            yield partial(self._write, message.text, message.without_form, number)
        yield self._judge

    def _answer(self, form: Form, n: int, day: datetime) -> bool:
        """One observer's form: of their mesa, or of the neighbour's where two are to be at one."""
        mesa = self._mesa(n)
        if mesa is None:
            return False
        answers, (started, finished) = self._pen.fill(form), self._pen.times(form, day)
        pairs = [(one, _PAIR * place) for place, one in enumerate(self._data.planted)]
        for planted, left in pairs:
            if n == left + 1 and form.id == planted.form:
                mesa, answers = self._mesa(left) or mesa, self._otherwise(planted, left, answers)
        alike = _PAIR * len(pairs)
        if n == alike + 1:
            answers = self._said.get((form.id, alike), answers)
        if n == alike and self._chance.random() < self._data.answers.late:
            started, finished = finished, started
        self._said[form.id, n] = answers
        body = {
            "form": form.id,
            "version": form.version,
            "place": {Level.MESA.value: mesa},
            "started_at": started,
            "finished_at": finished,
            "device_at": finished,
            "answers": answers,
            "is_time_confirmed": True,
        }
        self._observers[n].send("responses", body, f"rehearsal-{form.id}-{n}")
        return True

    def _otherwise(self, planted: PlantedConflict, left: int, answers: dict[str, Any]) -> dict[str, Any]:
        said = self._said.get((planted.form, left), answers)
        number = said.get(planted.question)
        return {**said, planted.question: number + 1} if isinstance(number, int) else said

    def _mesa(self, n: int) -> str | None:
        """A mesa where that observer stands, the same all day; None until one is known."""
        if n not in self._mesas:
            taken = set(self._mesas.values())
            known = [code_of(key) for key in self._places(n) if level_of(key) is Level.MESA]
            free = [mesa for mesa in known if mesa not in taken] or known
            if not free:
                return None
            self._mesas[n] = self._chance.choice(free)
        return self._mesas[n]

    def _write(self, text: str, without: str | None, number: int) -> bool:
        """A message, which most read and some answer."""
        to = {"kind": "without_form" if without else "all", "value": without}
        sent = self._coordinator.send("messages", {"to": to, "text": text}, f"rehearsal-{number}")
        for observer in self._observers:
            if sent is not None and self._chance.random() < self._data.reading.share:
                observer.post(f"messages/{sent['id']}/read", {})
                if self._chance.random() < self._data.reading.answer:
                    said = self._chance.choice(self._data.reading.answers)
                    observer.post(f"messages/{sent['id']}/answers", {"text": said})
        return True

    def _judge(self) -> bool:
        """A verifier settles one of the conflicts and looks at some of what looks odd."""
        verifier = self._verifiers[-1]
        for one in verifier.get("conflicts")["conflicts"][:1]:
            choose = {name: next(iter(each)) for name, each in one["differences"].items()}
            path = f"conflicts/{one['form']}/{one['place_code']}"
            verifier.post(path, {"choose": choose, "reason": self._data.judging.chosen, "seen": one["revision"]})
        for response in verifier.get("responses", to_look_at="1")["responses"][:3]:
            review = {"state": "verified", "reason": self._data.judging.verified, "seen": response["revision"]}
            verifier.post(f"responses/{response['id']}/verify", review)
        return True


def roster_of(data: DayData, number: int) -> tuple[str, list[str]]:
    """A CSV of so many invented people, the first of each team its lead; and their names."""
    roster = data.roster
    names = [f"{given} {family}" for family in roster.family for given in roster.given][:number]
    lines = [
        roster.line.format(n=n, name=name, team=n % roster.teams + 1, lead=roster.lead[n < roster.teams])
        for n, name in enumerate(names)
    ]
    return "\n".join([roster.heads, *lines, ""]), names
