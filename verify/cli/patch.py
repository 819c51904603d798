"""`python -m verify patch`: the ledger's repairs as a patch of the official pages."""

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from verify.cli import patch_pages
from verify.cli.console import CommandConsole
from verify.cli.errata_wanted import EVERY, ErrataWanted, Only, Skip
from verify.cli.options import OUT, SOURCE, Quiet, Ref, Source, Tutorials, official
from verify.cli.patch_pages import SUMMARY_SUFFIX, PagesWanted
from verify.cli.sync import progress
from verify.contract import pin_drift
from verify.contract.contract import Contract
from verify.errors import ExitCode, UsageError, unwritable
from verify.execute.prepare import PROBE_TAG
from verify.execute.walk import REPAIRED_TAG
from verify.repairs import catalogues, git_patch, notebook_file, page_patch
from verify.repairs.notebook_file import Stored
from verify.repairs.page_patch import Patch, PatchOutcome
from verify.report.formats import Outputs
from verify.system import cache
from verify.system.cache import Notify
from verify.system.resources import TUTORIALS
from verify.upstream import page_names, pages
from verify.upstream.pages import OfficialPage

_FULL = "full"


@dataclass(frozen=True)
class PatchWanted:
    """What to repair, and what to do with stored outputs.

    New ones are those of a published run of this profile.
    """

    outputs: Outputs
    run: Path
    profile: str
    errata: ErrataWanted = EVERY


def make(
    contracts: Iterable[Contract],
    source: str,
    ref: str | None,
    wanted: PatchWanted,
    *,
    to: Path | None,
    console: Console,
    quiet: bool = False,
) -> ExitCode:
    """Print or write the patch, and say which errata are in it and which are not.

    Args:
        contracts: the documents.
        source: where their pages are.
        ref: the version to patch; that of the contract if none.
        wanted: what to do with stored outputs.
        to: the file for the patch; standard output if none.
        console: hears of the errata.
        quiet: whether progress is not told.

    Returns:
        USAGE if the ledger does not fit the pages, otherwise VERIFIED.

    Raises:
        UsageError: an erratum that is named is in no document; or a page cannot be read.
    """
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    code = ExitCode.VERIFIED
    documents = list(contracts)
    wanted.errata.refuse(erratum.id for one in documents for erratum in one.errata)
    for one in documents:
        errata = wanted.errata.of(one.errata)
        if wanted.errata.only and not errata:
            continue
        with progress(console, quiet=quiet) as notify:
            page, texts = _read(one, source, ref or one.official.ref, notify)
        places = pin_drift.places(one.pins, page)
        stored = _stored(one, page, wanted)
        made = page_patch.of_page(errata, one.official.path, texts, places, stored)
        before |= {path: text.encode() for path, text in texts.items()}
        after |= {path: text.encode() for path, text in made.texts.items()}
        sentences = (*_told(one, page, texts, made), *_of_outputs(one, wanted, stored))
        for sentence in sentences:
            console.print(sentence, markup=False, highlight=False, soft_wrap=True)
        if any(outcome.problems for outcome in made.outcomes):
            code = ExitCode.USAGE
    _write(git_patch.between(before, after), to)
    return code


def _write(content: bytes, to: Path | None) -> None:
    if to is None:
        sys.stdout.buffer.write(content)
        return
    try:
        to.write_bytes(content)
    except OSError as error:
        raise unwritable(to, error) from error


def _read(
    one: Contract, source: str, ref: str, notify: Notify
) -> tuple[OfficialPage, dict[str, str]]:
    """The page, and the texts of it and its catalogues as they are in their files."""
    path = one.official.path
    page = pages.read_page(source, ref, path, notify)
    tree = pages.tree_of(source, ref, path, notify)
    texts = {}
    for each in (path, *catalogues.of_page(path, tree.paths())):
        _, content = pages.read_file(tree, source, ref, each, notify)
        try:
            texts[each] = content.decode()
        except UnicodeDecodeError as error:
            raise UsageError(f"{each}: is no text in UTF-8 ({error}).") from error
    return page, texts


def _stored(one: Contract, page: OfficialPage, wanted: PatchWanted) -> Mapping[int, Stored]:
    """What cells are to have stored."""
    if wanted.outputs is Outputs.KEEP:
        return {}
    cells = page.parsed.cells
    if wanted.outputs is Outputs.CLEAR:
        return {cell.index: notebook_file.NOTHING for cell in cells if cell.runs}
    name = f"{one.name}.published.{wanted.profile}.ipynb"
    file = wanted.run / "notebooks" / name
    try:
        ran = json.loads(file.read_bytes())["cells"]
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(
            f"{file}: no executed notebook to take outputs from; "
            f"`python -m verify run {one.name} --edition published` makes one."
        ) from error
    tags = [cell["metadata"].get("tags", []) for cell in ran]
    if any(REPAIRED_TAG in some for some in tags):
        raise UsageError(
            f"{file}: is of a page that had to be repaired while it ran; "
            "take outputs from a run of the patched page."
        )
    own = [cell for cell, some in zip(ran, tags, strict=True) if PROBE_TAG not in some]
    if [cell["cell_type"] for cell in own] != [cell.kind for cell in cells]:
        raise UsageError(f"{file}: has other cells than {page.path} at {page.ref}.")
    pairs = [(cell, it) for cell, it in zip(cells, own, strict=True) if cell.runs]
    # The run's own numbers count our cells, too.
    return {
        cell.index: ([_counted(output, count) for output in it["outputs"]], count)
        for count, (cell, it) in enumerate(pairs, 1)
    }


