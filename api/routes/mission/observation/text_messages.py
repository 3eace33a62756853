"""POST /text-messages: a gateway hands over what it was sent. There is no such route unless there is a gateway."""

from functools import partial

import msgspec
from anyio import to_thread
from msgspec import Struct
from starlette.requests import Request

from api.alerts.channels import SIGNATURE
from api.alerts.text_gateway import check_signature
from api.http.answers import Reply, Router, reply
from api.http.bodies import read_bytes, takes
from api.mission.text_desk import TextDesk
from api.mission.text_orders import IncomingText
from api.serving.access import GivenCase
from tally import moments
from tally.errors import InvalidInput

_MOST_BYTES = 64 * 1024


class TextReply(Struct, frozen=True):
    """What is to be sent back to whom the text came from; null: nothing."""

    reply: str | None


def make_router(desk: TextDesk, secret: str) -> Router:
    """The route, open to whoever signs with the secret."""
    router = Router(tags=["messages"])

    @router.post("/text-messages", openapi_extra=takes(IncomingText))
    async def take_text(request: Request, case: GivenCase) -> Reply[TextReply]:
        """Take a text message and do what it asks for; 200 once that is stored. The same id again: the same reply."""
        body, now = await read_bytes(request, _MOST_BYTES), moments.utc_now()
        check_signature(secret, request.headers.get(SIGNATURE, ""), body, now)
        try:
            sent = msgspec.json.decode(body, type=IncomingText)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidInput(f"the body is not what is taken here: {error}") from error
        said = await to_thread.run_sync(partial(desk.take, case, sent, now))
        return reply(request, TextReply(said), "no-store")

    return router
