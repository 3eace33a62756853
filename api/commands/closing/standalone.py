"""Whether this folder is as it was closed: `python3 verify.py [PUBLIC-KEY …]`. Python's own library is all it needs.

Looked at are the checksum of every file; every line and body of the raw archive; the tree over the lines against every
signed head, and the signatures; and the published history in count.db against the marks in those lines. With the public
keys that you know from elsewhere the folder's own are not believed. Exit status 0 if all of it is as it was, else 1.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import sqlite3
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

SUMS = "SHA256SUMS"
_P = 2**255 - 19
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_ORDER = 2**252 + 27742317777372353535851937790883648493
_SHOWN = 20

Point = tuple[int, int, int, int]


class Findings:
    """What was checked, what a reader should know, and what is wrong: sentences."""

    def __init__(self) -> None:
        self.checked: list[str] = []
        self.notes: list[str] = []
        self.faults: list[str] = []


def check(folder: Path, keys: Sequence[str] = ()) -> Findings:
    """Look at everything in a folder. Without `keys` the archive's own are believed."""
    found = Findings()
    for step in (_check_sums, _check_archive):
        try:
            step(folder, list(keys), found)
        except (OSError, EOFError, ValueError, KeyError, TypeError, sqlite3.Error, zlib.error) as error:
            found.faults.append(f"the check ended: {type(error).__name__}: {error}")
    return found


def _check_sums(folder: Path, _: list[str], found: Findings) -> None:
    said: dict[str, str] = {}
    for line in (folder / SUMS).read_text("utf-8").splitlines():
        sha256, space, name = line.partition("  ")
        if len(sha256) != 64 or not space or name in said:
            found.faults.append(f"{SUMS}: {line[:100]!r} is no line of it")
        said[name] = sha256
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    there.pop(SUMS, None)
    found.faults += [f"{name} is missing" for name in sorted(said.keys() - there.keys())]
    found.faults += [f"{name} is named by no line of {SUMS}" for name in sorted(there.keys() - said.keys())]
    for name in sorted(said.keys() & there.keys()):
        if _hash_file(there[name]) != said[name]:
            found.faults.append(f"{name} was altered")
    found.checked.append(f"{len(there)} files against {SUMS}, whose own SHA-256 is {_hash_file(folder / SUMS)}")


def _check_archive(folder: Path, keys: list[str], found: Findings) -> None:
    archive = folder / "archive"
    keys = keys or (archive / "keys").read_text("utf-8").split()
    heads, bodies = _read_heads(archive), dict[str, int]()
    for path in sorted((archive / "packs").glob("*.warc.gz")) if (archive / "packs").is_dir() else ():
        for kind, uri, sha256, body in _read_pack(path):
            if kind == "metadata":
                heads[int(uri.rpartition(":")[2])] = body.decode("utf-8")
            elif kind == "resource":
                if hashlib.sha256(body).hexdigest() != sha256:
                    found.faults.append(f"object {sha256} in {path.name} was altered")
                bodies[sha256] = len(body)
    for path in (archive / "objects").glob("*/*"):
        if _hash_file(path) != path.name:
            found.faults.append(f"object {path.name} was altered")
        bodies[path.name] = path.stat().st_size
    roots, marks, lines = _read_log(archive, heads, bodies, found)
    for size, note in sorted(heads.items()):
        found.faults += _check_head(size, note, roots.get(size), keys)
    if not heads:
        found.faults.append("no head seals the archive")
    found.checked.append(f"{lines} log lines, {len(bodies)} bodies, {len(heads)} heads")
    found.checked.append(f"signed with {' or '.join(keys)}")
    _check_history(folder / "count.db", marks, heads, found)


def _read_heads(archive: Path) -> dict[int, str]:
    return {int(path.name): path.read_text("utf-8") for path in (archive / "checkpoints").iterdir()}


def _read_pack(path: Path) -> Iterator[tuple[str, str, str, bytes]]:
    """Type, address, stated hash and body of every WARC record of a pack."""
    data, at = path.read_bytes(), 0
    while at < len(data):
        inflate = zlib.decompressobj(31)
        records = inflate.decompress(memoryview(data)[at:])
        if not inflate.eof:
            raise ValueError(f"{path.name} is cut off")
        at, place = len(data) - len(inflate.unused_data), 0
        while place < len(records):
            end = records.index(b"\r\n\r\n", place)
            fields = dict(line.split(": ", 1) for line in records[place:end].decode("ascii").split("\r\n")[1:])
            stop = end + 4 + int(fields["Content-Length"])
            sha256 = fields["WARC-Block-Digest"].partition(":")[2]
            yield fields["WARC-Type"], fields.get("WARC-Target-URI", ""), sha256, records[end + 4 : stop]
            place = stop + 4


