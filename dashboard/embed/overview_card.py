"""The card of an election with many contests: how many of them stand how, and the map of their areas."""

from markupsafe import Markup

from dashboard.components import regions
from dashboard.components.regions import BARE, LOOKS
from dashboard.embed.card import HEIGHT, WIDTH, ZOOM, draw_bottom, draw_top
from dashboard.embed.overview import Overview
from dashboard.embed.pen import Pen
from dashboard.embed.poster import draw_watermark
from dashboard.embed.text_width import fitted, wrapped
from dashboard.tokens import LIGHT

_PAD = 56
_MAP_ROOM = (400, 480)
_ROOM = WIDTH - 3 * _PAD - _MAP_ROOM[0]
_SIGN = LIGHT.counted


def draw_overview(scene: Overview) -> str:
    """The card, 1200 × 630."""
    pen = Pen(LIGHT, ZOOM)
    draw_top(pen, scene)
    pen.y = 96
    for line in wrapped(scene.title, pen.size(2), _ROOM, 700):
        pen.y += 43
        pen.text(_PAD, pen.y, line, pen.size(2), weight=700)
    pen.y += 44
    pen.fit(_PAD, pen.y, scene.words("races.total", n=len(scene.races)).rstrip(":"), 0, _ROOM, fill=pen.palette.soft)
    _states(pen, scene)
    _map(pen, scene)
    draw_bottom(pen, scene)
    if scene.is_test:
        draw_watermark(pen, scene, WIDTH, HEIGHT)
    return pen.finish(WIDTH, HEIGHT, Markup(""), f"{scene.title} · {scene.status}")


def _states(pen: Pen, scene: Overview) -> None:
    """Each state with its sign on the map, the largest room for the number."""
    pen.y += 18
    size = pen.size(1)
    for state, n in scene.states.items():
        pen.y += 54
        pen.rect(_PAD, pen.y - 30, 40, 36, pen.palette.card, stroke=_SIGN, stroke_width=2, rx=5)
        sign = LOOKS.get(state, BARE)[1] or "–"
        pen.text(_PAD + 20, pen.y - 3, sign, pen.size(0), weight=700, fill=_SIGN, anchor="middle")
        text = scene.words(f"race_count.{state}", n=n)
        pen.text(_PAD + 58, pen.y, fitted(text, size, _ROOM - 58, 700), size, weight=700)


def _map(pen: Pen, scene: Overview) -> None:
    drawn, outline = regions.draw(scene.shown, scene.outline, scene.words), scene.outline
    if drawn is None or outline is None:
        return
    wide, high = _MAP_ROOM
    scale = min(wide / outline["width"], high / outline["height"])
    left = WIDTH - _PAD - wide + (wide - scale * outline["width"]) / 2
    pen.put(drawn, left, 92 + (high - scale * outline["height"]) / 2, scale)
