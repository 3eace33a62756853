"""Pictures for the rehearsal: sheets that look like a photographed form, drawn by us, every one different."""

import io
import random

from PIL import Image, ImageDraw

_SIZE = (900, 1200)
_INK, _PAPER, _TABLE = (40, 44, 60), (246, 243, 232), (96, 84, 70)


def draw_sheet(chance: random.Random, title: str) -> bytes:
    """A JPEG of a form filled in by hand; it says what it is."""
    picture = Image.new("RGB", _SIZE, _TABLE)
    pen = ImageDraw.Draw(picture)
    left, top = chance.randint(30, 70), chance.randint(30, 70)
    pen.rectangle((left, top, _SIZE[0] - left, _SIZE[1] - top), fill=_PAPER)
    pen.text((left + 40, top + 30), f"SIMULACRO · {title}", fill=(176, 32, 32), font_size=34)
    for row in range(14):
        y = top + 120 + row * 66
        pen.line((left + 40, y, _SIZE[0] - left - 40, y), fill=(170, 170, 160), width=2)
        width = chance.randint(60, 260)
        points = [(left + 60 + x, y - 14 - chance.randint(0, 22)) for x in range(0, width, 12)]
        pen.line(points, fill=_INK, width=3, joint="curve")
        pen.text((_SIZE[0] - left - 160, y - 44), str(chance.randint(0, 140)), fill=_INK, font_size=36)
    target = io.BytesIO()
    picture.rotate(chance.uniform(-3, 3), fillcolor=_TABLE).save(target, "JPEG", quality=80)
    return target.getvalue()
