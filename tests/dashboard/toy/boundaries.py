"""Where the toy country's areas lie: squares side by side."""

from typing import Any

from tests.dashboard.toy.count import ToyCount

_COLUMNS = 5
_COUNTRY = (-81.0, -18.0, -69.0, 0.0)


def square(index: int, total: int, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The index-th cell of a box cut into a grid."""
    columns = _COLUMNS if total > 4 else 2
    west, south, east, north = box
    wide, high = (east - west) / columns, (north - south) / -(-total // columns)
    x, y = west + index % columns * wide, north - (index // columns + 1) * high
    return x, y, x + wide, y + high


def box_of(ubigeo: str) -> tuple[float, float, float, float]:
    """The square of an area, nested as the areas are."""
    box = square(int(ubigeo[:2]) - 1, 25, _COUNTRY)
    for start in range(2, len(ubigeo), 2):
        box = square(int(ubigeo[start : start + 2]) - 1, 4, box)
    return box


def geometry(count: ToyCount, level: str) -> dict[str, Any]:
    """The level's squares as GeoJSON, abroad left out."""
    features = []
    for key, data in count.state.items():
        code = key.partition("/")[2]
        if not key.startswith(f"{level}/") or code[:2] > "90":
            continue
        west, south, east, north = box_of(code)
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        parent = None if level == "department" else f"{'department' if len(code) == 4 else 'province'}/{code[:-2]}"
        properties = {"key": key, "ubigeo": code.ljust(6, "0"), "name": data["name"], "parent": parent}
        features.append(
            {
                "type": "Feature",
                "id": int(code),
                "properties": properties,
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return {"type": "FeatureCollection", "features": features}


_BELOW = {"nation": "department", "scope": "department", "department": "province", "province": "district"}


def outlines(count: ToyCount, key: str, below: str | None = None) -> dict[str, Any]:
    """The squares of a level below a key as small SVG paths; the area as a whole is 900 high, of finer ones 3,600."""
    level, _, code = key.partition("/")
    if level not in _BELOW or key == "scope/abroad":
        raise LookupError(key)
    inside = code if level != "scope" else ""
    left, bottom, right, top = box_of(inside) if inside else _COUNTRY
    grid = 1 if below in {None, _BELOW[level]} else 4
    scale = grid * 900 / (top - bottom)
    paths, points = {}, {}
    for feature in geometry(count, below or _BELOW[level])["features"]:
        own = feature["properties"]["key"]
        if not own.partition("/")[2].startswith(inside):
            continue
        (west, south), _, (east, north), *_ = feature["geometry"]["coordinates"][0]
        x, y = round((west - left) * scale), round((top - north) * scale)
        wide, high = round((east - west) * scale), round((north - south) * scale)
        paths[own] = f"M{x} {y}l{wide} 0 0 {high}-{wide} 0Z"
        points[own] = (x + 5, y + 5)
    return {
        "width": round((right - left) * scale),
        "height": 900 * grid,
        "paths": paths,
        "points": points,
        "abroad": None,
        "schematic": level in {"department", "province"},
        "notice": {"figures": {}, "id": "schematic"},
        "inset": None,
        "grid": grid,
    }
