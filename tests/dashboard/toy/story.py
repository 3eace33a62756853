"""How the toy count came to stand as it does: ten versions before the present, in which the lead turns once.

Steps and turns are worked out by the API's own modules from toy numbers, so that their shapes cannot drift apart.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from api.story.trails import Point, Trail
from api.story.turning_points import lead_turns
from api.story.why import Names, explain
from tally.model import AreaCount, Sums
from tests.dashboard.toy.count import ToyCount, parents_of

FIRST, EVERY = datetime(2026, 6, 8, tzinfo=UTC), 10
_SCALED = ("counted", "at_jee", "cast", "blank", "null", "challenged")
_TURN = 45


def moment(seq: int) -> str:
    """When the toy published a version: one an hour."""
    return f"{FIRST + timedelta(hours=seq):%Y-%m-%dT%H:%M:%SZ}"


class ToyStory:
    """Earlier states of a toy count, and what the API tells of them."""

    def __init__(self, count: ToyCount) -> None:
        self.count, self.waiting = count, 1
        self.deciding: dict[str, Any] | None = None
        # Who would lead, and by how much, with the votes that waiting actas show.
        self.visible: tuple[int | None, int | None] = (0, 12_336)

    def read(self, resource: str, rest: str, query: dict[str, list[str]]) -> Any:
        """An answer about the past, or None where the question is about the present."""
        key, seq = query.get("key", ["nation"])[0], self.version(query)
        if resource == "timeline":
            return {"key": key, "points": [self._value(key, one) for one in self._versions(seq)]}
        if resource == "moments":
            return {"key": key, "epoch": "e1", "seq": seq, "moments": msgspec.to_builtins(self._turns(key, seq))}
        if resource == "why":
            return self._why(key, seq, query)
        if resource == "queue":
            return self._queue(query)
        if resource == "state" and (rest or "at" in query):
            at = int(rest) if rest else seq
            state = {key: self.data(key, at) for key in self.count.topics(query.get("topic", ["nation"]))}
            return {
                "v": 1,
                "epoch": "e1",
                "seq": at,
                "hash": "",
                "is_test": True,
                "topics": [],
                "status": "unofficial-partial",
                "state": state,
            }
        return None

    def version(self, query: dict[str, list[str]]) -> int:
        """The version a question is about."""
        if "at" not in query:
            return self.count.seq
        hours = (datetime.fromisoformat(query["at"][0]) - FIRST) // timedelta(hours=1)
        return self.count.seq if hours >= 100 else max(0, hours // EVERY * EVERY)

    def data(self, key: str, seq: int) -> dict[str, Any]:
        """A key's value at a version: as many hundredths of the present one; before the turn the first two swap."""
        present = self.count.state[key]
        if seq >= 100:
            return present
        return {
            name: self._count(part, seq) if isinstance(part, dict) and "votes" in part else part
            for name, part in present.items()
        }

    def _count(self, part: dict[str, Any], seq: int) -> dict[str, Any]:
        votes = [own * seq // 100 for own in part["votes"]]
        if seq < _TURN:
            votes[:2] = votes[1::-1]
        scaled = {name: part[name] * seq // 100 for name in _SCALED}
        scaled |= {"votes": votes, "valid": sum(votes)}
        scaled["cast"] = max(scaled["cast"], scaled["valid"])
        scaled["pending"] = part["total"] - scaled["counted"] - scaled["at_jee"]
        return {**part, **scaled, **({"source_at": moment(seq)} if "source_at" in part else {})}

    def _versions(self, until: int) -> list[int]:
        return [*range(EVERY, min(until, 99) + 1, EVERY), *([until] if until >= 100 else [])]

    def _value(self, key: str, seq: int) -> dict[str, Any]:
        data = self.data(key, seq)
        return {
            "seq": seq,
            "at": moment(seq),
            "kind": "update",
            **{name: data.get(name) for name in ("published", "computed")},
        }

    def _trail(self, key: str, until: int) -> Trail:
        points = []
        for seq in self._versions(until):
            value = self._value(key, seq)
            count = msgspec.convert(value["published"] or value["computed"], AreaCount)
            computed = msgspec.convert(value["computed"], Sums)
            points.append(Point(seq, value["at"], count, value["published"] is not None, computed))
        return Trail(until, points)

    def _turns(self, key: str, until: int) -> list[Any]:
        return list(lead_turns(self._trail(key, until).points))

    def _why(self, key: str, until: int, query: dict[str, list[str]]) -> dict[str, Any]:
        below = {"nation": "department", "scope": "department", "department": "province", "province": "district"}
        level, _, code = key.partition("/")
        head = f"{below.get(level, 'place')}/{'' if level in ('nation', 'scope') else code}"
        keys = [one for one in self.count.state if one.startswith(head)]
        told = {one: "abroad" if one[-2:] > "90" else "largest" if one == "department/14" else "rest" for one in keys}
        names = Names(
            {one: self.count.state[one]["name"] for one in keys}, told if level == "nation" else {}, "department/14"
        )
        before, limit = query.get("before"), int(query.get("limit", ["20"])[0])
        steps = explain(
            self._trail(key, until),
            {one: self._trail(one, until) for one in keys},
            names,
            before=int(before[0]) if before else None,
            limit=limit,
        )
        older = steps[-1].seq if steps and not steps[-1].is_first else None
        return {"key": key, "epoch": "e1", "seq": until, "steps": msgspec.to_builtins(steps), "next": older}

    def _queue(self, query: dict[str, list[str]]) -> dict[str, Any]:
        reason, state = (query.get(name, [None])[0] for name in ("reason", "state"))
        actas = [self._waiting("mesa/000003", None), self._waiting("mesa/000006", "annulled")]
        chosen = [
            acta for acta in actas if state in (None, acta["state"]) and (reason is None or reason in acta["reasons"])
        ]
        summary = {
            "open": self.waiting,
            "published_open": self.count.state["nation"]["published"]["at_jee"],
            "resolved": {"annulled": 1},
            "at_most_votes": 53_700,
            "at_most_is_bound": True,
            "votes": [81, 90, *[0] * (len(self.count.lists) - 2)],
            "votes_of": 1,
            "cast": 180,
            "cast_of": 1,
            "leader": 0,
            "margin": 12_345,
            "visible_leader": self.visible[0],
            "visible_margin": self.visible[1],
            "deciding": self.deciding,
            "exceeds_margin": True,
            "reasons": [{"reason": "illegible", "actas": 1, "registered": 290}],
            "areas": [
                {"key": "department/14", "name": "LIMA", "open": 1, "published": 12},
                {"key": "department/92", "name": "AMERICA", "open": 0, "published": 5},
            ],
            "oldest": {"key": "mesa/000003", "at": "2026-06-08T03:00:00Z"},
        }
        asked = {"within": query.get("within", ["nation"])[0], "reason": reason, "state": state, "is_test": True}
        head = {"election": "toy", "epoch": "e1", "seq": self.count.seq, "as_of": "2026-06-13T19:05:40Z"}
        return {**head, **asked, "summary": summary, "matching": len(chosen), "actas": chosen, "next": None}

    def _waiting(self, key: str, outcome: str | None) -> dict[str, Any]:
        stamp = {"seq": 40, "at": "2026-06-08T03:00:10Z", "source_at": "2026-06-08T03:00:00Z"}
        after = {"seq": 60, "at": "2026-06-12T03:00:10Z", "source_at": None, "code": "A", "cast": 180, "valid": 0}
        return {
            "key": key,
            "mesa": key.partition("/")[2],
            "state": "open" if outcome is None else "resolved",
            "reasons": ["illegible"] if outcome is None else ["no_signatures", "other"],
            "observation": "Acta ilegible" if outcome is None else "Acta sin firmas, Acta <rara>",
            "code": "E",
            "registered": 290,
            "cast": None,
            "votes": None,
            "where": [{"key": one["key"], "name": one["name"]} for one in parents_of(self.count, key)[1:]],
            "since": stamp if outcome is None else None,
            "resolved": None if outcome is None else {**after, "state": outcome, "votes": None},
        }
