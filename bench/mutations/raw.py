"""Mutations that know nothing of the contract: bytes lost, changed, repeated, in another encoding."""

import random

from bench.mutations.registry import MutationCase, named


@named("bytes: cut off")
def _cut(case: MutationCase, seed: random.Random) -> bytes | None:
    return case.body[: seed.randrange(len(case.body))]


@named("bytes: one bit flipped")
def _flip(case: MutationCase, seed: random.Random) -> bytes | None:
    at = seed.randrange(len(case.body))
    return case.body[:at] + bytes([case.body[at] ^ 1 << seed.randrange(8)]) + case.body[at + 1 :]


@named("bytes: one byte lost")
def _lose(case: MutationCase, seed: random.Random) -> bytes | None:
    at = seed.randrange(len(case.body))
    return case.body[:at] + case.body[at + 1 :]


@named("bytes: one digit changed")
def _digit(case: MutationCase, seed: random.Random) -> bytes | None:
    places = [n for n, byte in enumerate(case.body) if 48 <= byte <= 57]
    if not places:
        return None
    at = seed.choice(places)
    return case.body[:at] + str(seed.randrange(10)).encode() + case.body[at + 1 :]


@named("bytes: two neighbours exchanged")
def _swap(case: MutationCase, seed: random.Random) -> bytes | None:
    at = seed.randrange(len(case.body) - 1)
    return case.body[:at] + case.body[at + 1 : at + 2] + case.body[at : at + 1] + case.body[at + 2 :]


@named("bytes: a stretch repeated")
def _repeat(case: MutationCase, seed: random.Random) -> bytes | None:
    start = seed.randrange(len(case.body))
    end = min(len(case.body), start + seed.randrange(1, 80))
    return case.body[:end] + case.body[start:end] + case.body[end:]


@named("bytes: empty")
def _empty(_case: MutationCase, _seed: random.Random) -> bytes | None:
    return b""


@named("bytes: the site's page")
def _page(_case: MutationCase, _seed: random.Random) -> bytes | None:
    return b"<!doctype html><html><body><app-root></app-root></body></html>"


@named("bytes: twice in a row")
def _twice(case: MutationCase, _seed: random.Random) -> bytes | None:
    return case.body + case.body


@named("bytes: UTF-16")
def _utf16(case: MutationCase, _seed: random.Random) -> bytes | None:
    return case.body.decode().encode("utf-16")


@named("bytes: byte order mark")
def _mark(case: MutationCase, _seed: random.Random) -> bytes | None:
    return b"\xef\xbb\xbf" + case.body


@named("bytes: a byte that is no UTF-8")
def _latin(case: MutationCase, seed: random.Random) -> bytes | None:
    at = seed.randrange(len(case.body))
    return case.body[:at] + b"\xd3" + case.body[at:]
