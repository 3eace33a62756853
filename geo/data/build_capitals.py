"""Write capitals.csv from `ubigeo_distrito.csv` of jmcastagnetto/ubigeo-peru-aumentado (one-off; see README.md).

python build_capitals.py ubigeo_distrito.csv, in the project's environment.
"""

import csv
import math
import sys
from collections import defaultdict
from pathlib import Path

from tally.keys import Level, is_abroad, prefix_of

FOLDER = Path(__file__).parent
Point = tuple[float, float]
# Turn between neighbours of a sunflower spiral: points never line up.
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def read_table(file: Path) -> list[dict[str, str]]:
    """Rows of a CSV table."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def province_of(ubigeo: str) -> str:
    """The prefix of a district's province."""
    return prefix_of(ubigeo, Level.PROVINCE)


def spread_around(points: list[Point], index: int, total: int) -> Point:
    """The index-th of `total` points of a spiral around the mean of `points`, half as wide as these lie."""
    lon = sum(x for x, _ in points) / len(points)
    lat = sum(y for _, y in points) / len(points)
    width = math.sqrt(sum((x - lon) ** 2 + (y - lat) ** 2 for x, y in points) / len(points))
    radius = max(width, 0.05) * math.sqrt((index + 1) / total)
    return lon + radius * math.cos(index * GOLDEN_ANGLE), lat + radius * math.sin(index * GOLDEN_ANGLE)


def area_of(text: str) -> str:
    """Square kilometres, "" where INEI has no information ("S.I.")."""
    try:
        return f"{float(text):.1f}"
    except ValueError:
        return ""


def main(source: Path) -> None:
    """Write capitals.csv beside this script."""
    tree = [row["ubigeo_onpe"] for row in read_table(FOLDER / "ubigeos.csv") if row["in_2026"] == "1"]
    published = {row["reniec"]: row for row in read_table(source)}
    known = {code: (float(row["longitude"]), float(row["latitude"])) for code, row in published.items()}
    near: dict[str, list[Point]] = defaultdict(list)
    absent: dict[str, list[str]] = defaultdict(list)
    for code in tree:
        if code in known:
            near[province_of(code)].append(known[code])
        elif not is_abroad(code):
            absent[province_of(code)].append(code)
    rows = [
        (code, *known[code], "capital", area_of(published[code]["superficie"])) for code in tree if code in published
    ]
    for province, codes in absent.items():
        for index, code in enumerate(codes):
            rows.append((code, *spread_around(near[province], index, len(codes)), "province_mean", ""))
    with (FOLDER / "capitals.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["ubigeo", "lon", "lat", "basis", "km2"])
        for code, lon, lat, basis, area in sorted(rows):
            writer.writerow([code, f"{lon:.4f}", f"{lat:.4f}", basis, area])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
