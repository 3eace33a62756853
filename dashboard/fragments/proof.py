"""The way to the proof of a number, with what it proves and what it does not."""

from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dashboard import marks
from dashboard.reading import PageView


def layout(view: PageView) -> Component | None:
    """Folded, below all figures; only of present values, and where the server has the archive."""
    words, meta = view.words, view.meta
    if words.at is not None or words.copied_at is not None or not meta.get("is_provable"):
        return None
    count = f"/api/v1/elections/{quote(meta['id'])}/contests/{quote(meta['contest']['id'])}"
    address = f"{count}/proof?key={quote(view.route.key, safe='/')}"
    check = html.Button(words("proof.check"), type="button", className="quiet", **marks.data(prove=address))
    bundle = html.A(words("proof.bundle"), href=address, download=f"{view.route.key.replace('/', '-')}.json")
    said = [
        html.Summary(words("proof.title")),
        html.P(words("proof.proves")),
        html.P(words("proof.not_proves")),
        html.P(check, className="script-only"),
        html.P([bundle, " · ", html.A("prove.py", href="/prove.py", download="")]),
    ]
    return html.Details(said, className="card proof")
