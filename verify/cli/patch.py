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
from verify.cli.console import CommandConsole, say
from verify.cli.errata_wanted import EVERY, ErrataWanted, Only, Skip
from verify.cli.options import OUT, SOURCE, InLanguage, Quiet, Ref, Source, Tutorials, official
from verify.cli.patch_pages import SUMMARY_SUFFIX, PagesWanted
from verify.cli.sync import progress
from verify.contract import pin_drift
from verify.contract.contract import Contract
from verify.errors import ExitCode, UsageError
from verify.execute.prepare import PROBE_TAG
from verify.execute.walk import REPAIRED_TAG
from verify.repairs import catalogues, git_patch, notebook_file, page_patch
from verify.repairs.notebook_file import Stored
from verify.repairs.page_patch import Patch, PatchOutcome
from verify.report.defects import numbered
from verify.report.formats import Outputs
from verify.system import cache
from verify.system.cache import Notify
from verify.system.complaints import unwritable, why
from verify.system.resources import TUTORIALS
from verify.system.words import Text, Words, enumerated, joined
from verify.upstream import page_names, pages
from verify.upstream.pages import OfficialPage

_FULL = "full"
_COUNT = Words(
    zh="{name}：{path}（{version}）：{of} 条勘误中有 {count} 条在补丁里。",
    en="{name}: {path} at {version}: {count} of {of} errata are in the patch.",
)
_NO_CATALOGUE = Words(zh="没有翻译文件。", en="It has no catalogue of translations.")
_CHANGES = Words(zh="{path}：一起修改。", en="{path}: changes with it.")
_HAS_NONE = Words(zh="{path}：没有这些文字。", en="{path}: has none of these texts.")
_KEPT = Words(
    zh="已存输出保留不动，被修正的单元格也一样，那是修正前代码的输出。",
    en="Stored outputs are kept, also those of repaired cells, which are of the source before.",
)
_REMOVED = Words(zh="已存输出已删除。", en="Stored outputs are removed.")
_RENEWED = Words(
    zh="已存输出取自配置 {profile} 的一次运行：{says}。",
    en="Stored outputs are those of a run in profile {profile}: {says}.",
)
_READ_FIRST = Words(
    zh="请先读单元格 {cells} 的输出：其中有本机的文件夹或地址。",
    en="Read those of cell {cells} first: they name folders or addresses of this machine.",
)
_BY_HAND = Words(
    zh="{name}：须手工修正，补丁做不到。", en="{name}: to be mended by hand, which no patch does."
)
_REPAIRED = Words(zh="{name}：已修正{where}。", en="{name}: repaired in {where}.")
_IN_PART = Words(
    zh="{name}：已修正{where}，但不是每处都修正了：{why}。",
    en="{name}: repaired in {where}, not everywhere: {why}.",
)
_LEFT = Words(zh="{name}：没有放进补丁：{why}。", en="{name}: left out, {why}.")
_THERE = Words(
    zh="{name}：没有放进补丁，因为页面已经修正。",
    en="{name}: left out, this page has it repaired.",
)


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
            say(console, sentence)
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
            raise UsageError(
                Words(
                    zh="{each}：不是 UTF-8 文本（{error}）。",
                    en="{each}: is no text in UTF-8 ({error}).",
                ).filled(each=each, error=why(error))
            ) from error
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
            Words(
                zh="{file}：没有可取输出的已执行 notebook；`{command}` 会生成一份。",
                en="{file}: no executed notebook to take outputs from; `{command}` makes one.",
            ).filled(
                file=file,
                command=f"docs-verify run {one.name} --edition published "
                f"--profile {wanted.profile}",
            )
        ) from error
    tags = [cell["metadata"].get("tags", []) for cell in ran]
    if any(REPAIRED_TAG in some for some in tags):
        raise UsageError(
            Words(
                zh="{file}：来自运行时需要修正的页面；请从打过补丁的页面的运行里取输出。",
                en="{file}: is of a page that had to be repaired while it ran; take outputs "
                "from a run of the patched page.",
            ).filled(file=file)
        )
    own = [cell for cell, some in zip(ran, tags, strict=True) if PROBE_TAG not in some]
    if [cell["cell_type"] for cell in own] != [cell.kind for cell in cells]:
        raise UsageError(
            Words(
                zh="{file}：单元格与 {ref} 的 {path} 不同。",
                en="{file}: has other cells than {path} at {ref}.",
            ).filled(file=file, path=page.path, ref=page.ref)
        )
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
) -> Iterator[Text]:
    """What the patch does to a page, sentence by sentence."""
    version = f"{page.ref}, commit {page.commit[:12]}" if page.commit else page.ref
    count, of = sum(bool(outcome.cells) for outcome in made.outcomes), len(made.outcomes)
    yield _COUNT.filled(name=one.name, path=page.path, version=version, count=count, of=of)
    yield from (patch_pages.indented(_outcome(page.path, outcome)) for outcome in made.outcomes)
    if not (others := texts.keys() - {page.path}):
        yield patch_pages.indented(_NO_CATALOGUE)
    for path in sorted(others):
        changed = made.texts[path] != texts[path]
        yield patch_pages.indented((_CHANGES if changed else _HAS_NONE).filled(path=path))


