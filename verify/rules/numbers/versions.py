"""Versions that a page asks for, against those of the environment that it documents."""

import re
from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from verify.environment.environment import Environment
from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page, Role
from verify.page.prose import sentences
from verify.rules.advice import write
from verify.rules.checked_site import Site
from verify.system.words import Words

_OTHER = Words(
    zh="页面要求 {name} {asked}，但文档环境中是 {has}。",
    en="The page asks for {name} {asked}, but the documented environment has {has}.",
)

_SPOKEN = {"pytorch": "torch", "sklearn": "scikit-learn", "secretflow_fl": "secretflow"}
_VERSION = r"v?(?P<version>\d+(?:\.\d+)+(?:\.?(?:a|b|rc|post|dev)\d+)?)(?![A-Za-z0-9_-]|\.\d)"
_OPERATOR = r"(?P<operator>===?|>=|<=|~=|!=|<|>|≥|≤|=)"
_LATER = re.compile(
    r"\s?(?:\+|(?:and|or)\s(?:later|above|newer|higher|up)|及?以上|或更高|或以上|及更高)",
    re.IGNORECASE,
)
_NEEDS = re.compile(
    r"requir|\bneed|depend|install|prerequisite|tested|based on|\bbuilt|environment|conda|"
    r"\buses?\b|\busing\b|需要|要求|依赖|安装|环境|基于|测试|使用|采用|版本",
    re.IGNORECASE,
)
_HISTORY = re.compile(
    r"\bsince\b|\buntil\b|\bprior\b|\bbefore\b|\bafter\b|\bfrom\b|deprecat|remov|introduc|"
    r"was added|changelog|release|earlier|no longer|legacy|"
    r"之前|以前|自从|起|开始|废弃|移除|引入|新增|升级|发布|旧版|"
    r"docker|镜像",
    re.IGNORECASE,
)
_MANY = 3


def check(site: Site) -> Iterator[Finding]:
    """Versions that the documented environment does not have; nothing without an environment."""
    if site.environment is None:
        return
    known = _known(site.environment)
    for page in site.pages:
        found = list(_of_page(page, known))
        # A page that names many versions of one package tells its history.
        for name, finding in found:
            if len({other.message for its, other in found if its == name}) < _MANY:
                yield finding


def _known(environment: Environment) -> dict[str, str]:
    packages = {name.lower().replace("_", "-"): v for name, v in environment.packages.items()}
    return packages | {"python": environment.python_version}


def _of_page(page: Page, known: dict[str, str]) -> Iterator[tuple[str, Finding]]:
    pattern = _pattern(known)
    for piece in page.prose:
        if piece.role in (Role.HEADING, Role.TABLE_CELL):
            continue
        for sentence in sentences.split(piece.text):
            if _HISTORY.search(sentence[0]):
                continue
            for found in pattern.finditer(sentence[0]):
                if found["operator"] or _NEEDS.search(sentence[0]):
                    line = piece.line_at(sentence.start() + found.start())
                    yield from _judged(page, found, known, line, piece.cell)
    yield from _installed(page, pattern, known)


def _installed(
    page: Page, pattern: re.Pattern[str], known: dict[str, str]
) -> Iterator[tuple[str, Finding]]:
    """What the page's own commands install."""
    for code in page.codes:
        for row, text in enumerate(code.source.split("\n")):
            if code.is_python and not text.lstrip().startswith(("!", "%")):
                continue
            if not re.search(r"\b(?:pip3?|conda|mamba|uv)\b", text):
                continue
            for found in pattern.finditer(text):
                if found["operator"]:
                    yield from _judged(page, found, known, code.line_of(row), code.cell)


def _pattern(known: dict[str, str]) -> re.Pattern[str]:
    names = sorted([*known, *_SPOKEN], key=len, reverse=True)
    alternatives = "|".join(re.escape(name).replace(r"\-", "[-_]") for name in names)
    return re.compile(
        rf"(?<![A-Za-z0-9_./-])(?P<name>{alternatives})(?:\[[\w,]+\])?"
        rf"(?:\s?[\"'`]?\s?{_OPERATOR}\s?|(?:\s|版本|\s?version\s|[：:]\s?|为|是|`)+)[\"']?{_VERSION}(?P<tail>.{{0,16}})",
        re.IGNORECASE,
    )


def _judged(
    page: Page, found: re.Match[str], known: dict[str, str], line: int, cell: int | None
) -> Iterator[tuple[str, Finding]]:
    name = found["name"].lower().replace("_", "-")
    name = _SPOKEN.get(name, _SPOKEN.get(name.replace("-", "_"), name))
    if name not in known or _holds(found, known[name]):
        return
    shown = "Python" if name == "python" else name
    message = _OTHER.filled(name=shown, asked=found["version"], has=known[name])
    pinned = found["operator"] is not None or name == "python"
    severity = Severity.ERROR if pinned else Severity.WARNING
    kind, suggestion = FindingKind.VERSION, write(known[name])
    yield name, Finding(page.path, line, cell, kind, severity, message, suggestion)


def _holds(found: re.Match[str], has: str) -> bool:
    operator = (found["operator"] or "").replace("≥", ">=").replace("≤", "<=")
    if _LATER.match(found["tail"]):
        operator = ">="
    if operator in ("", "=", "=="):
        stated, real = found["version"].split("."), has.partition("+")[0].split(".")
        shorter = min(len(stated), len(real))
        return stated[:shorter] == real[:shorter]
    try:
        return SpecifierSet(f"{operator}{found['version']}").contains(
            Version(has), prereleases=True
        )
    except (InvalidSpecifier, InvalidVersion):
        return True
