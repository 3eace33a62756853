"""Public incidents as an embed shows them: the same public layer that everybody is answered."""

from api.live.count import LiveCount
from api.mission.casework import Casework
from dashboard.embed.scene import Incidents
from dashboard.naming import name_of
from dashboard.words import Words
from mission.publication import PublicIncident
from tally.errors import StoreUnavailable
from tally.keys import is_within

# The list is for reading; the public layer itself has all of them.
_TOLD = 50


def read_incidents(casework: Casework, live: LiveCount, area: str, words: Words) -> Incidents | None:
    """Those in an area, newest first, and the numbers by area; None while they cannot be read. Not on the loop."""
    try:
        layer = casework.public(live.election.id)
    except StoreUnavailable:
        return None
    counts = {key: sum(row.values()) for key, row in layer.rows.items()}
    within = [incident for incident in layer.incidents if is_within(incident.key, area)]
    newest = sorted(within, key=lambda incident: incident.at, reverse=True)[:_TOLD]
    return Incidents(counts, [(_told(incident, live, words), incident.at) for incident in newest])


def _told(incident: PublicIncident, live: LiveCount, words: Words) -> str:
    """What, how grave, where."""
    where = name_of(words, incident.key, live.names.names.get(incident.key))
    return f"{words('category.' + incident.category)} · {words('severity.' + incident.severity)} · {where}"
