"""A small count with the API's shapes, made from a seed: 25 departments and five continents in nested squares."""

import random
from typing import Any

ELECTION = "toy-runoff"
LISTS = [
    {
        "id": "norte",
        "code": "8",
        "name": "Alianza del Norte",
        "short": "Norte",
        "candidate": "NORA ISABEL VEGA DE LA TORRE",
        "color": "#1f5fa8",
    },
    {"id": "sur", "code": "10", "name": "Frente del Sur", "short": "Sur", "candidate": "SAÚL RÍOS", "color": "#b8500b"},
]
DEPARTMENTS = (
    (
        "AMAZONAS ANCASH APURIMAC AREQUIPA AYACUCHO CAJAMARCA CUSCO HUANCAVELICA HUANUCO ICA JUNIN LA·LIBERTAD "
        "LAMBAYEQUE LIMA LORETO MADRE·DE·DIOS MOQUEGUA PASCO PIURA PUNO SAN·MARTIN TACNA TUMBES CALLAO UCAYALI"
    )
    .replace("Á", "A")
    .split()
)
CONTINENTS = ("AFRICA", "AMERICA", "ASIA", "EUROPA", "OCEANIA")


def plain(count: dict[str, Any]) -> dict[str, Any]:
    return {**count, "registered": count["total"] * 290, "registered_counted": count["counted"] * 290}


