"""A set of files on the page: of which moment it is, its tables as files, and the hash of each."""

import re
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.components import panel
from dashboard.datasets.sets import BESIDE, PACKAGE, by_table
from dashboard.figures import group
from dashboard.moments import full_clock
from dashboard.reading import Data
from dashboard.words import Words

_SHARE = re.compile(r"([0-9]+)(?:-([0-9]+))?")
_WAITING = re.compile(r"jee-([0-9]+)(?:-[0-9]+)?")
_FORMATS = {"parquet": "Parquet", "csv": "CSV", "csv.gz": "CSV (gzip)"}
# What files about all tables are for, by name or by format.
_WHOLE = {PACKAGE: "data.package", "sqlite": "data.sqlite"}
_STEPS = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))


def label(found: Data, words: Words) -> str:
    """At which checkpoint it is: by the share of the actas that are counted, or by those left at the juries."""
    checkpoint = found["checkpoint"] or ""
    if share := _SHARE.fullmatch(checkpoint):
        name = "data.at_share_again" if share[2] else "data.at_share"
        return words(name, share=share[1], turn=share[2])
    waiting = _WAITING.fullmatch(checkpoint)
    return words("data.at_jee", actas=int(waiting[1])) if waiting else words("data.between")


def anchor(found: Data) -> str:
    """What its part of the page is called in addresses."""
    return f"v-{found['version']}"


def dated(found: Data, words: Words, zone: str) -> list[Component]:
    """Version and moment."""
    return words.spans("data.set_of", seq=str(found["seq"]), at=full_clock(found["as_of"], zone))


def progress(found: Data, words: Words) -> Component | None:
    """How far the count was, where that is known."""
    return html.P(words.spans("data.progress", **found["progress"])) if found["progress"] else None


def tables(found: Data, titles: Data, words: Words) -> Component:
    """A row for each table: its name, how many rows it has, and its files; then the files of all tables."""
    kinds = by_table(found)
    rows = [
        html.Tr(
            [
                html.Th(titles.get(name, name), scope="row"),
                html.Td(group(files[0]["rows"]), className="n", **marks.data(head=words("data.rows"))),
                html.Td(_links(found, files), className="data-files"),
            ]
        )
        for name, files in kinds.items()
        if name
    ]
    heads = [words("data.table"), panel.head(words("data.rows"), "number"), words("data.as_files")]
    table = panel.table(heads, html.Tbody(rows), caption=words("data.as_files"), class_name="data-table")
    return panel.scroller(words("data.as_files"), table)


def whole(found: Data, words: Words) -> Component:
    """The files about all tables, those with a name of their own in words."""
    links = []
    for file in by_table(found).get("", ()):
        said = _WHOLE.get(file["name"]) or _WHOLE.get(file["format"])
        link = html.A(file["name"], href=_address(found, file), download=file["name"])
        links.append(html.Li([link, " ", _size(file), f": {words(said)}" if said else None]))
    links += [
        html.Li([html.A(name, href=f"{found['address']}{name}", download=name), f": {words(said)}"])
        for name, said in BESIDE.items()
    ]
    return html.Ul(links, className="marked")


def sums(found: Data, words: Words) -> Component:
    """The size and hash of each file, folded."""
    rows = [
        html.Tr(
            [
                html.Th(html.A(file["name"], href=_address(found, file), download=file["name"]), scope="row"),
                html.Td(group(file["bytes"]), className="n"),
                html.Td(html.Code(file["sha256"])),
            ]
        )
        for file in found["files"]
    ]
    heads = [words("data.file"), panel.head(words("data.size"), "number"), "SHA-256"]
    title = f"{words('data.sums')} · {found['version']}"
    table = panel.table(heads, html.Tbody(rows), caption=title, class_name="data-sums")
    return html.Details([html.Summary(words("data.sums")), panel.scroller(title, table)])


def line(found: Data, words: Words, zone: str) -> Component:
    """One set among many: folded, what it is in its first line."""
    size = words("data.whole_set", files=len(found["files"]), size=human(found["bytes"]))
    own: list[Any] = [html.B(label(found, words)), " ", html.Span(dated(found, words, zone), className="soft")]
    body = [
        progress(found, words),
        html.P([size, " ", html.Code(found["address"], className="whole")]),
        sealed(found, words),
        sums(found, words),
    ]
    return html.Details([html.Summary(own), *body], className="data-set", id=anchor(found))


def human(size: int) -> str:
    """A size in bytes as people say it: "12.3 MB"."""
    name, unit = next(((name, unit) for name, unit in _STEPS if size >= unit), ("B", 1))
    return f"{size / unit:.1f} {name}" if unit > 1 else f"{size} B"


def sealed(found: Data, words: Words) -> Component | None:
    """The head that covers it, or the newest that did not yet when the files were made; nothing where there is none."""
    head = found["head"]
    if head is None:
        return None
    name = "data.sealed" if head["at"] >= found["as_of"] else "data.sealed_before"
    return html.P(words.parts(name, size=head["size"], root=html.Code(head["root"], className="whole")))


def _links(found: Data, files: list[Data]) -> list[Component]:
    return [
        html.Span([html.A(_name(file), href=_address(found, file), download=file["name"]), " ", _size(file)])
        for file in files
    ]


def _name(file: Data) -> str:
    return _FORMATS.get(file["format"]) or str(file["name"])


def _size(file: Data) -> Component:
    return html.Span(human(file["bytes"]), className="soft n")


def _address(found: Data, file: Data) -> str:
    return f"{found['address']}{file['name']}"
