"""An area among its neighbours: the areas around and below it, its actas, and what they say of its published count."""

from collections.abc import Iterable, Mapping

from tally.keys import NATION, is_area
from tally.model import AreaCount
from tally.rules.arithmetic import Arithmetic
from tally.rules.checks import Around, Largest, exceeds
from tally.rules.issues import Issue, Rule, broken
from tally.rules.reconcile import adds_up, compare, counted_as_many
from tally.sums import RunningSums
from tally.tree import Tree

_NOTED = (Rule.AGAINST_PARTS, Rule.TOTAL_CHANGED)


class Neighbours:
    """Reads a board's tree, sums and published counts. `wholes` are the areas that hold the whole contest.

    While it is watching, a published area is held against its parts and its roll as they come.
    """

    def __init__(
        self, tree: Tree, sums: RunningSums, published: Mapping[str, AreaCount], wholes: set[str], largest: Largest
    ) -> None:
        self._tree, self._sums, self._published = tree, sums, published
        self._wholes, self._largest = wholes, largest
        self._noted: dict[str, tuple[Issue, ...]] = {}
        self.is_watching = self.knows_the_only = True

    def go_by(self, arithmetic: Arithmetic) -> None:
        """Look at what those rules look at."""
        self.is_watching, self.knows_the_only = arithmetic.watches_parts, arithmetic.knows_the_only

    def around(self, key: str, count: AreaCount) -> Around:
        """What a new count of that area is held against."""
        above = self._above(key)
        parts, listed = self._parts(key), self._sums.of(key).total
        known = [part.total for part in parts if part is not None]
        is_own = key == NATION or (self.is_watching and self._is_backed(key, count))
        return Around(
            whole=None if is_own or self._is_all(key) else self._published.get(NATION),
            parent=None if is_own else self._published.get(above),
            roll=self._roll(key, count),
            most=self._largest.of(key),
            before=self._published.get(key),
            listed=listed,
            totals=(listed, sum(known)) if 0 < len(known) == len(parts) else (listed,),
        )

    def note(self, key: str, before: AreaCount | None) -> str | None:
        """Mark a published area that changed its number of actas or contradicts its parts.

        Returns: the key of the area above, if the same must now be said of it, or need not be any more.
        """
        if not self.is_watching:
            return None
        total = self._published[key].total
        if before is not None and 0 < before.total != total:
            self._noted[key] = (broken(Rule.TOTAL_CHANGED, total=total, before=before.total),)
        self._look(key)
        above = self._above(key)
        return above if self._look(above) else None

    def flags(self, key: str) -> tuple[Issue, ...]:
        """What is to be said of a published area beside its count."""
        published, noted = self._published.get(key), self._noted.get(key, ())
        roll = self._roll(key, published) if published is not None and self.is_watching else None
        if published is None or roll is None or published.cast <= roll:
            return noted
        return (broken(Rule.OVER_ROLL, cast=published.cast, registered=roll), *noted)

    def recall(self, key: str, flags: Iterable[Issue]) -> None:
        """Know what was said of an area before."""
        self._noted[key] = tuple(flag for flag in flags if flag.rule in _NOTED)

    def _look(self, key: str) -> bool:
        """Say whether an area contradicts its parts; whether that is new."""
        earlier = self._noted.get(key, ())
        changed = (flag for flag in earlier if flag.rule != Rule.AGAINST_PARTS)
        self._noted[key] = (*self._contradiction(key), *changed)
        return self._noted[key] != earlier

    def _contradiction(self, key: str) -> tuple[Issue, ...]:
        own = self._published.get(key)
        if own is None or own.source_at is None:
            return ()
        parts = self._parts(key)
        same = [part for part in parts if part is not None and part.source_at == own.source_at]
        is_apart = len(same) == len(parts) > 0 and not adds_up(own, same)
        return (broken(Rule.AGAINST_PARTS),) if is_apart or any(exceeds(part, own) for part in same) else ()

    def _is_all(self, key: str) -> bool:
        """Whether an area holds the whole contest, by its scope or because the source names no other within it."""
        while self.knows_the_only and key != NATION and key not in self._wholes:
            above = self._above(key)
            if self._named_below(above) != [key]:
                return False
            key = above
        return key in self._wholes or key == NATION

    def _named_below(self, key: str) -> list[str]:
        nodes = self._tree.children[self._tree.nodes[key]]
        return [self._tree.keys[node] for node in nodes if self._tree.names[node] is not None]

    def _is_backed(self, key: str, count: AreaCount) -> bool:
        """Whether an area's own actas or parts add up to a count: then it is not the odd one, whatever is around it."""
        sums = self._sums.of(key)
        if count.total > 0 and counted_as_many(count, sums) and not compare(count, sums):
            return True
        parts = [part for part in self._parts(key) if part is not None]
        return 0 < len(parts) == len(self._parts(key)) and adds_up(count, parts)

    def _roll(self, key: str, count: AreaCount) -> int | None:
        """Voters of an area all of whose mesas are known."""
        sums = self._sums.of(key)
        return sums.registered if sums.total == count.total > 0 else None

    def _parts(self, key: str) -> list[AreaCount | None]:
        """What is published of each area right below; None for one that is known by name alone."""
        keys = (self._tree.keys[node] for node in self._tree.children[self._tree.nodes[key]])
        return [self._published.get(one) for one in keys if is_area(one)]

    def _above(self, key: str) -> str:
        """Key of the area above, "" of the nation; an area that was never heard of is made."""
        return self._tree.keys[self._tree.parents[self._tree.area(key)]]
