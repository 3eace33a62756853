"""Whether a number is proved: `python3 prove.py [--key PUBLIC-KEY] BUNDLE …`. Python's own library is all it needs.

A bundle holds what the source answered, byte for byte, where in it each figure stands, the line of the archive's log
that names the answer's hash, and the path from that line to a root that the archive's key has signed. Those of a count
are also held against each other: mesas against their sum. With a key that you know from elsewhere a bundle's own is
not believed. Exit status 0 if all of it holds, 1 if not.

It proves that these bytes were in the archive when its head was signed, unaltered since, and that they hold these
figures. It does not prove that the figures are right, nor that the source, which signs nothing, has sent them.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_P = 2**255 - 19
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_ORDER = 2**252 + 27742317777372353535851937790883648493
_FORMAT, _MOST_BYTES = 1, 64_000_000
_FIELDS = ("figures", "head", "key", "left_out", "mark", "proof", "public_key", "sha256", "sources", "sum")
# How the address of a question about an area without a code ends, in each generation of the source.
_ENDINGS = {
    "nation": ("tipoFiltro=eleccion", "/000000"),
    "scope/domestic": ("tipoFiltro=ambito_geografico&idAmbitoGeografico=1", "/800000"),
    "scope/abroad": ("tipoFiltro=ambito_geografico&idAmbitoGeografico=2", "/900000"),
}
_DIGITS = {"department": 2, "province": 4, "district": 6, "mesa": 6}
# What each generation calls a figure: a field of its own, or the votes of a row that a code names, or a label by how it
# ends (accents arrive broken); and beside which field that names a row its votes stand.
_WORDS = {
    "registered": "/totalElectoresHabiles /presidencial/NNUME_HABILM", "at_jee": "/enviadasJee /summary/TOTAL_JEE",
    "state": "/codigoEstadoActa /presidencial/OBSERVACION_TXT", "counted": "/contabilizadas /summary/CONTABILIZA",
    "pending": "/pendientesJee /summary/POR_PROCESAR", "total": "/totalActas /summary/A_INSTALAR", "blank": "80 BLANCO",
    "cast": "/totalVotosEmitidos EMITIDOS", "valid": "/totalVotosValidos LIDOS", "challenged": "82 IMPUGNADOS",
    "null": "81 NULOS", "adAgrupacionPolitica": "adVotos", "codigoAgrupacionPolitica": "totalVotosValidos",
    "CCODI_AUTO": "congresal", "C_CODI_AGRUPOL": "TOTAL_VOTOS", "AUTORIDAD": "congresal", "AGRUPACION": "TOTAL_VOTOS",
}  # fmt: skip

Point = tuple[int, int, int, int]


class Wrong(Exception):
    """What does not hold, as a sentence."""


def check(texts: Sequence[bytes], keys: Sequence[str] = ()) -> tuple[list[str], list[str]]:
    """What holds in those bundles, and what does not: sentences. Without `keys` each one's own key is believed."""
    held, wrong, counts = list[str](), list[str](), dict[str, dict[str, dict[str, Any]]]()
    for number, text in enumerate(texts, 1):
        try:
            found = _check_bundle(bundle := _read(text), keys)
            held += found
            counts.setdefault(found[0].partition(" of ")[2], {})[bundle["key"]] = bundle
        except Wrong as error:
            wrong.append(f"bundle {number}: {error}")
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, zlib.error) as error:
            wrong.append(f"bundle {number} cannot be read: {type(error).__name__}: {error}")
    for bundle, others in [(one, own) for own in counts.values() for one in own.values() if one["sum"] is not None]:
        more, faults = _check_parts(bundle, others)
        held, wrong = held + more, wrong + faults
    return held, wrong


def _read(text: bytes) -> dict[str, Any]:
    """A bundle, if it is written as bundles are and its checksum is its own."""
    bundle: dict[str, Any] = json.loads(text.decode("utf-8"))
    _demand(isinstance(bundle, dict) and sorted(bundle) == list(_FIELDS), "it is no bundle that this program knows")
    _demand(bundle["proof"] == _FORMAT, f"it is written in format {bundle['proof']}, this program knows {_FORMAT}")
    _demand(write_canonical(bundle) == text, "it is not written as a bundle is: it was altered")
    rest = write_canonical({name: value for name, value in bundle.items() if name != "sha256"})
    _demand(hashlib.sha256(rest).hexdigest() == bundle["sha256"], "its checksum is another: it was altered")
    return bundle


