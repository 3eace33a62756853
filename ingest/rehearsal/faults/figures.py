"""Faults of content: well-formed answers whose figures are not those of the area, acta or election asked for."""

from ingest.rehearsal.faults.exchange import FaultReply, FaultRequest
from ingest.rehearsal.faults.fault import Fault


class Echo(Fault):
    """The whole country's figures under an area's own ids.

    In reality: a filter that the source does not understand is ignored in silence.
    Promised: held, with a sentence that says why; the area's last good figures stay.
    """

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault: of an area that is picked, every answer."""
        area, own = self.source.shapes.area(question), reply.payload()
        if not area or own is None or not self.picks(area):
            return reply
        nation = (await self.source.ask(self.source.shapes.about_nation(question))).payload()
        if nation is None:
            return reply
        self.source.shapes.echo(nation, own)
        return reply.telling(nation)

    def strikes(self, question: FaultRequest) -> bool:
        """See Fault: its share is one of areas, not of answers."""
        return True


class OtherElection(Fault):
    """Answers of another election: its process, its lists, its actas.

    In reality: a host is reused for the next process, and test data of another one were served before opening.
    Promised: refused at the start; later not a number is taken, because no list is known to us.
    """

    usual_share = 1.0

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault."""
        payload = reply.payload()
        if payload is None:
            return reply
        self.source.shapes.rename_election(payload)
        return reply.telling(payload)


class NullGeneral(Fault):
    """The general data of an area are null, though the source has figures.

    In reality: 7 June 2021, 08:18: results filled, same stamp, generalData null; fine minutes later.
    Promised: never read as zero; what stands elsewhere in the answer counts, else the last good figures stay.
    """

    usual_share = 0.5

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault."""
        payload = reply.payload()
        if payload is None or not self.source.shapes.is_totals(question):
            return reply
        self.source.shapes.empty_general(payload)
        return reply.telling(payload)


class ZeroActa(Fault):
    """A counted acta shows zero everywhere, in its lists and in its totals.

    In reality: actas of 2021 whose state was loaded before their figures.
    Promised: it is published as what it says and marked; the area's published count, which has its figures, shows the
    difference.
    """

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault: the same mesas in every answer."""
        payload = reply.payload()
        if payload is None:
            return reply
        self.source.shapes.empty_actas(question, payload, self.picks)
        return reply.telling(payload)

    def strikes(self, question: FaultRequest) -> bool:
        """See Fault: its share is one of mesas, not of answers."""
        return True


class DuplicateMesa(Fault):
    """A mesa stands twice in a list or a search.

    In reality: pages of a list that is being written move under the reader.
    Promised: no acta is counted twice; an answer that contradicts itself is passed over and asked again.
    """

    usual_share = 0.5

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault."""
        payload = reply.payload()
        if payload is None:
            return reply
        self.source.shapes.double_mesa(payload)
        return reply.telling(payload)
