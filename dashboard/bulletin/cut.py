"""What a bulletin is written from: one cut of a count, in the shapes that the API's answers have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tally.keys import NATION

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Cut:
    """One version of a count. `meta`: as at the election's address, with its outlook. `areas`: values by key.

    before: what the whole said at the cut before (`seq`, `at`, `source_at`, its `data`), None at the first. queue: the
    summary of the queue at the juries. leads: changes of the first place until now, oldest first. noted: lines of the
    ledger since the cut before, about large areas. held: names of the large areas of which a newer value is held now.
    """

    meta: Data
    areas: Mapping[str, Data]
    before: Data | None = None
    queue: Data | None = None
    leads: Sequence[Data] = ()
    noted: Sequence[Data] = ()
    held: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def seq(self) -> int:
        """Its version."""
        return int(self.meta["seq"])

    @property
    def whole(self) -> Data:
        """The value of all of the contest."""
        return self.areas.get(NATION, {})

    @property
    def lists(self) -> Sequence[Data]:
        """The contest's lists, in the order of the votes."""
        found: Sequence[Data] = self.meta["contest"]["lists"]
        return found
