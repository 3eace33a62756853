"""An election of as many races as October 2026 had: what a server of 1,915 counts weighs, what their table costs.

Races are invented over the real tree: regions, provinces, then districts, of eight lists each; a race has its whole,
twelve districts at most and forty mesas. `python -m bench.races URL` measures a server over such a store.
"""

import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date

import httpx
import msgspec
from sqlalchemy import insert

from api.live.contest_following import FollowContests
from api.main import create_app
from api.options import ServeOptions
from bench.hub import BenchedProcess
from geo.ubigeo import load_catalogue
from tally.board import Board, Fact
from tally.catalogue import Catalogue
from tally.changes import LOG_FORMAT, Change, ChangeSet
from tally.election import Contest, Election, ListEntry, Process
from tally.keys import DOMESTIC, NATION, Level, area_key, mesa_key
from tally.model import Acta, ActaState
from tally.outcome.rule import ContestRule, RuleKind
from tally.storage.database import transaction
from tally.storage.store import Store
from tally.storage.tables import ChangeRow, ChangeSetRow, CountRow, table_of
from tests.api.country import minute

RACES, _LISTS, _MESAS, _MOST_BELOW = 1915, 8, 40, 12
_WORDS = ("SOMOS", "PERÚ", "ALIANZA", "PROGRESO", "FUERZA", "REGIONAL", "AVANZA", "PAÍS", "FRENTE", "UNIDOS", "CAMPO")
_NAMES = ("QUISPE", "FLORES", "SÁNCHEZ", "ROJAS", "GARCÍA", "MAMANI", "ROSA", "JUAN", "LUZ", "CARLOS", "ELÍAS", "NELLY")
_OFFICES = {Level.DEPARTMENT: "Gobierno Regional de", Level.PROVINCE: "Provincia de", Level.DISTRICT: "Distrito de"}
_QUIET = ServeOptions(poll_s=3600, heartbeat_s=3600)


def make_election(catalogue: Catalogue) -> Election:
    """Every region, every province, and as many districts as make up that many races."""
    seeded = random.Random(2026)
    scopes = [(level, code) for level in _OFFICES for code in catalogue.prefixes(level, DOMESTIC)][:RACES]
    contests = tuple(_contest(level, code, catalogue.name(code) or code, seeded) for level, code in scopes)
    return Election(
        id="2026-10-04-races",
        name={"es": "Todas las contiendas", "en": "All races"},
        date=date(2026, 10, 4),
        generation="onpe2026",
        hosts=("localhost",),
        process=Process(4, "ELECCIONES REGIONALES Y MUNICIPALES 2026", "ERM2026"),
        contests=contests,
        credit={"es": "Prueba", "en": "Test"},
    )


def _contest(level: Level, code: str, name: str, seeded: random.Random) -> Contest:
    rule = (
        ContestRule(RuleKind.TWO_ROUND, "3/10", True) if level is Level.DEPARTMENT else ContestRule(RuleKind.PLURALITY)
    )
    called = f"{_OFFICES[level]} {name.title()}"
    lists = tuple(_list(number, seeded) for number in range(_LISTS))
    source = {Level.DEPARTMENT: 1, Level.PROVINCE: 3, Level.DISTRICT: 4}[level]
    return Contest(f"{level}-{code}", {"es": called, "en": called}, source, rule, lists, code)


def _list(number: int, seeded: random.Random) -> ListEntry:
    people = seeded.sample(_NAMES, 4)
    party = " ".join(seeded.sample(_WORDS, 3))
    return ListEntry(
        f"list_{number}", str(number + 1), party, people[2].title(), " ".join(people), f"#{number:02x}66ac"
    )


def write_races(url: str, election: Election, catalogue: Catalogue) -> None:
    """The log of all its counts in three versions each: names and mesas, half counted, nearly all counted."""
    seeded, store = random.Random(7), Store.open(url)
    counts, sets, changes = (table_of(row) for row in (CountRow, ChangeSetRow, ChangeRow))
    with transaction(store.engine) as connection:
        for count_id, contest in enumerate(election.contests, 1):
            made = list(_versions(contest, election, catalogue, seeded))
            row = {"id": count_id, "election_id": election.id, "contest_id": contest.id, "epoch": f"{count_id:08x}"}
            row |= {"seq": len(made), "is_test": False, "created_at": minute(0), "writer_until": 0.0}
            row |= {"feed_state": "ok", "checked_at": minute(count_id % 9), "changed_at": minute(3)}
            connection.execute(insert(counts), row)
            heads = [{"count_id": count_id, "seq": seq, "at": minute(seq), "format": LOG_FORMAT} for seq in (1, 2, 3)]
            connection.execute(insert(sets), heads)
            connection.execute(
                insert(changes),
                [
                    {"count_id": count_id, "seq": seq, "n": n, "key": one.key, "kind": one.kind.value}
                    | {"data": one.data.decode(), "src": f"sha256:{count_id:064x}", "note": None}
                    for seq, version in enumerate(made, 1)
                    for n, one in enumerate(version)
                ],
            )
    store.close()


