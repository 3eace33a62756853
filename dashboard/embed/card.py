"""The card a link shows when it is shared: one area with its numbers, their time, and how official they are."""

from markupsafe import Markup

from dashboard.embed.bars import segments
from dashboard.embed.drawing import LINE, definitions, draw_map, textured
from dashboard.embed.pen import Pen
from dashboard.embed.poster import draw_actas_bar, draw_bar, draw_watermark
from dashboard.embed.scene import EMPTY, Scene
from dashboard.embed.text_width import fitted, shrunk, width_of, wrapped
from dashboard.markup import element
from dashboard.tokens import LIGHT
from tally.keys import Level, level_of

WIDTH, HEIGHT = 1200, 630
# The scale of the type: a card is seen at half its size.
ZOOM = 1.6
_PAD = 56
# How high are the bar of actas and what stands at the foot.
_ACTAS, _FOOT = 14, 62
_MAP_ROOM = (372, 470)
_FULL = WIDTH - 2 * _PAD
_SHOWN = 2
_MOST = 4


def draw_card(scene: Scene) -> str:
    """The card, 1200 × 630."""
    pen = Pen(LIGHT, ZOOM)
    has_map = scene.outline is not None and bool(scene.outline["paths"])
    room = _FULL - (_MAP_ROOM[0] + 40 if has_map else 0)
    draw_top(pen, scene)
    _title(pen, scene, room)
    _numbers(pen, scene, room)
    if has_map:
        _map(pen, scene)
    draw_bottom(pen, scene)
    if scene.is_test:
        draw_watermark(pen, scene, WIDTH, HEIGHT)
    return pen.finish(WIDTH, HEIGHT, definitions(pen.palette), f"{scene.title} · {scene.status}")


def draw_top(pen: Pen, scene: Scene) -> None:
    """Whose count, and in words that it is neither final nor, in a rehearsal, real."""
    palette, words = pen.palette, scene.words
    pen.text(_PAD, 66, words("page.brand"), pen.size(0), weight=700)
    status = scene.status
    label, fill, wash, size = status, palette.ink, palette.track, pen.size(0)
    if scene.is_test:
        label, fill, wash = words("page.rehearsal_note"), palette.amber, palette.amber_wash
    wide = width_of(label, size, 700) + 36
    pen.rect(WIDTH - _PAD - wide, 38, wide, 42, wash, rx=21)
    pen.text(WIDTH - _PAD - wide / 2, 67, label, size, weight=700, fill=fill, anchor="middle")


def _title(pen: Pen, scene: Scene, room: float) -> None:
    pen.y, size, small = 92, pen.size(2), pen.size(-1)
    for line in wrapped(scene.title, size, room, 700):
        pen.y += size * 1.06
        pen.text(_PAD, pen.y, line, size, weight=700)
    pen.y += 31
    pen.text(_PAD, pen.y, fitted(scene.place, small, room), small, fill=pen.palette.soft)
    pen.y = max(pen.y + 22, 186)


