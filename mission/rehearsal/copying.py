"""The rehearsal's quick count: a sample of mesas, each copied twice as soon as it is counted, three of them wrongly."""

from collections import deque
from typing import Any

from mission.rehearsal.data import QuickCountData
from mission.rehearsal.people import Person
from tally.model import NOT_VALID, ActaState

# Mesas that are looked at in one step.
_AT_ONCE = 4
# Until then an acta may still be counted; what a jury has is nobody's to copy from.
_LATER = ActaState.PENDING


class SampleCopies:
    """Draws the sample once the count knows its mesas, then copies each when it is counted; none that is at a jury.

    `people`: a coordinator, and two of the team who type in what they are told.
    """

    def __init__(self, data: QuickCountData, election: str, people: tuple[Person, ...]) -> None:
        self._data, self._election = data, election
        self._coordinator, *self._typists = people
        self._id = ""
        self._lists: list[str] = []
        self._waiting = deque[str]()
        self._copied = self._vain = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the sample is left to copy."""
        return bool(self._id) and not self._waiting

    @property
    def is_waiting(self) -> bool:
        """Whether every mesa that is left was looked at in vain."""
        return bool(self._id) and self._vain >= len(self._waiting)

    def act(self) -> None:
        """Draw, or look at the next mesas.

        Raises: Busy.
        """
        if not self._id:
            self._draw()
        for _ in range(min(_AT_ONCE, len(self._waiting))):
            if self._copy(self._waiting[0]):
                self._waiting.popleft()
                self._vain = 0
            else:
                self._waiting.rotate(-1)
                self._vain += 1

    def _draw(self) -> None:
        known = self._coordinator.get("quick-counts")
        if known["quick_counts"]:  # a play that was begun again
            found = known["quick_counts"][0]
        elif known["frame"]["is_whole"]:
            size = min(self._data.size, known["frame"]["mesas"])
            asked = {"name": self._data.name, "unit": self._data.unit, "design": self._data.design}
            found = self._coordinator.send("quick-counts", {**asked, "size": size, "seed": self._data.seed}, "")
        else:
            return
        if found is None:
            return
        self._id = found["id"]
        told = self._coordinator.count(self._election)
        self._lists = [one["code"] for one in told["contest"]["lists"]]
        units = self._coordinator.get(f"quick-counts/{self._id}/units")["units"]
        self._waiting.extend(one["mesa"] for one in units)

    def _copy(self, mesa: str) -> bool:
        acta = self._coordinator.count(f"{self._election}/mesas/{mesa}")
        if acta.get("state", _LATER) == _LATER:
            return False
        if acta["state"] != ActaState.COUNTED or acta.get("votes") is None:
            return True
        votes = dict(zip(self._lists, acta["votes"], strict=True))
        figures = {name: acta.get(name) for name in (*NOT_VALID, "cast", "registered")}
        if self._copied < self._data.planted:
            votes = self._moved(votes)
        for typist in self._typists:
            body = {"mesa": mesa, "entry": 1, "votes": votes, **figures}
            typist.send(f"quick-counts/{self._id}/copies", body, f"rehearsal-{mesa}")
        self._copied += 1
        return True

    def _moved(self, votes: dict[str, Any]) -> dict[str, Any]:
        """The same with votes of one list at another: what a hurried hand does, and a fraud would."""
        giver = max(votes, key=lambda code: votes[code] or 0)
        taker = next(code for code in votes if code != giver)
        moved = min(self._data.moved, votes[giver] or 0)
        return {**votes, giver: (votes[giver] or 0) - moved, taker: (votes[taker] or 0) + moved}
