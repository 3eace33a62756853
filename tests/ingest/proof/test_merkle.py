"""The tree: the known answers of RFC 6962's reference implementation, and what must hold for any tree."""

import time

from hypothesis import given
from hypothesis import strategies as st

from ingest.proof.merkle import (
    EMPTY_ROOT,
    Subtrees,
    consistency_proof,
    is_consistent,
    leaf_hash,
    node_hash,
    run_of,
)

# Source: google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc: eight leaves, their roots and paths.
DATA = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(data) for data in DATA]

trees = st.lists(st.binary(max_size=4), min_size=1, max_size=70)


def test_the_roots_are_those_of_the_reference_implementation() -> None:
    run = Subtrees()
    assert run.root() == EMPTY_ROOT
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        run.append(leaf)
        assert run.root().hex() == root


def test_the_consistency_proofs_are_those_of_the_reference_implementation() -> None:
    def proof(small: int, large: int) -> list[str]:
        steps = consistency_proof(run_of(LEAVES[:small]), run_of(LEAVES[small:large], small))
        return [step.hex() for step in steps]

    assert proof(1, 1) == []
    assert proof(1, 8) == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert proof(6, 8) == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert proof(2, 5) == [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]


def plain_root(leaves: list[bytes]) -> bytes:
    """The definition, word for word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return node_hash(plain_root(leaves[:middle]), plain_root(leaves[middle:]))


@given(trees, st.data())
def test_every_earlier_tree_is_proved_to_be_the_beginning(data: list[bytes], draw: st.DataObject) -> None:
    leaves = [leaf_hash(item) for item in data]
    small = draw.draw(st.integers(1, len(leaves)))
    earlier, added = run_of(leaves[:small]), run_of(leaves[small:], small)
    whole = earlier.joined(added)
    assert (whole.root(), whole.end) == (plain_root(leaves), len(leaves))
    proof = consistency_proof(earlier, added)
    sizes, roots = (small, len(leaves)), (earlier.root(), whole.root())
    assert is_consistent(sizes, roots, proof)
    other = leaf_hash(b"another")
    for n in range(len(proof)):
        assert not is_consistent(sizes, roots, [*proof[:n], other, *proof[n + 1 :]])
    assert not is_consistent(sizes, roots, [*proof, other])
    assert not is_consistent(sizes, (other, roots[1]), proof)
    assert not is_consistent(sizes, (roots[0], other), proof)


def test_trees_out_of_range_prove_nothing() -> None:
    root = run_of(LEAVES).root()
    assert not is_consistent((0, 8), (EMPTY_ROOT, root), [])
    assert not is_consistent((9, 8), (root, root), [])
    assert not is_consistent((5, 8), (run_of(LEAVES[:5]).root(), root), [])


def test_a_hundred_thousand_lines_are_appended_in_a_moment_and_kept_in_a_few_hashes() -> None:
    run, started = Subtrees(), time.process_time()
    for n in range(100_000):
        run.append(leaf_hash(b"%d" % n))
    assert time.process_time() - started < 3
    assert len(run.nodes) == (100_000).bit_count()
