"""Kept answers of the 2026 feed to the facts they gave: what every reading of `Onpe2026` makes of its bytes, again."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from ingest.feeds import Kept
from ingest.feeds.onpe2026 import questions
from ingest.feeds.onpe2026.actas import parse_acta_page, parse_acta_search
from ingest.feeds.onpe2026.parse import Cut, join, parse_catalogue, parse_participants, parse_totals
from ingest.fetch import Question
from tally.board import Fact
from tally.election import Contest
from tally.errors import FeedMalformed
from tally.keys import ancestors, is_within, ubigeo_of
from tally.model import Acta

_PAGE = re.compile("[0-9]{1,6}")


def reread(answers: Sequence[Kept], contest: Contest, since: str) -> list[Fact]:
    """See Feed.reread; of `since`, parse_totals. An area's fact needs its totals first, then the votes of that area."""
    facts: list[Fact] = []
    cuts: dict[str, tuple[Cut, str]] = {}
    for answer in answers:
        for question in answer.questions:
            with suppress(FeedMalformed):
                key = questions.area_of(question)
                if key is not None and not is_within(key, contest.whole):
                    continue  # another contest's
                if key is not None and question == questions.totals(contest, key):
                    cuts[key] = (parse_totals(answer.body, ubigeo_of(key), since), answer.src)
                facts += _facts(answer, question, contest, cuts)
    return facts


def _facts(
    answer: Kept, question: Question, contest: Contest, cuts: dict[str, tuple[Cut, str]]
) -> Iterator[Fact] | list[Fact]:
    key, params = questions.area_of(question), dict(question.params)
    if question == questions.leaves(contest):
        return parse_catalogue(answer.body, answer.src, contest.scope)
    if question == questions.acta_search(mesa := params.get("codigoMesa", "")):
        fact = parse_acta_search(answer.body, contest, mesa, answer.src)
        return [fact] if isinstance(fact.value, Acta) and fact.value.ubigeo.startswith(contest.scope) else []
    ubigeo, page = params.get("idUbigeo", ""), params.get("pagina", "")
    if (
        ubigeo.startswith(contest.scope)
        and _PAGE.fullmatch(page)
        and question == questions.acta_list(contest, ubigeo, int(page))
    ):
        heads = parse_acta_page(answer.body, contest, ubigeo, answer.src).heads
        return [fact for head in heads for fact in head.facts]
    if key is not None and key in cuts and question in questions.participants(contest, key):
        cut, src = cuts[key]
        count = join(cut, parse_participants(answer.body, contest))
        return [Fact(one, count, f"{src}+{answer.src}") for one in (key, *_around(contest, key))]
    return []


def _around(contest: Contest, key: str) -> tuple[str, ...]:
    """The areas that are counted as one with it: those around a contest's own."""
    return ancestors(key) if key == contest.whole else ()
