"""How numbers are written: es-PE groups, shares of valid votes, and the decimals a close race needs.

Integers come in, text goes out; `browser/text/figures.js` states the same rules for the live repaint and a test holds
both to the same cases.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from math import floor
from typing import Any, Literal

from dashboard.vocabulary import BUCKETS, FIGURES

DASH = "—"
_ACTA_DECIMALS = 2


def group(number: int | None) -> str:
    """Thousands parted by spaces: 9052039 → "9 052 039"; a missing number is a dash, never zero."""
    return DASH if number is None else f"{number:,}".replace(",", " ")


def percent(part: int | None, whole: int | None, decimals: int) -> str:
    """Part of whole as "50.02 %", half rounded up; never 100 when something is missing, never 0 when something is."""
    if part is None or not whole:
        return DASH
    unit: int = 10**decimals
    scaled = (2 * part * 100 * unit + whole) // (2 * whole)
    if part > 0 and scaled == 0:
        return f"< {_decimal(1, decimals)} %"
    if part < whole and scaled >= 100 * unit:
        return f"> {_decimal(100 * unit - 1, decimals)} %"
    return f"{_decimal(scaled, decimals)} %"


def points(difference: int | None, whole: int | None, decimals: int) -> str:
    """A difference of votes in percentage points: "0.047"; never 0 when there is one."""
    if difference is None or not whole:
        return DASH
    scaled = (2 * difference * 100 * 10**decimals + whole) // (2 * whole)
    return f"< {_decimal(1, decimals)}" if difference and not scaled else _decimal(scaled, decimals)


def change(part: int | None, whole: int | None, before: int | None, of_before: int | None) -> str:
    """From a share then to one now in percentage points: "+1.23", "−0.40"; never 0 where there is one."""
    if part is None or before is None or not whole or not of_before:
        return DASH
    moved = 100 * (part / whole - before / of_before)
    scaled = floor(abs(moved) * 10**_ACTA_DECIMALS + 0.5)
    if not moved:
        return _decimal(0, _ACTA_DECIMALS)
    sign = "+" if moved > 0 else "−"
    return f"{sign}{_decimal(scaled, _ACTA_DECIMALS)}" if scaled else f"< {sign}{_decimal(1, _ACTA_DECIMALS)}"


def width(part: int | None, whole: int | None) -> str:
    """A bar's length for CSS: "50.024%"; nothing is drawn where a number is missing."""
    if part is None or not whole:
        return "0%"
    return f"{_decimal((2 * part * 100_000 + whole) // (2 * whole), 3)}%"


def turnout_of(data: Mapping[str, Any]) -> str:
    """Votes cast by the registered voters of counted actas, both of our own sum: the source tells no voters."""
    computed = data.get("computed") or {}
    voters = computed["registered_counted"] if computed.get("counted") else None
    return percent(computed.get("cast"), voters, _ACTA_DECIMALS)


def share_decimals(margin: int, valid: int) -> int:
    """Three decimals under 0.1 point of lead, two under one point, else one."""
    if margin * 1000 < valid:
        return 3
    return 2 if margin * 100 < valid else 1


def ranking(votes: Sequence[int]) -> list[int]:
    """List indexes by votes, most first; equal votes keep the contest's order."""
    return sorted(range(len(votes)), key=lambda index: -votes[index])


def running(lists: Sequence[Mapping[str, Any]]) -> list[int]:
    """Indexes of the lists that can have votes: all but the withdrawn ones, which stand apart."""
    return [index for index, entry in enumerate(lists) if not entry.get("is_withdrawn")]


def arrange(votes: Sequence[int] | None, among: Sequence[int], most: int) -> tuple[list[int], list[int]]:
    """Those lists, most votes first: the ones that are shown, and the others. Where nobody has votes, as they stand.

    A tie for the last place shown is not cut: all of them are shown, or none where they have no votes.
    """
    if not votes or not any(votes):
        return list(among[:most]), list(among[most:])
    order = [index for index in ranking(votes) if index in among]
    end = min(most, len(order))
    least = votes[order[end - 1]]
    if end < len(order) and votes[order[end]] == least:
        end = sum(votes[index] >= max(least, 1) for index in order)
    return order[:end], order[end:]


