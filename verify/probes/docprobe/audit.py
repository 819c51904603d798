"""One round of aggregation, looked at from outside: what went in, what came out, what was seen.

Runs beside the training, in a process of its own where Ray offers one, and only reads.
"""

import functools
import math
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from docprobe import masking, oracle

Array = np.ndarray[Any, Any]
Record = dict[str, Any]
Bounds = Callable[[Sequence[Array], Sequence[float]], Array]
# Sender, receiver, whether it is the aggregate, and for a piece of a secret share its number.
Route = tuple[str, str, bool, int | None]
_PIECE = 2**15
_WORD = 8
_PAIR = 2


def checksum(arrays: Iterable[Array]) -> int:
    """CRC-32 of all bytes in C order; of texts and other objects, of what they show."""
    crc = 0
    for array in arrays:
        whole = np.ascontiguousarray(array).reshape(-1)
        shown: Any = repr(whole.tolist()).encode() if whole.dtype.hasobject else whole.view("u1")
        crc = zlib.crc32(shown, crc)
    return crc


# A party may send what is no number, and a page's aggregator may give anything.
@np.errstate(all="ignore")
def examine(
    count: int,
    bits: int | None,
    shared: bool,  # noqa: FBT001  # sent to another process
    routes: Sequence[Route],
    earlier: Mapping[str, Array],
    *values: Any,
) -> tuple[Record, dict[str, Array]]:
    """Compare one round with the reference, and look at what was sent on the way.

    Args:
        count: the number of parties.
        bits: the fractional bits of the fixed point, None if there is none.
        shared: whether it was computed on secret shares.
        routes: the way of each message.
        earlier: samples of the messages of the round before, by their sender.
        values: each party's arrays, each party's number of samples (or None), the aggregate, and
            the messages.

    Returns:
        the record, and samples of the masked messages for the next round.
    """
    sent = [_arrays(value) for value in values[:count]]
    given, aggregate = values[count : 2 * count], values[2 * count]
    messages = values[2 * count + 1 :]
    record: Record = {}
    weights: list[float] = []
    if odd := _odd(given, aggregate):
        record["reason"] = odd
    else:
        weights = [1 if w is None else float(w) for w in given]
        record["weights"] = [] if given[0] is None else weights
        bound = functools.partial(_bound, bits=bits, shared=shared)
        record |= _compared(sent, weights, _arrays(aggregate), bound)
    record["arrays"] = [array.nbytes for array in sent[0]]
    plain = [masking.sample(arrays) for arrays in sent]
    if count == _PAIR and "given" in record:
        record["inferred"] = _inferred(plain, weights, masking.sample(_arrays(aggregate)))
    seen, samples = [], {}
    for (sender, receiver, average, piece), message in zip(routes, messages, strict=True):
        arrays = _arrays(message)
        entry: Record = {
            "sender": sender,
            "receiver": receiver,
            "aggregate": average,
            "arrays": len(arrays),
            "bytes": _size(message),
        }
        if not average and piece is not None and piece < len(sent[0]):
            of_piece = [masking.sample([arrays[piece]]) for arrays in sent]
            numbers = _words(message)
            if all(len(numbers) == len(own) for own in of_piece):
                entry |= _looked_at(numbers, of_piece, None)
        if not average and [a.shape for a in arrays] == [a.shape for a in sent[0]]:
            numbers = samples[sender] = masking.sample(arrays)
            entry |= _looked_at(numbers, plain, earlier.get(sender))
        seen.append(entry)
    return record | {"messages": seen}, samples


def _odd(weights: Sequence[Any], aggregate: Any) -> str:
    """Why a round is no weighted mean of arrays, if it is none."""
    if isinstance(aggregate, Mapping):
        return "the aggregate is a dictionary, in which the parties' mean is but one part"
    if any(w is not None and np.asarray(w).dtype.kind not in "biuf" for w in weights):
        return "the parties are weighted by something that is no number"
    return ""


def _bound(
    parts: Sequence[Array], weights: Sequence[float], *, bits: int | None, shared: bool
) -> Array:
    if bits is None:
        return oracle.plain_bound(parts, weights)
    of = oracle.shared_bound if shared else oracle.secure_bound
    return of(parts, weights, bits)


