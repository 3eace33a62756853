"""Merkle trees of RFC 6962: leaf and node hashes, roots, and proofs that a later tree only added to an earlier one.

Pure: hashes in, hashes out. A run of leaves is kept as the few complete subtrees that cover it, so appending
100,000 leaves keeps 17 hashes, and a proof between two sizes needs nothing but the two runs.

Source: RFC 6962, section 2.1 (trees and proofs); RFC 9162, sections 2.1.3.2 and 2.1.4.2 (checking them).
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash of one leaf; its prefix keeps it from ever passing as a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of a node above two hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Subtrees:
    """Leaves `start` … `end` − 1 as their complete subtrees (first leaf, leaves, hash), left to right."""

    def __init__(self, start: int = 0, nodes: Iterable[tuple[int, int, bytes]] = ()) -> None:
        self.start = self.end = start
        self.nodes: list[tuple[int, int, bytes]] = []
        for _, size, digest in nodes:
            self._push(size, digest)

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        self._push(1, leaf)

    def joined(self, following: "Subtrees") -> "Subtrees":
        """This run and the one that begins where it ends, as one."""
        return Subtrees(self.start, [*self.nodes, *following.nodes])

    def root(self) -> bytes:
        """Root of the tree of these leaves; the run must begin at leaf 0."""
        if not self.nodes:
            return EMPTY_ROOT
        digest = self.nodes[-1][2]
        for _, _, left in reversed(self.nodes[:-1]):
            digest = node_hash(left, digest)
        return digest

    def _push(self, size: int, digest: bytes) -> None:
        first = self.end
        self.end += size
        while self.nodes and self.nodes[-1][1] == size and self.nodes[-1][0] % (2 * size) == 0:
            first, _, left = self.nodes.pop()
            digest, size = node_hash(left, digest), 2 * size
        self.nodes.append((first, size, digest))


def run_of(leaves: Iterable[bytes], start: int = 0) -> Subtrees:
    """The run of those leaf hashes."""
    run = Subtrees(start)
    for leaf in leaves:
        run.append(leaf)
    return run


def consistency_proof(earlier: Subtrees, added: Subtrees) -> list[bytes]:
    """Proof that the tree of `earlier` and `added` begins with the tree of `earlier`, which has at least one leaf."""
    known = {(first, first + size): digest for first, size, digest in (*earlier.nodes, *added.nodes)}

    def subtree(first: int, end: int) -> bytes:
        digest = known.get((first, end))
        if digest is not None:
            return digest
        middle = first + left_size(end - first)
        return node_hash(subtree(first, middle), subtree(middle, end))

    def prove(first: int, end: int, *, is_whole: bool) -> list[bytes]:
        if earlier.end == end:
            return [] if is_whole else [subtree(first, end)]
        middle = first + left_size(end - first)
        if earlier.end <= middle:
            return [*prove(first, middle, is_whole=is_whole), subtree(middle, end)]
        return [*prove(middle, end, is_whole=False), subtree(first, middle)]

    return prove(0, added.end, is_whole=True)


def is_consistent(sizes: tuple[int, int], roots: tuple[bytes, bytes], proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of the second size and root begins with that of the first (≥ 1 leaf)."""
    (small, large), (old, new) = sizes, roots
    if not 0 < small <= large:
        return False
    if small == large:
        return old == new and not proof
    path = [old, *proof] if small & (small - 1) == 0 else list(proof)
    if not path:
        return False
    node, last = small - 1, large - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    earlier = later = path[0]
    for digest in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            earlier, later = node_hash(digest, earlier), node_hash(digest, later)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            later = node_hash(later, digest)
        node, last = node >> 1, last >> 1
    return last == 0 and earlier == old and later == new


def left_size(leaves: int) -> int:
    """Leaves of the left subtree: the largest power of two below `leaves`."""
    return 1 << ((leaves - 1).bit_length() - 1)
