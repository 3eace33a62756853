"""When a unit was last read, as its page, its answer over HTTP, its embed and an open connection say it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.main import create_app
from api.options import ServeOptions
from tally import moments
from tally.board import Fact
from tally.errors import StoreUnavailable
from tally.keys import Level, level_of
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, client_of, served
from tests.api.country import NAMES, Country, minute
from tests.api.live.follower import follow
from tests.waiting import wait_until

DISTRICT, OTHER = "district/140101", "district/140201"
PLACE, MESA = "place/1401011", "mesa/000001"


def address_of(key: str) -> str:
    level, _, code = key.partition("/")
    return f"{BASE}/{level}s/{code}" if level in ("place", "mesa") else f"{BASE}/areas/{key}"


def state(country: Country, *keys: str, at: str) -> None:
    """The source states those areas, for the first time."""
    for key in keys:
        country.writer.readings.note(key, at, is_new=True)
    country.publish([*keys, "nation"], at)


def read_again(country: Country, *keys: str, at: str) -> None:
    """Those units are read again, and say nothing new."""
    for key in keys:
        country.writer.readings.note(key, at)
    country.report("ok", minute(20))


def answer(client: httpx.Client, key: str, **query: str) -> Any:
    return client.get(address_of(key), params=query).json()["answer"]


@pytest.fixture
def counted(country: Country, caught_up: Callable[[], None]) -> Country:
    country.count(country.mesas[:2], minute(2))
    state(country, DISTRICT, OTHER, at=minute(3))
    country.count(country.mesas[2:4], minute(5))  # our own sum, which nobody asked the source for
    caught_up()
    return country


def test_what_was_read_again_says_so_and_nothing_else_does(client: httpx.Client, counted: Country) -> None:
    assert client.get(address_of(DISTRICT)).json()["changed_at"] == minute(5)
    read_again(counted, DISTRICT, PLACE, MESA, at=minute(9))
    wait_until(lambda: answer(client, DISTRICT) == {"checked_at": minute(9), "changed_at": minute(3)})
    assert answer(client, OTHER) == {"checked_at": minute(3), "changed_at": minute(3)}
    assert answer(client, PLACE) == {"checked_at": minute(9), "changed_at": minute(5)}
    assert answer(client, MESA) == {"checked_at": minute(9), "changed_at": minute(2)}
    assert answer(client, "mesa/000002") == {"checked_at": minute(2), "changed_at": minute(2)}
    assert answer(client, "nation") == {"checked_at": minute(20), "changed_at": minute(5)}


def test_an_answer_that_was_kept_is_not_the_one_after_a_reading(client: httpx.Client, counted: Country) -> None:
    for key in (DISTRICT, MESA):
        before = client.get(address_of(key))
        known = {"If-None-Match": before.headers["etag"]}
        assert client.get(address_of(key), headers=known).status_code == 304
        read_again(counted, key, at=minute(9))
        wait_until(lambda key=key, known=known: client.get(address_of(key), headers=known).status_code == 200)


def test_of_a_past_moment_nothing_is_said_of_readings(client: httpx.Client, counted: Country) -> None:
    read_again(counted, DISTRICT, PLACE, MESA, at=minute(4))
    for key in ("nation", DISTRICT, PLACE, MESA):
        assert answer(client, key, at=minute(4)) is None


def test_every_unit_changed_no_later_than_it_was_read(client: httpx.Client, counted: Country) -> None:
    keys = [*NAMES, *(f"place/{place.code}" for place in counted.places[:3]), *(f"mesa/{n:06}" for n in range(1, 6))]
    read_again(counted, *(key for key in keys if key not in ("nation", DISTRICT)), at=minute(1))
    counted.count(counted.mesas[4:5], minute(30))
    wait_until(lambda: client.get(BASE).json()["seq"] == counted.writer.seq)
    for key in keys:
        if level_of(key) is not Level.SCOPE:
            times = answer(client, key)
            assert moments.read(times["changed_at"]) <= moments.read(times["checked_at"]), key


def test_a_polling_place_is_served_while_the_store_that_knows_of_readings_is_away(
    client: httpx.Client, counted: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> Any:
        raise StoreUnavailable("away")

    monkeypatch.setattr("tally.storage.readings.Readings.of", away)
    assert answer(client, PLACE) == {"checked_at": minute(5), "changed_at": minute(5)}


def test_an_open_connection_is_told_of_readings_of_what_it_follows_and_of_nothing_else(
    store: Store, country: Country
) -> None:
    country.count(country.mesas[:2], minute(2))
    state(country, DISTRICT, OTHER, at=minute(3))
    app = create_app(store, ELECTIONS, options=ServeOptions(poll_s=0.02, heartbeat_s=0.1))
    with served(app) as address, follow(address) as own, follow(address) as whole:
        for client, topics in ((own, (DISTRICT, MESA)), (whole, ("nation",))):
            client.subscribe(*topics)
            client.next("hello")
            client.next("snap")
        assert own.next("hb")["answers"] == {
            DISTRICT: {"checked_at": minute(3), "changed_at": minute(3)},
            MESA: {"checked_at": minute(2), "changed_at": minute(2)},
        }
        read_again(country, DISTRICT, OTHER, MESA, at=minute(9))
        wait_until(lambda: own.next("hb")["answers"][MESA]["checked_at"] == minute(9))
        assert own.next("hb")["answers"] == {
            DISTRICT: {"checked_at": minute(9), "changed_at": minute(3)},
            MESA: {"checked_at": minute(9), "changed_at": minute(2)},
        }
        assert own.seq == country.writer.seq  # which no reading moved
        assert "answers" not in whole.next("hb")


def test_who_begins_to_serve_knows_what_was_read_before(store: Store, country: Country) -> None:
    state(country, DISTRICT, at=minute(3))
    read_again(country, DISTRICT, PLACE, at=minute(9))
    with client_of(create_app(store, ELECTIONS, options=ServeOptions(poll_s=0.02))) as client:
        for key in (DISTRICT, PLACE):
            wait_until(lambda key=key: answer(client, key)["checked_at"] == minute(9))


def test_an_embed_says_when_its_own_area_was_read(client: httpx.Client, counted: Country) -> None:
    area = "department/14"
    counted.tell([Fact(area, counted.board.sums.of(area).as_count(minute(6)), f"sha256:{1:064x}")], minute(6))

    def said() -> str:
        return client.get("/embed/v1/bar", params={"area": area}).text

    read_again(counted, area, at=minute(9))
    wait_until(lambda: f'data-time="checked" datetime="{minute(9)}"' in said())
    assert f'data-time="changed" datetime="{minute(6)}"' in said()
