"""What one viewer is sent: `python -m bench.wire http://HOST:PORT SECONDS` follows a count that moves and weighs it.

docs/capacity.md calculates with its figures; they are of a rehearsal of the whole country at sixty times its pace,
which has a change set far more often than a real night, so bytes are counted a change set and not a second.
"""

import argparse
import json
import statistics
import threading
import time
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from websockets.sync.client import connect

from api.live.client import PROTOCOL
from api.live.frames import Frame

VIEWS: dict[str, tuple[str, ...]] = {
    "national board": ("nation",),
    "board and map of provinces": ("nation", "provinces"),
    "board and map of districts": ("nation", "provinces", "districts"),
    "one department": ("nation", "department/14"),
    "one district to its mesas": ("nation", "district/140101"),
}


def main() -> None:
    """Follow every view at once and print a row for each."""
    parser = argparse.ArgumentParser(description="Weigh what one viewer is sent.")
    parser.add_argument("server")
    parser.add_argument("seconds", type=float)
    chosen = parser.parse_args()
    with urlopen(f"{chosen.server}/api/v1/elections") as answer:  # noqa: S310 - the address is the caller's
        base = f"/api/v1/elections/{json.load(answer)[0]['id']}"
    rows: dict[str, dict[str, float]] = {}
    threads = [
        threading.Thread(target=lambda name=name: rows.update({name: weigh(chosen.server, base, name, chosen.seconds)}))
        for name in VIEWS
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("| view | state, gzip | deltas | plain, mean | packed, mean | packed, largest | heartbeat |")
    print("|---|---|---|---|---|---|---|")
    for name in VIEWS:
        print("| " + " | ".join((name, *(f"{value:,.0f}" for value in rows[name].values()))) + " |")


def weigh(server: str, base: str, view: str, seconds: float) -> dict[str, float]:
    """Bytes of a view: its first state, and the websocket frames of what follows."""
    topics = VIEWS[view]
    query = "&".join(f"topic={topic}" for topic in topics)
    request = Request(f"{server}{base}/state?{query}", headers={"Accept-Encoding": "gzip"})  # noqa: S310 - loopback
    with urlopen(request) as answer:  # noqa: S310 - as above
        state = len(answer.read())
    plain, packed, beats = list[int](), list[int](), [0]
    for text in _follow(f"ws://{urlsplit(server).netloc}{base}/live", topics, seconds):
        frame, kind = Frame(text), json.loads(text)["t"]
        if kind == "delta":
            plain.append(len(frame.plain))
            packed.append(len(frame.packed))
        elif kind == "hb":
            beats.append(len(frame.packed))
    return {
        "state": state,
        "deltas": len(plain),
        "plain": statistics.fmean(plain or [0]),
        "packed": statistics.fmean(packed or [0]),
        "largest": max(packed, default=0),
        "heartbeat": max(beats),
    }


def _follow(url: str, topics: tuple[str, ...], seconds: float) -> Any:
    with connect(url, subprotocols=[PROTOCOL], proxy=None, compression=None, max_size=None) as socket:
        socket.send(json.dumps({"t": "sub", "topics": list(topics)}))
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                yield socket.recv(left)
            except TimeoutError:
                return


if __name__ == "__main__":
    main()
