"""Pins: digests and facts of an official page, kept so that drift is seen offline.

A pins file holds no sentence and no code of the page.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verify.contract import pinned_outputs
from verify.errors import UsageError, VerifyError
from verify.ledger import showing
from verify.ledger.erratum import Erratum, KnownErratum
from verify.page import stated as statements
from verify.page.code import facts
from verify.page.code.facts import Fact, FactKind
from verify.page.outputs.output_reading import Reading
from verify.page.prose import sentences
from verify.system import digests
from verify.system.cache import Notify
from verify.system.complaints import why
from verify.system.words import Words
from verify.upstream import pages
from verify.upstream.pages import OfficialPage

SCHEMA = 6


@dataclass(frozen=True)
class Pins:
    """What was pinned of one page: its identity, and facts by official cell index.

    `facts` are those of the code, `stated` those of prose and stored outputs. `sentences` are those
    of prose and comments: the digest of each, with the numbers in it. `outputs` are the stored
    outputs: the form of each, and of its lines digests and numbers. `shown` are the ids of the
    errata that the page has, each with its cells; `lines` are those of the file at which its cells
    begin; `repaired` are the facts of those cells whose
    code states others once all of them are repaired; `repairs` is the digest of the repairs that
    both rest on.
    """

    ref: str
    commit: str
    path: str
    blob: str
    digests: tuple[str, ...]
    code_cells: tuple[int, ...]
    facts: dict[int, tuple[Fact, ...]]
    stated: dict[int, tuple[Fact, ...]] = field(default_factory=dict)
    sentences: dict[int, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    outputs: Mapping[int, tuple[Reading, ...]] = field(default_factory=dict)
    shown: dict[str, tuple[int, ...]] = field(default_factory=dict)
    lines: tuple[int, ...] = ()
    repaired: dict[int, tuple[Fact, ...]] = field(default_factory=dict)
    repairs: str = ""

    def errata(self, known: Sequence[KnownErratum]) -> tuple[Erratum, ...]:
        """The errata that the page has.

        Raises:
            UsageError: other repairs are known than when the page was pinned.
        """
        if self.repairs and self.repairs != _digest(known):
            raise UsageError(
                Words(
                    zh="{path}：页面记录之后勘误表有变化；请用 `python -m verify pin` 更新记录。",
                    en="{path}: the ledger of errata has changed since the page was pinned; renew "
                    "the pins with `python -m verify pin`.",
                ).filled(path=self.path)
            )
        by_id = {erratum.id: erratum for erratum in known}
        return tuple(
            Erratum(**by_id[id_].model_dump(), cells=list(cells))
            for id_, cells in self.shown.items()
        )


# What a page of ours has.
NONE = Pins(ref="", commit="", path="", blob="", digests=(), code_cells=(), facts={})


def of_page(page: OfficialPage, known: Sequence[KnownErratum] = ()) -> Pins:
    """Read an official page's digests and facts, and which of the known errata it has."""
    parsed = page.parsed
    shown = showing.on_page(known, parsed, page.path)
    stated = facts.of_notebook(parsed)
    repaired = facts.of_notebook(showing.repaired(shown, parsed)) if shown else {}
    told: dict[int, dict[str, tuple[str, ...]]] = {}
    for sentence in sentences.of_page(parsed):
        told.setdefault(sentence.cell, {})[sentence.digest] = sentence.numbers
    return Pins(
        ref=page.ref,
        commit=page.commit,
        path=page.path,
        blob=page.blob,
        digests=tuple(cell.sha256 for cell in parsed.cells),
        code_cells=tuple(cell.index for cell in parsed.cells if cell.runs),
        facts=stated,
        stated=statements.of_page(parsed),
        sentences=told,
        shown={erratum.id: tuple(erratum.cells) for erratum in shown},
        lines=tuple(cell.line for cell in parsed.cells),
        repaired={cell: some for cell, some in repaired.items() if some != stated[cell]},
        repairs=_digest(known),
        outputs=pinned_outputs.of_page(parsed),
    )


