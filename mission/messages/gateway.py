"""The way out for text messages: one small port, behind which whatever sends them may stand."""

from typing import Protocol

from msgspec import Struct


class OutgoingText(Struct, frozen=True):
    """A text message on its way: `to` is a number, `id` the same in every try, so that nobody is sent it twice."""

    id: str
    to: str
    text: str

    def __repr__(self) -> str:
        """Without the number: whatever is logged has none."""
        return f"OutgoingText({self.id})"


class TextGateway(Protocol):
    """Sends text messages."""

    async def send(self, text: OutgoingText) -> None:
        """Hand one over; one whose id was handed over already is not sent again.

        Raises: Unsent.
        """
