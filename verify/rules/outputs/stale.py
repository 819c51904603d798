"""Stored outputs come from the versions that the page is about, as far as they tell it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from packaging.version import Version

from verify.environment.environment import Environment
from verify.finding import Finding, FindingKind, Severity
from verify.page.code import parsing
from verify.page.page import Block, Page
from verify.rules.outputs import releases
from verify.system.words import Words, enumerated

_OTHER_SOURCE = Words(
    zh="输出写的是 {package} {version}，但页面导入了 `{module}`，而{since}："
    "输出不可能出自这份源码。",
    en="The output says {package} {version}, but the page imports `{module}`, and {since}: "
    "the output cannot come from this source.",
)
_CAME = Words(zh="该模块从 {first} 起才有", en="that module came with {first}")
_LAST = Words(
    zh="最后一个有该模块的版本是 {last}", en="the last release with that module is {last}"
)
_OF_EARLIER_DAY = Words(
    zh="输出的日期是 {day}，但页面导入了 `{module}`，而该模块从 {first}（{appeared}）起才有："
    "输出不可能出自这份源码。",
    en="The output is of {day}, but the page imports `{module}`, and that module came "
    "with {first} ({appeared}): the output cannot come from this source.",
)
_OTHER_RELEASE = Words(
    zh="输出出自 {told}，但页面讲的是 {about}。",
    en="The output comes from {told}, but the page is about {about}.",
)
_IN_OWN_RELEASE = Words(
    zh="请用页面自己的版本重新运行，并保存那次运行的输出。",
    en="Run the page again in its own release and store the outputs of that run.",
)
_VERSION = re.compile(
    r"(?<![\w.])\d+\.\d+(?:\.\d+)*(?:\.?(?:a|b|rc|dev|post)\d+)*(?:\+\w[\w.]*)?(?![\w.]*\d)"
)
_LOG_DAY = re.compile(
    r"^(?:\([^)\n]*\) )?\[?(\d{4}-\d\d-\d\d)[ T]\d\d:\d\d:\d\d[.,]\d{3}", re.MULTILINE
)
# Where a module is not named as its distribution.
_DISTRIBUTIONS = {
    "sklearn": "scikit-learn",
    "PIL": "pillow",
    "cv2": "opencv-python",
    "yaml": "pyyaml",
    "tf": "tensorflow",
}
_OURS = "secretflow"


@dataclass(frozen=True)
class _Printed:
    """A version that a cell's output tells."""

    module: str
    version: Version
    code: Block


def of_page(page: Page, environment: Environment | None) -> Iterator[Finding]:
    """Find outputs that are older, or newer, than the source beside them; at most one."""
    printed = list(_printed(page))
    found = _from_printed(page, printed)
    if found is None and not any(one.module == _OURS for one in printed):
        found = _from_days(page)
    if found:
        yield found
    elif environment is not None:
        yield from _other_versions(page, printed, environment)


def _from_printed(page: Page, printed: list[_Printed]) -> Finding | None:
    """An import that the printed version cannot satisfy."""
    for one in printed:
        if one.module != _OURS:
            continue
        for module in _imports(page):
            life = releases.lifetime(module)
            if life is None or not life.excludes(one.version):
                continue
            is_older = life.before and one.version <= life.before
            since = _CAME.filled(first=life.first) if is_older else _LAST.filled(last=life.last)
            message = _OTHER_SOURCE.filled(
                package=_OURS, version=one.version, module=module, since=since
            )
            return _finding(page, one.code, Severity.ERROR, message)
    return None


def _from_days(page: Page) -> Finding | None:
    """An output that is older than a module that the page imports."""
    days = []
    for code in page.python_cells:
        text = "\n".join(output.text for output in code.outputs)
        days += [(date.fromisoformat(day), code) for day in _LOG_DAY.findall(text) if _is_day(day)]
    if not days:
        return None
    day, code = max(days, key=lambda one: one[0])
    for module in _imports(page):
        life = releases.lifetime(module)
        if life and life.is_later_than(day):
            message = _OF_EARLIER_DAY.filled(
                day=day, module=module, first=life.first, appeared=life.appeared
            )
            return _finding(page, code, Severity.ERROR, message)
    return None


def _other_versions(
    page: Page, printed: list[_Printed], environment: Environment
) -> Iterator[Finding]:
    others = []
    for one in printed:
        package = _DISTRIBUTIONS.get(one.module, one.module).replace("_", "-").lower()
        locked = environment.packages.get(package)
        if locked and Version(locked).base_version != one.version.base_version:
            others.append((one, f"{package} {one.version}", f"{package} {locked}"))
    if not others:
        return
    told = enumerated(dict.fromkeys(version for _, version, _ in others))
    about = enumerated(dict.fromkeys(locked for _, _, locked in others))
    message = _OTHER_RELEASE.filled(told=told, about=about)
    yield _finding(page, others[0][0].code, Severity.WARNING, message)


def _finding(page: Page, code: Block, severity: Severity, message: Words) -> Finding:
    return Finding(
        page.path,
        code.line,
        code.cell,
        FindingKind.IMPOSSIBLE_OUTPUT,
        severity,
        message,
        _IN_OWN_RELEASE,
    )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _trees(page: Page) -> Iterator[tuple[Block, ast.Module]]:
    for code in page.python_cells:
        if tree := parsing.tree_of(code.python):
            yield code, tree


def _imports(page: Page) -> list[str]:
    """The modules that a page imports, the longest names that are known for certain."""
    found: dict[str, None] = {}
    for code, tree in _trees(page):
        for node in ast.walk(tree) if _OURS in code.source else ():
            if isinstance(node, ast.Import):
                found |= dict.fromkeys(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found[node.module] = None
    return [name for name in found if name.split(".")[0].startswith(_OURS)]


def _printed(page: Page) -> Iterator[_Printed]:
    """The versions that cells print, each with its module."""
    modules: dict[str, str] = {}
    for code, tree in _trees(page):
        asked: list[tuple[int, int, str]] = []
        if "import" not in code.source and "__version__" not in code.source:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                modules |= {alias.asname or alias.name: alias.name for alias in node.names}
            elif isinstance(node, ast.Attribute) and node.attr == "__version__":
                name = ast.unparse(node.value)
                asked.append((node.lineno, node.col_offset, modules.get(name, name)))
        if not asked:
            continue
        text = "\n".join(o.text for o in code.outputs if o.name in ("stdout", "display"))
        told = _VERSION.findall(text)
        if len(told) != len(asked):
            continue
        for (_, _, module), version in zip(sorted(asked), told, strict=True):
            yield _Printed(module, Version(version), code)
