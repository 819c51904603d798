"""Modules, attributes and calls of the pages exist in the documented environment.

Where there is none, what the repository's own packages have is still known from their sources.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from verify.environment.environment import Environment
from verify.finding import Finding, Severity
from verify.page.code import made_modules
from verify.page.page import Block, Name, Page
from verify.rules import other_times
from verify.rules.api import asking, names, options, refusals, types, undocumented
from verify.rules.api.interface_questions import Answer, InterfaceQuestion, Verdict
from verify.rules.api.uses import Use, UseKind, UsePlace
from verify.rules.breaks import own_packages
from verify.rules.checked_site import Site
from verify.rules.links.configuration import rooted
from verify.rules.links.files import Files
from verify.system.words import Text, Words

_THE_REPOSITORY = Words(zh="代码仓库", en="the repository")
# What was, or is to be changed.


@dataclass(frozen=True)
class _Asked:
    page: Page
    use: Use
    question: InterfaceQuestion


@dataclass(frozen=True)
class _Referred:
    page: Page
    name: Name
    question: InterfaceQuestion


def check(site: Site) -> Iterator[Finding]:
    """Find what the pages use and the environment lacks, or else their own packages."""
    yield from options.ports(site)
    if site.environment is not None:
        yield from _of_environment(site, site.environment)
        return
    for part in rooted(site):
        yield from _of_own_packages(part)


def _of_own_packages(site: Site) -> Iterator[Finding]:
    pages = tuple(page for page in site.pages if not other_times.tells_of_them(page))
    packages = own_packages.of(Files(site).sources) if pages else None
    if packages is None:
        return
    used = [(page, use) for page in pages for use in names.uses(page)]
    asked = [one for one in _questions(used, {}) if one.question.top in packages.sources.tops]
    referred = [
        one
        for one in _references(replace(site, pages=pages))
        if one.question.top in packages.sources.tops
    ]
    questions = [one.question for one in asked] + [one.question for one in referred]
    told = {question: own_packages.answer(packages, question) for question in questions}
    misuses = (*_misuses(asked, told, _THE_REPOSITORY), *_misled(referred, told, _THE_REPOSITORY))
    yield from (replace(one, severity=Severity.WARNING) for one in misuses)


def _of_environment(site: Site, environment: Environment) -> Iterator[Finding]:
    used = [(page, use) for page in site.pages for use in names.uses(page)]
    inferred = types.of_pages(environment, used, site.notify)
    asked = list(_questions(used, inferred.receivers))
    referred = list(_references(site))
    typed = list(options.typed(site, environment))
    questions = [one.question for one in asked]
    questions += [one.question for one in referred] + [one.question for one in typed]
    told = asking.ask(environment, questions, site.notify)
    misuses = list(_misuses(asked, told, environment.name))
    yield from misuses
    known = {(one.file, one.line, one.cell) for one in misuses}
    for page, code, row, found in inferred.misfits:
        if (page.path, code.line_of(row), code.cell) not in known:
            yield _finding(page, code, row, found.said)
    yield from _misled(referred, told, environment.name)
    yield from options.unknown(typed, told, environment)
    yield from undocumented.undocumented(
        environment,
        ((one.page, one.use, told[one.question]) for one in asked if one.question.is_module),
    )


def _questions(
    used: list[tuple[Page, Use]], known: Mapping[tuple[Path, UsePlace], str]
) -> Iterator[_Asked]:
    pages = {page.path: page for page, _ in used}
    own = {path: _own_modules(page) for path, page in pages.items()}
    for page, use in used:
        paths = [use.path]
        if use.receiver and (page.path, use.receiver) in known:
            paths.append(f"{known[page.path, use.receiver]}.{use.name}")
        for path in paths:
            question = InterfaceQuestion.of(use, path) if path else None
            if question and question.top not in own[page.path]:
                yield _Asked(page, use, question)


def _own_modules(page: Page) -> set[str]:
    """The modules that lie beside a page, or that it writes, fetches or tells a reader to write."""
    beside = {path.stem for path in page.path.parent.iterdir() if path.suffix in ("", ".py")}
    return beside | made_modules.of(page)


def _misuses(
    asked: list[_Asked], told: dict[InterfaceQuestion, Answer], environment: Text
) -> Iterator[Finding]:
    reported = set()
    own = {path: names.members(page) for path, page in {o.page.path: o.page for o in asked}.items()}
    for one in asked:
        answer = told[one.question]
        if not _is_at_fault(one, answer):
            continue
        # What a library makes of the page's own classes may have what those have.
        if answer.sort == "instance" and one.use.name in own[one.page.path]:
            continue
        code = one.use.place.code
        # A block that repeats a mistake has one finding; the next block needs one of its own.
        key = (one.page.path, code, answer.what, answer.owner, answer.callee, answer.name)
        if key not in reported:
            reported.add(key)
            said = refusals.of(one.use, one.question, answer, environment)
            yield _finding(one.page, code, one.use.place.row, said)


def _is_at_fault(one: _Asked, answer: Answer) -> bool:
    """Whether this very use is wrong, not what it builds on."""
    if answer.verdict is Verdict.MISSING:
        if answer.sort == "nothing":  # the whole package, which is for `packages` to say
            return False
        # A name that is called without an owner was imported, which is where it fails.
        named = one.use.name and _last(one.question.path) == answer.name
        return one.use.kind is UseKind.MODULE or bool(named)
    # What only shows code may leave arguments out.
    shown = answer.what == "missing" and not one.use.place.code.runs
    return answer.verdict is Verdict.MISFIT and not shown


def _last(path: str) -> str:
    return re.split(r"[.:]", path)[-1]


def _references(site: Site) -> Iterator[_Referred]:
    """What the text refers to as Python's, such as what autodoc is to document."""
    for page in site.pages:
        for name in page.names:
            if re.fullmatch(r"[A-Za-z_]\w*(\.\w+)+", name.dotted):
                yield _Referred(page, name, InterfaceQuestion(name.dotted))


def _misled(
    referred: list[_Referred], told: dict[InterfaceQuestion, Answer], environment: Text
) -> Iterator[Finding]:
    for one in referred:
        answer = told[one.question]
        # Of a class, instances may have more; that is for code to show.
        if answer.verdict is Verdict.MISSING and answer.sort == "module":
            said = refusals.missing(one.name.dotted, answer, environment)
            yield Finding(
                one.page.path,
                one.name.line,
                None,
                said.kind,
                said.severity,
                said.message,
                said.suggestion,
            )


def _finding(page: Page, code: Block, row: int, said: refusals.Said) -> Finding:
    line = code.line_of(row)
    return Finding(
        page.path, line, code.cell, said.kind, said.severity, said.message, said.suggestion
    )
