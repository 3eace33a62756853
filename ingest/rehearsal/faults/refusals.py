"""Answers of the edge that stands before the source: its page, its refusals, its challenge, half a body."""

from ingest.rehearsal.answers import PAGE
from ingest.rehearsal.faults.exchange import FaultReply, FaultRequest
from ingest.rehearsal.faults.fault import Fault

_HTML = "text/html; charset=utf-8"
_WAIT_S = 60


class Html200(Fault):
    """The site's application page with status 200 where data is expected.

    In reality: for unknown paths, errors behind the edge, and automated clients at times.
    Promised: never read as numbers; the last good ones stay, and the question is put again in the next cycle.
    """

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault."""
        return reply.changed(200, PAGE.body, content_type=_HTML)


class Storm403(Fault):
    """Every answer is 403 for a while.

    In reality: the firewall blocks an address, usually for minutes.
    Promised: each refusal doubles the pause, from a minute up to forty; we never disguise ourselves nor go around it.
    """

    usual_share, usual_s = 1.0, 60.0

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault."""
        return reply.changed(403, b"<html><body>Human Verification</body></html>", content_type=_HTML)


class TooMany429(Fault):
    """429 with a wish to wait.

    In reality: too many questions in a short time; the source asks for at least a minute.
    Promised: nothing is asked before the wish is over.
    """

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault."""
        return reply.changed(429, b"", content_type=_HTML, retry_after=str(_WAIT_S))


class Challenge202(Fault):
    """202 without data and with the firewall's header.

    In reality: a challenge for browsers to solve, seen after about a hundred lists of actas in a row.
    Promised: it is a refusal, not an empty answer: we pause, do not solve it, and nothing known is dropped.
    """

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault."""
        return reply.changed(202, b"", content_type=_HTML, x_amzn_waf_action="challenge")


class ActaChallenge(Challenge202):
    """The same for every question about actas, and for no other.

    In reality: from the first call on, on the night of October 2026: areas were all that anybody could read.
    Promised: areas are read as on any night, actas are knocked for ever more rarely, and read when they open.
    """

    usual_share, begins_s = 1.0, 0.0

    def strikes(self, question: FaultRequest) -> bool:
        """See Fault."""
        return self.source.shapes.is_about_actas(question) and super().strikes(question)


class Truncate(Fault):
    """The body ends early, at a length that the headers confirm.

    In reality: the edge kept half an answer, and serves it as a whole one; a zero-byte file was seen too.
    Promised: not a number is taken from it, not even from the part that arrived.
    """

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault."""
        return FaultReply(reply.status, reply.headers, reply.body[: self.random.randrange(max(1, len(reply.body)))])
