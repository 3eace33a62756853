"""Codes of invitations as what a phone's camera reads."""

from msgspec import Struct

# An address and a code: with a quarter of it lost, a folded card is still read.
_CORRECTION = "q"


class Qr(Struct, frozen=True):
    """A QR code as an SVG path of unit squares: `size` squares a side, without the blank border it needs."""

    size: int
    path: str


def draw_qr(text: str) -> Qr:
    """That text."""
    import segno  # here: 3 MB, which a replica that draws no cards does without

    matrix = segno.make(text, error=_CORRECTION, boost_error=False, micro=False).matrix
    runs = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            dark = x
            while x < len(row) and row[x]:
                x += 1
            if x > dark:
                runs.append(f"M{dark} {y}h{x - dark}v1h-{x - dark}z")
            x += 1
    return Qr(len(matrix), "".join(runs))


def card_address(home: str, code: str) -> str:
    """Where a card leads: the code stands behind the #, which browsers send to nobody."""
    return f"{home}/mission#code={code}"
