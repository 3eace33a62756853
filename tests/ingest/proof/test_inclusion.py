"""Paths of leaves: the known answers of RFC 6962's reference implementation, and what must hold at every size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.proof.inclusion import GrowingTree, is_included
from ingest.proof.merkle import leaf_hash, run_of
from tests.ingest.proof.test_merkle import LEAVES

MOST = 200
HASHES = [leaf_hash(b"%d" % n) for n in range(MOST)]


def grown(leaves: list[bytes]) -> GrowingTree:
    tree = GrowingTree()
    for leaf in leaves:
        tree.append(leaf)
    return tree


TREE = grown(HASHES)


def test_the_paths_are_those_of_the_reference_implementation() -> None:
    # Source: google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc.
    tree = grown(LEAVES)
    assert tree.path(0, 1) == []
    assert [step.hex() for step in tree.path(0, 8)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [step.hex() for step in tree.path(5, 8)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [step.hex() for step in tree.path(2, 3)] == [
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    ]


def test_the_roots_are_those_of_the_runs_of_leaves_at_every_size() -> None:
    assert [TREE.root(size) for size in range(MOST + 1)] == [run_of(HASHES[:size]).root() for size in range(MOST + 1)]


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_every_leaf_of_every_size_is_proved_and_nothing_else_is(size: int) -> None:
    root = TREE.root(size)
    for index in range(size):
        path = TREE.path(index, size)
        assert is_included(HASHES[index], index, size, path, root)
        assert not is_included(HASHES[index - 1], index, size, path, root)
        assert not is_included(HASHES[index], index + 1, size, path, root)


@given(st.integers(1, MOST), st.data())
def test_a_path_that_was_altered_proves_nothing(size: int, draw: st.DataObject) -> None:
    index = draw.draw(st.integers(0, size - 1))
    path, root, other = TREE.path(index, size), TREE.root(size), leaf_hash(b"another")
    for n in range(len(path)):
        assert not is_included(HASHES[index], index, size, [*path[:n], other, *path[n + 1 :]], root)
        assert not is_included(HASHES[index], index, size, [*path[:n], *path[n + 1 :]], root)
    assert not is_included(HASHES[index], index, size, [*path, other], root)
    assert not is_included(HASHES[index], index, size, path, other)


def test_there_is_no_path_of_a_leaf_that_is_not_there() -> None:
    for index, size in ((-1, 1), (1, 1), (0, 0), (0, MOST + 1)):
        with pytest.raises(IndexError):
            TREE.path(index, size)
        assert not is_included(HASHES[0], index, size, [], HASHES[0])
