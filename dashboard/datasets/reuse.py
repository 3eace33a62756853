"""How the files are used: examples that run, what to cite, under which licence, and what programs read first."""

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.datasets.examples import EXAMPLES, example
from dashboard.datasets.sets import INDEX, PACKAGE, ContestFiles
from dashboard.moments import full_clock
from dashboard.reading import Data, Sheet
from dashboard.routes import CATALOG
from dashboard.words import Words

# What stands in an address while ours is not known.
_HOST = "https://HOST"
_PROGRAMS = {
    "index": INDEX,
    "catalog": CATALOG,
    "openapi": "/openapi.json",
    "guide": "/llms.txt",
    "verifier": "/prove.py",
}


def examples(found: Data, words: Words, home: str) -> list[Component | None]:
    """Each with what it is for."""
    address = f"{home or _HOST}{found['address']}"
    told: list[Component | None] = [
        html.P(words("data.examples_ready" if home else "data.examples_host")),
        html.P(words("data.examples_about")),
    ]
    for name in EXAMPLES:
        label = words(f"data_example.{name}")
        code = html.Pre(html.Code(example(name, address)), tabIndex=0, role="region", **marks.aria(label=label))
        told += [html.H3(label), code]
    return told


def citation(files: ContestFiles, sheet: Sheet, home: str) -> list[Component]:
    """The newest set, in the words of a reference."""
    words, meta, newest = sheet.words, sheet.meta, files.sets[0]
    # The package has the hash of every other file.
    rehearsal = words("data.described_rehearsal") if newest["is_test"] else ""
    digest = next((file["sha256"] for file in newest["files"] if file["name"] == PACKAGE), "—")
    said = words(
        "data.citation",
        credit=words.of(meta["credit"]),
        election=words.of(meta["name"]),
        contest=words.of(files.name),
        seq=str(newest["seq"]),
        at=f"{full_clock(newest['as_of'], meta['timezone'])} ({meta['timezone'].replace('_', ' ')})",
        address=f"{home or _HOST}{newest['address']}",
        package=PACKAGE,
        hash=digest,
    )
    return [html.P(words("data.cite_about")), html.Blockquote(f"{rehearsal}{said}", className="whole")]


def sources(sheet: Sheet, package: Data) -> list[Component]:
    """Whose figures they are, and how the collection may be used."""
    words, meta = sheet.words, sheet.meta
    credit = words.of(meta["credit"])
    link = html.A(credit, href=meta["result_page"]) if meta.get("result_page") else credit
    licenses = [html.A(one["title"], href=one["path"]) for one in package.get("licenses", ())]
    said = words.parts("data.license", license=licenses[0]) if licenses else words("data.no_license")
    return [html.P(link), html.P(said)]


def programs(words: Words) -> Component:
    """What a program reads first."""
    links = [html.Li(html.A(words(f"data.{name}"), href=path, target="_self")) for name, path in _PROGRAMS.items()]
    return html.Section([html.H2(words("data.programs")), html.Ul(links, className="marked")], className="card")
