"""Shape of an outline over HTTP, as the OpenAPI document states it."""

from pydantic import Field

from api.shapes import NoticeShape, Shape


class Outline(Shape):
    """A small picture of areas: SVG path data by key, in whole units of a `width` × `height` drawing."""

    width: int
    height: int
    paths: dict[str, str]
    points: dict[str, list[int]]
    abroad: dict[str, list[int]] | None = Field(description="Box of each continent: x, y, width, height.")
    schematic: bool
    notice: NoticeShape | None
