"""The figures of one area's count at one version, each with its fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.bulletin.figure import Figure, How, Value
from dashboard.figures import group, percent, points, running, share_decimals, shown, standing_of, turnout_of

Data = Mapping[str, Any]
_ACTA_DECIMALS = 2


@dataclass(frozen=True)
class Measured:
    """An area's count as pages show it: what the source publishes, else our own sum. `data`: its value."""

    key: str
    version: int
    data: Data
    lists: Sequence[Data]

    @property
    def count(self) -> Data:
        """The count that is shown."""
        return shown(self.data)

    @property
    def side(self) -> str:
        """Whose count it is."""
        return "published" if self.data.get("published") else "computed"

    @property
    def standing(self) -> str:
        """What can be said of it."""
        return standing_of(self.count)

    @property
    def order(self) -> list[int]:
        """The running lists, most votes first."""
        votes = self.count.get("votes") or ()
        return sorted((place for place in running(self.lists) if place < len(votes)), key=lambda one: -votes[one])

    @property
    def margin(self) -> int | None:
        """Votes between the first two running lists; None where there are no two."""
        return None if len(self.order) < 2 else self._votes(0) - self._votes(1)

    @property
    def tied(self) -> list[int]:
        """Lists that share the first place."""
        if self.standing != "tie":
            return []
        votes = self.count["votes"]
        return [place for place in self.order if votes[place] == votes[self.order[0]]]

    def _votes(self, rank: int) -> int:
        return int(self.count["votes"][self.order[rank]])

    def figure(self, text: str, value: float | str, of: Sequence[str], how: How = "value") -> Value:
        """A figure made of those fields of the count."""
        fields = tuple(f"{self.side}.{one}" for one in of)
        return Value(value if isinstance(value, int) else text, (self._stated(text, value, fields, how),))

    def _stated(self, text: str, value: float | str, fields: tuple[str, ...], how: How) -> Figure:
        return Figure(text, value, self.key, self.version, fields, how)

    def number(self, field: str) -> Value:
        """One of its numbers."""
        found: int = self.count[field]
        return self.figure(group(found), found, [field])

    def votes(self, place: int) -> Value:
        """A list's votes."""
        found: int = self.count["votes"][place]
        return self.figure(group(found), found, [f"votes.{place}"])

    def share(self, place: int) -> Value:
        """A list's part of the valid votes, as finely as the first two need."""
        own, valid = self.count["votes"][place], self._valid
        text = percent(own, valid, self._decimals)
        return self.figure(text, 100 * own / valid, [f"votes.{place}", "valid"], "percent")

    def lead(self) -> Value:
        """The margin in votes."""
        found = self.margin or 0
        return self.figure(group(found), found, self._first_two, "difference")

    def points(self) -> Value:
        """The margin in points."""
        margin, valid = self.margin or 0, self._valid
        text = points(margin, valid, self._decimals)
        return self.figure(text, 100 * margin / valid, [*self._first_two, "valid"], "points")

    def part(self, bucket: str) -> Value:
        """A bucket's part of all actas."""
        own, total = self.count[bucket], self.count["total"]
        return self.figure(percent(own, total, _ACTA_DECIMALS), 100 * own / total, [bucket, "total"], "percent")

    def turnout(self) -> Value | None:
        """Votes cast by the voters of counted actas, of our own sum; None where that is not known."""
        sums = self.data.get("computed") or {}
        if not sums.get("counted") or not sums.get("registered_counted"):
            return None
        text, exact = turnout_of(self.data), 100 * sums["cast"] / sums["registered_counted"]
        return Value(text, (self._stated(text, exact, ("computed.cast", "computed.registered_counted"), "percent"),))

    def summed(self) -> Value:
        """The counted actas in our own sum: fewer than the source's, while they are being read."""
        found: int = self.data["computed"]["counted"]
        return Value(found, (self._stated(group(found), found, ("computed.counted",), "value"),))

    @property
    def _first_two(self) -> list[str]:
        return [f"votes.{place}" for place in self.order[:2]]

    @property
    def _valid(self) -> int:
        return sum(self.count["votes"])

    @property
    def _decimals(self) -> int:
        return share_decimals(self.margin, self._valid) if self.margin is not None else 1
