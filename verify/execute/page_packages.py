"""Packages beside the release, for one run: what its page installs, and what nobody could."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pydantic import TypeAdapter

from verify.environment import extras
from verify.environment.contents import Installed
from verify.environment.environment import Environment
from verify.environment.extras import Extra
from verify.errors import UsageError
from verify.evidence.evidence import StepRun
from verify.evidence.failure import Failure, Need
from verify.finding import Verdict
from verify.page.code import installs
from verify.page.page import Page
from verify.system import regular_files
from verify.system.cache import Notify
from verify.system.words import Text, Words, joined

# Brings what every kernel has, whatever the page says.
_KERNEL = "ipykernel"
_CONFLICT = Words(
    zh="{what} 不能与 {environment} 一起安装：{why}",
    en="{what} cannot be installed beside {environment}: {why}",
)
_WITH = Words(zh="{what}（{said}）", en="{what} ({said})")
_OTHER_LOCK = Words(
    zh="{wanted} 可与 {environment} 一起安装，但与依赖锁所列的版本不符：{other}",
    en="{wanted} goes with {environment}, but not with what its lock holds: {other}",
)
_UNLOCKED = Words(
    zh="{wanted} 没有锁定在 {environment} 旁："
    "`docs-verify env {environment} --extra '{wanted}'` 可以添加",
    en="{wanted} is not locked beside {environment}: "
    "`docs-verify env {environment} --extra '{wanted}'` adds it",
)
_NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '(\w+)'")


@dataclass(frozen=True)
class Refused:
    """What pip was asked for and could not install: why, and whether no reader can have it."""

    what: str
    why: str
    conflict: bool
    time: float


_NOTE = TypeAdapter(Refused)


class PagePackages:
    """The packages that a page tells its reader to install and the release does not have."""

    def __init__(
        self,
        environment: Environment,
        *,
        asked: Iterable[str],
        at_first: Sequence[str],
        notify: Notify,
    ) -> None:
        """Build those that are locked.

        Args:
            environment: the release's.
            asked: what pip is asked for in the course of the page, or by a repair.
            at_first: what its reader has installed before.
            notify: hears what takes time.

        Raises:
            ResourceError: one cannot be built.
        """
        self._environment = environment
        self._serving = serving(environment, [*asked, *at_first])
        self._folders: dict[Extra, Path] = {
            extra: extras.ensure(extra, environment, notify)
            for extra in dict.fromkeys(self._serving.values())
            if extra.packages
        }
        self.at_first = [
            text
            for text in at_first
            if canonicalize_name(Requirement(text).name) not in environment.packages
        ]

    @classmethod
    def of_page(
        cls,
        environment: Environment,
        page: Page,
        needed: Sequence[str],
        *,
        at_first: Sequence[str],
        notify: Notify,
    ) -> "PagePackages":
        """Build what a page asks pip for, in its code or in its prose.

        Args:
            environment: the release's.
            page: the page.
            needed: what repairs of it ask for.
            at_first: what its reader has before, besides what its prose tells.
            notify: hears what takes time.

        Raises:
            ResourceError: something cannot be built.
        """
        code, prose = told(page)
        asked = [*code, *needed]
        return cls(environment, asked=asked, at_first=[*prose, *at_first], notify=notify)

    @property
    def folders(self) -> Sequence[Path]:
        """Where they are, in an order in which those come last that stand in others' places."""
        return list(self._folders.values())

    @property
    def offers(self) -> Mapping[str, Mapping[str, str]]:
        """What the probes' pip needs to know: see `docprobe.start`."""
        return {
            text: {
                "folder": str(self._folders.get(extra, "")),
                "conflict": extra.conflict,
                "other": extra.other,
                "warning": extra.warning,
            }
            for text, extra in self._serving.items()
        }

    def explained(self, run: StepRun, scratch: Path, modules: Iterable[str]) -> StepRun:
        """A step, with the package that could not be installed if it broke for that.

        Args:
            run: the step.
            scratch: the run's folder.
            modules: those that the release has.
        """
        if run.failure is None or run.failure.verdict is not Verdict.FAIL:
            return run
        refused = _refused(scratch)
        if (missing := _NO_MODULE.search(run.failure.raised)) is None:
            of_pip = "pip" in str(run.failure.sentence) and not run.failure.raised
            refused = [one for one in refused if of_pip and one.time >= run.started]
        elif missing[1] in modules:
            refused = []
        return replace(run, failure=self._of_packages(run.failure, refused)) if refused else run

    def _of_packages(self, failure: Failure, refused: Sequence[Refused]) -> Failure:
        """A failure for want of packages: the page's, if no reader can have one of them."""
        said = failure.raised or failure.sentence
        if conflicts := [one for one in refused if one.conflict]:
            why = joined(
                _CONFLICT.filled(what=one.what, environment=self._environment.name, why=one.why)
                for one in conflicts
            )
            return replace(failure, sentence=_WITH.filled(what=why, said=said))
        why = joined(dict.fromkeys(map(self._unlocked, refused)))
        sentence = _WITH.filled(what=why, said=said)
        return replace(failure, verdict=Verdict.ERROR, sentence=sentence, needs=Need.PACKAGE)

    def _unlocked(self, one: Refused) -> Text:
        name = self._environment.name
        try:
            wanted = extras.requirement(one.what)
        except UsageError:
            return joined((one.what, one.why), zh="：", en=": ")
        if extra := self._serving.get(str(wanted)):
            return _OTHER_LOCK.filled(wanted=wanted, environment=name, other=extra.other)
        return _UNLOCKED.filled(wanted=wanted, environment=name)


def told(page: Page) -> tuple[list[str], list[str]]:
    """What a page asks pip for: in its code, and in its prose."""
    code = installs.requirements(cell.source for cell in page.cells if cell.runs)
    prose = installs.requirements(cell.source for cell in page.cells if not cell.runs)
    return code, prose


def serving(environment: Environment, asked: Iterable[str]) -> dict[str, Extra]:
    """What stands beside a release for each text that pip is asked for, if anything does."""
    known = extras.of(environment)
    return {
        text: extra
        for text in dict.fromkeys(asked)
        if (extra := extras.serving(known, Requirement(text)))
    }


def lacking(has: Installed, documented: Sequence[str], page: Page) -> Mapping[str, Sequence[str]]:
    """What is installed, and what neither the release brings nor the page's prose tells of.

    What its code installs is there once that has run.
    """
    _, prose = told(page)
    return has.added_by([*has.requires], beside=[*documented, _KERNEL, *prose])


def _refused(scratch: Path) -> list[Refused]:
    """What this run's pip noted; what a page has written there instead is nothing."""
    refused = []
    with suppress(OSError):
        for line in regular_files.content(scratch / "installed" / "refused.jsonl").splitlines():
            with suppress(ValueError):
                refused.append(_NOTE.validate_json(line))
    return refused