def write_canonical(bundle: dict[str, Any]) -> bytes:
    return json.dumps(bundle, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _check_bundle(bundle: dict[str, Any], keys: Sequence[str]) -> list[str]:
    key, figures, left_out = bundle["key"], bundle["figures"], bundle["left_out"]
    _demand(not keys or bundle["public_key"] in keys, f"{key}: it names another key than yours: {bundle['public_key']}")
    size, root = _check_head(bundle["head"], bundle["public_key"])
    mark = json.loads(_sealed(bundle["mark"], size, root))["mark"]
    seen, races = dict[str, Any](), set[str]()
    held = [f"{key} of {mark['election']} ({mark['contest']})"]
    for source in bundle["sources"]:
        entry = json.loads(_sealed(source, size, root))
        body = zlib.decompressobj()
        raw = body.decompress(_decode(source["body"]), _MOST_BYTES)
        _demand(body.eof and not body.unused_data, f"{key}: the answer's bytes cannot be unpacked")
        _demand(hashlib.sha256(raw).hexdigest() == entry["sha256"], f"{key}: its log line names other bytes")
        whole = read_pointer(json.loads(read_text(raw), object_pairs_hook=_unique), source["row"])
        named = _check_named(whole, source["named"])
        _demand(_is_about(key, entry["url"], source), f"{key}: {entry['url']} is a question about something else")
        races |= {*named[1:], *re.findall(r"(?:idEleccion=|/results/)([0-9]+)", entry["url"])}
        by = f", handed over by a {entry['source']}" if entry.get("source") else ""
        told = " ".join([entry["url"], *named])
        held.append(f"  asked at {entry['at']}{by}: {told} (log line {source['index'] + 1:,})")
        for figure, (row, name, titles) in source["figures"].items():
            place = read_pointer(whole, row)
            label = _check_named(place, titles)
            _demand(_is_place(figure, row, name, titles), f"{key}: {row}/{name} {' '.join(label)} is not {figure}")
            seen[figure] = read_written(place[name])
            held.append(f"  {figure} = {seen[figure]} at {source['row']}{row}/{name} {' '.join(label)}".rstrip())
    _demand(seen == figures, f"{key}: the answers say {seen}, the bundle {figures}")
    _demand(len(races) < 2, f"{key}: its answers are about several races: {', '.join(sorted(races))}")
    _demand(not figures.keys() & set(left_out), f"{key}: it leaves out what it has: {left_out}")
    held += [f"  not proved, since no field of the answers is it: {', '.join(left_out)}"] if left_out else []
    held.append(f"  sealed in the head of {size:,} log lines, root {root.hex()}, signed by {bundle['public_key']}")
    return held


def _check_head(note: str, key: str) -> tuple[int, bytes]:
    """Size and root of a head that this key has signed."""
    text, _, signatures = note.rpartition("\n\n")
    _, size, root, *_ = text.split("\n")
    name, number, public = key.split("+", 2)
    own = _decode(public)
    is_whole = number == hashlib.sha256(f"{name}\n".encode() + own).hexdigest()[:8] and own[:1] == b"\1"
    _demand(is_whole, f"the public key {key} is damaged")
    lines = signatures.removesuffix("\n").split("\n")
    _demand(note == f"{text}\n\n{lines[0]}\n", "the head has more than one signature")
    dash, signer, signature = lines[0].split(" ")
    raw = _decode(signature)
    _demand((dash, signer, raw[:4].hex()) == ("—", name, number), f"the head is not signed by {name}")
    _demand(_is_signed(own[1:], (text + "\n").encode(), raw[4:]), f"the signature under the head of {size} is wrong")
    return int(size), _decode(root)


def _sealed(leaf: dict[str, Any], size: int, root: bytes) -> str:
    """The log line of a leaf, if its path leads to the root."""
    line, index = leaf["line"], leaf["index"]
    _demand(type(index) is int and 0 <= index < size, f"there is no log line {index} under a head of {size}")
    node, last, digest = index, size - 1, hashlib.sha256(b"\0" + line.encode()).digest()
    for step in map(_decode, leaf["path"]):
        _demand(last > 0 and len(step) == 32, f"the path of log line {index + 1} leads nowhere")
        is_right = bool(node & 1) or node == last
        digest = hashlib.sha256(b"\1" + (step + digest if is_right else digest + step)).digest()
        while is_right and node and not node & 1:
            node, last = node >> 1, last >> 1
        node, last = node >> 1, last >> 1
    _demand(last == 0 and digest == root, f"log line {index + 1} is not under the head of {size} lines")
    return str(line)


def _check_parts(bundle: dict[str, Any], bundles: dict[str, dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Whether a sum is that of its parts, and those parts what their own bundles say."""
    key, whole, wrong = bundle["key"], bundle["sum"], list[str]()
    parts = {part: dict(zip(whole["columns"], numbers, strict=True)) for part, *numbers in whole["parts"]}
    added = {name: sum(numbers[name] for numbers in parts.values()) for name in whole["columns"]}
    if added != whole["figures"] or len(parts) != len(whole["parts"]):
        wrong.append(f"{key}: its parts add up to {added}, not to {whole['figures']}")
    given = [part for part in parts if part in bundles]
    for part in given:
        own = bundles[part]["figures"] if part.startswith("mesa/") else bundles[part]["sum"]["figures"]
        adds_votes = parts[part].get("counted") and any(name.startswith("votes/") for name in own)
        own = own if adds_votes or not part.startswith("mesa/") else {"registered": own.get("registered")}
        differing = [name for name, number in own.items() if parts[part].get(name, number) != (number or 0)]
        wrong += [f"{key}: {', '.join(differing)} of {part} is another in its own bundle"] if differing else []
    held = f"{key} is the sum of {len(parts):,} parts; {len(given):,} of them are proved here by bundles of their own"
    return [held][: not wrong], wrong


def _is_about(key: str, url: str, source: dict[str, Any]) -> bool:
    """Whether an address asks about a key and the row is all that it answers, or the row names its mesa and a race."""
    (level, _, code), named = key.partition("/"), source["named"]
    if key not in _ENDINGS and (len(code) != _DIGITS.get(level) or (level != "mesa" and code.endswith("00"))):
        return False
    if named:
        return level == "mesa" and list(named) == ["codigoMesa", "idEleccion"] and named["codigoMesa"] == code
    is_of_acta, endings = "/mesas/" in url or "/actas" in url, _ENDINGS.get(key) or (code.ljust(6, "0"),)
    return (
        is_of_acta is (level == "mesa")
        and source["row"] in ("/data", "", "/procesos/generalPre")
        and url.endswith(endings)
    )


def _is_place(figure: str, row: str, name: str, named: dict[str, Any]) -> bool:
    """Whether a figure is what stands in that field of a row with those names."""
    told = _WORDS.get(figure, figure.removeprefix("votes/")).split()
    if not named:
        return f"{row}/{name}" in told
    [(by, title)] = ((field, str(value)) for field, value in named.items())
    return name == _WORDS[by] and any(title == one or (one.isalpha() and title.endswith(one)) for one in told)


def _check_named(row: Any, named: dict[str, Any]) -> list[str]:
    """The names that a row has, if it has them."""
    for name, value in named.items():
        _demand(type(row[name]) is type(value) and row[name] == value, f"{name} is {row[name]!r} there, not {value!r}")
    return [str(value) for value in named.values()]


def read_pointer(value: Any, pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) of plain names points at."""
    for name in pointer.split("/")[1:]:
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def read_written(written: Any) -> Any:
    """A figure as the source writes it: 8836380 or "8,836,380"; None where it says that nobody can read it."""
    if isinstance(written, str) and re.fullmatch("[0-9]+", written.strip().replace(",", "")):
        return int(written.strip().replace(",", ""))
    return None if written == "#" else written


def read_text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _demand(len(dict(pairs)) == len(pairs), "a field stands twice in the answer")
    return dict(pairs)


def _decode(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    _demand(base64.b64encode(data).decode() == text, "its base64 is not written as it should be")
    return data


def _demand(holds: bool, sentence: str) -> None:
    if not holds:
        raise Wrong(sentence)


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
    """Check the files that were named, and say what was found."""
    asked = argparse.ArgumentParser(description="Whether numbers are proved by these bundles.")
    asked.add_argument("--key", action="append", default=[], help="the archive's public key, known from elsewhere")
    asked.add_argument("bundles", nargs="+", type=Path)
    given = asked.parse_args()
    held, wrong = check([path.read_bytes() for path in given.bundles], given.key)
    held += [] if given.key else ["each bundle's own key was believed: compare it, or name the one you know with --key"]
    held += [f"WRONG  {sentence}" for sentence in wrong] or ["All of it holds."]
    sys.stdout.write("".join(f"{line}\n" for line in held))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
