"""Two elections in one database: one server answers for both, and neither is told anything of the other."""

from datetime import date

from msgspec import structs

from api.main import create_app
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of
from tests.api.country import ELECTION, Country, minute
from tests.api.live.follower import connected
from tests.waiting import wait_until

OTHER = structs.replace(ELECTION, id="2030-02-06-mayor", date=date(2030, 2, 6))
OTHERS = f"/api/v1/elections/{OTHER.id}"


def test_both_are_served_and_neither_sees_what_the_other_counts(any_store: Store) -> None:
    one, other = Country(any_store), Country(any_store, election=OTHER)
    app = create_app(any_store, ELECTIONS | {OTHER.id: OTHER}, options=QUICK)
    with client_of(app) as client:
        wait_until(lambda: client.get(f"{OTHERS}/state").status_code == 200)
        address = str(client.base_url).removeprefix("http://").rstrip("/")
        with connected(address, BASE) as first, connected(address, OTHERS) as second:
            for follower in (first, second):
                follower.subscribe("nation")
                follower.next("hello")
                follower.next("snap")
            assert first.epoch != second.epoch
            before = second.hash
            one.count(one.mesas[:3], minute(1))
            first.reach(2)
            other.count(other.mesas[:1], minute(2))
            second.reach(2)
            assert first.hash != second.hash != before
            assert first.seq == second.seq == 2
        counted = {
            base: client.get(f"{base}/results?level=nation").json()["rows"][0]["computed"] for base in (BASE, OTHERS)
        }
        assert [rows["counted"] for rows in counted.values()] == [3, 1]
        held = {entry["id"] for entry in client.get("/api/v1/elections").json()}
        assert held == {ELECTION.id, OTHER.id}
