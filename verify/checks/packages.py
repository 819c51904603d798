"""Everything that the page imports is brought by the installation page, or declared."""

import sys
from dataclasses import replace

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from verify.checks.case import Case, Check, Needs
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.finding import CheckKind, Result, Verdict
from verify.page.code import facts, installs
from verify.page.page import Page

_KIND = CheckKind.PACKAGES


def _judge(case: Case, _: str) -> Result:
    has, documented = case.installed, case.contract.environment.documented
    if has is None:
        reason = "the documented environment could not be asked"
        return Result(_KIND.value, _KIND, Verdict.UNCHECKED, reason=reason)
    # Our edition repairs by telling its reader; a published page that does is repaired.
    is_official = case.edition is Edition.PUBLISHED
    texts = [cell.source for cell in case.notebook.cells] if is_official else []
    besides = has.brought_by(installs.requirements(texts))
    needs = case.contract.undocumented
    said = [need for need in needs if canonicalize_name(Requirement(need.package).name) in besides]
    declared = {need.module: need for need in needs if need not in said}
    brought = has.brought_by(documented) | besides
    missing = {
        module
        for module in facts.imported_modules(_carried_out(case))
        if module not in sys.stdlib_module_names | case.own_modules
        and not brought.intersection(has.providers.get(module, ()))
    }
    # What is not here may be what has a module that nothing here has.
    unknown = sorted({name for name in installs.told(texts) if name not in has.requires})
    doubtful = {module for module in missing - declared.keys() if module not in has.providers}
    doubtful = doubtful if unknown else set()
    undeclared, stale = missing - declared.keys() - doubtful, declared.keys() - missing
    reason = ""
    if undeclared or stale:
        observed = [f"{module} is imported, but not brought" for module in sorted(undeclared)]
        observed += [f"{module} is brought, or not imported" for module in sorted(stale)]
        verdict = Verdict.FAIL
    else:
        observed = [f"{need.package} has to be installed besides" for need in declared.values()]
        verdict = Verdict.ERRATUM if declared else Verdict.PASS
    if doubtful and verdict is Verdict.PASS:
        verdict = Verdict.UNCHECKED
        reason = (
            f"whether {', '.join(unknown)}, which the page says to install and which is not "
            f"installed here, brings {', '.join(sorted(doubtful))} is not known"
        )
    observed += [f"the page says to install {need.package}" for need in said]
    return Result(
        _KIND.value,
        _KIND,
        verdict,
        reason=reason,
        says=f"installing {', '.join(documented)} is enough",
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


CHECK = Check(_KIND, _subjects, _judge, Needs.ENVIRONMENT)
