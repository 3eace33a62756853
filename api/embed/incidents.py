"""Public incidents as an embed shows them: read from our own public layer, none where there is no such layer."""

from typing import Any
from urllib.parse import quote

from api.live.count import LiveCount
from api.serving.reader import Reader
from dashboard.embed.scene import Incidents
from dashboard.naming import name_of
from dashboard.words import Words
from tally.keys import is_within

# The list is for reading; the public layer itself has all of them.
_TOLD = 50


def read_incidents(read: Reader, live: LiveCount, area: str, words: Words) -> Incidents:
    """Those in an area, newest first, and the numbers by area."""
    try:
        answer = read(f"/api/v1/elections/{quote(live.election.id)}/incidents")
    except (LookupError, ConnectionError):
        return Incidents({}, ())
    counts = {key: sum(row.values()) for key, row in answer["rows"].items()}
    within = [incident for incident in answer["incidents"] if is_within(incident["key"], area)]
    newest = sorted(within, key=lambda incident: str(incident["at"]), reverse=True)[:_TOLD]
    return Incidents(counts, [(_told(incident, live, words), incident["at"]) for incident in newest])


def _told(incident: dict[str, Any], live: LiveCount, words: Words) -> str:
    """What, how grave, where."""
    key = incident["key"]
    where = name_of(words, key, live.names.names.get(key))
    return f"{words('category.' + incident['category'])} · {words('severity.' + incident['severity'])} · {where}"
