"""SVG written part by part: text, bars and groups in one of two colour schemes, attributes only."""

from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from dashboard.embed.text_width import FALLBACKS, fitted
from dashboard.markup import element
from dashboard.tokens import DARK, LIGHT, TOKENS, Palette


def palette_of(theme: str) -> Palette:
    """A picture cannot ask which scheme its reader prefers: "auto" is light."""
    return DARK if theme == "dark" else LIGHT


@dataclass
class Pen:
    """Collects what is drawn, from the top down; `y` is where the next line begins, `zoom` how large its type is."""

    palette: Palette
    zoom: float = 1
    y: float = 0
    drawn: list[Markup] = field(default_factory=list)

    def size(self, step: int) -> float:
        """A step of the type scale, as large as this picture draws it."""
        return round(self.zoom * TOKENS.size(step), 1)

    def text(self, x: float, y: float, text: str, size: float, **style: object) -> None:
        """One line with its baseline at y. style: weight, fill, anchor ("end", "middle")."""
        look = {"fill": style.get("fill", self.palette.ink), "font_weight": style.get("weight")}
        place = {"x": f"{x:g}", "y": f"{y:g}", "font_size": f"{size:.4g}"}
        self.drawn.append(element("text", text, **place, **look, text_anchor=style.get("anchor")))

    def fit(self, x: float, y: float, text: str, step: int, room: float, **style: Any) -> None:
        """The same at a step of the scale, shortened to its room."""
        size = self.size(step)
        self.text(x, y, fitted(text, size, room, style.get("weight", 400)), size, **style)

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
            [definitions, element("rect", **size, fill=self.palette.card), self.drawn],
            xmlns="http://www.w3.org/2000/svg",
            **size,
            viewBox=f"0 0 {width:g} {height:g}",
            role="img",
            aria_label=title,
            font_family=FALLBACKS,
            color=self.palette.ink,
        )
