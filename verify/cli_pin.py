"""`python -m verify pin`: renew what is pinned of official pages, or show how they drifted."""

import json
from collections.abc import Iterable

from rich.console import Console

from verify import drift, pins, upstream
from verify.cli_sync import progress
from verify.contract import Contract
from verify.errors import ExitCode, VerifyError
from verify.pins import Pins
from verify.report import drift_view
from verify.report.drift_view import DocumentDrift
from verify.store import Notify
from verify.upstream import NoPageError, Page


def renew(contracts: Iterable[Contract], source: str, ref: str | None, console: Console) -> None:
    """Read the pages at `ref`, or at the version that each contract names, and pin them."""
    for one in contracts:
        with progress(console) as notify:
            page = upstream.read_page(source, ref or one.page.ref, one.page.path, notify)
        pins.write(pins.of_page(page), one.pins_path)
        same = (page.ref, page.blob) == (one.page.ref, one.page.blob)
        named = f"; the contract still names {one.page.ref}, blob {one.page.blob}"
        console.print(
            f"{one.name}: pinned {page.path} at {page.ref}, blob {page.blob}"
            f"{'' if same else named}.",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


def check(
    contracts: Iterable[Contract],
    source: str,
    ref: str | None,
    console: Console,
    *,
    as_json: bool = False,
) -> ExitCode:
    """Show how the pages at `ref`, or at the version that is pinned, differ from the pins.

    Returns:
        CONTRADICTED if any page drifted, otherwise VERIFIED.
    """
    found = []
    with progress(Console(stderr=True)) as notify:
        for one in contracts:
            pinned = pins.read(one.pins_path)
            found.append(_drift(one.name, pinned, source, ref or pinned.ref, notify))
    if as_json:
        text = json.dumps(drift_view.as_json(found), indent=2, ensure_ascii=False)
        console.print(text, markup=False, highlight=False, soft_wrap=True)
    else:
        for each in found:
            drift_view.show(each, console)
    return ExitCode.VERIFIED if all(each.equal for each in found) else ExitCode.CONTRADICTED


def _drift(name: str, pinned: Pins, source: str, ref: str, notify: Notify) -> DocumentDrift:
    try:
        seen = upstream.read_page(source, ref, pinned.path, notify)
    except NoPageError as error:
        return DocumentDrift(name, pinned, ref, None, False, (), str(error))
    before = _pinned_page(pinned, seen, source, notify)
    cells = drift.between(pinned, seen, before)
    return DocumentDrift(name, pinned, ref, seen, before is not None, tuple(cells))


def _pinned_page(pinned: Pins, seen: Page, source: str, notify: Notify) -> Page | None:
    """The page as it was pinned, if the source still has it; its tag may have moved since."""
    if seen.blob == pinned.blob:
        return seen
    for ref in (pinned.ref, pinned.commit):
        try:
            page = upstream.read_page(source, ref, pinned.path, notify)
        except VerifyError:
            continue
        if page.blob == pinned.blob:
            return page
    return None