def _compared(
    sent: list[list[Array]], weights: list[float], aggregate: list[Array], bounds: Bounds
) -> Record:
    shapes = [[array.shape for array in arrays] for arrays in [*sent, aggregate]]
    if any(one != shapes[0] for one in shapes):
        return {"error": np.inf, "ratio": np.inf, "reason": "arrays of other shapes came out"}
    worst, error, position = 0.0, 0.0, 0
    for index, (*by_party, result) in enumerate(zip(*sent, aggregate, strict=True)):
        for *parts, part in _pieces([*by_party, result]):
            mean = oracle.weighted_mean(parts, weights)
            bound = bounds(parts, weights)
            # Two infinities have no difference, and 0/0 is none; NaN is NaN's own mean.
            same = (part == mean) | (np.isnan(part) & np.isnan(mean))
            off = np.where(same, 0.0, np.abs(np.subtract(part, mean, dtype=np.float64)))
            ratio = float(np.max(np.where(same, 0.0, off / bound)))
            error = float(np.maximum(error, np.max(off)))
            if not (ratio <= worst or math.isnan(worst)):  # NaN outdoes all
                worst, position = ratio, index
    return {
        "error": error,
        "ratio": worst,
        "array": position,
        "alike": all(_same(sent[0], other) for other in sent[1:]),
        "given": checksum(
            r.astype(s.dtype, copy=False) for r, s in zip(aggregate, sent[0], strict=True)
        ),
    }


def _inferred(plain: list[Array], weights: list[float], aggregate: Array) -> float:
    """How far the first of two parties is off when it works out what the second one sent."""
    own, others = plain
    guess = (aggregate * sum(weights) - own.astype(np.float64) * weights[0]) / weights[1]
    return float(np.max(np.abs(guess - others), initial=0.0))


def _looked_at(numbers: Array, plain: list[Array], before: Array | None) -> Record:
    """What the receiver of these numbers could tell of the parties' own, and of the round before.

    Returns:
        whether they are some party's own numbers, and for whole numbers of 64 bits: how far their
        bytes and those of the difference to the round before are from uniform, and the largest
        correlation with what a party holds.
    """
    whole = numbers.dtype.kind in "iu"
    signed = numbers.view(np.int64) if whole and numbers.itemsize == _WORD else numbers
    found: Record = {
        "elements": len(numbers),
        "plain": any(np.array_equal(numbers, own) for own in plain),
        "correlation": max(abs(masking.correlation(signed, own)) for own in plain),
    }
    if whole:
        found["uniform"] = masking.chi_square(numbers)
        if before is not None and before.shape == numbers.shape:
            found["fresh"] = masking.chi_square(numbers - before)
    return found


def _pieces(arrays: list[Array]) -> Iterator[list[Array]]:
    """The same stretch of each array, flat and small enough for a processor's cache."""
    flat = [array.reshape(-1) for array in arrays]
    for start in range(0, flat[0].size, _PIECE):
        yield [array[start : start + _PIECE] for array in flat]


def _arrays(value: Any) -> list[Array]:
    # The library's own sparse arrays refuse to become dense unasked.
    return [one.todense() if hasattr(one, "todense") else np.asarray(one) for one in _listed(value)]


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else [value]


def _size(value: Any) -> int:
    """The bytes of all arrays as they are sent: a sparse one is what it holds, and where."""
    if isinstance(value, Mapping):
        return sum(map(_size, value.values()))
    if isinstance(value, (list, tuple)):
        return sum(map(_size, value))
    return int(value.nbytes) if hasattr(value, "nbytes") else np.asarray(value).nbytes


def _words(share: bytes) -> Array:
    """The lower 64 bits of the elements in a piece of a share, which have 128."""
    return np.frombuffer(share[: len(share) // 16 * 16], "<u8")[::2]


def _same(some: Sequence[Array], others: Sequence[Array]) -> bool:
    return len(some) == len(others) and all(map(np.array_equal, some, others))
