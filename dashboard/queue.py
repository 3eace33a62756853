"""Which actas of the queue at the juries a URL asks for."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from dashboard.routes import QUEUE, parse_path, path_of
from dashboard.vocabulary import QUEUE_STATES
from tally.keys import NATION

_CURSOR = re.compile(r"[0-9]{1,15}-\w{1,12}", re.ASCII)
_REASON = re.compile(r"[a-z_]{1,30}")


@dataclass(frozen=True)
class QueueChoice:
    """Which actas a URL asks for."""

    within: str = NATION
    reason: str | None = None
    state: str | None = None
    before: str | None = None

    def query(self, **more: str | int | None) -> str:
        """The choice as a query, without what is the default."""
        given = {**asdict(self), "within": None if self.within == NATION else self.within, **more}
        joined = urlencode({name: value for name, value in given.items() if value}, safe="/")
        return f"?{joined}" if joined else ""

    @property
    def path(self) -> str:
        """The page's own address."""
        return f"{QUEUE}{self.query()}"


def read_choice(query: Mapping[str, str]) -> QueueChoice | None:
    """The choice of a URL, or None where it names nothing that can be."""
    within, reason, state, before = (query.get(name) for name in ("within", "reason", "state", "before"))
    route = parse_path(path_of(within or NATION))
    is_place = route is not None and route.key == (within or NATION) and route.kind != "mesa"
    is_reason = reason is None or _REASON.fullmatch(reason) is not None
    is_page = before is None or _CURSOR.fullmatch(before) is not None
    if not (is_place and is_reason and is_page and (state is None or state in QUEUE_STATES)):
        return None
    return QueueChoice(within or NATION, reason, state, before)
