"""SVG written part by part: text, bars and groups in one of two colour schemes, attributes only."""

from dataclasses import dataclass, field

from markupsafe import Markup

from dashboard.embed.text_width import FALLBACKS
from dashboard.markup import element


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
    drawn: list[Markup] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, size: float, **style: object) -> None:
        """One line with its baseline at y. style: weight, fill, anchor ("end", "middle")."""
        look = {"fill": style.get("fill", self.palette.ink), "font_weight": style.get("weight")}
        place = {"x": f"{x:g}", "y": f"{y:g}", "font_size": f"{size:.4g}"}
        self.drawn.append(element("text", text, **place, **look, text_anchor=style.get("anchor")))

    def rect(self, x: float, y: float, width: float, height: float, fill: str, **more: object) -> None:
        """A filled rectangle. more: further attributes."""
        shape = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{width:g}", "height": f"{height:g}"}
        self.drawn.append(element("rect", **shape, fill=fill, **more))

    def put(self, svg: Markup, x: float, y: float, scale: float = 1.0) -> None:
        """A finished drawing, moved and scaled."""
        self.drawn.append(element("g", svg, transform=f"translate({x:g} {y:g}) scale({scale:.4g})"))

    def finish(self, width: float, height: float, definitions: Markup, title: str) -> Markup:
        """The whole picture."""
        size = {"width": f"{width:g}", "height": f"{height:g}"}
        return element(
            "svg",
            [definitions, element("rect", **size, fill=self.palette.page), self.drawn],
            xmlns="http://www.w3.org/2000/svg",
            **size,
            viewBox=f"0 0 {width:g} {height:g}",
            role="img",
            aria_label=title,
            font_family=FALLBACKS,
            color=self.palette.ink,
        )
