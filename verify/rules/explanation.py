"""What each rule is for, in words for people, and examples that the tests hold it to.

One file a rule, `explanations/<kind>.toml`, in English and Chinese. The documentation has a page of
each, `check --explain KIND` prints it, and a test runs the rules over each example: what is called
wrong has findings of that kind and of no other, what is called right has none at all.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from verify.finding import FindingKind, Severity
from verify.system import typed_toml
from verify.system.typed_toml import Strict
from verify.system.words import Language, said

FOLDER = Path(__file__).with_name("explanations")


class RuleWords(Strict):
    """A rule in one language: what it finds, why that hurts a reader, what to do about it."""

    finds: str
    why: str
    remedy: str


class Example(Strict):
    """A page with the defect, and the same page without; `en` and `zh` say where they differ.

    A notebook is written as percent cells; lines with `#>` are the stored output of their cell.
    `beside` are other files of the documentation, by their names.
    """

    en: str
    zh: str
    file: str = "page.ipynb"
    wrong: str
    right: str
    beside: dict[str, str] = {}


class Explanation(Strict):
    """All of one rule; no page shows what is a fault of ours."""

    severities: Annotated[tuple[Severity, ...], Field(min_length=1)]
    en: RuleWords
    zh: RuleWords
    examples: tuple[Example, ...] = ()


# The words around each part, by language.
_LABELS = {
    Language.ENGLISH: {
        "expected": "Expected",
        "severity": "Severity",
        Severity.ERROR: "error",
        Severity.WARNING: "warning",
        "finds": "What it finds",
        "why": "Why it matters",
        "remedy": "What to do",
        "examples": "Examples",
        "beside": "Beside it stands",
        "wrong": "Wrong",
        "right": "Right",
        "colon": ": ",
        "kind": "Kind",
        "stop": ".",
    },
    Language.CHINESE: {
        "expected": "要求",
        "severity": "严重程度",
        Severity.ERROR: "错误（error）",
        Severity.WARNING: "警告（warning）",
        "finds": "找什么",
        "why": "为什么要紧",
        "remedy": "怎么改",
        "examples": "例子",
        "beside": "旁边还有文件",
        "wrong": "错误写法",
        "right": "正确写法",
        "colon": "：",
        "kind": "种类",
        "stop": "。",
    },
}
_LEXERS = {".ipynb": "python", ".md": "markdown", ".rst": "rst", ".po": "po"}


def of(kind: FindingKind) -> Explanation:
    """The explanation of a rule.

    Raises:
        UsageError: there is none, or it is not as it has to be.
    """
    return typed_toml.read(FOLDER / f"{kind.value}.toml", Explanation)


def markdown(kind: FindingKind, language: Language, *, examples: bool = True) -> str:
    """The page of a rule; without examples, only what we say ourselves."""
    told = of(kind)
    words = told.en if language is Language.ENGLISH else told.zh
    label = _LABELS[language]
    severities = " / ".join(label[severity] for severity in told.severities)
    expected = said(kind.words, language)
    parts = [
        f"# {kind.value}",
        f"**{label['expected']}**{label['colon']}{expected}{label['stop']}",
        f"**{label['severity']}**{label['colon']}{severities}",
    ]
    for part in ("finds", "why", "remedy"):
        parts += [f"## {label[part]}", getattr(words, part).strip()]
    if examples and told.examples:
        parts.append(f"## {label['examples']}")
        parts += [text for one in told.examples for text in _example(one, language)]
    return "\n\n".join(parts) + "\n"


def table(language: Language) -> str:
    """All rules, each with what it expects and a link to its page."""
    label = _LABELS[language]
    rows = [(label["kind"], label["expected"], label["severity"]), ("---", "---", "---")]
    for kind in FindingKind:
        severities = " / ".join(severity.value for severity in of(kind).severities)
        rows.append((f"[{kind.value}]({kind.value}.md)", said(kind.words, language), severities))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _example(example: Example, language: Language) -> list[str]:
    label = _LABELS[language]
    about = example.en if language is Language.ENGLISH else example.zh
    beside = [
        f"{label['beside']} `{name}`{label['colon'].strip()}\n\n{_block(name, text)}"
        for name, text in example.beside.items()
    ]
    sides = [
        f"{label[side]}{label['colon']}`{example.file}`\n\n{_block(example.file, text)}"
        for side, text in (("wrong", example.wrong), ("right", example.right))
    ]
    return [about.strip(), *beside, *sides]


def _block(name: str, text: str) -> str:
    lexer = _LEXERS.get(Path(name).suffix, "text") if not text.startswith("{") else "text"
    return f"````{lexer}\n{text.strip()}\n````"
