"""Which numbers of a page's prose the contract speaks of."""

from collections.abc import Iterator
from dataclasses import dataclass

from verify.contract.claim import Claim, Waived
from verify.contract.contract import Contract
from verify.contract.pins import Pins


@dataclass(frozen=True)
class ProseNumber:
    """One number of one sentence, as claims write it, and what the contract says of it."""

    cell: int
    sentence: str
    number: str
    claims: tuple[Claim, ...]
    waived: Waived | None

    @property
    def is_open(self) -> bool:
        """Whether the contract says nothing of it."""
        return not self.claims and self.waived is None


def prose_numbers(contract: Contract, pins: Pins) -> tuple[ProseNumber, ...]:
    """The numbers of all prose, in order; each once in its sentence."""
    return tuple(_numbers(contract, pins))


def stale_waivers(contract: Contract, pins: Pins) -> list[Waived]:
    """Waivers of numbers that the page does not have, or that are claimed."""
    waived = [one.waived for one in _numbers(contract, pins) if not one.claims]
    return [waiver for waiver in contract.waived if waiver not in waived]


def _numbers(contract: Contract, pins: Pins) -> Iterator[ProseNumber]:
    for cell, sentences in sorted(pins.sentences.items()):
        if cell in pins.code_cells:  # comments speak to who reads the code
            continue
        for sentence, numbers in sentences.items():
            for number in numbers:
                claims = tuple(
                    c for c in contract.claims if c.anchor == sentence and number in c.numbers
                )
                waivers = (w for w in contract.waived if (w.cell, w.number) == (cell, number))
                yield ProseNumber(cell, sentence, number, claims, next(waivers, None))
