"""The play: forty observers report, verifiers work the queue, a coordinator settles and publishes."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct

from mission.rehearsal.cast import OBSERVERS, number_of, place_observers
from mission.rehearsal.copying import SampleCopies
from mission.rehearsal.data import load_day
from mission.rehearsal.drawing import draw_sheet
from mission.rehearsal.observing import Observation, roster_of
from mission.rehearsal.people import Busy, Person, check_rehearsal
from mission.rehearsal.script import Script
from tally import moments
from tally.keys import Level, area_key, prefix_of

# Forty at once, so that there is something to see; then one every few seconds. While nobody knows a mesa to report
# from, most are kept for later.
_FIRST, _QUICK_S, _SLOW_S, _KEPT_S = 40, 0.5, 3.0, 15.0
_TICK_S, _AGAIN_S = 0.25, 1.0
# Something is always left to do for whoever looks.
_LEFT_WAITING = 8
_KNOWN_DEPARTMENTS = 5
# The first district of the first province of a department is its capital.
_CAPITAL = "0101"
# As long as nobody stands where mesas are known, everybody looks for a better place after so many reports.
_MOVE = 5
_TYPISTS = 2
_SIDES = ("published", "computed")


class Invitations(Struct, frozen=True):
    """How the team comes in: names with passwords. `pace`: 1 as on stage, less is faster.

    is_patient: the play waits for every acta of its sample to be counted. papers: folder with the mesas, from which its
    sample is drawn before the night, and the actas at the doors; None: all is had from the count, once it names it.
    """

    url: str
    election: str
    seed: int
    verifiers: dict[str, str]
    coordinator: dict[str, str]
    incidents: int = 200
    pace: float = 1.0
    is_patient: bool = True
    papers: str | None = None


class Play:
    """One performance; `say` tells the terminal."""

    def __init__(self, invited: Invitations, say: Callable[[str], None]) -> None:
        self._invited, self._say = invited, say
        self._script = Script(invited.seed)
        self._observers: list[Person] = []
        self._verifiers: list[Person] = []
        self._coordinator = Person(invited.url)
        self._stations: list[str] = []
        self._keys: dict[str, list[str]] = {}
        self._filed = 0
        self._is_published = False
        self._observation: Observation | None = None
        self._sample: SampleCopies | None = None

    def perform(self) -> int:
        """Come in, then report until all is reported; how many incidents were filed.

        Raises: Forbidden: the count is no rehearsal.
        """
        try:
            self._patiently(lambda: check_rehearsal(self._coordinator, self._invited.election))
            self._patiently(self._enter)
            self._sample = self._make_sample()
            self._patiently(self._sample.draw)
            self._patiently(self._bring_in)
            self._patiently(self._take_stations)
            self._say(f"The rehearsal's mission is at work: {len(self._observers)} observers.")
            due = next_round = time.monotonic()
            self._observation = self._begin_day()
            while self._is_under_way():
                now = time.monotonic()
                if now >= due and self._filed < self._invited.incidents:
                    due = now + self._invited.pace * self._until_next()
                    self._try(self._file)
                self._try(self._verify)
                self._try(self._observation.act)
                if now >= next_round:
                    next_round = now + 4 * self._invited.pace * _TICK_S
                    self._try(self._settle)
                    self._try(self._publish)
                self._wait(_TICK_S)
            return self._filed
        finally:
            for person in (*self._observers, *self._verifiers, self._coordinator):
                person.close()

    def _enter(self) -> None:
        (name, password), *_ = self._invited.coordinator.items()
        self._coordinator.sign_in(name, password)
        for name, password in list(self._invited.verifiers.items())[len(self._verifiers) :]:
            verifier = Person(self._invited.url)
            verifier.sign_in(name, password)
            self._verifiers.append(verifier)

    def _bring_in(self) -> None:
        """The coordinator imports the roster and prints codes; each observer types one."""
        roster, names = roster_of(load_day(), OBSERVERS)
        digest = self._coordinator.table("roster/preview", roster)["digest"]
        self._coordinator.table("roster", roster, digest=digest)
        known = {one["name"]: one["pseudonym"] for one in self._coordinator.get("people")["people"]}
        missing = [known[name] for name in names[len(self._observers) :]]
        cards = self._coordinator.send("people/cards", {"people": missing}, "") if missing else {"cards": []}
        for card in cards["cards"]:
            observer = Person(self._invited.url)
            observer.enter(card["code"])
            self._observers.append(observer)

    def _begin_day(self) -> Observation:
        people = (self._coordinator, self._verifiers, self._observers)

        def places(n: int) -> list[str]:
            return self._places(self._stations[n])

        sample = self._sample or self._make_sample()
        return Observation(load_day(), self._script.chance, people, places, self._invited.election, sample)

    def _make_sample(self) -> SampleCopies:
        people = (self._coordinator, *self._verifiers[:_TYPISTS])
        papers = None if self._invited.papers is None else Path(self._invited.papers)
        return SampleCopies(load_day().quick_count, self._invited.election, people, papers)

    def _is_under_way(self) -> bool:
        if self._observation is None or not self._observation.is_over(is_patient=self._invited.is_patient):
            return True
        return self._filed < self._invited.incidents or not self._is_published or self._waiting()

    def _take_stations(self) -> None:
        """As soon as the count knows its departments everybody goes to a district."""
        departments, _ = self._sizes(Level.DEPARTMENT)
        districts, listed = self._sizes(Level.DISTRICT)
        if sum(total > 0 for total in departments.values()) < min(_KNOWN_DEPARTMENTS, len(departments) or 1):
            raise Busy("the count has hardly begun")
        if self._stations and not listed:
            return
        sizes = {prefix_of(ubigeo, Level.DEPARTMENT): total for ubigeo, total in departments.items()}
        mesas = {
            district: total + sizes.get(prefix_of(district, Level.DEPARTMENT), 0) * (number_of(district) == _CAPITAL)
            for district, total in districts.items()
        }
        self._stations = place_observers(mesas, self._script.chance, listed)
        pairs = zip(self._observers, self._stations, strict=False)
        orders = [{"observer": one.pseudonym, "key": area_key(district)} for one, district in pairs]
        # Whoever looks around as an observer stands with the first of them.
        own = {one.pseudonym for one in self._observers}
        others = [one for one in self._coordinator.get("postings")["unassigned"] if one not in own]
        orders += [{"observer": one, "key": area_key(self._stations[0])} for one in others]
        self._coordinator.post("postings", {"postings": orders})

    def _sizes(self, level: Level) -> tuple[dict[str, int], set[str]]:
        """Actas of every area of a level, by ubigeo, as far as they are known; and the areas whose mesas are."""
        rows = self._coordinator.count(f"{self._invited.election}/results", level=level)["rows"]
        sizes = {row["ubigeo"]: max((row[side] or {"total": 0})["total"] for side in _SIDES) for row in rows}
        return sizes, {row["ubigeo"] for row in rows if row["computed"] and row["computed"]["total"]}

    def _until_next(self) -> float:
        """Seconds until the next report is due."""
        if self._filed < _FIRST:
            return _QUICK_S
        return _SLOW_S if any(self._keys.values()) else _KEPT_S

    def _file(self) -> None:
        if self._filed % _MOVE == 0 and self._keys and not any(self._keys.values()):
            self._take_stations()  # by now the count may know mesas somewhere else
        n = self._script.chance.randrange(min(OBSERVERS, len(self._observers)))
        observer, district = self._observers[n], self._stations[n]
        body = self._script.report(self._places(district), moments.utc_now())
        key = f"rehearsal-{self._invited.seed}-{self._filed}"
        incident = observer.report(key, body)
        self._filed += 1
        if self._script.chance.random() < 0.1:
            observer.report(key, body)  # as a phone does whose answer got lost
        if incident is not None and self._script.chance.random() < 0.25:
            observer.photograph(incident, draw_sheet(self._script.chance, key))

    def _places(self, district: str) -> list[str]:
        """Mesas and places of a district that the count knows by now; the district itself until it knows any."""
        if not self._keys.get(district) or self._filed % 20 == 0:
            path, within = f"{self._invited.election}/results", area_key(district)
            found = [
                self._coordinator.count(path, level=level, within=within) for level in (Level.MESA, Level.POLLING_PLACE)
            ]
            self._keys[district] = [row["key"] for rows in found for row in rows["rows"]]
        return self._keys[district] or [area_key(district)]

    def _waiting(self) -> bool:
        try:
            counts = self._coordinator.get("incidents")["counts"]
        except Busy:
            return True
        return bool(counts["new"] + counts["to_verify"] > _LEFT_WAITING)

    def _verify(self) -> None:
        verifier = self._script.chance.choice(self._verifiers)
        found = verifier.get("incidents", order="oldest")
        if found["counts"]["new"] + found["counts"]["to_verify"] <= _LEFT_WAITING:
            return
        for incident in found["incidents"]:
            if incident["state"] in ("reported", "reopened"):
                verifier.post(f"incidents/{incident['id']}/moves", {"move": "take", **_seen(incident)})
                return
            if incident["state"] == "verifying":
                self._judge(verifier, incident)
                return

    def _judge(self, verifier: Person, incident: dict[str, Any]) -> None:
        alike = verifier.get(f"incidents/{incident['id']}")["duplicates"]
        if alike and self._script.chance.random() < 0.5:
            merge = {"into": alike[0]["id"], "reason": "Mismo hecho, otro observador.", **_seen(incident)}
            self._coordinator.post(f"incidents/{incident['id']}/merge", merge)
            return
        verifier.post(f"incidents/{incident['id']}/moves", {**self._script.verdict(), **_seen(incident)})

    def _settle(self) -> None:
        """Escalate what is critical, resolve some of the rest."""
        for incident in self._coordinator.get("incidents", state="verified", order="oldest")["incidents"][:1]:
            if self._script.chance.random() < 0.12:
                is_critical = incident["severity"] == "critical"
                move = {"move": "escalate" if is_critical else "resolve", **_seen(incident)}
                self._coordinator.post(f"incidents/{incident['id']}/moves", {**move, "reason": self._script.outcome()})

    def _publish(self) -> None:
        """Look at what the public would see, and say so; what a person withheld stays unsaid."""
        preview = self._coordinator.get("public-preview")
        is_news = any(entry["is_new"] for entry in preview["entries"]) or bool(preview["gone"])
        self._is_published = not is_news and not preview["waiting"]
        if is_news:
            withheld = [one["id"] for one in preview["hidden"] if one["reason"] == "withheld"]
            self._coordinator.post("publications", {"digest": preview["digest"], "withhold": withheld})

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Busy:
            self._wait(_AGAIN_S)

    def _wait(self, seconds: float) -> None:
        time.sleep(seconds * self._invited.pace)

    def _patiently(self, act: Callable[[], None]) -> None:
        while True:
            try:
                act()
            except Busy:
                self._wait(_AGAIN_S)
            else:
                return


def _seen(incident: dict[str, Any]) -> dict[str, int]:
    """What a decision names, so that one that was taken meanwhile stands."""
    return {"seen": incident["revision"]}
