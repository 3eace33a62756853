"""One keep-alive client that asks for a small answer again and again: `python -m bench.fanout.prober PORT`.

In a process of its own, so that it measures the server and not its neighbours. A command ends it; it answers with the
seconds of every request.
"""

import json
import select
import sys
import time
from http.client import HTTPConnection

_PAUSE_S = 0.002


def main() -> None:
    """Ask until told to stop."""
    times: list[float] = []
    connection = HTTPConnection("127.0.0.1", int(sys.argv[1]))
    while not select.select([sys.stdin], [], [], _PAUSE_S)[0]:
        began = time.monotonic()
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        times.append(time.monotonic() - began)
    print(f"= {json.dumps(times)}", flush=True)


if __name__ == "__main__":
    main()
