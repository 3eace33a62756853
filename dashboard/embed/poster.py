"""An embed as one picture: for newsletters, AMP and whoever shows no frames. It says all the page says."""

from dashboard.colours import bin_labels, covers, dress, ramps
from dashboard.embed.bars import buckets, segments
from dashboard.embed.drawing import LINE, definitions, draw_map, textured
from dashboard.embed.pen import Pen, palette_of
from dashboard.embed.scene import MAP, TABLE, Scene
from dashboard.embed.text_width import shrunk, width_of, wrapped
from dashboard.markup import element
from dashboard.tokens import bucket_fills
from dashboard.vocabulary import BUCKETS

WIDTH, _PAD = 640, 28
_ROOM = WIDTH - 2 * _PAD
_MAP_HEIGHT = 520
_ROW = 25
# The scale of the type: as on the page, on a picture that is a little larger.
_ZOOM = 1.125


def draw_poster(scene: Scene, view: str) -> str:
    """The picture, 640 units wide and as tall as it needs."""
    pen = Pen(palette_of(scene.theme), _ZOOM)
    _heading(pen, scene)
    draw_shares(pen, scene, _PAD, _ROOM)
    if view != TABLE:
        _actas(pen, scene)
    if view == MAP and scene.outline is not None:
        _map(pen, scene)
    if view == TABLE or (view == MAP and scene.outline is None):
        _table(pen, scene)
    _footing(pen, scene)
    height = pen.y + 20
    if scene.is_test:
        draw_watermark(pen, scene, WIDTH, height)
    return pen.finish(WIDTH, height, definitions(pen.palette), f"{scene.title} · {scene.status}")


def draw_watermark(pen: Pen, scene: Scene, width: float, height: float) -> None:
    """The word over the whole picture."""
    word = scene.words("page.rehearsal")
    size = shrunk(word, width / 4.5, 0.92 * width, 700)
    over = Pen(pen.palette)
    over.text(width / 2, height / 2, word, size, weight=700, anchor="middle")
    turned = f"rotate(-20 {width / 2:g} {height / 2:g})"
    pen.drawn.append(element("g", over.drawn, transform=turned, fill_opacity=".09"))


def draw_shares(pen: Pen, scene: Scene, left: float, room: float) -> None:
    """One bar for all lists, then the leading ones with share and votes, and the difference."""
    draw_bar(pen, scene, left, room, 22)
    pen.y += 22
    texts, words = scene.texts, scene.words
    for index in scene.leading:
        entry, base = scene.lists[index], pen.y + 40
        square = textured(index, entry["color"], width=16, height=16, rx=3)
        pen.put(square, left, base - 15)
        pen.fit(left + 26, base, entry["short"], 2, room - 190, weight=700)
        pen.text(left + room, base, texts[f"share.{index}"], pen.size(3), weight=700, anchor="end")
        pen.fit(left + 26, base + 20, scene.candidacy(index), -1, room - 150, fill=pen.palette.soft)
        votes = words("units.vote", n=scene.votes_of(index))
        pen.text(left + room, base + 20, votes, pen.size(-1), fill=pen.palette.soft, anchor="end")
        pen.y += 64
    margin = words("units.vote", n=scene.margin)
    difference = words("headline.difference", votes=margin, points=texts["lead_points"])
    pen.rect(left, pen.y + 6, room, 1, pen.palette.rule)
    pen.fit(left, pen.y + 30, difference, 0, room, weight=600)
    pen.y += 42
    small = pen.size(-1)
    for text in (scene.decided, scene.hangs):
        for line in wrapped(text, small, room, 600) if text else ():
            pen.text(left, pen.y + 8, line, small)
            pen.y += 22