def _digest(known: Sequence[KnownErratum]) -> str:
    """Of all that decides where errata show, and what their repairs make of a page."""
    used = {"id", "kind", "apply", "pages", "until", "beside"}
    return digests.of("\n".join(one.model_dump_json(include=used) for one in known))[:16]


def pinned_page(
    pinned: Pins, seen: OfficialPage, source: str, notify: Notify
) -> OfficialPage | None:
    """The page as it was pinned, if the source still has it; its tag may have moved since.

    Args:
        pinned: its pins.
        seen: the page as the source has it now.
        source: the source.
        notify: hears what takes time.
    """
    if seen.blob == pinned.blob:
        return seen
    for ref in filter(None, (pinned.ref, pinned.commit)):
        with suppress(VerifyError):
            page = pages.read_page(source, ref, pinned.path, notify)
            if page.blob == pinned.blob:
                return page
    return None


def write(pins: Pins, path: Path) -> None:
    """Write pins as JSON, one cell a line, so that a renewal reads well as a diff."""
    cells = [
        json.dumps(
            {
                "index": index,
                "line": pins.lines[index],
                "sha256": digest,
                "facts": _rows(pins.facts[index]) if index in pins.code_cells else None,
                "stated": _rows(pins.stated.get(index, ())),
                "sentences": pins.sentences.get(index, {}),
                **({"repaired": _rows(pins.repaired[index])} if index in pins.repaired else {}),
                "outputs": pinned_outputs.rows(pins.outputs.get(index, ())),
            },
            ensure_ascii=False,
        )
        for index, digest in enumerate(pins.digests)
    ]
    head = {
        "schema": SCHEMA,
        "ref": pins.ref,
        "commit": pins.commit,
        "path": pins.path,
        "blob": pins.blob,
        "repairs": pins.repairs,
    }
    lines = ",\n    ".join(cells)
    tail = f',\n  "errata": {json.dumps(pins.shown)},\n  "cells": [\n    {lines}\n  ]\n}}\n'
    text = json.dumps(head, indent=2)[:-2] + tail
    path.write_text(text, encoding="utf-8")


def _rows(some: tuple[Fact, ...]) -> list[list[str]]:
    return [[fact.kind.value, fact.target, *fact.arguments] for fact in some]


def _facts(rows: list[list[str]]) -> tuple[Fact, ...]:
    return tuple(Fact(FactKind(kind), target, tuple(rest)) for kind, target, *rest in rows)


def read(path: Path) -> Pins:
    """Read a pins file.

    Raises:
        UsageError: the file is missing or not what `write` writes.
    """
    try:
        return _pins(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            Words(
                zh="{path}：没有可读的记录（{error}）；请用 `python -m verify pin` 更新。",
                en="{path}: no readable pins ({error}); renew them with `python -m verify pin`.",
            ).filled(path=path, error=why(error))
        ) from error


def _pins(data: dict[str, Any]) -> Pins:
    if data["schema"] != SCHEMA:
        raise ValueError(
            Words(zh="格式是 {what}，不是 {schema}", en="schema {what}, not {schema}").filled(
                what=data["schema"], schema=SCHEMA
            )
        )
    cells = data["cells"]
    return Pins(
        ref=data["ref"],
        commit=data["commit"],
        path=data["path"],
        blob=data["blob"],
        digests=tuple(cell["sha256"] for cell in cells),
        code_cells=tuple(cell["index"] for cell in cells if cell["facts"] is not None),
        facts={cell["index"]: _facts(cell["facts"]) for cell in cells if cell["facts"] is not None},
        stated={cell["index"]: _facts(cell["stated"]) for cell in cells if cell["stated"]},
        sentences={
            cell["index"]: {digest: tuple(some) for digest, some in cell["sentences"].items()}
            for cell in cells
            if cell["sentences"]
        },
        shown={id_: tuple(some) for id_, some in data["errata"].items()},
        lines=tuple(cell["line"] for cell in cells),
        repaired={cell["index"]: _facts(cell["repaired"]) for cell in cells if "repaired" in cell},
        repairs=data["repairs"],
        outputs={
            cell["index"]: pinned_outputs.readings(cell["outputs"])
            for cell in cells
            if cell["outputs"]
        },
    )
