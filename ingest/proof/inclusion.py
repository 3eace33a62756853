"""That a leaf stands in a Merkle tree of RFC 6962: a tree that proves it at any size it ever had, and the check.

Source: RFC 6962, section 2.1.1 (paths); RFC 9162, section 2.1.3.2 (checking them).
"""

import hashlib
from collections.abc import Sequence

from ingest.proof.merkle import EMPTY_ROOT, left_size, node_hash

_DIGEST = hashlib.sha256().digest_size


class GrowingTree:
    """All hashes of complete subtrees, level by level: 64 bytes a leaf, 9 MB of 140,000, and a path of 18 hashes.

    Nothing that was appended ever moves, so paths within earlier sizes may be asked for while it grows.
    """

    def __init__(self) -> None:
        self._levels = [bytearray()]

    def __len__(self) -> int:
        return len(self._levels[0]) // _DIGEST

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        level, digest = 0, leaf
        while True:
            hashes = self._levels[level]
            hashes += digest
            if len(hashes) % (2 * _DIGEST):
                return
            digest = node_hash(bytes(hashes[-2 * _DIGEST : -_DIGEST]), digest)
            level += 1
            if level == len(self._levels):
                self._levels.append(bytearray())

    def root(self, size: int) -> bytes:
        """Root of the tree of the first `size` leaves."""
        return self._subtree(0, size) if size else EMPTY_ROOT

    def path(self, index: int, size: int) -> list[bytes]:
        """Proof that the leaf `index` stands in the tree of the first `size` leaves: its neighbours, lowest first."""
        if not 0 <= index < size <= len(self):
            raise IndexError(f"there is no leaf {index} in a tree of {size}")
        steps, first, end = list[bytes](), 0, size
        while end - first > 1:
            middle = first + left_size(end - first)
            if index < middle:
                steps.append(self._subtree(middle, end))
                end = middle
            else:
                steps.append(self._subtree(first, middle))
                first = middle
        return steps[::-1]

    def _subtree(self, first: int, end: int) -> bytes:
        size = end - first
        if size & (size - 1) == 0:  # it begins at a multiple of its size: a left part is never smaller than its right
            at = first // size * _DIGEST
            return bytes(self._levels[size.bit_length() - 1][at : at + _DIGEST])
        middle = first + left_size(size)
        return node_hash(self._subtree(first, middle), self._subtree(middle, end))


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path shows that this leaf hash stands at `index` in the tree of that size and root."""
    if not 0 <= index < size:
        return False
    node, last, digest = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            digest = node_hash(step, digest)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            digest = node_hash(digest, step)
        node, last = node >> 1, last >> 1
    return last == 0 and digest == root
