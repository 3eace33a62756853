"""Sockets and event streams on which an attacker listens to a mission at work: its observer's phone, and a visitor.

What they may hear is kept without the signs of life, and without positions; the numbers of alerts are kept.
"""

import json
import re
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.api.conftest import BASE
from tests.api.live.hearing import asking
from tests.api.mission.conftest import MISSION
from tests.waiting import PATIENCE_S, wait_until

# Where an observer's phone hears of alerts.
OWN = ("device", "socket of the mission")
_COUNT = {"topics": ["nation", "rows/nation", "department/14", "district/140101", "place/1401011"]}
_NUMBER = re.compile(r'("(?:seq|prev)":)\d+')
_SIGN_OF_LIFE = '"t":"hb"'


class Ears:
    """What was heard so far, by who listened where."""

    def __init__(self) -> None:
        self._heard: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._threads: list[threading.Thread] = []

    @property
    def heard(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """As it came."""
        return {where: tuple(said) for where, said in self._heard.items()}

    def listen(self, where: tuple[str, str], said: Iterator[str]) -> None:
        """Keep what is said there until it is closed."""
        self._heard[where] = []
        thread = threading.Thread(target=self._keep, args=(where, said), name=f"ear {where}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """Wait for the listeners, whose connections were closed."""
        for thread in self._threads:
            thread.join(PATIENCE_S)

    def _keep(self, where: tuple[str, str], said: Iterator[str]) -> None:
        with suppress(ConnectionClosed, httpx.HTTPError):
            for one in said:
                if _SIGN_OF_LIFE not in one.replace(" ", ""):
                    self._heard[where].append(_NUMBER.sub(r"\1n", one))


@contextmanager
def listening(public: httpx.Client, device: httpx.Client) -> Iterator[Ears]:
    """Everything an attacker with that phone can open, from before anything is done."""
    url = str(public.base_url).rstrip("/")
    live, ears = f"{url.replace('http', 'ws', 1)}{BASE}/live", Ears()
    ticket = str(device.post(f"{MISSION}/ticket").json()["ticket"])
    sockets: list[tuple[tuple[str, str], dict[str, Any]]] = [
        (OWN, {"topics": ["mission"], "ticket": ticket}),
        (("device", "socket of the count"), _COUNT),
        (("public", "socket of the count"), _COUNT),
        (("public", "socket of the mission without a ticket"), {"topics": ["mission"]}),
        (("public", "socket of the mission with a wrong one"), {"topics": ["mission"], "ticket": "x" * len(ticket)}),
    ]
    with ExitStack() as stack:
        stack.callback(ears.stop)  # last: when all are closed
        for where, wish in sockets:
            ears.listen(where, _messages(stack.enter_context(asking(live, **wish))))
            if where == OWN:  # it is used by then, and good for nobody else
                wait_until(lambda: ears.heard[OWN])
        used = {"topics": ["mission"], "ticket": ticket}
        ears.listen(("public", "socket with a used ticket"), _messages(stack.enter_context(asking(live, **used))))
        for path in (f"{BASE}/stream?topics=nation", f"{BASE}/stream?topics=mission", f"{BASE}/lead-changes/stream"):
            visitor = stack.enter_context(httpx.Client(timeout=PATIENCE_S))
            answer = stack.enter_context(visitor.stream("GET", url + path))
            ears.listen(("public", path), answer.iter_lines())
        yield ears


def _messages(socket: ClientConnection) -> Iterator[str]:
    return (json.dumps(json.loads(one), separators=(",", ":"), sort_keys=True) for one in socket)
