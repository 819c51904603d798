"""Everything that the page imports is brought by the installation page, or declared."""

import sys
from dataclasses import replace

from packaging.utils import canonicalize_name

from verify.checks.case import Case, Check, Needs
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.finding import CheckKind, Result, Verdict
from verify.page.code import facts, installs
from verify.page.page import Page


def _judge(case: Case, _: str) -> Result:
    if case.installed is None:
        reason = "the documented environment could not be asked"
        return Result(
            CheckKind.PACKAGES.value, CheckKind.PACKAGES, Verdict.UNCHECKED, reason=reason
        )
    # Our edition repairs by telling its reader; a published page that does is repaired.
    is_official = case.edition is Edition.PUBLISHED
    told = installs.told(c.source for c in case.notebook.cells) if is_official else []
    needs = case.contract.undocumented
    said = [need for need in needs if canonicalize_name(need.package) in told]
    declared = {need.module: need for need in needs if need not in said}
    brought = case.installed.brought_by([*case.contract.environment.documented, *told])
    missing = {
        module
        for module in facts.imported_modules(_carried_out(case))
        if module not in sys.stdlib_module_names | case.own_modules
        and not brought.intersection(case.installed.providers.get(module, ()))
    }
    undeclared, stale = missing - declared.keys(), declared.keys() - missing
    if undeclared or stale:
        observed = [f"{module} is imported, but not brought" for module in sorted(undeclared)]
        observed += [f"{module} is brought, or not imported" for module in sorted(stale)]
        verdict = Verdict.FAIL
    else:
        observed = [f"{need.package} has to be installed besides" for need in declared.values()]
        verdict = Verdict.ERRATUM if declared else Verdict.PASS
    observed += [f"the page says to install {need.package}" for need in said]
    return Result(
        CheckKind.PACKAGES.value,
        CheckKind.PACKAGES,
        verdict,
        says=f"installing {', '.join(case.contract.environment.documented)} is enough",
        observed="; ".join(observed),
        cells=tuple(sorted({need.cell for need in declared.values()})),
    )


def _carried_out(case: Case) -> Page:
    """The page less what is left out: another machine, say, has what a program there imports."""
    left = {cell for step in case.contract.steps if step.not_run for cell in step.cells}
    kept = tuple(cell for cell in case.notebook.cells if cell.index not in left)
    return replace(case.notebook, cells=kept) if left else case.notebook


def _subjects(_: Contract) -> list[str]:
    return [""]


CHECK = Check(CheckKind.PACKAGES, _subjects, _judge, Needs.ENVIRONMENT)