class ToyCount:
    """The state of every key, and how it moves."""

    def __init__(self, lists: int = 2, seed: int = 7, is_test: bool = True) -> None:
        self.lists = LISTS[:lists] + [
            {
                "id": f"l{n}",
                "code": str(n),
                "name": f"Lista {n}",
                "short": f"L{n}",
                "candidate": f"Persona {n}",
                "color": "#6b7280",
            }
            for n in range(2, lists)
        ]
        self.random = random.Random(seed)
        self.is_test = is_test
        self.epoch, self.seq = "e1", 100
        self.feed = {
            "state": "ok",
            "checked_at": "2026-06-13T19:05:40Z",
            "changed_at": "2026-06-13T18:52:00Z",
            "source_at": "2026-06-13T19:05:18Z",
            "note": None,
        }
        # Of whatever lies in the whole.
        self.answer = {"checked_at": "2026-06-13T18:58:30Z", "changed_at": "2026-06-13T18:52:00Z"}
        root = "3f2a9c0b7d41" + "5e" * 26
        self.archive: dict[str, Any] | None = {
            "size": 4210,
            "root": root,
            "short": root[:12],
            "at": "2026-06-13T18:40:00Z",
        }
        self.ledger: list[dict[str, Any]] = []
        self.official_final: dict[str, Any] | None = {
            "on": "2026-06-29",
            "source": {"es": "ONPE, resultados al 100 %", "en": "ONPE, results at 100 %"},
            **{"actas": 92766, "registered": 27325432, "cast": 19683383, "blank": 118396, "null": 1167836},
            "votes": [9223396, 9173755],
        }
        self.state: dict[str, dict[str, Any]] = {}
        self._fill()

    def _fill(self) -> None:
        names = [*DEPARTMENTS, *CONTINENTS]
        for index, name in enumerate(names):
            code = f"{index + 1:02d}" if index < 25 else f"{index + 66:02d}"
            for province in range(1, 5):
                for district in range(1, 5):
                    key = f"district/{code}{province:02d}{district:02d}"
                    self.state[key] = self._area(f"DISTRITO {code}{province:02d}{district:02d}", self._leaf(code))
                inner = [f"district/{code}{province:02d}{district:02d}" for district in range(1, 5)]
                self.state[f"province/{code}{province:02d}"] = self._sum(f"PROVINCIA {code}{province:02d}", inner)
            inner = [f"province/{code}{province:02d}" for province in range(1, 5)]
            self.state[f"department/{code}"] = self._sum(name.replace("·", " "), inner)
        self.state["province/1401"]["name"], self.state["district/140101"]["name"] = "LIMA", "LIMA"
        domestic = [f"department/{n:02d}" for n in range(1, 26)]
        abroad = [f"department/{n}" for n in range(91, 96)]
        self.state["scope/domestic"] = self._sum("PERÚ", domestic)
        self.state["scope/abroad"] = self._sum("EXTRANJERO", abroad)
        self.state["nation"] = self._sum("PERÚ Y EXTRANJERO", ["scope/domestic", "scope/abroad"])
        self._fill_mesas()

    def _fill_mesas(self) -> None:
        states = ("counted", "counted", "at_jee", "pending", "counted", "annulled")
        for number, state in enumerate(states, 1):
            place = "0001" if number < 4 else "0002"
            known = state == "counted"
            votes = [self.random.randint(60, 130) for _ in self.lists] if known else None
            valid = sum(votes) if votes else None
            self.state[f"mesa/{number:06d}"] = {
                "ubigeo": "140101",
                "place": place,
                "registered": 290,
                "state": state,
                "code": {"counted": "C", "at_jee": "E", "pending": "P", "annulled": "A"}[state],
                "votes": votes,
                "cast": valid + 12 if valid else None,
                "valid": valid,
                "blank": 4 if known else None,
                "null": 8 if known else None,
                "challenged": 0 if known else None,
                "observation": "ilegible" if state == "at_jee" else None,
                "source_at": "2026-06-13T18:00:00Z",
            }
        for code, name in (("0001", "IE 1015 REPÚBLICA DEL PARAGUAY"), ("0002", "COLEGIO SAN <JOSÉ> & CÍA")):
            count = self._leaf("14", total=3)
            self.state[f"place/{code}"] = {
                "name": name,
                "code": code,
                "ubigeo": "140101",
                "populated_place": None,
                "computed": plain(count),
            }

    def _leaf(self, code: str, total: int | None = None) -> dict[str, Any]:
        """One district's count: department 02 has nothing counted, 03 everything."""
        total = total or self.random.randint(20, 90)
        counted = 0 if code == "02" else total if code in {"03", "25"} else int(total * self.random.uniform(0.6, 0.99))
        at_jee = min(total - counted, self.random.randint(0, 3)) if counted else 0
        lean = (int(code) * 37 % 100) / 100 * 0.5 + 0.25
        votes = [int(counted * 200 * lean), int(counted * 200 * (1 - lean))]
        votes += [int(counted * self.random.uniform(1, 40)) for _ in self.lists[2:]]
        valid = sum(votes)
        blank, null = counted * 3, counted * 7
        return {
            "counted": counted,
            "at_jee": at_jee,
            "pending": total - counted - at_jee,
            "total": total,
            "cast": valid + blank + null,
            "valid": valid,
            "blank": blank,
            "null": null,
            "challenged": 0,
            "votes": votes,
        }

    def _area(self, name: str, count: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "published": {**count, "source_at": "2026-06-13T19:05:18Z"}, "computed": plain(count)}

    def _sum(self, name: str, keys: list[str]) -> dict[str, Any]:
        counts = [self.state[key]["published"] for key in keys]
        total = {
            field: sum(count[field] for count in counts)
            for field in ("counted", "at_jee", "pending", "total", "cast", "valid", "blank", "null", "challenged")
        }
        total["votes"] = [sum(count["votes"][index] for count in counts) for index in range(len(self.lists))]
        return self._area(name, total)

    def set_published(self, key: str, **values: Any) -> dict[str, Any]:
        """Change what ONPE publishes for a key; the next version's delta frame."""
        old = self.state[key]
        self.state[key] = {
            **old,
            "published": {**old["published"], **values},
            "computed": {**old["computed"], **values},
        }
        return self.next_delta([key])

    def correct(self, key: str, kind: str = "correction", **values: Any) -> dict[str, Any]:
        """Replace what ONPE publishes for a key, or figures of an acta, told in the ledger; the delta frame."""
        before = self.state[key]
        changed = {"published": {**before["published"], **values}} if "published" in before else values
        return self.replace(key, {**before, **changed}, kind)

    def replace(self, key: str, data: dict[str, Any], kind: str, note: dict[str, str] | None = None) -> dict[str, Any]:
        """Another value of a key, told in the ledger; the delta frame."""
        before, self.state[key] = self.state[key], data
        frame = self.next_delta([key], kind)
        level = key.partition("/")[0].replace("place", "polling_place")
        line = {"seq": self.seq, "at": "2026-06-13T19:01:00Z", "kind": kind, "key": key, "level": level, "note": note}
        sources = {"before_src": "sha256:" + "1f" * 32, "src": "+".join(["sha256:" + "2e" * 32] * 2)}
        name = before.get("name") or key.partition("/")[2]
        self.ledger.insert(0, {**line, **sources, "name": name, "before": before, "after": data})
        return frame

    def next_delta(self, keys: list[str], kind: str = "update") -> dict[str, Any]:
        prev, self.seq = self.seq, self.seq + 1
        changes = [{"k": key, "kind": kind, "d": self.state[key], "src": "sha256:ab"} for key in keys]
        return {"t": "delta", "seq": self.seq, "prev": prev, "at": "2026-06-13T19:06:18Z", "changes": changes}

    def topics(self, topics: list[str]) -> dict[str, dict[str, Any]]:
        """The keys of several topics; corrections have no state."""
        return {k: d for topic in topics if topic != "corrections" for k, d in self.topic(topic).items()}

    def topic(self, topic: str) -> dict[str, dict[str, Any]]:
        """The keys of one topic."""
        level, _, code = topic.partition("/")
        if level == "nation":
            return {k: d for k, d in self.state.items() if k == "nation" or k.startswith(("scope/", "department/"))}
        if level in {"provinces", "districts"}:
            return {k: d for k, d in self.state.items() if k.startswith(f"{level.removesuffix('s')}/")}
        found = {k: d for k, d in self.state.items() if k == topic}
        if level in {"department", "province"}:
            found |= {k: d for k, d in self.state.items() if k.startswith((f"province/{code}", f"district/{code}"))}
        if level == "district":
            found |= {k: d for k, d in self.state.items() if d.get("ubigeo") == code}
        if level == "place":
            found |= {k: d for k, d in self.state.items() if d.get("place") == code}
        return found

    def meta(self) -> dict[str, Any]:
        nation = self.state["nation"]["published"]
        votes = sorted(nation["votes"], reverse=True)
        missing = nation["at_jee"] + nation["pending"]
        margin = votes[0] - votes[1]
        return {
            "id": ELECTION,
            "name": {"es": "Segunda vuelta", "en": "Run-off"},
            "short": None,
            "result_page": "https://resultados.example",
            "date": "2026-06-07",
            "timezone": "America/Lima",
            "closes_at": "17:00",
            "credit": {"es": "ONPE, resultados (ensayo)", "en": "ONPE, results (rehearsal)"},
            "is_test": self.is_test,
            "status": "unofficial-partial",
            "epoch": self.epoch,
            "seq": self.seq,
            "as_of": "2026-06-13T19:05:40Z",
            "max_registered_per_mesa": 300,
            "contest": {
                "id": "president",
                "name": {"es": "Presidencia", "en": "Presidency"},
                "scope": "",
                "rule": {"kind": "final_round", "threshold": None, "is_inclusive": None},
                "lists": self.lists,
            },
            "feed": self.feed,
            "archive": self.archive,
            "official_final": self.official_final,
            "outlook": {
                "leader": nation["votes"].index(votes[0]),
                "margin": margin,
                "uncounted_actas": missing,
                "uncounted_registered": missing * 300,
                "uncounted_registered_is_bound": True,
                "decided": margin > missing * 300,
                "in_review": False,
                "outcome": {
                    "state": "won" if margin > missing * 300 else "open",
                    "winner": nation["votes"].index(votes[0]) if margin > missing * 300 else None,
                    "threshold": None,
                    "first_two": [],
                    "margins": [],
                    "tied": [],
                },
            },
        }


def parents_of(count: ToyCount, key: str) -> list[dict[str, str]]:
    """The chain above a key, nation first."""
    level, _, code = key.partition("/")
    if level == "mesa":
        place = count.state[key]["place"]
        return [
            *parents_of(count, f"place/{place}"),
            {"key": f"place/{place}", "name": count.state[f"place/{place}"]["name"]},
        ]
    if level == "place":
        ubigeo = count.state[key]["ubigeo"]
        return [*parents_of(count, f"district/{ubigeo}"), {"key": f"district/{ubigeo}", "name": "LIMA"}]
    lengths = {"department": (), "province": (2,), "district": (2, 4)}.get(level, ())
    names = {2: "department", 4: "province"}
    chain = [f"{names[length]}/{code[:length]}" for length in lengths]
    found = [{"key": above, "name": count.state[above]["name"]} for above in chain]
    return [{"key": "nation", "name": "PERÚ Y EXTRANJERO"}, *found] if key != "nation" else []
