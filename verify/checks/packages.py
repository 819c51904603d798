"""Everything that the page imports is brought by the installation page, or declared."""

import sys
from dataclasses import replace

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from verify.checks.case import Case, Check, Needs
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.finding import CheckKind, Result, Verdict
from verify.page.code import facts, installs, made_modules
from verify.page.page import Page
from verify.system.words import Text, Words, enumerated, joined

_KIND = CheckKind.PACKAGES
_SAYS = Words(zh="安装 {packages} 就够了", en="installing {packages} is enough")
_NOT_ASKED = Words(zh="无法查询文档环境", en="the documented environment could not be asked")
_NOT_BROUGHT = Words(
    zh="页面导入 {module}，但安装说明没有提供", en="{module} is imported, but not brought"
)
_STALE = Words(
    zh="安装说明已提供 {module}，或页面没有导入它", en="{module} is brought, or not imported"
)
_BESIDES = Words(zh="还须另行安装 {package}", en="{package} has to be installed besides")
_TOLD = Words(zh="页面说明了要安装 {package}", en="the page says to install {package}")
_DOUBTFUL = Words(
    zh="页面说要安装 {packages}，而此处没有安装，不知道它是否提供 {modules}",
    en="whether {packages}, which the page says to install and which is not installed here, "
    "brings {modules} is not known",
)


def _judge(case: Case, _: str) -> Result:
    has, documented = case.installed, case.contract.environment.documented
    if has is None:
        return Result(_KIND.value, _KIND, Verdict.UNCHECKED, reason=_NOT_ASKED)
    # Our edition repairs by telling its reader; a published page that does is repaired.
    is_official = case.edition is Edition.PUBLISHED
    texts = [cell.source for cell in case.notebook.cells] if is_official else []
    besides = has.brought_by(installs.requirements(texts))
    needs = case.contract.undocumented
    said = [need for need in needs if canonicalize_name(Requirement(need.package).name) in besides]
    declared = {need.module: need for need in needs if need not in said}
    brought = has.brought_by(documented) | besides
    # What the page makes itself nobody has to bring, unless a package has that name.
    own = case.own_modules | (made_modules.of(case.notebook) - has.providers.keys())
    missing = {
        module
        for module in facts.imported_modules(_carried_out(case))
        if module not in sys.stdlib_module_names | own
        and not brought.intersection(has.providers.get(module, ()))
    }
    # What is not here may be what has a module that nothing here has.
    unknown = sorted({name for name in installs.told(texts) if name not in has.requires})
    doubtful = {module for module in missing - declared.keys() if module not in has.providers}
    doubtful = doubtful if unknown else set()
    undeclared, stale = missing - declared.keys() - doubtful, declared.keys() - missing
    reason: Text = ""
    if undeclared or stale:
        observed = [_NOT_BROUGHT.filled(module=module) for module in sorted(undeclared)]
        observed += [_STALE.filled(module=module) for module in sorted(stale)]
        verdict = Verdict.FAIL
    else:
        observed = [_BESIDES.filled(package=need.package) for need in declared.values()]
        verdict = Verdict.ERRATUM if declared else Verdict.PASS
    if doubtful and verdict is Verdict.PASS:
        verdict = Verdict.UNCHECKED
        reason = _DOUBTFUL.filled(
            packages=enumerated(unknown), modules=enumerated(sorted(doubtful))
        )
    observed += [_TOLD.filled(package=need.package) for need in said]
    return Result(
        _KIND.value,
        _KIND,
        verdict,
        reason=reason,
        says=_SAYS.filled(packages=enumerated(documented)),
        observed=joined(observed),
        cells=tuple(sorted({need.cell for need in declared.values()})),
    )


def _carried_out(case: Case) -> Page:
    """The page less what is left out: another machine, say, has what a program there imports."""
    left = {cell for step in case.contract.steps if step.not_run for cell in step.cells}
    kept = tuple(cell for cell in case.notebook.cells if cell.index not in left)
    return replace(case.notebook, cells=kept) if left else case.notebook


def _subjects(_: Contract) -> list[str]:
    return [""]


CHECK = Check(_KIND, _subjects, _judge, Needs.ENVIRONMENT)