def _numbers(pen: Pen, scene: Scene, room: float) -> None:
    """The leading lists with share and votes, the bar of all, the difference, and how much of it is counted."""
    texts, palette, words = scene.texts, pen.palette, scene.words
    shown = _leading(scene)
    column = (room - 32 * (len(shown) - 1)) / max(1, len(shown))
    for place, index in enumerate(shown):
        left, entry = _PAD + place * (column + 32), scene.lists[index]
        pen.put(textured(index, entry["color"], width=22, height=22, rx=4), left, pen.y + 12)
        size = shrunk(entry["short"], pen.size(1), column - 34, 700)
        pen.text(left + 34, pen.y + 33, fitted(entry["short"], size, column - 34, 700), size, weight=700)
        share = texts[f"share.{index}"]
        pen.text(left, pen.y + 100, share, shrunk(share, pen.size(4), column, 700), weight=700)
        pen.text(left, pen.y + 134, words("units.vote", n=scene.votes_of(index)), pen.size(0), fill=palette.soft)
    pen.y += 150
    draw_bar(pen, scene, _PAD, room, 26)
    pen.y += 60
    difference = words("headline.difference", votes=words("units.vote", n=scene.margin), points=texts["lead_points"])
    if segments(scene):
        size = pen.size(0 if scene.hangs is None else -1)
        for line in wrapped(scene.hangs or difference, size, room, 700):
            pen.text(_PAD, pen.y, fitted(line, size, room, 700), size, weight=700)
            pen.y += size + 9
    small = pen.size(-1)
    for line in wrapped(scene.decided, small, room, 600, most=3):
        pen.text(_PAD, pen.y - 3, fitted(line, small, room, 600), small, weight=600)
        pen.y += 26
    pen.text(_PAD, pen.y, fitted(_counted(scene), small, room), small, fill=palette.soft)
    pen.y += 16
    if scene.count.get("total") and pen.y + _ACTAS + 16 < HEIGHT - _FOOT:
        draw_actas_bar(pen, scene, _PAD, room, _ACTAS)


def _leading(scene: Scene) -> list[int]:
    """The lists there is room for. A tie is not cut: where it has none, those before it stand alone."""
    shown, votes = scene.arranged(_SHOWN)[0], scene.count.get("votes")
    if len(shown) <= _MOST or not votes:
        return shown
    return [index for index in shown if votes[index] > votes[shown[-1]]]


def _counted(scene: Scene) -> str:
    """How much is counted; of one table, the state of its acta."""
    words, texts = scene.words, scene.texts
    if level_of(scene.key) is Level.MESA:
        state = words("embed.mesa_state", state=words(f"mesa_state.{scene.data.get('state', 'pending')}"))
        return f"{scene.status} · {state}" if scene.is_test else state
    actas = words("embed.actas", counted=texts["counted"], total=texts["total"], pct=texts["counted_pct"])
    return f"{scene.status} · {actas}" if scene.is_test else actas


def _map(pen: Pen, scene: Scene) -> None:
    outline = scene.outline
    assert outline is not None  # noqa: S101 - asked before
    wide, high = _MAP_ROOM
    scale = min(wide / outline["width"], high / outline["height"])
    left = WIDTH - _PAD - wide + (wide - scale * outline["width"]) / 2
    top = 96 + (high - scale * outline["height"]) / 2
    drawn = draw_map(scene, outline) if scene.rows else _place(scene, outline["paths"])
    pen.put(drawn, left, top, scale)


def _place(scene: Scene, paths: dict[str, str]) -> Markup:
    """Where a district lies in its province: its own colour among neighbours without one."""
    own = next((key for key, _ in [(scene.key, ""), *reversed(scene.parents)] if key in paths), None)
    color = scene.paint(scene.data).color or EMPTY
    others = [element("path", d=path) for key, path in paths.items() if key != own]
    chosen = None if own is None else element("path", d=paths[own], fill=color, stroke_width=4)
    return element("g", [others, chosen], fill=LIGHT.track, stroke=LINE, stroke_linejoin="round")


def draw_bottom(pen: Pen, scene: Scene) -> None:
    """The numbers' own time, and the source."""
    palette, words = pen.palette, scene.words
    stamp = next((stamp for _, stamp in scene.times if stamp), None)
    name = next((name for name, stamp in scene.times if stamp), "source")
    pen.rect(0, HEIGHT - _FOOT, WIDTH, _FOOT, palette.track)
    when = f"{words(f'embed_time.{name}')}: {scene.moment(stamp)}"
    size, small = pen.size(0), pen.size(-1)
    pen.text(_PAD, HEIGHT - 23, when, size, weight=700)
    credit = words.of(scene.meta["credit"])
    room = _FULL - width_of(when, size, 700) - 40
    pen.text(WIDTH - _PAD, HEIGHT - 23, fitted(credit, small, room), small, fill=palette.soft, anchor="end")