def _of_outputs(one: Contract, wanted: PatchWanted, stored: Mapping[int, Stored]) -> Iterator[Text]:
    """What becomes of stored outputs."""
    if wanted.outputs is not Outputs.RENEW:
        yield patch_pages.indented(_KEPT if wanted.outputs is Outputs.KEEP else _REMOVED)
        return
    says = one.profiles[wanted.profile].says
    yield patch_pages.indented(_RENEWED.filled(profile=wanted.profile, says=says))
    if cells := _of_this_machine(stored):
        yield patch_pages.indented(_READ_FIRST.filled(cells=cells))


def _outcome(page: str, outcome: PatchOutcome) -> Text:
    name, why = outcome.erratum.id, joined(outcome.problems)
    if not outcome.erratum.apply:
        return _BY_HAND.filled(name=name)
    if outcome.cells:
        said = _IN_PART if why else _REPAIRED
        return said.filled(name=name, where=numbered(page, outcome.cells), why=why)
    return (_LEFT if why else _THERE).filled(name=name, why=why)


HELP_ZH = """按勘误表生成修正官方页面的补丁，供 `git apply` 使用。

\b
只有修正所涉及的内容会改变：代码行，以及正文在翻译文件里的条目。标准错误说明
补丁里有什么、没有什么；退出码 2 表示勘误表与这些页面不相符。

\b
官方页面可以用路径、模式、文件夹或 `all` 给出，不需要契约：勘误表的模式找到
什么就修正什么，包括 notebook、Markdown 和 reStructuredText。补丁旁边会写一
份按缺陷整理的摘要，中英文都有。
"""


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
    _language: InLanguage = None,
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
            Words(
                zh="{pages}：按路径给出的页面与按名字给出的文档不能一起用；请先后生成补丁。",
                en="{pages}: pages by path and documents by name do not go together; patch one "
                "after the other.",
            ).filled(pages=enumerated(paths))
        )
    if (executed or profile) and outputs is not Outputs.RENEW:
        raise UsageError(
            Words(
                zh="--run 和 --profile 用于 --outputs renew 的运行；请加上它。",
                en="--run and --profile are of the run for --outputs renew; add that.",
            )
        )
    if document and paths:
        if outputs is Outputs.RENEW:
            raise UsageError(
                Words(
                    zh="--outputs renew 用于按名字给出的文档；请运行打过补丁的页面。",
                    en="--outputs renew is for documents by name; run the patched pages.",
                )
            )
        clear = outputs is Outputs.CLEAR
        pages_wanted = PagesWanted(tuple(document), source, ref, env, clear, errata)
        beside = out.with_suffix(SUMMARY_SUFFIX) if out else None
        content, code = patch_pages.make(
            pages_wanted, console, summary=summary or beside, quiet=quiet
        )
        _write(content, out)
        return code
    if env or summary:
        raise UsageError(
            Words(
                zh="--env 和 --summary 用于官方页面，不用于按名字给出的文档。",
                en="--env and --summary go with official pages, not with documents by name.",
            )
        )
    wanted = PatchWanted(outputs, executed or OUT, profile or _FULL, errata)
    contracts = official(document, tutorials)
    return make(contracts, source, ref, wanted, to=out, console=console, quiet=quiet)