def columns(votes: Sequence[int] | None, among: Sequence[int], most: int) -> list[int]:
    """The lists with a column in a table: all of a short contest in the ballot's order, the first of a long one."""
    return arrange(votes, among, most)[0] if len(among) > most else list(among)


def margin_of(votes: Sequence[int] | None) -> int | None:
    """Votes between the first two lists; None where there is nothing to compare."""
    if not votes or len(votes) < 2 or not any(votes):
        return None
    first, second = sorted(votes, reverse=True)[:2]
    return first - second


def shown(data: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The count a page leads with: what ONPE publishes, else our sum; a mesa is its own count.

    Of an area of which nothing was read yet there is none: that is no area without votes.
    """
    if not data:
        return {}
    if "computed" in data or "published" in data:
        computed = data.get("computed") or {}
        return data.get("published") or ({} if computed.get("total") == 0 else computed)
    return data


Standing = Literal["not_read", "nothing_counted", "no_valid_votes", "tie", "leads"]


def standing_of(count: Mapping[str, Any]) -> Standing:
    """What can be said of a count that is shown: that we have not read it is not that nobody has a vote."""
    votes, counted, state = (count.get(name) for name in ("votes", "counted", "state"))
    if counted is None and state is not None:  # a mesa's own count
        counted = int(votes is not None or state == BUCKETS[0])
    if counted is None or (counted and votes is None):
        return "not_read"
    if not counted or votes is None:
        return "nothing_counted"
    if not sum(votes):
        return "no_valid_votes"
    return "tie" if margin_of(votes) == 0 else "leads"


def fields(count: Mapping[str, Any], shorts: Sequence[str]) -> dict[str, str]:
    """Every text a page can show of one count, by field name; `shorts` are the lists' short names in contest order.

    A list's votes and share also come as one text of two lines: a table's cell is one field.
    """
    texts = {name: group(count.get(name)) for name in FIGURES}
    for bucket in BUCKETS:
        texts[f"{bucket}_pct"] = _acta_share(count, bucket)
        texts[f"{bucket}_width"] = width(count.get(bucket), count.get("total"))
    return texts | _vote_fields(count, shorts)


def row_fields(count: Mapping[str, Any], shorts: Sequence[str]) -> dict[str, str]:
    """Those of them that a row shows: lead, votes, shares, and how much is counted."""
    return _vote_fields(count, shorts) | {"counted_pct": _acta_share(count, "counted")}


def _acta_share(count: Mapping[str, Any], bucket: str) -> str:
    return percent(count.get(bucket), count.get("total"), _ACTA_DECIMALS)


def _vote_fields(count: Mapping[str, Any], shorts: Sequence[str]) -> dict[str, str]:
    votes: Sequence[int] | None = count.get("votes")
    valid = sum(votes) if votes else None
    order = ranking(votes) if votes else []
    margin = margin_of(votes)
    decimals = share_decimals(margin, valid) if margin is not None and valid else 1
    texts = {
        "standing": standing_of(count),
        "margin": group(margin),
        "lead_points": points(margin, valid, decimals),
        "leader": shorts[order[0]] if valid and margin != 0 else DASH,
        "leader_index": str(order[0]) if valid and margin != 0 else "",
    }
    for index in range(len(shorts)):
        own = votes[index] if votes else None
        texts[f"votes.{index}"] = group(own)
        texts[f"share.{index}"] = percent(own, valid, decimals)
        texts[f"width.{index}"] = width(own, valid)
        # The wide space parts them where both stand in one line, on a phone.
        texts[f"list.{index}"] = f"{texts[f'votes.{index}']}\n\u2002{texts[f'share.{index}']}"
    return texts


def _decimal(scaled: int, decimals: int) -> str:
    whole, rest = divmod(scaled, 10**decimals)
    return f"{whole}.{rest:0{decimals}d}" if decimals else str(whole)


def plain(name: str) -> str:
    """A name as it is sorted, without accents and with ñ after n: "ÁNCASH" → "ANCASH", "PIÑA" → "PIN~A"."""
    parted = unicodedata.normalize("NFD", name).replace("\u0303", "~")
    return "".join(letter for letter in parted if not unicodedata.combining(letter))
