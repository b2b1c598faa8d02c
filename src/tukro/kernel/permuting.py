"""A keyed permutation of the numbers below ``radix ** length``: FF1 of NIST SP 800-38G with AES.

Each key and each tweak shuffle the same numbers in their own way, and what was shuffled can be put back.
Numbers stand for texts of ``length`` digits. A tweak is no secret; here all tweaks have the same length.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

TWEAK_BYTES: Final = 8
_ROUNDS: Final = 10
_BLOCK: Final = 16


class Permutation:
    """The permutation of one key (16, 24 or 32 bytes)."""

    def __init__(self, key: bytes, *, radix: int, length: int, tweak_bytes: int = TWEAK_BYTES) -> None:
        left = length // 2  # u and v of the standard: digits of both halves
        self._halves: tuple[int, int] = (radix**left, radix ** (length - left))
        self.size: int = radix**length
        assert self.size >= 1_000_000, "the standard wants a million texts at least"
        self._half_bytes = ((self._halves[1] - 1).bit_length() + 7) // 8
        self._taken = 4 * (-(-self._half_bytes // 4)) + 4
        assert self._taken <= _BLOCK, "longer texts would need more than one block of the function"
        self._tweak_bytes = tweak_bytes
        self._padding = bytes((-tweak_bytes - self._half_bytes - 1) % _BLOCK)
        self._cipher = Cipher(algorithms.AES(key), modes.ECB())  # one block at a time, chained below
        facts = b"\x01\x02\x01" + radix.to_bytes(3, "big") + bytes((_ROUNDS, left % 256))
        first = facts + length.to_bytes(4, "big") + tweak_bytes.to_bytes(4, "big")
        self._start = self._cipher.encryptor().update(first)

    def shuffle(self, number: int, tweak: bytes) -> int:
        """Where ``number`` goes under this tweak."""
        assert 0 <= number < self.size
        assert len(tweak) == self._tweak_bytes
        left, right = divmod(number, self._halves[1])
        block = self._cipher.encryptor()
        for no in range(_ROUNDS):
            left, right = right, (left + self._mixed(block, tweak, no, right)) % self._halves[no % 2]
        return left * self._halves[1] + right

    def put_back(self, number: int, tweak: bytes) -> int:
        """What ``shuffle`` turned into ``number`` under this tweak."""
        assert 0 <= number < self.size
        assert len(tweak) == self._tweak_bytes
        left, right = divmod(number, self._halves[1])
        block = self._cipher.encryptor()
        for no in reversed(range(_ROUNDS)):
            left, right = (right - self._mixed(block, tweak, no, left)) % self._halves[no % 2], left
        return left * self._halves[1] + right

    def _mixed(self, block: CipherContext, tweak: bytes, no: int, half: int) -> int:
        """The round function of one half, as a number."""
        text = tweak + self._padding + bytes((no,)) + half.to_bytes(self._half_bytes, "big")
        chained = self._start
        for at in range(0, len(text), _BLOCK):
            mixed = int.from_bytes(chained, "big") ^ int.from_bytes(text[at : at + _BLOCK], "big")
            chained = block.update(mixed.to_bytes(_BLOCK, "big"))
        return int.from_bytes(chained[: self._taken], "big")
