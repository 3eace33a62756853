"""The reference client against a real server."""

import asyncio

from api.live.client import GONE, Replica, follow
from api.main import create_app
from api.options import ServeOptions
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, served
from tests.api.country import ELECTION, Country, minute


def test_the_reference_client_follows_and_reads_what_is_too_large(store: Store, country: Country) -> None:
    for inline in (48 * 1024, 1000):
        options = ServeOptions(poll_s=0.02, inline_bytes=inline)
        with served(create_app(store, ELECTIONS, options=options)) as address:
            seqs = asyncio.run(_follow(address, country))
        assert seqs == list(range(seqs[0], seqs[0] + 4))


async def _follow(address: str, country: Country) -> list[int]:
    found = []
    async for replica in follow(f"ws://{address}", ELECTION.id, ["nation"]):
        found.append(replica.seq)
        assert len(replica.state) > 3
        if len(found) == 4:
            break
        country.count([country.mesas[len(found)]], minute(replica.seq), (replica.seq, 1))
    return found


def test_corrections_that_nobody_can_tell_are_asked_for_at_the_next_sign_of_life_and_not_for_ever() -> None:
    """Whoever answers stands before the client: a replica that is behind, or a restored backup under its old name."""
    replica = Replica(["nation", "corrections"])
    replica.take({"t": "hello", "epoch": "e", "seq": 3})
    replica.take({"t": "snap", "seq": 3, "state": {}})
    replica.take({"t": "snap", "seq": 5, "state": {}})
    older = {"epoch": "e", "seq": 2, "state": {}}
    asked = []
    while (address := replica.asks) is not None:
        asked.append(address)
        assert len(asked) < 5
        replica.take(GONE if address.startswith("changes") else older)
    assert asked == ["changes?epoch=e&from=3&topic=corrections"]
    replica.take({"t": "hb", "seq": 5})
    assert replica.asks == "changes?epoch=e&from=3&topic=corrections"
