"""The tree of hashes of RFC 6962 (Certificate Transparency): its root, and the way from one leaf to it.

A leaf is hashed with 0x00 before it, a node with 0x01, so that no node passes for a leaf. A node without a
neighbour moves up as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

SIZE = 32  # bytes of a hash


def leaf_hash(text: str) -> bytes:
    """The hash of one line, which no node can have. (RFC 6962, 2.1)"""
    return sha256(b"\0" + text.encode()).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two hashes, which no line can have. (RFC 6962, 2.1)"""
    return sha256(b"\1" + left + right).digest()


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """The root over hashes of leaves. Nothing has no root."""
    assert leaves, "a tree has a leaf"
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path_of(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from a leaf to the root, from below."""
    path, level = [], list(leaves)
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        level, index = _above(level), index // 2
    return path


def root_from(leaf: bytes, index: int, size: int, path: Iterable[bytes]) -> bytes:
    """The root that a leaf at ``index`` of ``size`` leads to. Raises ValueError: no such path."""
    if not 0 <= index < size:
        raise ValueError("no such place in the tree")
    steps, at, last = iter(path), leaf, size - 1
    while last:
        if index % 2 or index < last:
            beside = next(steps, b"")
            at = node_hash(beside, at) if index % 2 else node_hash(at, beside)
        index, last = index // 2, last // 2
    if next(steps, None) is not None:
        raise ValueError("the path is too long")
    return at


def split(hashes: bytes) -> list[bytes]:
    """Hashes that were written one after the other."""
    return [hashes[at : at + SIZE] for at in range(0, len(hashes), SIZE)]


def _above(level: list[bytes]) -> list[bytes]:
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [sha256(b"\1" + left + right).digest() for left, right in pairs]
    return above + level[-1:] if len(level) % 2 else above
