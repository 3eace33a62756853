"""Prefix lengths, codes of abroad and what lies within what are worked out in `tally.keys` and nowhere else."""

import subprocess
from pathlib import Path

import pytest

from tests.hand_written_keys import Slip, find_in_javascript, find_in_python

ROOT = Path(__file__).resolve().parents[1]
_HOMES = ("tally/keys.py", "dashboard/browser/text/keys.js")
# A verifier in one file that anybody may run alone has nothing of ours to import, and its twin in the browser believes
# nothing that the page's server says of keys (docs/decisions/0046, 0048).
_ALONE = ("ingest/proof/bundles/standalone.py", "dashboard/browser/proof/answer.js")
# What looks like a code of abroad: ONPE's own code of all that is abroad, and a number of mesas.
_ALLOWED = {
    "ingest/feeds/onpe2021/words.py": 'NATION, DOMESTIC, ABROAD = "000000", "800000", "900000"',
    "ingest/rehearsal/areas.py": "NATION_CODE, DOMESTIC_CODE, ABROAD_CODE = 0, 800_000, 900_000",
    "ingest/rehearsal/arrivals.py": "_REMOTE_MESAS_FROM = 900_000",
}


def tracked(ending: str) -> list[str]:
    """Files of ours, but tests, what is made of others, what stands alone, and the homes of keys."""
    listed = subprocess.run(["git", "ls-files", f"*{ending}"], cwd=ROOT, check=True, capture_output=True, text=True)
    left_out = ("tests/", "dashboard/built/", *_HOMES, *_ALONE)
    return [name for name in listed.stdout.split() if not name.startswith(left_out) and (ROOT / name).is_file()]


