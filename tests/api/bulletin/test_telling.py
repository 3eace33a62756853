"""What leaves the house by itself: the digest as an alert, and a hub that is told of new entries."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import anyio
import httpx
import pytest

from api.bulletin.digest import DigestWriter
from api.bulletin.hub import HubTeller
from api.commands.assembly import assemble
from api.live.contest_following import ElectionContests
from api.live.count import LiveCount
from api.live.counts import Counts
from api.main import create_app
from api.options import MissionOptions, ServeOptions
from api.story.past import Past
from mission.alerts import AlertKind, newest_alerts, say, title_of
from mission.people.roles import Role
from tally import moments
from tally.errors import InvalidInput
from tally.keys import ABROAD, DOMESTIC, NATION
from tally.settings import load_settings
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS
from tests.api.country import Country, minute
from texts.language import load_languages

START = datetime(2030, 1, 6, 23, 30, tzinfo=UTC)
_WHOLE = (NATION, DOMESTIC, ABROAD)


class Following:
    """The counts of a store, as a server has them, brought up to date by hand."""

    def __init__(self, store: Store) -> None:
        self.app = create_app(store, ELECTIONS, options=ServeOptions(poll_s=0.01))
        self.counts: Counts = self.app.state.services.counts
        self.past: Past = self.app.state.services.past
        self.contests: ElectionContests = self.app.state.services.contests
        self.store = store

    async def catch_up(self, seq: int) -> LiveCount:
        while not self.counts.firsts() or self.counts.firsts()[0].seq < seq:
            await anyio.sleep(0.005)
        return self.counts.firsts()[0]


def run(store: Store, story: Callable[[Following], Any]) -> None:
    async def follow() -> None:
        following = Following(store)
        following.counts.start()
        try:
            await story(following)
        finally:
            await following.counts.stop()

    anyio.run(follow)


def test_an_hour_that_is_over_has_one_digest_with_the_bulletin_if_anything_changed(
    store: Store, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    country.count(country.mesas[:10], minute(1))
    country.publish(_WHOLE, minute(1))

    async def story(following: Following) -> None:
        about = (store.engine, following.counts, following.contests, following.past, store, "hour")
        one, other = DigestWriter(*about), DigestWriter(*about)
        await following.catch_up(country.writer.seq)
        for hours in (0, 1):  # nothing changed meanwhile
            monkeypatch.setattr(moments, "utc_now", lambda hours=hours: START + timedelta(hours=hours))
            await one.look()
            await other.look()
        assert newest_alerts(store.engine, Role.OBSERVER) == []
        country.count(country.mesas[10:20], minute(2))
        country.publish(_WHOLE, minute(2))
        await following.catch_up(country.writer.seq)
        await one.look()
        monkeypatch.setattr(moments, "utc_now", lambda: START + timedelta(hours=2))
        await one.look()
        await other.look()

    run(store, story)
    [alert] = newest_alerts(store.engine, Role.OBSERVER)
    spanish, english = load_languages().values()
    assert (alert.kind, alert.href) == (AlertKind.DIGEST, "/bulletin")
    assert "Se contabilizaron 20 de 40 actas (50.00 %)." in say(alert, spanish)
    assert "20 of 40 tally sheets are counted (50.00 %)." in say(alert, english)
    assert title_of(alert, spanish).endswith("Aún no está decidido.")


def test_a_hub_is_told_once_of_a_new_entry_by_one_of_the_servers_and_its_failure_harms_nobody(
    store: Store, country: Country
) -> None:
    asked: list[dict[str, list[str]]] = []
    answers = [204]

    def hub(request: httpx.Request) -> httpx.Response:
        asked.append(parse_qs(request.content.decode()))
        return httpx.Response(answers[-1])

    async def story(following: Following) -> None:
        about = (following.counts, following.past, store, "https://hub.example/", "https://us.example")
        one, other = (HubTeller(*about, httpx.MockTransport(hub)) for _ in range(2))
        await following.catch_up(country.writer.seq)
        await one.look()
        await other.look()
        assert asked == []
        country.count(country.mesas[:10], minute(1))  # nothing of note
        country.publish(_WHOLE, minute(1))  # the first figure
        await following.catch_up(country.writer.seq)
        await one.look()
        await other.look()
        await one.look()
        assert [one["hub.url"] for one in asked] == [
            ["https://us.example/news.atom"],
            ["https://us.example/news.atom?lang=en"],
        ]
        assert {one["hub.mode"][0] for one in asked} == {"publish"}
        answers.append(500)
        country.count(country.mesas[10:20], minute(2))
        country.publish(_WHOLE, minute(2))  # half of the actas
        await following.catch_up(country.writer.seq)
        await one.look()
        assert len(asked) == 3

    run(store, story)


def test_nobody_is_told_unless_an_operator_says_so_and_a_hub_needs_our_address(store: Store, tmp_path: Any) -> None:
    assert create_app(store, ELECTIONS).state.tellers == []
    options = ServeOptions(hub="https://hub.example/", public_url="https://us.example")
    told = create_app(store, ELECTIONS, options=options).state.tellers
    assert [type(one) for one in told] == [HubTeller]
    daily = ServeOptions(mission=MissionOptions(digest="day"))
    assert [type(one) for one in create_app(store, ELECTIONS, options=daily).state.tellers] == [DigestWriter]
    with pytest.raises(InvalidInput, match="public_url"):
        assemble(load_settings(websub_hub="https://hub.example/", archive=tmp_path), store)
    with pytest.raises(InvalidInput, match="websub_hub"):
        assemble(load_settings(websub_hub="hub", public_url="https://us.example", archive=tmp_path), store)
