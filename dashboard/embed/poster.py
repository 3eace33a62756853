"""An embed as one picture: for newsletters, AMP and whoever shows no frames. It says all the page says."""

from dashboard.colours import bin_labels, covers, dress, ramps
from dashboard.embed.bars import segments
from dashboard.embed.drawing import DEFINITIONS, LINE, draw_map, textured
from dashboard.embed.pen import Pen, palette_of
from dashboard.embed.scene import MAP, TABLE, Scene
from dashboard.embed.text_width import fitted, shrunk, width_of, wrapped
from dashboard.markup import element
from dashboard.vocabulary import BUCKETS
from tally.keys import NATION

WIDTH, _PAD = 640, 28
_ROOM = WIDTH - 2 * _PAD
_MAP_HEIGHT = 520
_ROW = 25


def draw_poster(scene: Scene, view: str) -> str:
    """The picture, 640 units wide and as tall as it needs."""
    pen = Pen(palette_of(scene.theme))
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
    return pen.finish(WIDTH, height, DEFINITIONS, f"{scene.title} · {scene.status}")


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
        entry, base = scene.lists[index], pen.y + 34
        square = textured(index, entry["color"], width=16, height=16, rx=3)
        pen.put(square, left, base - 15)
        pen.text(left + 26, base, fitted(entry["short"], 25, room - 190, 700), 25, weight=700)
        pen.text(left + room, base, texts[f"share.{index}"], 30, weight=700, anchor="end")
        pen.text(left + 26, base + 20, fitted(scene.candidacy(index), 14.5, room - 150), 14.5, fill=pen.palette.soft)
        votes = words("units.vote", n=scene.votes_of(index))
        pen.text(left + room, base + 20, votes, 14.5, fill=pen.palette.soft, anchor="end")
        pen.y += 60
    margin = words("units.vote", n=scene.margin)
    difference = words("headline.difference", votes=margin, points=texts["lead_points"])
    pen.rect(left, pen.y + 6, room, 1, pen.palette.rule)
    pen.text(left, pen.y + 30, fitted(difference, 18, room, 600), 18, weight=600)
    pen.y += 42
    for line in (*wrapped(scene.decided, 15, room, 600), *(wrapped(scene.hangs, 15, room, 400) if scene.hangs else ())):
        pen.text(left, pen.y + 8, line, 15)
        pen.y += 22


def draw_bar(pen: Pen, scene: Scene, left: float, room: float, height: float) -> None:
    """Shares of all lists, the middle marked."""
    pen.rect(left, pen.y, room, height, pen.palette.track)
    for index, start, width in segments(scene):
        x, wide = left + room * start / 100, room * width / 100
        shape = {"x": f"{x:.2f}", "y": f"{pen.y:g}", "width": f"{wide:.2f}", "height": f"{height:g}"}
        pen.drawn.append(textured(index, scene.lists[index]["color"], **shape))
    pen.rect(left + room / 2 - 0.75, pen.y - 4, 1.5, height + 8, pen.palette.ink)


def _heading(pen: Pen, scene: Scene) -> None:
    words, palette = scene.words, pen.palette
    if scene.is_test:
        pen.rect(0, 0, WIDTH, 30, palette.amber_wash)
        note = words("page.rehearsal_note")
        pen.text(WIDTH / 2, 20, note, 15, weight=700, fill=palette.amber, anchor="middle")
        pen.y = 30
    pen.y += 14
    for line in wrapped(scene.title, 27, _ROOM, 700):
        pen.y += 31
        pen.text(_PAD, pen.y, line, 27, weight=700)
    lines = [] if scene.key == NATION else [scene.place]
    lines.append(f"{scene.status} · {words('embed.counted', pct=scene.texts['counted_pct'])}")
    if scene.at is not None:
        lines.append(words("embed.at", at=scene.moment(scene.at)))
    for line in lines:
        pen.y += 22
        pen.text(_PAD, pen.y, fitted(line, 16, _ROOM), 16, fill=palette.soft)
    pen.y += 20


