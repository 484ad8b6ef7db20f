"""Keyed luck: the same person, the same occurrence, the same number, in every scenario.

There is no generator and no state. A draw is a pure function of the study's seed, the replication, a
declared stream, a person and an index: the k-th occurrence in that person's life, or the day. What one
scenario does more or less often therefore never shifts anybody else's luck. Nor does who is there: a person
is known by the number under which the career was grown, whatever row of the pool that is in this scenario.

The function is two rounds of the SplitMix64 finaliser (Steele, Lea and Flood 2014), which works alike on
Python integers, for single draws inside a process, and on arrays, for a daily pass.
"""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.declare import Stream

_MASK = 0xFFFFFFFFFFFFFFFF
_GOLDEN = 0x9E3779B97F4A7C15
_UNIT = 2.0**-53
_ONE, _11, _27, _30, _31 = (np.uint64(bits) for bits in (1, 11, 27, 30, 31))
_STEP, _FIRST, _SECOND = (np.uint64(x) for x in (_GOLDEN, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def _bits(key: int, person: int, index: int) -> int:
    """Return the bits of one draw; the two rounds are written out, as a run makes tens of thousands."""
    x = ((person + 1) * _GOLDEN + key) & _MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    x = ((x ^ (x >> 31)) + (index + 1) * _GOLDEN) & _MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return x ^ (x >> 31)


def _mix_array(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix once what :func:`_bits` mixes twice, in place; unsigned integers wrap by themselves."""
    x ^= x >> _30
    x *= _FIRST
    x ^= x >> _27
    x *= _SECOND
    x ^= x >> _31
    return x


class Luck:
    """The luck of one replication.

    Parameters
    ----------
    seed
        The study's seed.
    replication
        The replication; the same number means the same luck in every scenario.
    number
        The number of the person in each row of a pool, shape ``(n,)``; without it people are asked about by
        their numbers.
    """

    def __init__(self, seed: int, replication: int, number: NDArray[np.int64] | None = None) -> None:
        self.seed = seed
        self.replication = replication
        self._keys: dict[str, int] = {}
        self._number = number

    def of_rows(self, number: NDArray[np.int64]) -> "Luck":
        """Return the same luck for people who are asked about by their rows in a pool."""
        return Luck(self.seed, self.replication, number)

    def _known(self, stream: Stream, people: NDArray[Any]) -> NDArray[Any]:
        """Return the numbers by which a stream knows people, or things, any shape."""
        return people if self._number is None or stream.of == "thing" else self._number[people]

    def key(self, stream: Stream) -> int:
        """Return the 64-bit key of a stream, made once from its name."""
        key = self._keys.get(stream.name)
        if key is None:
            text = f"{self.seed}|{self.replication}|{stream.name}".encode()
            key = self._keys[stream.name] = int.from_bytes(blake2b(text, digest_size=8).digest(), "big")
        return key

    def one(self, stream: Stream, person: int, index: int) -> float:
        """Return one uniform number, strictly between 0 and 1."""
        if self._number is not None and stream.of == "person":
            person = self._number.item(person)
        return ((_bits(self.key(stream), person, index) >> 11) + 0.5) * _UNIT

    def many(self, stream: Stream, people: NDArray[Any], index: Any) -> NDArray[np.float64]:
        """Return uniform numbers strictly between 0 and 1, one a person.

        Parameters
        ----------
        stream
            A declared stream.
        people
            Rows of the pool, or numbers where there is none, any shape.
        index
            Occurrence of each person, shape ``(n,)``, or one day for all.
        """
        people = self._known(stream, np.asarray(people))
        return self._draw(np.uint64((self.key(stream) + _GOLDEN) & _MASK), people, index)

    def several(self, streams: Sequence[Stream], people: NDArray[Any], index: Any) -> NDArray[np.float64]:
        """Return what :meth:`many` returns for several streams of people in one pass, ``(streams, n)``."""
        people = self._known(streams[0], np.asarray(people))
        keys = np.array([(self.key(stream) + _GOLDEN) & _MASK for stream in streams], dtype=np.uint64)
        return self._draw(keys[:, None], people, index)

    @staticmethod
    def _draw(key: Any, people: NDArray[Any], index: Any) -> NDArray[np.float64]:
        # Arrays of unsigned integers wrap without a word; single numbers are wrapped before they join them.
        bits = people.astype(np.uint64) * _STEP
        bits = _mix_array(bits + key)
        if isinstance(index, int):
            bits += np.uint64((index + 1) * _GOLDEN & _MASK)
        else:
            nth = np.asarray(index).astype(np.uint64)
            nth += _ONE
            nth *= _STEP
            bits = bits + nth
        bits = _mix_array(bits)
        bits >>= _11
        drawn = bits.astype(np.float64)
        drawn += 0.5
        drawn *= _UNIT
        return drawn

    def exponential(self, stream: Stream, people: NDArray[Any], index: Any) -> NDArray[np.float64]:
        """Return unit exponentials, as :meth:`many` returns uniforms."""
        return np.asarray(-np.log(self.many(stream, people, index)))

    def bound(self, stream: Stream) -> Callable[[int, int], float]:
        """Return :meth:`one` with the stream already looked up, for use inside a process."""
        key, number = self.key(stream), self._number
        if number is None or stream.of == "thing":
            return lambda person, index: ((_bits(key, person, index) >> 11) + 0.5) * _UNIT
        known = number.item
        return lambda person, index: ((_bits(key, known(person), index) >> 11) + 0.5) * _UNIT
