"""One round of aggregation, looked at from outside: what went in, what came out, what was seen.

Runs beside the training, in a process of its own where Ray offers one, and only reads.
"""

import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from probeshared import rounding
from probeshared.arrays import Array, np, without_warnings
from probeshared.events import Arithmetic, Examined, MessageEvent

from docprobe import masking

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
@without_warnings
def examine(
    count: int,
    arithmetic: Arithmetic,
    bits: int | None,
    routes: Sequence[Route],
    earlier: Mapping[str, Array],
    *values: Any,
) -> tuple[Examined, dict[str, Array]]:
    """Compare one round with the reference, and look at what was sent on the way.

    Args:
        count: the number of parties.
        arithmetic: how the aggregator computes.
        bits: the fractional bits of the fixed point, None if there is none.
        routes: the way of each message.
        earlier: samples of the messages of the round before, by their sender.
        values: each party's arrays, each party's number of samples (or None), the aggregate, and
            the messages.

    Returns:
        what was found, and samples of the masked messages for the next round.
    """
    sent = [_arrays(value) for value in values[:count]]
    given, aggregate = values[count : 2 * count], values[2 * count]
    messages = values[2 * count + 1 :]
    plain = [masking.sample(arrays) for arrays in sent]
    if odd := _odd(arithmetic, bits, given, aggregate):
        found = Examined(reason=odd)
    else:
        weights = None if given[0] is None else [_number(w) for w in given]
        found = _compared(sent, weights, _arrays(aggregate), arithmetic, bits or 0)
        if count == _PAIR and found.given is not None:
            each = found.weights or (1.0,) * count
            own = _inferred(plain, each, masking.sample(_arrays(aggregate)))
            found = replace(found, inferred=own)
    seen, samples = [], {}
    for (sender, receiver, average, piece), message in zip(routes, messages, strict=True):
        arrays = _arrays(message)
        entry = MessageEvent(sender, receiver, average, len(arrays), _size(message))
        if not average and piece is not None and piece < len(sent[0]):
            of_piece = [masking.sample([arrays[piece]]) for arrays in sent]
            numbers = _words(message)
            if all(len(numbers) == len(own) for own in of_piece):
                entry = _looked_at(entry, numbers, of_piece, None)
        if not average and [a.shape for a in arrays] == [a.shape for a in sent[0]]:
            numbers = samples[sender] = masking.sample(arrays)
            entry = _looked_at(entry, numbers, plain, earlier.get(sender))
        seen.append(entry)
    sizes = tuple(array.nbytes for array in sent[0])
    return replace(found, arrays=sizes, messages=tuple(seen)), samples


def _odd(arithmetic: Arithmetic, bits: int | None, weights: Sequence[Any], aggregate: Any) -> str:
    """Why a round is no weighted mean of arrays, or none that can be judged."""
    if isinstance(aggregate, Mapping):
        return "the aggregate is a dictionary, in which the parties' mean is but one part"
    if any(w is not None and np.asarray(w).dtype.kind not in "biuf" for w in weights):
        return "the parties are weighted by something that is no number"
    if arithmetic == "spu" and bits is None:
        return "the devices do not say with how many fractional bits they compute"
    return ""


def _number(weight: Any) -> Any:
    """A weight in its own type, which decides in what an average is computed."""
    return 1 if weight is None else np.asarray(weight).reshape(())[()]


def _compared(
    sent: list[list[Array]],
    weights: list[Any] | None,
    aggregate: list[Array],
    arithmetic: Arithmetic,
    bits: int,
) -> Examined:
    told = tuple(map(float, weights or ()))
    shapes = [[array.shape for array in arrays] for arrays in [*sent, aggregate]]
    if any(one != shapes[0] for one in shapes):
        reason = "arrays of other shapes came out"
        return Examined(weights=told, error=math.inf, ratio=math.inf, reason=reason)
    worst, error, position = 0.0, 0.0, 0
    for index, (*by_party, result) in enumerate(zip(*sent, aggregate, strict=True)):
        for *parts, part in _pieces([*by_party, result]):
            of = rounding.terms(parts, weights)
            bound = rounding.bound(of, arithmetic, bits)
            # Two infinities have no difference, and 0/0 is none; NaN is NaN's own mean.
            same = (part == of.result) | (np.isnan(part) & np.isnan(of.result))
            off = np.where(same, 0.0, np.abs(np.subtract(part, of.result, dtype=np.float64)))
            ratio = float(np.max(np.where(same, 0.0, off / bound)))
            error = float(np.maximum(error, np.max(off)))
            if not (ratio <= worst or math.isnan(worst)):  # NaN outdoes all
                worst, position = ratio, index
    return Examined(
        weights=told,
        error=error,
        ratio=worst,
        array=position,
        alike=all(_same(sent[0], other) for other in sent[1:]),
        given=checksum(
            r.astype(s.dtype, copy=False) for r, s in zip(aggregate, sent[0], strict=True)
        ),
    )


def _inferred(plain: list[Array], weights: Sequence[float], aggregate: Array) -> float:
    """How far the first of two parties is off when it works out what the second one sent."""
    own, others = plain
    guess = (aggregate * sum(weights) - own.astype(np.float64) * weights[0]) / weights[1]
    return float(np.max(np.abs(guess - others), initial=0.0))


def _looked_at(
    entry: MessageEvent, numbers: Array, plain: list[Array], before: Array | None
) -> MessageEvent:
    """What the receiver of these numbers could tell of the parties' own, and of the round before.

    Returns:
        the message with: whether they are some party's own numbers, and for whole numbers of 64
        bits: how far their bytes and those of the difference to the round before are from uniform,
        and the largest correlation with what a party holds.
    """
    whole = numbers.dtype.kind in "iu"
    signed = numbers.view(np.int64) if whole and numbers.itemsize == _WORD else numbers
    if not whole or before is None or before.shape != numbers.shape:
        before = None
    return replace(
        entry,
        elements=len(numbers),
        plain=any(np.array_equal(numbers, own) for own in plain),
        correlation=max(abs(masking.correlation(signed, own)) for own in plain),
        uniform=tuple(masking.chi_square(numbers)) if whole else (),
        fresh=() if before is None else tuple(masking.chi_square(numbers - before)),
    )


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
