"""The soak of the embed's door: thousands of queries, true ones and tricks, to a real server; none is said back."""

import tempfile
from collections import Counter
from collections.abc import Callable

import httpx

from api.main import create_app
from api.options import ServeOptions
from bench.reliability import SoakSection
from dashboard.embed.scene import VIEWS
from geo.boundaries import load_geometry
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, client_of
from tests.api.country import Country, minute
from tests.api.embed.queries import MARKER, queries

NAME, TITLE = "embed", "Queries of embeds"
QUERIES = 10_000
_ALLOWED = (200, 400)


def main(seed: int = 1, say: Callable[[str], None] = print) -> SoakSection:
    """Run it and print what came out."""
    answers: Counter[int] = Counter()
    echoes = 0
    with tempfile.TemporaryDirectory(prefix="escrutinio-soak-") as folder:
        store = Store.open(f"sqlite:///{folder}/count.db")
        country = Country(store)
        country.count(country.mesas[:8], minute(1))
        with client_of(create_app(store, ELECTIONS, geometry=load_geometry(), options=ServeOptions())) as client:
            client.timeout = httpx.Timeout(60)
            for number, query in enumerate(queries(seed, QUERIES)):
                view = VIEWS[number % len(VIEWS)]
                answer = client.get(httpx.URL(f"{client.base_url}/embed/v1/{view}", query=query))
                answers[answer.status_code] += 1
                told = answer.content + b"".join(name + value for name, value in answer.headers.raw)
                echoes += MARKER.encode() in told
        store.close()
    section = SoakSection(NAME, TITLE, seed, _lines(answers, echoes))
    say(section.text())
    return section


def _lines(answers: Counter[int], echoes: int) -> list[str]:
    others = sum(number for status, number in answers.items() if status not in _ALLOWED)
    return [
        f"{sum(answers.values()):,} query strings from a seed, a quarter of them true: doubles, unknown names, markup,",
        "line breaks, nulls, other alphabets, noise, and far too long ones. The answer may be the page or 400, and no",
        "answer, body or header, may say anything back that only the query held.",
        "",
        "| what | bar | measured |",
        "|---|---|---|",
        f"| pages (200) | – | {answers[200]:,} |",
        f"| refused (400) | – | {answers[400]:,} |",
        f"| any other answer | 0 | {others:,} |",
        f"| answers that said something back | 0 | {echoes:,} |",
    ]
