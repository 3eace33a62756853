"""The questions of the 2021 feed: everything stands in the path."""

from ingest.feeds.onpe2021 import words
from ingest.feeds.texts import six_digits
from ingest.fetch import Question
from tally import keys
from tally.election import Contest
from tally.keys import ABROAD, DOMESTIC, NATION, area_key

BASE_PATH = ""
_SCOPES = {NATION: words.NATION, DOMESTIC: words.DOMESTIC, ABROAD: words.ABROAD}
_KEYS = {code: key for key, code in _SCOPES.items()}


def ubigeo_of(key: str) -> str:
    """The code under which the source publishes an area."""
    return _SCOPES.get(key) or keys.ubigeo_of(key) or words.NATION


def key_of(ubigeo: str) -> str:
    """The area that the source publishes under a code.

    Raises: FeedMalformed: it is no ubigeo: a relay's addresses are not ours.
    """
    return _KEYS.get(ubigeo) or area_key(six_digits(ubigeo, "ubigeo"))


def results(contest: Contest, ubigeo: str) -> Question:
    """The published count of one area."""
    return Question(f"/results/{contest.source_id}/{ubigeo}")


def ubigeos() -> Question:
    """Names of all areas of Peru."""
    return Question("/ecp/ubigeos/P")


def ubigeos_abroad() -> Question:
    """Names of all areas abroad."""
    return Question("/ecp/ubigeos/E")


def places(ubigeo: str) -> Question:
    """Polling places of one district."""
    return Question(f"/mesas/locales/{ubigeo}")


def mesas(ubigeo: str, place: str) -> Question:
    """Mesas of one polling place; the 11 is what the source's own page asks with, whatever the election."""
    return Question(f"/mesas/actas/11/{ubigeo}/{place}")


def acta(mesa: str) -> Question:
    """The actas of one mesa."""
    return Question(f"/mesas/detalle/{mesa}")
