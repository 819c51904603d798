"""Which errata a patch repairs: all, some, or all but some."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

import typer

from verify.errors import UsageError
from verify.ledger.erratum import KnownErratum
from verify.system.words import Words, enumerated
from verify.upstream.snapshot import near

_KNOWN = Words(zh="；已知的有：{names}", en="; known: {names}")
_NONE = Words(zh="没有", en="none")

Only = Annotated[
    list[str] | None,
    typer.Option("--only", help="Repair this erratum alone; again for more.", metavar="ERRATUM"),
]
Skip = Annotated[
    list[str] | None,
    typer.Option("--skip", help="Leave this erratum as it is; again for more.", metavar="ERRATUM"),
]
_Erratum = TypeVar("_Erratum", bound=KnownErratum)


@dataclass(frozen=True)
class ErrataWanted:
    """Those named in `only`, or else all but those named in `skip`."""

    only: Collection[str] = ()
    skip: Collection[str] = ()

    def refuse(self, known: Iterable[str]) -> None:
        """See that what is named exists, and that something is left.

        Raises:
            UsageError: it does not; or both are given, which say the same thing twice.
        """
        if self.only and self.skip:
            raise UsageError(
                Words(
                    zh="--only 与 --skip 互相矛盾，请去掉一个。",
                    en="--only and --skip contradict each other; leave one out.",
                )
            )
        names = sorted(set(known))
        for one in (*self.only, *self.skip):
            if one not in names:
                hint = near(one, names) or _KNOWN.filled(names=enumerated(names) or _NONE)
                raise UsageError(
                    Words(
                        zh="{one}：这里没有这条勘误{hint}。",
                        en="{one}: no such erratum here{hint}.",
                    ).filled(one=one, hint=hint)
                )
        if names and set(names) <= set(self.skip):
            raise UsageError(
                Words(
                    zh="--skip：去掉之后没有要修正的勘误了。",
                    en="--skip: leaves no erratum to be repaired.",
                )
            )

    def of(self, errata: Sequence[_Erratum]) -> list[_Erratum]:
        """Those of some errata that are wanted."""
        return [
            one for one in errata if (one.id in self.only if self.only else one.id not in self.skip)
        ]


EVERY = ErrataWanted()