def _actas(pen: Pen, scene: Scene) -> None:
    words, texts, palette = scene.words, scene.texts, pen.palette
    fills = dict(zip(BUCKETS, (palette.counted, palette.jee, palette.page), strict=True))
    total, x = scene.count.get("total") or 0, float(_PAD)
    pen.text(_PAD, pen.y + 16, words("actas.heading"), 15, weight=700)
    pen.y += 26
    pen.rect(_PAD, pen.y, _ROOM, 11, palette.page, stroke=palette.soft)
    for bucket in BUCKETS:
        width = _ROOM * (scene.count.get(bucket) or 0) / total if total else 0
        pen.rect(x, pen.y, round(width, 2), 11, fills[bucket], stroke=palette.soft, stroke_width=".75")
        x += width
    for column, bucket in enumerate((*BUCKETS, "total")):
        left = _PAD + column * _ROOM / 4
        if bucket in fills:
            pen.rect(left, pen.y + 21, 11, 11, fills[bucket], stroke=palette.soft)
        label = words(f"actas.{bucket}")
        pen.text(
            left + (18 if bucket in fills else 0), pen.y + 31, fitted(label, 14, _ROOM / 4 - 22), 14, fill=palette.soft
        )
        pen.text(left, pen.y + 50, texts[bucket], 15.5, weight=700)
        if bucket in fills:
            wide = width_of(texts[bucket], 15.5, 700)
            pen.text(left + wide + 6, pen.y + 50, texts[f"{bucket}_pct"], 14.5)
    pen.y += 68


def _map(pen: Pen, scene: Scene) -> None:
    outline = scene.outline
    assert outline is not None  # noqa: S101 - asked before
    scale = min(_ROOM / outline["width"], _MAP_HEIGHT / outline["height"], 1.6)
    pen.put(draw_map(scene, outline), (WIDTH - scale * outline["width"]) / 2, pen.y + 8, scale)
    pen.y += scale * outline["height"] + 24
    _legend(pen, scene)


def _legend(pen: Pen, scene: Scene) -> None:
    palette = pen.palette
    pen.text(_PAD, pen.y + 14, scene.words("map.legend"), 14.5, weight=600, fill=palette.soft)
    pen.y += 22
    wide = (_ROOM - 24) / 2
    for place, index in enumerate(scene.coloured):
        if place and place % 2 == 0:
            pen.y += 52
        _ramp(pen, scene, index, (_PAD + place % 2 * (wide + 24), wide))
    pen.y += 52
    x = float(_PAD)
    for name, color, cover in covers(scene.presentation, is_lead=True):
        label, look = scene.words(name), dress(color, cover, scene.presentation.patterns)
        if x > _PAD and x + 27 + width_of(label, 14) > _PAD + _ROOM:
            x, pen.y = float(_PAD), pen.y + 24
        pen.rect(x, pen.y + 4, 20, 13, **look, stroke=LINE)
        pen.text(x + 27, pen.y + 15, label, 14, fill=palette.soft)
        x += 27 + width_of(label, 14) + 24
    pen.y += 30


def _ramp(pen: Pen, scene: Scene, index: int, place: tuple[float, float]) -> None:
    """One list's colours with the leads they stand for; `place` is left edge and width."""
    (left, wide), labels = place, bin_labels(scene.presentation.lead_bins)
    pen.text(left, pen.y + 14, fitted(scene.shorts[index], 14.5, wide, 700), 14.5, weight=700)
    step = wide / len(labels)
    colors = ramps([scene.lists[index]["color"]], scene.presentation)[0]
    for number, (label, color) in enumerate(zip(labels, colors, strict=True)):
        x = round(left + number * step, 2)
        pen.rect(x, pen.y + 20, round(step, 2), 12, color, stroke=LINE)
        pen.text(x, pen.y + 46, label, 13, fill=pen.palette.soft)


def _table(pen: Pen, scene: Scene) -> None:
    words, palette, columns = scene.words, pen.palette, sorted(scene.order[:2])
    ends = (_PAD + 424, *(_PAD + 504 + 80 * place for place in range(len(columns))))
    heads = (words("table.actas"), *(scene.shorts[index] for index in columns))
    pen.y += 22
    pen.text(_PAD, pen.y, words("table.area"), 14, weight=600, fill=palette.soft)
    pen.text(_PAD + 180, pen.y, words("table.lead"), 14, weight=600, fill=palette.soft)
    for end, head in zip(ends, heads, strict=True):
        pen.text(end, pen.y, fitted(head, 14, 76, 600), 14, weight=600, fill=palette.soft, anchor="end")
    for row in scene.sorted_rows():
        pen.rect(_PAD, pen.y + 8, _ROOM, 1, palette.rule)
        pen.y += _ROW
        pen.text(_PAD, pen.y, fitted(row.name, 15, 170, 600), 15, weight=600)
        pen.rect(_PAD + 180, pen.y - 11, 18, 12, **row.dress, stroke=LINE)
        pen.text(_PAD + 205, pen.y, fitted(row.lead, 15, 150), 15)
        figures = (row.texts["counted_pct"], *(row.texts[f"share.{index}"] for index in columns))
        for end, figure in zip(ends, figures, strict=True):
            pen.text(end, pen.y, figure, 15, anchor="end")
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
        for line in wrapped(text, 14, _ROOM, most=4):
            pen.y += 19
            pen.text(_PAD, pen.y, line, 14, fill=fill)
        pen.y += 3