def _versions(
    contest: Contest, election: Election, catalogue: Catalogue, seeded: random.Random
) -> Iterator[list[Change]]:
    board = Board(len(contest.lists), contest.scope, election.largest)
    below = [code for code in catalogue.prefixes(Level.DISTRICT) if code.startswith(contest.scope)][:_MOST_BELOW]
    named = {NATION: "TOTAL", **{area_key(code): catalogue.name(code) or code for code in (contest.scope, *below)}}
    mesas = [(f"{n:06}", below[n % len(below)]) for n in range(_MESAS)]
    pending = [Fact(mesa_key(mesa), _acta(ubigeo, None)) for mesa, ubigeo in mesas]
    yield board.apply([*(Fact(key, name) for key, name in named.items()), *pending])
    strength = [seeded.random() for _ in contest.lists]
    for counted in (range(_MESAS // 2), range(_MESAS // 2, _MESAS - seeded.randint(0, 2))):
        facts = []
        for n in counted:
            votes = tuple(int(40 * part * seeded.random()) for part in strength)
            facts.append(Fact(mesa_key(mesas[n][0]), _acta(mesas[n][1], votes)))
        changed = board.apply(facts)
        stated = [Fact(key, board.sums.of(key).as_count(minute(counted.start))) for key in named]
        yield [*changed, *board.apply(stated)]


def _acta(ubigeo: str, votes: tuple[int, ...] | None) -> Acta:
    if votes is None:
        return Acta(code="P", place=None, registered=300, state=ActaState.PENDING, ubigeo=ubigeo)
    valid = sum(votes)
    return Acta(
        blank=3, cast=valid + 5, challenged=0, code="C", null=2, place=None, registered=300,
        state=ActaState.COUNTED, ubigeo=ubigeo, valid=valid, votes=votes,
    )  # fmt: skip


def measure(say: Callable[[str], None]) -> dict[str, float]:
    """Figures by name."""
    with tempfile.TemporaryDirectory() as folder:
        url, catalogue = f"sqlite:///{folder}/races.db", load_catalogue(2026)
        say(f"the log of {RACES:,} races")
        write_races(url, make_election(catalogue), catalogue)
        say("a server over it")
        server = BenchedProcess("bench.races", url)
        try:
            found: dict[str, float] = server.hear()
        finally:
            server.close()
    return found


def _kilobytes() -> float:
    with open(f"/proc/{os.getpid()}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024


async def _serve(url: str) -> dict[str, float]:
    election = make_election(load_catalogue(2026))
    store = Store.open(url)
    app = create_app(store, {election.id: election}, options=_QUIET)
    counts, first, began = app.state.services.counts, _kilobytes(), time.process_time()
    async with app.router.lifespan_context(app):
        while not counts.is_ready:
            await asyncio.sleep(0.02)
        found = {"load_s": time.process_time() - began, "kb_a_count": (_kilobytes() - first) / RACES}
        began = time.process_time()
        for _ in range(10):
            counts._news_of.look()
        found["news_ms"] = (time.process_time() - began) * 100
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            await _ask(client, election, found)
        await _change(app, election, found)
        found["server_mb"] = _kilobytes() / 1024
    store.close()
    return found


async def _ask(client: httpx.AsyncClient, election: Election, found: dict[str, float]) -> None:
    base, packed = f"/api/v1/elections/{election.id}", {"Accept-Encoding": "br"}
    began = time.process_time()
    answer = await client.get(f"{base}/contests", headers=packed)
    found["table_first_ms"] = (time.process_time() - began) * 1000
    found["table_kb"] = len(answer.content) / 1024
    found["table_packed_kb"] = int(answer.headers["content-length"]) / 1024
    answer = await client.get(f"{base}/contests?within=department/07", headers=packed)
    found["region_packed_kb"] = int(answer.headers["content-length"]) / 1024
    began = time.process_time()
    for contest in election.contests:
        assert (await client.get(f"{base}/contests/{contest.id}/state")).status_code == 200
    found["state_ms"] = (time.process_time() - began) * 1000 / RACES


async def _change(app: object, election: Election, found: dict[str, float]) -> None:
    services = app.state.services  # type: ignore[attr-defined]
    followed = await services.contests.of(election.id)
    live = services.counts.live(election.id, election.contests[1000].id)
    step = followed.begin(FollowContests(None, followed.contests.epoch, followed.contests.version))
    took = []
    for _ in range(20):
        change = msgspec.structs.replace(live.view.entries[NATION].change, data=live.view.entries[NATION].change.data)
        live.advance([ChangeSet(live.seq + 1, minute(9), (change,))])
        services.counts._notify()
        began = time.process_time()
        await followed.contests.look()
        step = followed.advance(step.position)
        took.append((time.process_time() - began) * 1000)
        found["change_bytes"] = len(step.frames[0].payload)
    found["change_ms"] = sorted(took)[len(took) // 2]


if __name__ == "__main__":
    sys.stdout.write(f"= {json.dumps(asyncio.run(_serve(sys.argv[1])))}\n")