def told(name: str, slips: list[Slip]) -> list[str]:
    """What was found in a file, without what is allowed there."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return [f"{name}:{n}: {what}" for n, what in slips if lines[n - 1] != _ALLOWED.get(name)]


def test_no_python_works_out_keys_by_hand() -> None:
    names = tracked(".py")
    assert len(names) > 300
    assert [slip for name in names for slip in told(name, find_in_python((ROOT / name).read_text("utf-8")))] == []


def test_no_module_of_the_browser_works_out_keys_by_hand() -> None:
    names = tracked(".js")
    assert len(names) > 60
    assert [slip for name in names for slip in told(name, find_in_javascript((ROOT / name).read_text("utf-8")))] == []


@pytest.mark.parametrize("name", _ALLOWED)
def test_what_is_allowed_stands_there(name: str) -> None:
    assert _ALLOWED[name] in (ROOT / name).read_text("utf-8").splitlines()


@pytest.mark.parametrize(
    "planted",
    [
        "province = ubigeo[:4]",
        "province = ubigeo[0:4]",
        "number = acta.ubigeo[4:]",
        "above = prefix[:-2]",
        'found = row["ubigeo"][:2]',
        "CUT = 2\nregion = location.district[:CUT]",
        "parts = {district[:length] for length in (2, 4, 6)}",
        "parts = [ubigeo[:n] for n in range(2, 7, 2)]",
        "u = acta.ubigeo\nv = u\nfirst = v[:2]",
        "first = [u[:2] for u in sheets.ubigeos]",
        "for one in districts:\n    groups[one[:4]].append(one)",
        '_, _, code = key.partition("/")\nfirst = code[:2]',
        "first = str(ubigeo)[:2]",
        'first = f"{ubigeo:06d}"[:2]',
        "_LENGTHS = (2, 4, 6)",
        "for length in (4, 2):\n    pass",
        '_LENGTHS = {"department": 2, "province": 4}',
        "_LENGTHS = {Level.DEPARTMENT: 2, Level.PROVINCE: 4, Level.DISTRICT: 6}",
        "_SPANS = {Level.DEPARTMENT: 10_000, Level.PROVINCE: 100, Level.DISTRICT: 1}",
        "is_province = len(prefix) == 4",
        "department = ubigeo // 10_000 * 10_000",
        "is_province = ubigeos % 100 == 0",
        'is_abroad = ubigeo >= "91"',
        'is_abroad = code > "90"',
        'is_abroad = "90" < code',
        'at_home = [key for key in keys if key < "department/90"]',
        'FIRST = "91"',
        "FIRST = 910_000",
        'is_abroad = ubigeo.startswith("9")',
        "is_abroad = int(department) > 90",
        '_BELOW = {"nation": "department", "department": "province"}',
        "_BELOW = {Level.NATION: Level.DEPARTMENT, Level.SCOPE: Level.DEPARTMENT}",
        "_BELOW = {Level.PROVINCE: (Level.DISTRICT,), Level.DEPARTMENT: (Level.PROVINCE,)}",
        '_BELOW = {"province": "district/", "district": "place/"}',
        "is_inside = ubigeo.startswith(prefix)",
        "is_inside = other.ubigeo.startswith(area.prefix)",
        'is_place = key.startswith("place/")',
        'is_station = key.startswith(("mesa/", "place/"))',
        'key = f"district/{ubigeo}"',
        'level, _, code = key.partition("/")',
        'code = key.split("/")[1]',
        'full = prefix.ljust(6, "0")',
        "full = str(ubigeo).zfill(6)",
        'is_department = code.endswith("0000")',
        '_AREA = re.compile(r"department/\\d{2}|province/\\d{4}")',
        '_MESA = re.compile("mesa/[0-9]{6}")',
        'parts = re.match(r"(\\d\\d)(\\d\\d)(\\d\\d)", text)',
    ],
)
def test_a_planted_line_is_found(planted: str) -> None:
    assert find_in_python(planted)


@pytest.mark.parametrize(
    "innocent",
    [
        "path = folder / sha256[:2] / sha256",
        "first, second = ranking(votes)[:2]",
        "rest = order[2:]",
        "areas = areas[:2]",
        'raise NotFound(f"there is no area {key[:40]!r} in this count")',
        "share = 100 * counted // total",
        "late = hours // 100",
        "page = rows[:length]",
        "hours = (4, 6)",
        "is_near = share > 0.90",
        "is_late = percent >= 90",
        'CHECKPOINTS = ("50", "75", "90", "95")',
        'key = "department/14"',
        'path = f"places/{code}"',
        'head, _, number = path.partition("/")',
        'name = line.partition(" ")[2]',
        'is_api = path.startswith("/api/")',
        'stamp = re.compile(r"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d")',
        "below = CHILD_LEVEL[level_of(key)]",
        "columns = {Level.NATION: NATION, Level.SCOPE: NATION}",
        "budget = {Level.DEPARTMENT: 9_000, Level.PROVINCE: 14_000}",
        '"""Keys look like "department/14"; codes from 91 on are abroad."""',
    ],
)
def test_innocent_code_is_left_alone(innocent: str) -> None:
    assert find_in_python(innocent) == []


@pytest.mark.parametrize(
    "planted",
    [
        "const province = ubigeo.slice(0, 4);",
        "const number = district.slice(2);",
        "const above = prefix.slice(0, -2);",
        "const first = feature.properties.ubigeo.substring(0, 2);",
        "const isProvince = code.length === 4;",
        "const LENGTHS = [2, 4, 6];",
        "const LENGTHS = { department: 2, province: 4, district: 6 };",
        'const BELOW = { nation: "department", department: "province" };',
        'const BELOW = { district: "place" };',
        'const LEVELS = { place: "polling_place" };',
        'const isAbroad = ubigeo >= "91";',
        'const isAbroad = "90" < code;',
        'const isAbroad = code.startsWith("9");',
        "const isAbroad = /^(department|province|district)\\/9[1-9]/.test(key);",
        'const FIRST = "91";',
        "const FIRST = 910000;",
        'const full = prefix.padEnd(6, "0");',
        'const isDepartment = ubigeo.endsWith("0000");',
        'const isPlace = key.startsWith("place/");',
        "const key = `district/${code}`;",
        "const path = `areas/district/${code}`;",
        "return /^(place|mesa)\\//.test(key) ? `/${key}` : `/area/${key}`;",
        "const isMesa = /^\\d{6}$/.test(mesa);",
        'input("mesa", { pattern: "[0-9]{6}" });',
        'const [level, code] = flag.key.split("/");',
        "const isInside = feature.properties.ubigeo.startsWith(code);",
    ],
)
def test_a_planted_line_is_found_in_javascript(planted: str) -> None:
    assert find_in_javascript(f"/* A module. */\n{planted}\n") != []


@pytest.mark.parametrize(
    "innocent",
    [
        "const shown = rows.slice(0, 2);",
        'make("code", "", String(photo.hash).slice(0, 12));',
        'const hex = byte.toString(16).padStart(2, "0");',
        "const link = `/place/${code}`;",
        "const asked = `badges?level=${level}`;",
        'const [day, month] = date.split("/");',
        'const newest = (one.at || "9") < (other.at || "9");',
        "const isSmall = names.length === 2;",
        "const HOURS = [4, 6];",
        'if (level === "district") return null;',
        "const inside = isWithin(feature.properties.ubigeo, key);",
        '/* "14" is department/14; from "91" on abroad: /^department\\/9[1-9]/ */',
        'const n = 1; // key.split("/")',
    ],
)
def test_innocent_javascript_is_left_alone(innocent: str) -> None:
    assert find_in_javascript(innocent) == []
