"""Follow a count live, through lost connections and restarts. Needs: pip install websockets

python follow.py https://count.example 2026-06-07-president-runoff
"""

import json
import random
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect


def read(address):
    """A state that is too large for a message."""
    with urlopen(address, timeout=30) as answer:
        return json.load(answer)


def follow(home, election, topics=("nation",)):
    """Yields (version, state) after each change; state holds each key's newest values, whole."""
    base = f"{home}/api/v1/elections/{election}"
    state, epoch, seq = {}, None, None
    while True:
        retry_ms = (500, 3000)
        try:
            with connect(f"ws{base[4:]}/live", subprotocols=["escrutinio.rt.v1"], max_size=None) as socket:
                known = {} if seq is None else {"epoch": epoch, "from": seq}
                socket.send(json.dumps({"t": "sub", "topics": list(topics), **known}))
                while True:
                    message = json.loads(socket.recv(timeout=25))
                    if message["t"] == "hello" and message["epoch"] != epoch:  # another history
                        state, epoch, seq = {}, message["epoch"], None
                    elif message["t"] in ("snap", "fetch"):
                        whole = message if message["t"] == "snap" else read(home + message["url"])
                        state, seq = whole["state"], whole["seq"]
                        yield seq, state
                    elif message["t"] == "delta" and message["seq"] > seq:
                        if message["prev"] > seq:
                            break  # something is missing: the next connection goes on from `seq`
                        own = [one for one in message["changes"] if "topic" not in one]  # the others are events
                        state = {**state, **{one["k"]: one["d"] for one in own}}
                        seq = message["seq"]
                        yield seq, state
                    elif message["t"] == "hb" and seq is not None and message["seq"] > seq:
                        break
                    elif message["t"] == "bye":
                        retry_ms = message["retry_ms"]
        except (OSError, URLError, TimeoutError, WebSocketException):
            pass
        time.sleep(random.uniform(*retry_ms) / 1000)


if __name__ == "__main__":
    for version, count in follow(*sys.argv[1:3]):
        nation = count["nation"].get("published") or count["nation"].get("computed")
        print(version, nation and nation["votes"], flush=True)
