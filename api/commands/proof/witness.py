"""`escrutinio witness`: follow somebody else's heads, and keep them where that somebody cannot reach."""

import time
from contextlib import suppress
from pathlib import Path

import httpx
import typer

from ingest.proof.witness import Witness
from tally.errors import FeedError, FeedMalformed, FeedUnavailable, InvalidInput, NotFound
from tally.web_addresses import split_address

_TOTAL_S = 30.0


def witness(
    url: str = typer.Argument(help="A running Escrutinio: https://count.example"),
    out: Path | None = typer.Option(None, help="Folder for the heads; by default witness/HOST."),
    election: str | None = typer.Option(None, help="Election id; by default the first that the server counts."),
    once: bool = typer.Option(False, "--once", help="Look once; exit status 1 if something is wrong."),
    interval: float = typer.Option(60.0, min=1.0, help="Seconds between two looks."),
) -> None:
    """Keep every sealed head of a server, and raise the alarm if one contradicts those seen before."""
    parts = split_address(url)
    if parts is None:
        raise InvalidInput(f"{url!r} is not a web address; it looks like https://count.example")
    with suppress(KeyboardInterrupt), httpx.Client(trust_env=False, follow_redirects=False) as client:
        chosen = election or _first_election(url, client)
        following = Witness(url, chosen, out or Path("witness") / parts.netloc.replace(":", "-"), client)
        while True:
            try:
                _say(following)
            except (NotFound, FeedError) as error:
                if once:
                    raise
                typer.echo(f"escrutinio: {error}; next look in {interval:.0f} s", err=True)
            if once:
                return
            time.sleep(interval)


def _say(following: Witness) -> None:
    seen = following.look()
    if seen.is_new:
        typer.echo(f"{seen.at}  {seen.size:>10,} log lines  {seen.root}")


def _first_election(url: str, client: httpx.Client) -> str:
    address = f"{url.rstrip('/')}/api/v1/elections"
    try:
        found = client.get(address, timeout=_TOTAL_S)
        return str(found.raise_for_status().json()[0]["id"])
    except httpx.HTTPError as error:
        raise FeedUnavailable(f"{address}: {error or type(error).__name__}") from error
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise FeedMalformed(f"{address} does not list an election") from error
