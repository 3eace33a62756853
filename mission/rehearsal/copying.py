"""The rehearsal's quick count: a sample of mesas, each copied twice, at the door or as soon as its acta is counted.

Three are copied wrongly: the first whose actas are counted, as whoever looks on is to see a difference soon. What was
copied rightly at the door is typed again there, by a hurried hand.
"""

import csv
from pathlib import Path
from typing import Any

from mission.rehearsal.data import QuickCountData
from mission.rehearsal.people import Person
from tally.model import NOT_VALID, ActaState

# Mesas that are copied in one step.
_AT_ONCE = 4
# Where none was counted, so many steps pass until they are looked at again.
_REST = 8
# Until then an acta may still be counted; what a jury has is nobody's to copy from.
_LATER = (None, ActaState.PENDING.value)
_FIGURES = (*NOT_VALID, "cast", "registered")
_MESAS, _ACTAS = "mesas.csv", "actas.csv"
# Figures of an acta by name, and the lists' votes by their codes.
_Copy = dict[str, Any]


class SampleCopies:
    """Draws the sample from the mission's list of mesas, or from the count once it knows its own, and copies it.

    `people`: a coordinator, and two of the team who type in what they are told; `papers`: see Invitations.
    """

    def __init__(
        self, data: QuickCountData, election: str, people: tuple[Person, ...], papers: Path | None = None
    ) -> None:
        self._data, self._election, self._papers = data, election, papers
        self._coordinator, *self._typists = people
        self._id = ""
        self._lists: list[str] = []
        # Mesas whose actas are still to be counted; those that were and wait; copies at the doors that wait.
        self._open = set[str]()
        self._counted: list[str] = []
        self._at_doors: dict[str, _Copy] = {}
        self._typed = set[str]()
        self._planted = self._turn = 0
        self._is_vain = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the sample is left to copy."""
        return bool(self._id) and not self._open and not self._at_doors

    @property
    def is_waiting(self) -> bool:
        """Whether all is copied but what was not counted when it was last looked at."""
        return bool(self._id) and self._is_vain and not self._at_doors

    def draw(self) -> None:
        """Give the list and draw; without one, once the count names all of its mesas.

        Raises: Busy.
        """
        known = self._coordinator.get("quick-counts")
        if known["quick_counts"]:  # a play that was begun again
            found = known["quick_counts"][0]
        elif self._papers is not None or known["frame"]["is_whole"]:
            frame = known["frame"] if self._papers is None else self._give(self._papers / _MESAS)
            asked = {"name": self._data.name, "unit": self._data.unit, "design": self._data.design}
            body = {**asked, "size": min(self._data.size, frame["mesas"]), "seed": self._data.seed}
            found = self._coordinator.send("quick-counts", {**body, "frame": frame.get("id")}, "")
        else:
            return
        if found is None:
            return
        self._lists = [one["code"] for one in self._coordinator.count(self._election)["contest"]["lists"]]
        self._open = {one["mesa"] for one in self._units(found["id"])}
        self._at_doors = {} if self._papers is None else self._read_doors(self._papers / _ACTAS)
        self._id = found["id"]

    def act(self) -> None:
        """Draw if that is still to do, or copy the next mesas: those that are counted, then some at the doors.

        Raises: Busy.
        """
        if not self._id:
            self.draw()
        self._turn += 1
        if self._open and not self._counted and (not self._is_vain or self._turn % _REST == 0):
            units = self._units(self._id)
            found = [one["mesa"] for one in units if one["mesa"] in self._open and one["acta"] not in _LATER]
            self._counted, self._is_vain = found, not found
        for mesa in self._counted[:_AT_ONCE]:
            self._copy_counted(mesa)
            self._counted.remove(mesa)
            self._open.discard(mesa)
        for mesa in list(self._at_doors)[:_AT_ONCE]:
            self._type(mesa, self._at_doors[mesa])
            self._at_doors.pop(mesa, None)

    def _give(self, listing: Path) -> Any:
        text = listing.read_text()
        digest = self._coordinator.table("sampling-frames/preview", text)["digest"]
        return self._coordinator.table("sampling-frames", text, digest=digest)

    def _read_doors(self, actas: Path) -> dict[str, _Copy]:
        """What stands at the doors of the sample's mesas."""
        with actas.open(newline="") as lines:
            rows = [row for row in csv.DictReader(lines) if row["mesa"] in self._open]
        return {row["mesa"]: self._read_acta(row) for row in rows}

    def _read_acta(self, row: dict[str, str]) -> _Copy:
        votes = {code: int(row[f"votes{n}"]) for n, code in enumerate(self._lists, start=1)}
        return {"votes": votes, **{name: int(row[name]) for name in _FIGURES}}

    def _units(self, number: str) -> list[dict[str, Any]]:
        units: list[dict[str, Any]] = self._coordinator.get(f"quick-counts/{number}/units")["units"]
        return units

    def _copy_counted(self, mesa: str) -> None:
        acta = self._coordinator.count(f"{self._election}/mesas/{mesa}")
        if acta["state"] != ActaState.COUNTED or acta.get("votes") is None:
            return
        votes = dict(zip(self._lists, acta["votes"], strict=True))
        is_planted = self._planted < self._data.planted
        if mesa in self._typed and not is_planted:
            return
        copied = {"votes": self._moved(votes) if is_planted else votes, **{name: acta.get(name) for name in _FIGURES}}
        self._type(mesa, copied, "again" if mesa in self._typed else "")
        self._at_doors.pop(mesa, None)
        self._planted += is_planted

    def _type(self, mesa: str, copy: _Copy, turn: str = "") -> None:
        for typist in self._typists:
            body = {"mesa": mesa, "entry": 1, **copy}
            typist.send(f"quick-counts/{self._id}/copies", body, f"rehearsal-{mesa}{turn}")
        self._typed.add(mesa)

    def _moved(self, votes: dict[str, Any]) -> dict[str, Any]:
        """The same with votes of one list at another: what a hurried hand does, and a fraud would."""
        giver = max(votes, key=lambda code: votes[code] or 0)
        taker = next(code for code in votes if code != giver)
        moved = min(self._data.moved, votes[giver] or 0)
        return {**votes, giver: (votes[giver] or 0) - moved, taker: (votes[taker] or 0) + moved}