def draw_bar(pen: Pen, scene: Scene, left: float, room: float, height: float) -> None:
    """Shares of all lists, the middle marked."""
    pen.rect(left, pen.y, room, height, pen.palette.track)
    for index, start, width in segments(scene):
        x, wide = left + room * start / 100, room * width / 100
        shape = {"x": f"{x:.2f}", "y": f"{pen.y:g}", "width": f"{wide:.2f}", "height": f"{height:g}"}
        pen.drawn.append(textured(index, scene.lists[index]["color"], **shape))
    pen.rect(left + room / 2 - 0.75, pen.y - 4, 1.5, height + 8, pen.palette.ink)


def draw_actas_bar(pen: Pen, scene: Scene, left: float, room: float, height: float) -> None:
    """How much is counted, at the JEE and pending."""
    fills, line = bucket_fills(pen.palette), pen.palette.soft
    pen.rect(left, pen.y, room, height, pen.palette.card, stroke=line)
    for bucket, start, width in buckets(scene):
        x, wide = left + room * start / 100, round(room * width / 100, 2)
        pen.rect(x, pen.y, wide, height, fills[bucket], stroke=line, stroke_width=".75")


def _heading(pen: Pen, scene: Scene) -> None:
    words, palette = scene.words, pen.palette
    if scene.is_test:
        pen.rect(0, 0, WIDTH, 30, palette.amber_wash)
        note = words("page.rehearsal_note")
        pen.text(WIDTH / 2, 20, note, pen.size(-1), weight=700, fill=palette.amber, anchor="middle")
        pen.y = 30
    pen.y += 14
    for line in wrapped(scene.title, pen.size(2), _ROOM, 700):
        pen.y += 31
        pen.text(_PAD, pen.y, line, pen.size(2), weight=700)
    lines = [scene.place, f"{scene.status} · {words('embed.counted', pct=scene.texts['counted_pct'])}"]
    if scene.at is not None:
        lines.append(words("embed.at", at=scene.moment(scene.at)))
    for line in lines:
        pen.y += 22
        pen.fit(_PAD, pen.y, line, -1, _ROOM, fill=palette.soft)
    pen.y += 20


def _actas(pen: Pen, scene: Scene) -> None:
    words, texts, palette = scene.words, scene.texts, pen.palette
    fills, small = bucket_fills(palette), pen.size(-1)
    pen.text(_PAD, pen.y + 16, words("actas.heading"), small, weight=700)
    pen.y += 26
    draw_actas_bar(pen, scene, _PAD, _ROOM, 11)
    for column, bucket in enumerate((*BUCKETS, "total")):
        left = _PAD + column * _ROOM / 4
        if bucket in fills:
            pen.rect(left, pen.y + 21, 11, 11, fills[bucket], stroke=palette.soft)
        indent = 18 if bucket in fills else 0
        pen.fit(left + indent, pen.y + 31, words(f"actas.{bucket}"), -1, _ROOM / 4 - 22, fill=palette.soft)
        pen.text(left, pen.y + 50, texts[bucket], small, weight=700)
        if bucket in fills:
            pen.text(left + width_of(texts[bucket], small, 700) + 6, pen.y + 50, texts[f"{bucket}_pct"], small)
    pen.y += 68


def _map(pen: Pen, scene: Scene) -> None:
    outline = scene.outline
    assert outline is not None  # noqa: S101 - asked before
    scale = min(_ROOM / outline["width"], _MAP_HEIGHT / outline["height"], 1.6)
    pen.put(draw_map(scene, outline), (WIDTH - scale * outline["width"]) / 2, pen.y + 8, scale)
    pen.y += scale * outline["height"] + 24
    _legend(pen, scene)


