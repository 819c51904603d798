"""The components of SecretFlow that a page names are those of its release.

Where they are registered is read in the environment's files, and nothing is run: `@register(…)`
above a class, and `Component("name", domain=…)` before v1.10. SecretFlow looks one up by the first
number of its version. What the release has under no such name, and near none, is a reader's own.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from verify.environment.environment import Environment
from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page
from verify.rules.checked_site import Site
from verify.system.words import Words

_NONE = Words(
    zh="{environment} 没有组件 `{named}`。", en="{environment} has no component `{named}`."
)
_MEANT = Words(zh="应为 `{there}`？", en="Is it `{there}`?")

_QUOTED = r"\\*[\"'](?P<{0}>[\w.]+)\\*[\"']"
_FIELD = r"(?:^|[\s,{{(\"'\\])(?:{0})\\*[\"']?\s*[:=]\s*"
_SPELT_OUT = re.compile(
    _FIELD.format("domain") + _QUOTED.format("domain") + r"\s*,\s*"
    r"\\*[\"']?name\\*[\"']?\s*[:=]\s*" + _QUOTED.format("name") + r"\s*,\s*"
    r"(?:\\*[\"']?desc\\*[\"']?\s*[:=]\s*\\*[\"'][^\"'\n]*[\"']\s*,\s*)?"
    r"\\*[\"']?version\\*[\"']?\s*[:=]\s*" + _QUOTED.format("version"),
)
_IN_ONE = re.compile(
    r"(?<![\w./:-])(?P<domain>[a-z_]+(?:\.[a-z_]+)?)/(?P<name>[a-z]\w+)"
    r":(?P<version>\d+\.\d+\.\d+)(?!\w|\.\d)"
)
_IMAGE = re.compile(r"docker|podman|\bimages?\b|镜像|registry|^\s*FROM ", re.IGNORECASE)
_ALIKE = 0.8


@dataclass(frozen=True, order=True)
class Component:
    """A component by domain, name and version."""

    domain: str
    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.domain}/{self.name}:{self.version}"

    @property
    def looked_up_by(self) -> tuple[str, str, str]:
        """What SecretFlow finds it by."""
        return self.domain, self.name, self.version.partition(".")[0]


def check(site: Site) -> Iterator[Finding]:
    """Find components that the release does not have, each once a page."""
    if site.environment is None:
        return
    for page in site.pages:
        told: set[Component] = set()
        for component, line, cell in _named(page):
            if component in told:
                continue
            told.add(component)
            there = _instead(component, of_environment(site.environment))
            if there:
                yield Finding(
                    page.path,
                    line,
                    cell,
                    FindingKind.MISSING_ATTRIBUTE,
                    Severity.WARNING,
                    _NONE.filled(environment=site.environment.name, named=str(component)),
                    _MEANT.filled(there=str(there)),
                )


def _named(page: Page) -> Iterator[tuple[Component, int, int | None]]:
    for code in page.codes:
        every = [one for p in (_SPELT_OUT, _IN_ONE) for one in p.finditer(code.source)]
        for found in sorted(filter(_is_meant, every), key=lambda one: one.start("domain")):
            row = code.source.count("\n", 0, found.start("domain"))
            yield _component(found), code.line_of(row), code.cell
    for piece in page.prose:
        for found in filter(_is_meant, _IN_ONE.finditer(piece.text)):
            yield _component(found), piece.line_at(found.start()), piece.cell


def _is_meant(found: re.Match[str]) -> bool:
    """Whether it is no image of a container, which is written so, too."""
    start = found.string.rfind("\n", 0, found.start()) + 1
    line = found.string[start:].partition("\n")[0]
    return not found["domain"].startswith("secretflow") and not _IMAGE.search(line)


def _component(found: re.Match[str]) -> Component:
    return Component(found["domain"], found["name"], found["version"])


def _instead(one: Component, known: Mapping[tuple[str, str, str], Component]) -> Component | None:
    """The component that is meant by one that there is not; None if it is there, or unknown."""
    if not known or one.looked_up_by in known:
        return None
    same = [other for other in known.values() if other.name == one.name]
    here = {other.name: other for other in known.values() if other.domain == one.domain}
    if same:
        return max(same, key=lambda other: other.domain == one.domain)
    near = get_close_matches(one.name, here, 1, _ALIKE)
    return here[near[0]] if near else None


@lru_cache(maxsize=4)
def of_environment(environment: Environment) -> dict[tuple[str, str, str], Component]:
    """The components of a release, by what SecretFlow finds them by."""
    files = [
        file
        for folder in environment.modules.glob("secretflow*/component")
        for file in folder.rglob("*.py")
    ]
    found = (one for file in files for one in _registered(file))
    return {one.looked_up_by: one for one in found}


def _registered(file: Path) -> Iterator[Component]:
    try:
        text = file.read_text(encoding="utf-8")
        tree = ast.parse(text) if "domain=" in text else ast.Module([], [])
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            calls = [one for one in node.decorator_list if isinstance(one, ast.Call)]
            named = [
                _given(one, _in_snake_case(node.name)) for one in calls if _is(one, "register")
            ]
            yield from (one for one in named if one)
        elif isinstance(node, ast.Call) and _is(node, "Component") and (one := _given(node, "")):
            yield one


def _is(call: ast.Call, name: str) -> bool:
    return getattr(call.func, "id", getattr(call.func, "attr", "")) == name


def _given(call: ast.Call, name: str) -> Component | None:
    values = {k.arg: k.value.value for k in call.keywords if isinstance(k.value, ast.Constant)}
    if call.args and isinstance(call.args[0], ast.Constant):
        values.setdefault("name", call.args[0].value)
    domain, version = values.get("domain"), values.get("version")
    named = values.get("name") or name
    if isinstance(domain, str) and isinstance(version, str) and isinstance(named, str) and named:
        return Component(domain, named, version)
    return None


def _in_snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
