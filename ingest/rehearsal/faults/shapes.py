"""Where things stand in a source's answers, so that one fault works in every generation of its contract."""

from collections.abc import Callable
from typing import Any, Protocol

from ingest.rehearsal.faults.exchange import FaultRequest


class Shapes(Protocol):
    """One generation's answers. Methods that change a payload do so in place; one that does not fit stays as it is."""

    def area(self, question: FaultRequest) -> str | None:
        """Name of the area whose count is asked for, "" for the nation; None for any other question."""
        ...

    def is_totals(self, question: FaultRequest) -> bool:
        """Whether the answer holds an area's acta buckets."""
        ...

    def is_about_actas(self, question: FaultRequest) -> bool:
        """Whether it asks for a list of actas or for one of them."""
        ...

    def counted(self, payload: Any) -> int:
        """Counted actas of an area; 0 where the answer does not say."""
        ...

    def about_nation(self, question: FaultRequest) -> FaultRequest:
        """The same question about the nation."""
        ...

    def echo(self, payload: Any, own: Any) -> None:
        """Make a payload say that it is about the area of the other one."""
        ...

    def copy_stamp(self, payload: Any, other: Any) -> None:
        """Give a payload the stamp of the other one."""
        ...

    def shift_stamp(self, payload: Any, seconds: int) -> None:
        """Move the stamp."""
        ...

    def empty_general(self, payload: Any) -> None:
        """Take the general data of an area away."""
        ...

    def empty_actas(self, question: FaultRequest, payload: Any, is_meant: Callable[[str], bool]) -> None:
        """Make zeros of the figures of counted actas; `is_meant` chooses among mesas."""
        ...

    def double_mesa(self, payload: Any) -> None:
        """Let the first mesa of a list or search stand there twice."""
        ...

    def rename_election(self, payload: Any) -> None:
        """Make a payload one of another election: another process, other lists."""
        ...
