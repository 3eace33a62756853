"""SVG written part by part: text, bars and groups in one of two colour schemes, attributes only."""

from dataclasses import dataclass, field
from html import escape

from dashboard.embed.text_width import FALLBACKS


@dataclass(frozen=True)
class Palette:
    """Colours of a picture; those of the page's style sheet."""

    page: str
    ink: str
    soft: str
    rule: str
    track: str
    amber: str
    amber_wash: str
    counted: str
    jee: str


LIGHT = Palette("#ffffff", "#1b2226", "#566169", "#dde1df", "#eceeed", "#8a4b00", "#fdf1df", "#2f4858", "#a8b6be")
DARK = Palette("#12171a", "#eceff0", "#a7b3ba", "#333d43", "#2a3338", "#f2b566", "#3a2c17", "#9fb9c8", "#5d727f")


def palette_of(theme: str) -> Palette:
    """A picture cannot ask which scheme its reader prefers: "auto" is light."""
    return DARK if theme == "dark" else LIGHT


@dataclass
class Pen:
    """Collects what is drawn, from the top down; `y` is where the next line begins."""

    palette: Palette
    y: float = 0
    drawn: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, size: float, **style: object) -> None:
        """One line with its baseline at y. style: weight, fill, anchor ("end", "middle")."""
        fill = style.get("fill", self.palette.ink)
        weight = f' font-weight="{style["weight"]}"' if "weight" in style else ""
        anchor = f' text-anchor="{style["anchor"]}"' if "anchor" in style else ""
        self.drawn.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:.4g}" fill="{fill}"{weight}{anchor}>{escape(text)}</text>'
        )

    def rect(self, x: float, y: float, width: float, height: float, fill: str, extra: str = "") -> None:
        """A filled rectangle."""
        self.drawn.append(f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"{extra}/>')

    def put(self, svg: str, x: float, y: float, scale: float = 1.0) -> None:
        """A finished drawing, moved and scaled."""
        self.drawn.append(f'<g transform="translate({x:g} {y:g}) scale({scale:.4g})">{svg}</g>')

    def finish(self, width: float, height: float, definitions: str, title: str) -> str:
        """The whole picture."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title, quote=True)}" '
            f'font-family="{FALLBACKS}" color="{self.palette.ink}">{definitions}'
            f'<rect width="{width:g}" height="{height:g}" fill="{self.palette.page}"/>{"".join(self.drawn)}</svg>'
        )