def _counted(output: dict[str, Any], count: int) -> dict[str, Any]:
    return output | {"execution_count": count} if "execution_count" in output else output


def _of_this_machine(stored: Mapping[int, Stored]) -> str:
    """The cells whose outputs tell where they were run."""
    signs = (str(cache.home()), str(cache.cache_root()), tempfile.gettempdir(), "127.0.0.1")
    return ", ".join(
        str(cell)
        for cell, (outputs, _) in stored.items()
        if any(sign in json.dumps(outputs) for sign in signs)
    )


def _told(
    one: Contract, page: OfficialPage, texts: Mapping[str, str], made: Patch
) -> Iterator[str]:
    """What the patch does to a page, sentence by sentence."""
    version = f"{page.ref}, commit {page.commit[:12]}" if page.commit else page.ref
    count = sum(bool(outcome.cells) for outcome in made.outcomes)
    total = len(made.outcomes)
    yield f"{one.name}: {page.path} at {version}: {count} of {total} errata are in the patch."
    yield from (f"  {_outcome(outcome)}" for outcome in made.outcomes)
    if not (others := texts.keys() - {page.path}):
        yield "  It has no catalogue of translations."
    for path in sorted(others):
        changed = made.texts[path] != texts[path]
        yield f"  {path}: {'changes with it' if changed else 'has none of these texts'}."


def _of_outputs(one: Contract, wanted: PatchWanted, stored: Mapping[int, Stored]) -> Iterator[str]:
    """What becomes of stored outputs."""
    if wanted.outputs is not Outputs.RENEW:
        yield f"  Stored outputs are {_BECOME[wanted.outputs]}."
        return
    says = one.profiles[wanted.profile].says
    yield f"  Stored outputs are those of a run in profile {wanted.profile}: {says}."
    if cells := _of_this_machine(stored):
        yield f"  Read those of cell {cells} first: they name folders or addresses of this machine."


def _outcome(outcome: PatchOutcome) -> str:
    name, why = outcome.erratum.id, "; ".join(outcome.problems)
    cells = ", ".join(map(str, outcome.cells))
    where = f"cell{'s' if len(outcome.cells) > 1 else ''} {cells}"
    if not outcome.erratum.apply:
        return f"{name}: to be mended by hand, which no patch does."
    if outcome.cells:
        return f"{name}: repaired in {where}{f', not everywhere: {why}' if why else ''}."
    return f"{name}: left out, {why}." if why else f"{name}: left out, this page has it repaired."


_BECOME = {
    Outputs.KEEP: "kept, also those of repaired cells, which are of the source before",
    Outputs.CLEAR: "removed",
}


def command(
    document: Annotated[
        list[str] | None,
        typer.Argument(
            help="Documents by name, or official pages by path, pattern or folder, or `all`; "
            "if none, the documents that stand for official pages."
        ),
    ] = None,
    source: Source = SOURCE,
    ref: Ref = None,
    *,
    env: Annotated[
        str | None,
        typer.Option(help="Of official pages: the environment whose ledger repairs them."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file for the patch, in place of standard output."),
    ] = None,
    summary: Annotated[
        Path | None,
        typer.Option(
            help="Of official pages: the file for a summary by defect, for the pull request.",
            show_default="beside the patch",
        ),
    ] = None,
    outputs: Annotated[
        Outputs, typer.Option(help="What becomes of the outputs that the pages have stored.")
    ] = Outputs.KEEP,
    executed: Annotated[
        Path | None,
        typer.Option(
            "--run",
            help="The output folder of the run that renews outputs.",
            show_default=str(OUT),
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            "-p",
            help="The profile of that run; only full is as documented.",
            show_default=_FULL,
        ),
    ] = None,
    only: Only = None,
    skip: Skip = None,
    tutorials: Tutorials = TUTORIALS,
    quiet: Quiet = False,
) -> ExitCode:
    """Make a patch for `git apply` that repairs official pages as the ledger of errata says.

    Only what a repair touches changes: lines of code, and with prose its entries in the catalogues
    of translations. What is in the patch and what is not is told on standard error; exit code 2
    says that the ledger does not fit these pages.

    Official pages by path, pattern or folder, or `all`, need no contract: what the ledger's
    patterns find is repaired, in notebooks, Markdown and reStructuredText. A summary by defect, in
    English and Chinese, is written beside the patch.
    """
    console = CommandConsole(stderr=True)
    errata = ErrataWanted(only or (), skip or ())
    paths = [name for name in document or () if page_names.is_page(name)]
    if document and 0 < len(paths) < len(document):
        raise UsageError(
            f"{', '.join(paths)}: pages by path and documents by name do not go together; patch "
            "one after the other."
        )
    if (executed or profile) and outputs is not Outputs.RENEW:
        raise UsageError("--run and --profile are of the run for --outputs renew; add that.")
    if document and paths:
        if outputs is Outputs.RENEW:
            raise UsageError("--outputs renew is for documents by name; run the patched pages.")
        clear = outputs is Outputs.CLEAR
        pages_wanted = PagesWanted(tuple(document), source, ref, env, clear, errata)
        beside = out.with_suffix(SUMMARY_SUFFIX) if out else None
        content, code = patch_pages.make(
            pages_wanted, console, summary=summary or beside, quiet=quiet
        )
        _write(content, out)
        return code
    if env or summary:
        raise UsageError("--env and --summary go with official pages, not with documents by name.")
    wanted = PatchWanted(outputs, executed or OUT, profile or _FULL, errata)
    contracts = official(document, tutorials)
    return make(contracts, source, ref, wanted, to=out, console=console, quiet=quiet)
