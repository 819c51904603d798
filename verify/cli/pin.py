"""`python -m verify pin`: renew what is pinned of official pages, or show what they say."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import Console

from verify.cli.console import CommandConsole, say
from verify.cli.options import (
    SOURCE,
    InLanguage,
    Names,
    Quiet,
    Ref,
    Source,
    Tutorials,
    official,
    writable,
)
from verify.cli.sync import progress
from verify.contract import claim_anchors, pin_drift, pins
from verify.contract.contract import Contract
from verify.contract.pins import Pins
from verify.errors import ExitCode
from verify.page.prose import sentences
from verify.report import drift_view
from verify.report.drift_view import DocumentDrift
from verify.report.formats import DriftFormat
from verify.system.cache import Notify
from verify.system.complaints import why
from verify.system.language import spoken
from verify.system.resources import TUTORIALS
from verify.system.terminal_text import printed_json
from verify.system.words import Words
from verify.upstream import pages
from verify.upstream.pages import NoPageError

_PINNED = Words(
    zh="{name}：已记录 {path}，版本 {ref}，blob {blob}。",
    en="{name}: pinned {path} at {ref}, blob {blob}.",
)
_PINNED_OTHER = Words(
    zh="{name}：已记录 {path}，版本 {ref}，blob {blob}；契约里写的仍是 {was}，blob {before}。",
    en="{name}: pinned {path} at {ref}, blob {blob}; the contract still names {was}, "
    "blob {before}.",
)


def renew(
    contracts: Iterable[Contract],
    source: str,
    ref: str | None,
    console: Console,
    *,
    quiet: bool = False,
) -> None:
    """Read the pages at `ref`, or at the version that each contract names, and pin them."""
    for one in contracts:
        with progress(CommandConsole(stderr=True), quiet=quiet) as notify:
            page = one.official.read(source, ref, notify)
        pins.write(pins.of_page(page, one.known), one.pins_path)
        same = (page.ref, page.blob) == (one.official.ref, one.official.blob)
        told = (_PINNED if same else _PINNED_OTHER).filled(
            name=one.name,
            path=page.path,
            ref=page.ref,
            blob=page.blob,
            was=one.official.ref,
            before=one.official.blob,
        )
        say(console, told)


def show_drift(
    contracts: Iterable[Contract],
    source: str,
    ref: str | None,
    console: Console,
    *,
    as_json: bool = False,
    quiet: bool = False,
) -> ExitCode:
    """Show how the pages at `ref`, or at the version that is pinned, differ from the pins.

    Returns:
        CONTRADICTED if any page drifted, otherwise VERIFIED.
    """
    found = []
    with progress(CommandConsole(stderr=True), quiet=quiet) as notify:
        for one in contracts:
            pinned = pins.read(one.pins_path)
            found.append(_drift(one, pinned, source, ref or pinned.ref, notify))
    if as_json:
        say(console, printed_json(drift_view.as_json(found), indent=2))
    else:
        for each in found:
            drift_view.show(each, console, spoken())
    return ExitCode.VERIFIED if all(each.equal for each in found) else ExitCode.CONTRADICTED


def list_sentences(
    contracts: Iterable[Contract],
    source: str,
    ref: str | None,
    console: Console,
    *,
    quiet: bool = False,
) -> None:
    """Print each sentence of the pages: cell, anchor, its numbers, its claims, its text."""
    for one in contracts:
        with progress(CommandConsole(stderr=True), quiet=quiet) as notify:
            page = one.official.read(source, ref, notify)
        for sentence in sentences.of_page(page.parsed):
            claims = [claim.id for claim in one.claims if claim.anchor == sentence.digest]
            numbers = f" [{', '.join(sentence.numbers)}]" if sentence.numbers else ""
            claimed = f" <{', '.join(claims)}>" if claims else ""
            say(console, f"{sentence.cell:3} {sentence.digest}{numbers}{claimed} {sentence.text}")


def _drift(one: Contract, pinned: Pins, source: str, ref: str, notify: Notify) -> DocumentDrift:
    try:
        seen = pages.read_page(source, ref, pinned.path, notify)
    except NoPageError as error:
        return DocumentDrift(one.name, pinned, ref, None, False, (), why(error))
    before = pins.pinned_page(pinned, seen, source, notify)
    cells = pin_drift.between(pinned, seen, before)
    now = pins.of_page(seen)
    lost = [(claim, claim_anchors.broken(claim, pinned, now)) for claim in one.claims]
    claims = tuple((claim, why) for claim, why in lost if why)
    has_text = before is not None
    return DocumentDrift(one.name, pinned, ref, seen, has_text, tuple(cells), claims=claims)


HELP_ZH = """读取官方页面，更新所记录的内容（摘要和事实，不含原文）。

\b
加上 --check，则逐个单元格比较页面与记录，并指出哪些论断所依据的句子变了；退
出码 1 表示有页面变了。加上 --sentences，则打印每个句子和它作为锚的摘要。
"""


def command(
    document: Names = None,
    source: Source = SOURCE,
    ref: Ref = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; show how the pages drifted.")
    ] = False,
    form: Annotated[
        DriftFormat, typer.Option("--format", help="How --check tells it.")
    ] = DriftFormat.TEXT,
    sentences: Annotated[
        bool,
        typer.Option("--sentences", help="Change nothing; list the sentences, to write claims."),
    ] = False,
    tutorials: Tutorials = TUTORIALS,
    quiet: Quiet = False,
    _language: InLanguage = None,
) -> ExitCode:
    """Read official pages and renew their pins (digests and facts, no text).

    With --check, compare the pages with their pins instead, cell by cell, and name the claims whose
    sentence is another; exit code 1 says that a page drifted. With --sentences, print each sentence
    with the digest that anchors a claim to it.
    """
    if not (check or sentences):
        writable(tutorials)
    contracts, console = official(document, tutorials), CommandConsole()
    if check:
        as_json = form is DriftFormat.JSON
        return show_drift(contracts, source, ref, console, as_json=as_json, quiet=quiet)
    if sentences:
        list_sentences(contracts, source, ref, console, quiet=quiet)
    else:
        renew(contracts, source, ref, console, quiet=quiet)
    return ExitCode.VERIFIED
