"""Public incidents as an embed shows them: read from our own public layer, none where there is no such layer."""

from typing import Any
from urllib.parse import quote

from api.reader import Reader

Incident = dict[str, Any]


def read_incidents(read: Reader, election_id: str, language: str) -> list[Incident]:
    """Each with `areas` (keys it lies in), `text` (category, place, state) and `at`."""
    try:
        answer = read(f"/api/v1/elections/{quote(election_id)}/incidents")
    except (LookupError, ConnectionError):
        return []
    return [_told(incident, language) for incident in answer["incidents"]]


def _told(incident: dict[str, Any], language: str) -> Incident:
    parts = [incident.get(name) for name in ("category", "where", "state")]
    words = [part.get(language, "") if isinstance(part, dict) else part for part in parts if part]
    return {"areas": incident.get("areas") or [], "text": " · ".join(words), "at": incident.get("at")}
