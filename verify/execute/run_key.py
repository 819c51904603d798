"""What a run depends on, part by part: where all are as they were, it need not run again.

Prose, claims, tolerances and translations are none of it: these are for those who judge.
"""

import json
import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version

from verify.errors import VerifyError
from verify.execute import fixtures, page_packages
from verify.execute import profile as changing
from verify.execute.run_setting import RunSetting
from verify.finding import Worded
from verify.system import digests, processor
from verify.system.resources import PACKAGE
from verify.system.words import Words

# The rooms that carry a run out: what they do to it, no other digest tells.
_ROOMS = (PACKAGE / "execute", PACKAGE / "ledger", PACKAGE / "probes")
_LIBRARIES = ("nbclient", "nbmake", "jupyter_client", "nbformat")
_DIGITS = 32


class Part(Worded):
    """What a run depends on; the words say what has changed."""

    CODE = "code", "the code cells, as the profile has them", "代码单元格（按配置改动后）"
    STEPS = "steps", "which cells make a step, and how long it may take", "步骤的划分与时限"
    ERRATA = "errata", "the repairs of known errata", "已知勘误的修正"
    ENVIRONMENT = "environment", "the documented environment", "文档环境"
    PACKAGES = "packages", "the packages beside it", "环境之外安装的软件包"
    FILES = "files", "stand-ins, weights and files beside the page", "替身数据、权重与页面旁的文件"
    PROFILE = "profile", "seed, audits or limits of the profile", "配置的种子、审计间隔或时限"
    TOOL = "tool", "the code of ours that carries runs out", "本工具执行运行的代码"
    MACHINE = "machine", "the processor, or how many cores there are", "处理器或核心数"


Parts = dict[Part, str]


def of(setting: RunSetting) -> Parts | None:
    """The digest of each part.

    There is none where something else can reach the run, as it has the network, or where a part
    cannot be read, which the run says better.
    """
    standins = setting.contract.has_standins(setting.options.profile)
    if not (setting.options.sandbox and setting.options.watch and standins):
        return None
    try:
        return _parts(setting)
    except VerifyError:
        return None


def _parts(setting: RunSetting) -> Parts:
    contract, profile = setting.contract, setting.profile
    environment = setting.located
    rows = contract.files_of(setting.options.profile)
    return {
        Part.CODE: _digest(_cells(setting)),
        Part.STEPS: _digest(
            (step.id, step.cells, step.limit_s, step.replay, step.fresh, bool(step.not_run))
            for step in contract.steps_of(setting.options.profile)
        ),
        Part.ERRATA: _digest(_repairs(setting)),
        Part.ENVIRONMENT: _digest(
            [environment.name, environment.python_version, environment.content]
        ),
        Part.PACKAGES: _digest(_packages(setting)),
        Part.FILES: _digest(
            [
                fixtures.key(environment, rows),
                [row.model_dump(mode="json") for row in rows],
                sorted({training.weights for training in contract.trainings if training.weights}),
                {path: digests.of(content) for path, content in setting.page_files.items()},
            ]
        ),
        Part.PROFILE: _digest(
            [profile.seed, profile.audit_every, profile.step_limit_s, setting.number]
        ),
        Part.TOOL: _tool(),
        Part.MACHINE: _machine(),
    }


def key(parts: Parts) -> str:
    """One digest of all parts."""
    return digests.of(*(f"{part.value} {digest}" for part, digest in sorted(parts.items())))[
        :_DIGITS
    ]


def _cells(setting: RunSetting) -> Iterable[object]:
    """The code cells as they will run; paths of made files are told by their names alone."""
    page, contract = setting.notebook, setting.contract
    changes = contract.changes_of(setting.options.profile)
    names = {file.called: file.called for file in contract.files_of(setting.options.profile)}
    try:
        node, _ = changing.apply(page, changes, names)
    except KeyError as error:  # a change names no file, which the run says better
        raise VerifyError(
            Words(
                zh="{path}：没有叫 {error} 的文件。", en="{path}: no file is called {error}."
            ).filled(path=page.path, error=error)
        ) from error
    for cell in page.cells:
        if cell.runs:
            made = node.cells[cell.index]
            yield cell.index, cell.step, made.source, made.metadata.get("tags", []), cell.language


def _repairs(setting: RunSetting) -> Iterable[object]:
    """The errata as a run meets them, without what they say to people."""
    for erratum in [*setting.errata, *setting.errata_elsewhere] if setting.published else ():
        if erratum.kind == "runtime":
            edits = [edit.model_dump(mode="json", exclude={"translated"}) for edit in erratum.apply]
            yield erratum.id, str(erratum.symptom), edits, erratum.cells


def _packages(setting: RunSetting) -> Iterable[object]:
    """What pip is asked for, what there is for that, and what the reader is told to have."""
    code, prose = page_packages.told(setting.notebook)
    yield code, prose, [] if setting.published else setting.packages_of_repairs
    yield setting.contract.environment.documented
    yield {text: extra.prefix.name for text, extra in setting.served.items()}


@cache
def _tool() -> str:
    libraries = (f"{name} {version(name)}" for name in _LIBRARIES)
    return digests.of(*map(digests.of_folder, _ROOMS), *libraries)


def _machine() -> str:
    return digests.of(platform.machine(), processor.features(), str(processor.cores()))


def _digest(of: Iterable[object]) -> str:
    return digests.of(json.dumps(list(of), sort_keys=True, ensure_ascii=False))
