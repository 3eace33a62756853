"""The strongest falsifier: the archive's owner, key in hand, who makes everything anew around one altered byte.

What comes out passes every check but one: a head that somebody else kept.
"""

import hashlib
import json
import random
import sqlite3
from base64 import b64encode
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from ingest.log import Attempt, Mark, Tail, read_line, write_line
from ingest.proof.evidence import gather
from ingest.proof.keyring import load_signer
from ingest.proof.merkle import Subtrees, consistency_proof, leaf_hash
from ingest.proof.notes import SignedHead, SignerKey
from ingest.proof.replay import Replay
from ingest.registry import feed_of
from tally.chain import chain
from tally.changes import Change, ChangeSet
from tally.storage.store import Store


def rewrite_all(folder: Path, rng: random.Random) -> str:
    """Move votes on one acta, or the time of one answer, and make log, count, tree and heads anew."""
    signer = load_signer(folder / "archive", None)
    entries = [read_line(line) for line in Tail(folder / "archive" / "log").read()]
    done, renamed = _alter(folder / "archive", entries, rng)
    _write_log(folder, entries)
    chains = _remake_count(folder, renamed)
    entries = [_marked_anew(entry, chains) for entry in entries]
    _write_log(folder, entries)
    _seal_anew(folder, entries, signer)
    return done


def _alter(archive: Path, entries: list[Attempt | Mark], rng: random.Random) -> tuple[str, dict[str, str]]:
    """Change one answer or the time of one; returns what was done, and the object that has another name now."""
    actas = [
        entry.sha256
        for entry in entries
        if isinstance(entry, Attempt) and entry.sha256 and "codigoMesa" in entry.url and entry.status == 200
    ]
    if rng.random() < 0.25:
        place = rng.choice([n for n, entry in enumerate(entries) if isinstance(entry, Attempt)])
        entries[place] = msgspec.structs.replace(entries[place], ms=rng.randrange(100_000, 200_000))
        return f"the time that answer {place + 1} took", {}
    old = rng.choice(actas)
    path = archive / "objects" / old[:2] / old
    body = _move_votes(path.read_bytes())
    new = hashlib.sha256(body).hexdigest()
    path.unlink()
    (archive / "objects" / new[:2]).mkdir(exist_ok=True)
    (archive / "objects" / new[:2] / new).write_bytes(body)
    for n, entry in enumerate(entries):
        if isinstance(entry, Attempt) and entry.sha256 == old:
            entries[n] = msgspec.structs.replace(entry, sha256=new, bytes=len(body))
    return f"votes in {old}", {f"sha256:{old}": f"sha256:{new}"}


def _move_votes(body: bytes) -> bytes:
    """One vote from one list to another; from an acta without votes, one elector."""
    answer = json.loads(body)
    for row in answer["data"]:
        row["totalElectoresHabiles"] += 1
        lines = [line for line in row["detalle"] or () if (line["adVotos"] or 0) > 0]
        if len(lines) > 1:
            lines[0]["adVotos"] -= 1
            lines[1]["adVotos"] += 1
    return json.dumps(answer).encode()


def _remake_count(folder: Path, renamed: dict[str, str]) -> dict[int, str]:
    """Publish every version again as its bytes now have it; returns the chain by version."""
    store = Store.open(f"sqlite:///{folder / 'count.db'}")
    [info] = store.counts()
    evidence = gather(folder / "archive", (), lambda step, done, whole: None)
    replay = Replay(*feed_of(info), evidence=evidence)
    chains, digest = {0: ""}, ""
    sets = store.read(info.id, 0, 1_000_000)
    store.close()
    with closing(sqlite3.connect(folder / "count.db")) as database, database:
        database.execute("DELETE FROM changes")
        for changes in sets:
            named = [msgspec.structs.replace(change, src=_named(change.src, renamed)) for change in changes.changes]
            made, _ = replay.make(named)
            _insert(database, (info.id, changes.seq), made)
            digest = chains[changes.seq] = chain(digest, ChangeSet(changes.seq, changes.at, tuple(made)))
    return chains


def _named(src: str | None, renamed: dict[str, str]) -> str | None:
    return None if src is None else "+".join(renamed.get(part, part) for part in src.split("+"))


def _insert(database: sqlite3.Connection, version: tuple[int, int], made: Sequence[Change]) -> None:
    names = "count_id, seq, n, key, kind, data, src"
    for n, change in enumerate(made):
        row = (*version, n, change.key, change.kind.value, change.data.decode(), change.src)
        database.execute(f"INSERT INTO changes ({names}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608 - our own names


def _marked_anew(entry: Attempt | Mark, chains: dict[int, str]) -> Attempt | Mark:
    return msgspec.structs.replace(entry, chain=chains[entry.seq]) if isinstance(entry, Mark) else entry


def _write_log(folder: Path, entries: Sequence[Attempt | Mark]) -> None:
    [path] = (folder / "archive" / "log").glob("*.jsonl")
    path.write_bytes(b"".join(write_line(entry) + b"\n" for entry in entries))


def _seal_anew(folder: Path, entries: Sequence[Attempt | Mark], signer: SignerKey) -> None:
    """Heads of the same sizes, signed with the same key."""
    sealed, added = Subtrees(), Subtrees()
    checkpoints = folder / "archive" / "checkpoints"
    sizes = {int(path.name) for path in checkpoints.iterdir()}
    with closing(sqlite3.connect(folder / "count.db")) as database, database:
        for entry in entries:
            added.append(leaf_hash(write_line(entry)))
            if added.end not in sizes:
                continue
            proof = [b64encode(step).decode() for step in consistency_proof(sealed, added)] if sealed.end else []
            sealed, added = sealed.joined(added), Subtrees(added.end)
            note = signer.sign(SignedHead(signer.verifier.name, sealed.end, sealed.root()))
            (checkpoints / f"{sealed.end:012}").write_text(note)
            row = (sealed.root().hex(), note, json.dumps(proof), sealed.end)
            database.execute("UPDATE heads SET root = ?, note = ?, proof = ? WHERE size = ?", row)
