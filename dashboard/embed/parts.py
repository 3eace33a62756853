"""The parts of an embed's page, as HTML text. Bars are SVG with attributes: the policy allows no inline style."""

from html import escape

from dashboard.colours import Paint, bin_labels, ramps
from dashboard.embed.drawing import EMPTY, LINE, cover, textured
from dashboard.embed.scene import Data, Scene, lead_words, paint
from dashboard.figures import proper_name
from dashboard.markup import Finished, html_of
from dashboard.vocabulary import BUCKETS
from tally.keys import NATION
from texts.issues import sentence


def attribute(text: object) -> str:
    """Text as the value of an attribute."""
    return escape(str(text), quote=True)


def number(field: str, texts: dict[str, str]) -> str:
    """One number of the area around it; `board.js` repaints it."""
    return f'<span data-f="{field}">{texts[field]}</span>'


def votes(field: str, number: int | None, scene: Scene, tag: str = "span") -> str:
    """One number of votes with its unit, which follows the number's plural when that is repainted."""
    said = scene.words.parts("units.vote", lambda text: f'<{tag} data-f="{field}">{text}</{tag}>', n=number)
    return f'<span data-unit="vote">{"".join(said)}</span>'


def header(scene: Scene) -> str:
    """Whose numbers these are, how official they are, and whether the source can be heard."""
    words = scene.words
    pct = words("embed.counted", pct=number("counted_pct", scene.texts))
    test = f'<p class="rehearsal">{escape(words("page.rehearsal_note"))}</p>' if scene.is_test else ""
    place = "" if scene.key == NATION else f'<p class="place">{escape(scene.place)}</p>'
    return (
        f'{test}<header data-area="{scene.key}"><h1>{escape(scene.title)}</h1>{place}'
        f'<p class="status"><span>{escape(scene.status)} · {pct}</span>{state(scene)}</p></header>'
    )


def state(scene: Scene) -> str:
    """A badge that says since when the source is silent, or that this is a moment of the past."""
    words, feed = scene.words, scene.meta.get("feed") or {}
    if scene.at is not None:
        return f'<b class="badge frozen">{escape(words("embed.at", at=scene.moment(scene.at)))}</b>'
    kind = feed.get("state", "starting")
    name, text = f"embed_live.{kind}", ""
    if words.says(name):
        text = words(name, at=scene.moment(feed.get("checked_at")))
    return f'<b class="badge {kind}" id="state" role="status">{escape(text)}</b>'


def headline(scene: Scene) -> str:
    """Every leading list with share and votes, one bar for all, and the difference."""
    texts, words = scene.texts, scene.words
    top = scene.presentation.top_lists
    entries = [_entry(scene, index, texts) for index in scene.order]
    rest = ""
    if entries[top:]:
        label = escape(words("headline.rest", n=len(entries) - top))
        rest = f'<details><summary>{label}</summary><ol class="lists">{"".join(entries[top:])}</ol></details>'
    margin, points = Finished(votes("margin", scene.margin, scene, "b")), Finished(number("lead_points", texts))
    difference = html_of(words.parts("headline.difference", votes=margin, points=points))
    return (
        f'<section class="headline" data-area="{scene.key}">{share_bar(scene)}'
        f'<ol class="lists">{"".join(entries[:top])}</ol>{rest}'
        f'<p class="difference">{difference}</p>{held(scene)}</section>'
    )


def held(scene: Scene) -> str:
    """Why a number is not the source's newest, if it is not."""
    issues = scene.data.get("held") or ()
    if not issues:
        return ""
    sentences = "; ".join(sentence(scene.words, issue) for issue in issues)
    return f'<p class="note"><b>{escape(scene.words("issues.held"))}:</b> {escape(sentences)}.</p>'


def share_bar(scene: Scene) -> str:
    """All lists in one bar, the middle marked; `embed.js` moves it."""
    drawn = "".join(_segment(scene, *segment) for segment in bar_segments(scene))
    middle = '<path d="M0-3v26" class="middle"/>'
    return (
        '<svg class="bar" height="20" aria-hidden="true" focusable="false">'
        f'<rect class="track" width="100%" height="20"/>{drawn}<svg x="50%" overflow="visible">{middle}</svg></svg>'
    )


