"""Bytes of the 2021 feed to values of ours: polling places, the mesas of one, and an acta."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from ingest.feeds import ActaHead
from ingest.feeds.ballot import acta_votes
from ingest.feeds.onpe2021 import words
from ingest.feeds.onpe2021.text import find, is_same, number, read
from ingest.feeds.texts import readable, six_digits
from tally.board import Fact
from tally.election import Contest
from tally.errors import FeedEmpty, FeedMalformed
from tally.keys import code_of, mesa_key, place_key
from tally.model import Acta, ActaState, PollingPlace

_places = msgspec.json.Decoder(words.LocalRows)
_mesas = msgspec.json.Decoder(words.Mesas)
_detail = msgspec.json.Decoder(words.Detail)

_LONGEST_CODE = 16
# In these states an acta shows zeros, which are not figures.
_ZEROS = (ActaState.PENDING, ActaState.NOT_INSTALLED)


def parse_places(body: bytes, ubigeo: str, src: str) -> list[Fact]:
    """Polling places of one district. Our code of a place is "{ubigeo}-{code}": the source's repeats elsewhere.

    Where two places of the district have one name, their addresses tell them apart.
    Raises: FeedMalformed: also when a place lies in another district than the one asked for, or stands twice.
    """
    rows = read(body, _places).rows
    named = [readable(row.name, f"the name of place {row.code}") for row in rows]
    names = Counter(named)
    six_digits(ubigeo, "ubigeo")
    facts: dict[str, Fact] = {}
    for row, name in zip(rows, named, strict=True):
        if row.ubigeo != ubigeo:
            raise FeedMalformed(f"asked for the places of {ubigeo}, but place {row.code} lies in {row.ubigeo}")
        code = _place_code(row)
        if code in facts:
            raise FeedMalformed(f"place {row.code} stands twice in {ubigeo}")
        if names[name] > 1 and row.address:
            name = f"{name} · {readable(row.address, f'the address of place {row.code}')}"
        facts[code] = Fact(place_key(code), PollingPlace(code=code, name=name or code, ubigeo=ubigeo), src)
    return list(facts.values())


def _place_code(row: words.LocalRow) -> str:
    if not (row.code.isascii() and row.code.isalnum() and len(row.code) <= _LONGEST_CODE):
        raise FeedMalformed(f"{row.code!r} is not a code of a polling place")
    return f"{row.ubigeo}-{row.code}"


def source_code(code: str) -> str:
    """The source's code of a place, from ours."""
    return code.partition("-")[2]


def parse_mesas(body: bytes, place: Fact, ubigeo: str) -> list[ActaHead]:
    """Mesas of one polling place; their rows do not tell what became of their actas.

    Raises: FeedMalformed: also when a mesa is not a number of six digits or stands twice.
    """
    heads: dict[str, ActaHead] = {}
    code = code_of(place.key)
    six_digits(ubigeo, "ubigeo")
    for row in read(body, _mesas).rows:
        mesa = six_digits(row.mesa, "mesa")
        if mesa in heads:
            raise FeedMalformed(f"mesa {mesa} stands twice in its polling place")
        heads[mesa] = ActaHead(mesa, ubigeo, str(row.processed), None, None, None, (place,), code)
    return list(heads.values())


def parse_acta(body: bytes, contest: Contest, head: ActaHead, src: str) -> Fact:
    """The acta of one mesa; its place is the one in whose list the mesa stands, since the answer names no code.

    Raises: FeedEmpty: no such mesa, or no presidential acta. FeedMalformed: also when the answer is about another
        district or mesa than was asked, a state or list is unknown, or a line stands twice.
    """
    president = read(body, _detail).processes.president
    if president is None:
        raise FeedEmpty(f"the source has no acta of this contest for mesa {head.mesa}")
    _check_echo(president, head)
    acta = president.head
    state = _state(acta)
    votes, figures = _figures(president.lines, contest)
    shown = bool(president.lines) and state not in _ZEROS
    if not shown:
        figures = {}
    code, observation = readable(acta.state, "the acta's state"), readable(acta.observation, "the acta's observation")
    return Fact(
        mesa_key(head.mesa),
        Acta(
            blank=figures.get("blank"),
            cast=figures.get("cast"),
            challenged=figures.get("challenged"),
            code=code if observation == code else f"{code} / {observation}",
            null=figures.get("null"),
            observation=observation if state is ActaState.AT_JEE else None,
            place=head.place,
            registered=None if acta.registered is None else number(acta.registered, "NNUME_HABILM"),
            state=state,
            ubigeo=head.ubigeo,
            valid=figures.get("valid"),
            votes=acta_votes(votes, contest) if shown else None,
        ),
        src,
    )


def _check_echo(president: words.President, head: ActaHead) -> None:
    if president.head.ubigeo != head.ubigeo:
        raise FeedMalformed(
            f"asked for mesa {head.mesa} of {head.ubigeo}, but the source answered about {president.head.ubigeo}"
        )
    for resolution in president.resolutions or ():
        if resolution.mesa is not None and resolution.mesa.strip() != head.mesa:
            raise FeedMalformed(f"asked for mesa {head.mesa}, but the source resolved mesa {resolution.mesa}")


def _state(acta: words.ActaGeneral) -> ActaState:
    known = find(acta.state, words.STATES)
    if known is None:
        raise FeedMalformed(f"unknown acta state {acta.state!r}; known: {', '.join(words.STATES)}")
    if known == words.RESOLVED:
        if is_same(acta.observation, words.ANNULLED):
            return ActaState.ANNULLED
        if not is_same(acta.observation, words.COUNTED):
            raise FeedMalformed(f"unknown outcome {acta.observation!r} of a resolved acta")
    return words.STATES[known]


def _figures(lines: Sequence[words.VoteRow], contest: Contest) -> tuple[dict[str, int | None], dict[str, int | None]]:
    """Votes by code of list, and the other lines by our names."""
    codes = {entry.code for entry in contest.lists}
    votes: dict[str, int | None] = {}
    figures: dict[str, int | None] = {}
    for line in lines:
        label = None if line.code in codes else find(line.name, words.LABELS)
        into, name = (votes, line.code or line.name) if label is None else (figures, words.LABELS[label])
        if name in into:
            raise FeedMalformed(f"line {line.name!r} stands twice on the acta")
        is_legible = line.votes is not None and line.votes != words.ILLEGIBLE
        into[name] = number(line.votes, line.name) if is_legible and line.votes is not None else None
    return votes, figures
