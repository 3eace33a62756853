"""What a feed is made from, read from the API: of one count, or of each count of an election that has many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from urllib.parse import quote

from dashboard.ledger import NEWS_LEVELS, noted_of
from dashboard.reading import Sheet, Visit, has_many, named, whole_of


@dataclass(frozen=True)
class Newsroom:
    """A feed's own sheet; of many counts the newest moment of each and how to read it, newest first."""

    front: Sheet
    counts: Sequence[tuple[str, Callable[[], Sheet]]] | None = None


def read_news(contest: str | None, visit_of: Callable[[str | None], Visit]) -> Newsroom:
    """The news of a contest's count; where none is named, of the election's.

    Raises: LookupError: there is no such contest. ConnectionError.
    """
    visit = visit_of(contest)
    source, meta = visit.source, visit.source.meta()
    if source.contest != contest:
        raise LookupError(contest)
    if contest is not None or not has_many(meta):
        return Newsroom(_told(visit))
    rows = [row for row in source.get("/contests")["rows"] if row["as_of"]]
    counts = [(row["as_of"], partial(_read, visit_of, row["id"])) for row in rows]
    front = Sheet(visit.words, visit.now, source.base, meta, {})
    return Newsroom(front, sorted(counts, key=itemgetter(0), reverse=True))


def _read(visit_of: Callable[[str | None], Visit], contest: str) -> Sheet:
    return _told(visit_of(contest))


def _told(visit: Visit) -> Sheet:
    """Of one count: its turns, its ledger about large areas, and the bulletins of its checkpoints."""
    source, meta = visit.source, visit.source.meta()
    body = {
        "moments": source.get(f"/moments?key={quote(whole_of(meta))}"),
        "ledger": source.get(noted_of(NEWS_LEVELS)),
        "bulletins": source.get(f"/bulletins?lang={visit.words.code}&length=paragraph"),
    }
    return Sheet(named(visit.words, meta), visit.now, source.base, meta, body)