def bar_segments(scene: Scene) -> list[tuple[int, float, float]]:
    """(list, start, width) in percent, most votes first; of two lists they meet where the lead is."""
    votes = scene.count.get("votes")
    if not votes or not sum(votes):
        return []
    whole = sum(votes)
    start, segments = 0.0, []
    for index in scene.order:
        width = 100 * votes[index] / whole
        segments.append((index, start, width))
        start += width
    return segments


def swatch(scene: Scene, index: int) -> str:
    """A list's colour and texture."""
    square = textured('rect width="14" height="14" rx="3"', index, scene.lists[index]["color"])
    return f'<svg class="swatch" width="14" height="14" aria-hidden="true" focusable="false">{square}</svg>'


def tile(look: Paint, identity: str) -> str:
    """A small field in an area's colour and cover."""
    square = f'<rect id="{identity}" x=".5" y=".5" width="19" height="13" rx="2"/>{cover(identity, look.cover)}'
    return (
        f'<svg class="tile" width="20" height="14" fill="{look.color or EMPTY}" stroke="{LINE}" aria-hidden="true" '
        f'focusable="false">{square}</svg>'
    )


def actas(scene: Scene) -> str:
    """What is counted, at the JEE and pending, in one bar and in numbers."""
    texts, words, start, drawn = scene.texts, scene.words, 0.0, []
    total = scene.count.get("total") or 0
    for bucket in BUCKETS:
        width = 100 * (scene.count.get(bucket) or 0) / total if total else 0.0
        drawn.append(
            f'<rect class="{bucket}" data-bucket="{bucket}" x="{start:.3f}%" width="{width:.3f}%" height="10"/>'
        )
        start += width
    items = "".join(
        f'<div><dt><i class="key {bucket}"></i>{escape(words(f"actas.{bucket}"))}</dt>'
        f"<dd><b>{number(bucket, texts)}</b> {number(f'{bucket}_pct', texts)}</dd></div>"
        for bucket in BUCKETS
    )
    total_item = f"<div><dt>{escape(words('actas.total'))}</dt><dd><b>{number('total', texts)}</b></dd></div>"
    return (
        f'<section class="actas" data-area="{scene.key}"><h2>{escape(words("actas.heading"))}</h2>'
        f'<svg class="bar thin" height="10" aria-hidden="true" focusable="false">{"".join(drawn)}</svg>'
        f"<dl>{items}{total_item}</dl></section>"
    )


def acta(scene: Scene) -> str:
    """The state of one acta in a word, and why, if the source says so."""
    words, data = scene.words, scene.data
    state = words("embed.mesa_state", state=words(f"mesa_state.{data.get('state', 'pending')}"))
    reason = data.get("observation")
    why = f" {escape(words('mesa.observed', reason=reason))}" if reason else ""
    return f'<section class="actas"><p><b>{escape(state)}</b>{why}</p></section>'


def legend(scene: Scene) -> str:
    """The colours in words: points of lead of the two leading lists, and what the hatches say."""
    words, ramps = scene.words, "".join(_ramp(scene, index) for index in scene.coloured)
    covers = "".join(
        f"<li>{tile(Paint(None, kind, None), f'k-{kind}')} {escape(words(f'map.legend_{kind}'))}</li>"
        for kind in ("none", "partial")
    )
    return (
        f'<div class="legend"><h2>{escape(words("map.legend"))}</h2><div class="ramps">{ramps}</div>'
        f'<ul class="covers">{covers}</ul></div>'
    )


