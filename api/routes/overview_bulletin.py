"""All contests of an election in words."""

from functools import partial

import msgspec
from msgspec import Struct
from starlette.requests import Request

from api.bulletin.cuts import chosen_words
from api.http.answers import Reply, Representation, Router, pack, respond
from api.routes.bulletin import ALSO_TEXT, AT, LANG, LENGTH, PLAIN, Form
from api.serving.access import Serving
from dashboard.bulletin.figure import Sentence
from dashboard.bulletin.races import bulletin_of_races
from dashboard.bulletin.rules import Length
from dashboard.bulletin.writing import text_of
from dashboard.words import Words
from tally.election import Election

router = Router(tags=["bulletin"])


class OverviewBulletin(Struct, frozen=True, kw_only=True):
    """How the contests of an election stand, in words; `version` is that of their table."""

    election: str
    epoch: str
    version: int
    as_of: str | None
    source_at: str | None
    is_test: bool
    lang: str
    length: Length
    title: str
    text: str
    sentences: list[Sentence]


@router.get("/elections/{election_id}/contests/bulletin", responses=ALSO_TEXT)
async def read_overview_bulletin(
    request: Request,
    services: Serving,
    election_id: str,
    length: Length = LENGTH,
    lang: str = LANG,
    at: str | None = AT,
    format: Form = "json",  # noqa: A002 - the parameter's published name
) -> Reply[OverviewBulletin]:
    """How many contests stand how, and each in a sentence or two, from the table of contests alone."""
    words = chosen_words(lang)
    contests = (await services.contests.of(election_id)).contests
    table, cache = await services.contest_tables.answer(contests, at)
    key = ("overview bulletin", election_id, table.etag, length, lang, format)
    write = partial(_write, contests.election, table, length, words, format)
    return respond(request, await services.answers.get(key, write), cache)


def _write(election: Election, made: Representation, length: Length, words: Words, form: Form) -> Representation:
    table = msgspec.json.decode(made.body)
    sentences = bulletin_of_races(table, length, words)
    text = text_of(sentences, length)
    if form == "text":
        return pack(f"{text}\n".encode(), made.etag, PLAIN)
    body = OverviewBulletin(
        **{name: table[name] for name in ("election", "epoch", "version", "as_of", "source_at", "is_test")},
        lang=words.code,
        length=length,
        title=words.of(election.name),
        text=text,
        sentences=sentences,
    )
    return pack(msgspec.json.encode(body), made.etag)