def _legend(pen: Pen, scene: Scene) -> None:
    palette, small = pen.palette, pen.size(-1)
    pen.text(_PAD, pen.y + 14, scene.words("measures.lead_legend"), small, weight=600, fill=palette.soft)
    pen.y += 22
    wide = (_ROOM - 24) / 2
    for place, index in enumerate(scene.coloured):
        if place and place % 2 == 0:
            pen.y += 52
        _ramp(pen, scene, index, (_PAD + place % 2 * (wide + 24), wide))
    pen.y += 52
    x = float(_PAD)
    for name, color, cover in covers(scene.presentation):
        label, look = scene.words(name), dress(color, cover, scene.presentation.patterns)
        if x > _PAD and x + 27 + width_of(label, small) > _PAD + _ROOM:
            x, pen.y = float(_PAD), pen.y + 24
        pen.rect(x, pen.y + 4, 20, 13, **look, stroke=LINE)
        pen.text(x + 27, pen.y + 15, label, small, fill=palette.soft)
        x += 27 + width_of(label, small) + 24
    pen.y += 30


def _ramp(pen: Pen, scene: Scene, index: int, place: tuple[float, float]) -> None:
    """One list's colours with the leads they stand for; `place` is left edge and width."""
    (left, wide), labels = place, bin_labels(scene.presentation.lead_bins)
    pen.fit(left, pen.y + 14, scene.shorts[index], -1, wide, weight=700)
    step = wide / len(labels)
    colors = ramps([scene.lists[index]["color"]], scene.presentation)[0]
    for number, (label, color) in enumerate(zip(labels, colors, strict=True)):
        x = round(left + number * step, 2)
        pen.rect(x, pen.y + 20, round(step, 2), 12, color, stroke=LINE)
        pen.text(x, pen.y + 46, label, pen.size(-2), fill=pen.palette.soft)


def _table(pen: Pen, scene: Scene) -> None:
    words, palette, columns, small = scene.words, pen.palette, scene.columns(2), pen.size(-1)
    ends = (_PAD + 424, *(_PAD + 504 + 80 * place for place in range(len(columns))))
    heads = (words("table.actas"), *(scene.shorts[index] for index in columns))
    pen.y += 22
    pen.text(_PAD, pen.y, words("table.area"), small, weight=600, fill=palette.soft)
    pen.text(_PAD + 180, pen.y, words("table.lead"), small, weight=600, fill=palette.soft)
    for end, head in zip(ends, heads, strict=True):
        pen.fit(end, pen.y, head, -1, 76, weight=600, fill=palette.soft, anchor="end")
    for row in scene.sorted_rows():
        pen.rect(_PAD, pen.y + 8, _ROOM, 1, palette.rule)
        pen.y += _ROW
        pen.fit(_PAD, pen.y, row.name, -1, 170, weight=600)
        pen.rect(_PAD + 180, pen.y - 11, 18, 12, **row.dress, stroke=LINE)
        pen.fit(_PAD + 205, pen.y, row.lead, -1, 150)
        figures = (row.texts["counted_pct"], *(row.texts[f"share.{index}"] for index in columns))
        for end, figure in zip(ends, figures, strict=True):
            pen.text(end, pen.y, figure, small, anchor="end")
    pen.y += 12


def _footing(pen: Pen, scene: Scene) -> None:
    """Three times, the source, the version and the seal: what makes the picture true later."""
    words, palette = scene.words, pen.palette
    pen.rect(_PAD, pen.y + 8, _ROOM, 1, palette.rule)
    pen.y += 12
    times = " · ".join(f"{words(f'embed_time.{name}')}: {scene.moment(stamp)}" for name, stamp in scene.times)
    head = scene.meta.get("archive")
    version = words("embed.version", epoch=scene.meta["epoch"], seq=scene.meta["seq"])
    seal = "" if head is None else f" · {words('embed.seal', root=head['short'])}"
    notice = words.notice(scene.outline["notice"]) if scene.outline else ""
    source = f"{words.of(scene.meta['credit'])} · {words('page.timezone')} {notice}"
    paragraphs = (
        (times, palette.ink),
        (source, palette.soft),
        (f"{words('page.brand')} · {version}{seal}", palette.soft),
    )
    for text, fill in paragraphs:
        for line in wrapped(text, pen.size(-1), _ROOM, most=4):
            pen.y += 19
            pen.text(_PAD, pen.y, line, pen.size(-1), fill=fill)
        pen.y += 3