def table(scene: Scene) -> str:
    """The same rows as the map's areas, or those below."""
    words, shorts = scene.words, scene.shorts
    columns = sorted(scene.order[: scene.presentation.top_lists])
    heads = [words("table.area"), words("table.lead"), words("table.actas"), *(shorts[index] for index in columns)]
    first, *others = (f'<th scope="col">{escape(head)}</th>' for head in heads)
    rows = "".join(_row(scene, key, data, columns) for key, data in scene.sorted_rows())
    label = attribute(words("embed.table", place=scene.title))
    if not scene.rows:
        return f'<p class="soft">{escape(words("table.empty"))}</p>'
    return (
        f'<div class="scroller" role="region" tabindex="0" aria-label="{label}"><table><caption>{label}</caption>'
        f"<thead><tr>{first}{''.join(others)}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def incidents(scene: Scene) -> str:
    """Public incidents in words, where they were asked for."""
    if scene.incidents is None:
        return ""
    words = scene.words
    entries = scene.incidents.entries
    if not entries:
        return f'<p class="incidents soft">{escape(words("embed.no_incidents"))}</p>'
    items = "".join(f"<li>{escape(text)} · <time>{escape(scene.moment(at))}</time></li>" for text, at in entries)
    label = escape(words("embed.incidents", n=len(entries)))
    return f'<details class="incidents"><summary>{label}</summary><ul>{items}</ul></details>'


def footer(scene: Scene, *, is_live: bool) -> str:
    """Three times, the source, the version and the archive's newest seal, and the way to all of it."""
    words, head = scene.words, scene.meta.get("archive")
    times = "".join(_time(scene, name, stamp) for name, stamp in scene.times)
    seal = "" if head is None else f" · {escape(words('embed.seal', root=head['short']))}"
    seq = Finished(f"<span data-version>{scene.meta['seq']}</span>")
    version = html_of(words.parts("embed.version", epoch=scene.meta["epoch"], seq=seq))
    more = f'<a href="{attribute(scene.permalink())}" target="_blank" rel="noopener">{escape(words("embed.more"))}</a>'
    still = "" if is_live or scene.at else f'<p class="no-script">{escape(words("embed.no_script"))}</p>'
    notice = scene.words.notice(scene.outline["notice"]) if scene.outline else ""
    return (
        f'<footer><dl class="times">{times}</dl>{still}<p>{escape(words.of(scene.meta["credit"]))} · '
        f"{escape(words('page.timezone'))} {escape(notice)}</p><p>{version}{seal} · {more}</p></footer>"
    )


def _segment(scene: Scene, index: int, start: float, width: float) -> str:
    shape = f'rect x="{start:.3f}%" width="{width:.3f}%" height="20"'
    return f'<g data-bar="{index}">{textured(shape, index, scene.lists[index]["color"])}</g>'


def _time(scene: Scene, name: str, stamp: str | None) -> str:
    machine = f' datetime="{stamp}"' if stamp else ""
    term, text = escape(scene.words(f"embed_time.{name}")), escape(scene.moment(stamp))
    return f'<div><dt>{term}</dt><dd><time data-time="{name}"{machine}>{text}</time></dd></div>'


def _entry(scene: Scene, index: int, texts: dict[str, str]) -> str:
    entry = scene.lists[index]
    names = [proper_name(name) for name in (entry["candidate"], entry["name"]) if name]
    told = " · ".join(name for name in names if name != entry["short"])
    own = votes(f"votes.{index}", scene.votes_of(index), scene)
    return (
        f'<li data-list="{index}">{swatch(scene, index)}<b class="who">{escape(entry["short"])}</b>'
        f'<span class="share" data-f="share.{index}">{texts[f"share.{index}"]}</span>'
        f'<small>{escape(told)}</small><span class="votes">{own}</span></li>'
    )


def _ramp(scene: Scene, index: int) -> str:
    colors = ramps([scene.lists[index]["color"]], scene.presentation)[0]
    steps = "".join(
        f'<li><svg width="100%" height="12" aria-hidden="true" focusable="false"><rect width="100%" height="12" '
        f'fill="{color}" stroke="{LINE}"/></svg>{escape(label)}</li>'
        for color, label in zip(colors, bin_labels(scene.presentation.lead_bins), strict=True)
    )
    return f'<div class="ramp"><b>{escape(scene.shorts[index])}</b><ol>{steps}</ol></div>'


def _row(scene: Scene, key: str, data: Data, columns: list[int]) -> str:
    texts = scene.texts_of(key, data)
    drawn = tile(paint(scene, data), f"r-{key.replace('/', '-')}")
    shares = "".join(
        f'<td>{number(f"share.{index}", texts)} <small data-f="votes.{index}">{texts[f"votes.{index}"]}</small></td>'
        for index in columns
    )
    return (
        f'<tr data-area="{key}"><th scope="row">{escape(scene.named(key, data))}</th>'
        f'<td class="lead" data-lead>{drawn} <span>{escape(lead_words(scene, key, data))}</span></td>'
        f'<td data-f="counted_pct">{texts["counted_pct"]}</td>{shares}</tr>'
    )
