"""A count in one sentence, for those who are given its address: who has how many votes, of how many actas, when."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.embed.scene import dated
from dashboard.figures import arrange, fields, running, shown
from dashboard.words import Words

Data = Mapping[str, Any]
_LISTS = 2


def summary(place: str, data: Data, meta: Data, words: Words) -> str:
    """ "Lima: Norte 52.1 % (4 210), Sur 47.9 % (3 871); 98.40 % de actas, 13 jun 2026, 14:05. Parcial, no oficial." """
    lists: Sequence[Data] = meta["contest"]["lists"]
    count = shown(data)
    texts = fields(count, [entry["short"] for entry in lists])
    votes = count.get("votes")
    first = arrange(votes, running(lists), _LISTS)[0] if votes and any(votes) else []
    said = [f"{lists[n]['short']} {texts[f'share.{n}']} ({texts[f'votes.{n}']})" for n in first]
    return words(
        "embed.about",
        place=place,
        lists=", ".join(said) or words(f"standing.{texts['standing']}"),
        counted=_counted(count, texts, words),
        at=dated(count.get("source_at") or meta["as_of"], meta["timezone"], words),
        status=words(f"count.{meta['status']}"),
    )


def _counted(count: Data, texts: Mapping[str, str], words: Words) -> str:
    """How much is counted; of one table, the state of its acta."""
    if "state" in count:
        return words("embed.mesa_state", state=words(f"mesa_state.{count['state']}"))
    return words("embed.counted", pct=texts["counted_pct"])
