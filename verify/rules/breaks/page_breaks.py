"""The breaks of a page in each release that can be seen without running it, and their causes."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from packaging.utils import canonicalize_name

from verify.page.code import installs
from verify.page.page import NOTEBOOKS, Page
from verify.rules.api import names
from verify.rules.api.interface_questions import Answer, InterfaceQuestion, Verdict
from verify.rules.api.uses import Use, UseKind
from verify.rules.breaks import library_changes
from verify.rules.breaks.library_changes import Stretch
from verify.rules.breaks.releases import Release
from verify.system.words import Words

# Of packages whose module is called otherwise.
_CALLED = {"sklearn": "scikit-learn", "PIL": "pillow", "cv2": "opencv-python", "yaml": "pyyaml"}


@dataclass(frozen=True)
class PageUse:
    """Something that a page uses, and where: cells of a notebook, lines of a text."""

    question: InterfaceQuestion
    is_import: bool
    name: str
    places: tuple[int, ...]

    @property
    def written(self) -> str:
        """What is used, as a reader would name it."""
        return self.question.path.replace(":", ".")


@dataclass
class PageBreak:
    """A change of the library that breaks a page in consecutive releases.

    `uses` are what it breaks, `first` is the first of the releases; where that is the oldest of
    all that were compared, the change may be older.
    """

    releases: tuple[str, ...]
    change: Words
    uses: list[PageUse] = field(default_factory=list)

    @property
    def first(self) -> str:
        """The first release that shows it."""
        return self.releases[0]

    @property
    def written(self) -> list[str]:
        """What it breaks, as a reader would name it."""
        return list(dict.fromkeys(use.written for use in self.uses))

    @property
    def places(self) -> list[int]:
        """Where on the page."""
        return sorted({place for use in self.uses for place in use.places})


def of_page(page: Page, releases: Sequence[Release]) -> list[PageBreak]:
    """The breaks of a page, in the order of the releases that show them first."""
    found: dict[tuple[tuple[str, ...], str], PageBreak] = {}
    for use in _uses(page, releases):
        for at, change in _breaks(use, page, releases):
            key = (at.versions, str(change))
            found.setdefault(key, PageBreak(at.versions, change)).uses.append(use)
    order = [release.version for release in releases]
    return sorted(found.values(), key=lambda one: order.index(one.first))


def _uses(page: Page, releases: Sequence[Release]) -> list[PageUse]:
    """What a page uses, each once."""
    places: dict[tuple[InterfaceQuestion, bool, str], dict[int, None]] = {}
    for use in names.uses(page):
        if use.path:
            question = InterfaceQuestion.of(use, use.path)
            key = (question, use.kind is UseKind.MODULE, _last_name(use))
            places.setdefault(key, {})[_place(page, use)] = None
    for name in page.names:
        question = InterfaceQuestion(name.dotted)
        if question.top in _tops(releases):
            key = (question, False, name.dotted.rpartition(".")[2])
            places.setdefault(key, {})[name.line] = None
    return [PageUse(*key, tuple(at)) for key, at in places.items()]


def _tops(releases: Sequence[Release]) -> frozenset[str]:
    """The packages of the library in any release."""
    return frozenset().union(*(release.interface.sources.tops for release in releases))


def _last_name(use: Use) -> str:
    """The name that is looked up by this very use."""
    return use.name or (use.path or "").rpartition(".")[2].rpartition(":")[2]


def _place(page: Page, use: Use) -> int:
    code = use.place.code
    in_cell = page.path.suffix in NOTEBOOKS and code.cell is not None
    return code.index if in_cell else code.line_of(use.place.row)


def _breaks(
    use: PageUse, page: Page, releases: Sequence[Release]
) -> Iterator[tuple[Stretch, Words]]:
    """The stretches of releases in which a use breaks, each with its cause."""
    if use.question.top not in _tops(releases):
        yield from _of_package(use, page, releases)
        return
    broken = [_is_broken(use, release.answer(use.question)) for release in releases]
    for at in _stretches(broken, releases):
        yield at, library_changes.of_use(use.question, at)


def _is_broken(use: PageUse, answer: Answer) -> bool | None:
    """Whether a use breaks; None where that is not known, or what it builds on breaks first."""
    match answer.verdict:
        case Verdict.FINE:
            return False
        case Verdict.MISSING:
            # What is called is looked up before, and what was imported breaks where it was.
            looked_up = use.question.arguments is None
            return True if looked_up and (use.is_import or use.name == answer.name) else None
        case Verdict.MISFIT:
            return True
    return None


def _of_package(
    use: PageUse, page: Page, releases: Sequence[Release]
) -> Iterator[tuple[Stretch, Words]]:
    """A package that comes with some releases and not with others."""
    top = use.question.top
    distribution = canonicalize_name(_CALLED.get(top, top))
    told = installs.told(block.source for block in (*page.cells, *page.codes))
    if not use.is_import or top in sys.stdlib_module_names or distribution in told:
        return
    broken: list[bool | None] = [distribution not in release.packages for release in releases]
    if all(broken):
        return  # which is for the rule of undocumented packages to say
    for at in _stretches(broken, releases):
        yield at, library_changes.of_package(distribution, at)


def _stretches(broken: Sequence[bool | None], releases: Sequence[Release]) -> Iterator[Stretch]:
    """Consecutive releases that break something."""
    numbered = list(enumerate(zip(broken, releases, strict=True)))
    for breaks, some in groupby(numbered, lambda one: one[1][0] is True):
        if not breaks:
            continue
        stretch = list(some)
        start, end = stretch[0][0], stretch[-1][0] + 1
        yield Stretch(
            tuple(release for _, (_, release) in stretch),
            next((one for _, (was, one) in reversed(numbered[:start]) if was is False), None),
            next((one for _, (is_, one) in numbered[end:] if is_ is False), None)
            if False not in broken[:start]
            else None,
            unsure=start > 0 and False not in broken[:start],
        )