def _read_log(
    archive: Path, heads: dict[int, str], bodies: dict[str, int], found: Findings
) -> tuple[dict[int, bytes], list[dict[str, Any]], int]:
    """The roots at the heads' sizes, the marks of what was published, and how many lines there are."""
    nodes: list[tuple[int, bytes]] = []
    roots: dict[int, bytes] = {}
    marks: list[dict[str, Any]] = []
    lines = 0
    for path in sorted((archive / "log").glob("*.jsonl*")):
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for line in text.split(b"\n")[:-1]:
            nodes.append((1, hashlib.sha256(b"\0" + line).digest()))
            while len(nodes) > 1 and nodes[-1][0] == nodes[-2][0]:
                (size, left), (_, right) = nodes[-2:]
                nodes[-2:] = [(2 * size, hashlib.sha256(b"\1" + left + right).digest())]
            lines += 1
            if lines in heads:
                roots[lines] = _root(nodes)
            entry = json.loads(line)
            if "mark" in entry:
                marks.append(entry["mark"])
            elif entry["sha256"] is not None and bodies.get(entry["sha256"]) != entry["bytes"]:
                found.faults.append(f"object {entry['sha256']} is missing, or of another size than the log says")
    return roots, marks, lines


def _root(nodes: list[tuple[int, bytes]]) -> bytes:
    root = nodes[-1][1]
    for _, left in reversed(nodes[:-1]):
        root = hashlib.sha256(b"\1" + left + root).digest()
    return root


def _check_head(size: int, note: str, root: bytes | None, keys: list[str]) -> list[str]:
    text, _, signatures = note.rpartition("\n\n")
    lines = text.split("\n")
    if len(lines) < 3 or lines[1] != str(size) or root is None or base64.b64decode(lines[2]) != root:
        return [f"the head of {size} lines is not that of the log's first {size} lines"]
    for key in keys:
        name, number, public = key.split("+", 2)
        for line in signatures.splitlines():
            _, signer, signature = line.split(" ")
            raw = base64.b64decode(signature)
            if signer == name and raw[:4].hex() == number:
                is_signed = _is_signed(base64.b64decode(public)[1:], (text + "\n").encode(), raw[4:])
                return [] if is_signed else [f"the signature under the head of {size} lines is wrong"]
    return [f"the head of {size} lines is signed by none of the keys"]


def _check_history(path: Path, marks: list[dict[str, Any]], heads: dict[int, str], found: Findings) -> None:
    """The change sets of each count, hashed one after the other, against what the marks name."""
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    kept = database.execute("SELECT size, note FROM heads").fetchall()
    found.faults += [f"count.db has another head of {size} lines" for size, note in kept if heads.get(size) != note]
    counts = database.execute("SELECT id, election_id, contest_id, epoch, seq FROM counts").fetchall()
    for count, election, contest, epoch, newest in counts:
        chain, chains = "", {0: ""}
        sets = database.execute("SELECT seq, at FROM change_sets WHERE count_id = ? ORDER BY seq", (count,)).fetchall()
        rows = database.execute(
            "SELECT seq, key, kind, data, src, note FROM changes WHERE count_id = ? ORDER BY seq, n", (count,)
        )
        row = next(rows, None)
        for seq, at in sets:
            changes = []
            while row is not None and row[0] == seq:
                data = base64.b64encode(row[3].encode()).decode()
                changes.append([row[1], row[2], data, row[4], row[5]])
                row = next(rows, None)
            value = json.dumps([chain, seq, at, changes], ensure_ascii=False, separators=(",", ":"))
            chain = chains[seq] = hashlib.sha256(value.encode()).hexdigest()
        own = [mark for mark in marks if mark["epoch"] == epoch]
        found.faults += [
            f"version {mark['seq']} of {contest} is not the one that was sealed at {mark['at']}"
            for mark in own
            if chains.get(mark["seq"]) != mark["chain"]
        ]
        sealed = max((mark["seq"] for mark in own), default=0)
        if row is not None or [seq for seq, _ in sets] != list(range(1, newest + 1)):
            found.faults.append(f"{contest} has not its {newest} versions, one after the other")
        found.checked.append(f"{contest} of {election}: {newest} versions")
        if sealed < newest:
            found.notes.append(f"versions of {contest} after {sealed} are not sealed")
    if not counts:
        found.faults.append("count.db holds no count")
    database.close()


def _hash_file(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as stream:
        for piece in iter(lambda: stream.read(1 << 20), b""):
            found.update(piece)
    return found.hexdigest()


def _is_signed(public: bytes, text: bytes, signature: bytes) -> bool:
    """Ed25519 (RFC 8032), on points as (X, Y, Z, T)."""
    key, point = _decompress(public), _decompress(signature[:32])
    base = _decompress((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or point is None or base is None or len(signature) != 64 or scalar >= _ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % _ORDER
    left, right = _multiply(scalar, base), _add(point, _multiply(challenge, key))
    return all((left[n] * right[2] - right[n] * left[2]) % _P == 0 for n in (0, 1))


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c, d = 2 * one[3] * other[3] * _D % _P, 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _multiply(scalar: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point, scalar = _add(point, point), scalar >> 1
    return total


def _decompress(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


def main() -> int:
    """Look at the folder that this file lies in, and say what was found."""
    found = check(Path(__file__).resolve().parent, sys.argv[1:])
    rest = len(found.faults) - _SHOWN
    wrong = found.faults[:_SHOWN] + ([f"… and {rest} more"] if rest > 0 else [])
    for word, sentences in (("checked", found.checked), ("note", found.notes), ("WRONG", wrong)):
        for sentence in sentences:
            sys.stdout.write(f"{word:<8} {sentence}\n")
    if not wrong:
        sys.stdout.write("All of it is as it was published.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
