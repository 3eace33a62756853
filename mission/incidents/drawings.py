"""What this process drew of late: a picture costs its drawing whether it is kept, repeated or broken."""

from mission.incidents.quotas import Taken, recent


class Drawing(Taken, frozen=True, kw_only=True):
    """One picture that is drawn: `picture_bytes` and `digest` (SHA-256, hexadecimal) are of what was sent."""

    incident_id: str
    digest: str


class Drawings:
    """What observers had drawn within the quotas' window, by this process alone. For the loop's thread."""

    def __init__(self) -> None:
        self.in_vain: tuple[Drawing, ...] = ()
        self._kept: tuple[Drawing, ...] = ()

    def note(self, drawing: Drawing) -> None:
        """It was drawn, in vain as far as is known."""
        self.in_vain = (*recent(self.in_vain, drawing.at), drawing)

    def keep(self, drawing: Drawing) -> None:
        """The log has the picture, and counts it from now on."""
        self.in_vain = tuple(one for one in self.in_vain if one is not drawing)
        self._kept = (*recent(self._kept, drawing.at), drawing)

    def repeats(self, drawing: Drawing) -> bool:
        """Whether the same was sent and kept: who heard no answer sends it again, also where no more is taken."""
        same = (drawing.incident_id, drawing.digest)
        return any((one.incident_id, one.digest) == same for one in self._kept)
