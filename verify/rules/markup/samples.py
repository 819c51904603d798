"""A sample is what its label says: JSON, YAML, TOML, a Dockerfile, or a script of a shell.

A sample may leave something out. What holds a placeholder, an ellipsis or a template is not judged,
nor is a piece that does not begin like a whole.
"""

import itertools
import json
import re
import shlex
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import tomli
import yaml

from verify.finding import Finding, FindingKind, Severity
from verify.page.code import parsing
from verify.page.page import Block, Page
from verify.rules.checked_site import Site
from verify.rules.custom import Form, formed
from verify.system.words import Text, Words

_NONE = Words(
    zh="示例标注为 {language}，但并不是：{what}。",
    en="The sample is labelled {language}, but is none: {what}.",
)
_CORRECT = Words(zh="请改正示例或它的标注。", en="Correct the sample, or its label.")
_WHERE = Words(zh="在 `{shown}` 处，`{said}`", en="{said}, where `{shown}` stands")
_REFUSED = Words(zh="`{said}`，这不合语法", en="{said}")
_NO_INSTRUCTION = Words(zh="`{shown}` 开头不是指令", en="`{shown}` begins with no instruction")
_NO_PARTNER = Words(
    zh="`{shown}` 中的引号没有配对", en="a quotation mark in `{shown}` has no partner"
)

_UNFINISHED = Words(zh="从 `{shown}` 开始的语句没有结束", en="what `{shown}` begins is never ended")
_OF_PYTHON = Words(zh="`{shown}` 是 Python", en="`{shown}` is Python")
# What no shell has: imports in lines of their own, in what Python reads as a whole.
_IS_PYTHON = re.compile(r"(?m)^(?:from [\w.]+ import [\w, (*]+|import \w+(?: as \w+)?)[ \t]*$")
_BEGINS = re.compile(
    r"(?m)^[^\S\n]*(?:(?:if|for|while|until|case|select)\s|(?:\w+\s*\(\)\s*)?\{\s*$)"
)
_LEFT_OUT = re.compile(
    r"\.\.\.|\u2026|\u22ef|<[\w\u4e00-\u9fff][^<>\n]*>|\{\{|\{%|\$\{|\$\(|%\(|\bxxx+\b|\*{3,}",
    re.IGNORECASE,
)
_REMARK_IN_JSON = re.compile(r"(?:^|[\s,{\[])(?://|#|/\*)")
# A value that a program, or the reader, puts in.
_NAME_IN_JSON = re.compile(r"(?!(?:True|False|None|undefined)\b)[A-Za-z_][\w.]*\s*[,}\]]")
_LIKE_YAML = re.compile(r"(?:\s*#.*\n|\s*\n|---.*\n)*\s*(?:- |[\w.\"'/-]+:(?:\s|$))")
_INSTRUCTIONS = frozenset(
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL "
    "STOPSIGNAL USER VOLUME WORKDIR".split()
)
_AN_INSTRUCTION = re.compile(
    r"^(?:ADD|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|RUN|USER|VOLUME|WORKDIR) ", re.MULTILINE
)
_PROMPT = re.compile(r"^[^\S\n]*(?:\$|#|>|\([\w.-]+\) ?\$|\w+@[\w.-]+[:~ ]\S*[$#]) ", re.MULTILINE)

_NO_JOIN = Words(
    zh="上一行末尾没有 `\\`，`{shown}` 会被当作另一条命令。",
    en="The line before does not end with `\\`, so that `{shown}` is a command of its own.",
)
_JOIN = Words(zh="在上一行末尾加 `\\`。", en="End the line before with `\\`.")
_SHELLS = frozenset(("", "bash", "sh", "shell", "zsh", "console", "text"))
# A quotation that is open, or a list, goes on without a sign of its own.
_GOES_ON = ("\\", "^", "`", "|", "&&", "(", "[", "{", ",", "'", '"', ";")
_OPTION = re.compile(r"\s+(?P<option>--?[A-Za-z][\w-]*)(?:[ =]|$)")
_STARTS_A_PROGRAM = re.compile(r"\s*(?:[$%] )?(?:[A-Z_]+=\S+ )*[a-z][\w./-]*(?: |$)|\s+--?\w")
_ONE_IN = 10  # samples in a notation of their own stand among others that are well
_LONG = 40  # characters of a line that are shown


@dataclass(frozen=True)
class _Fault:
    """What is wrong in a row of a sample; `mild` is what many programs take all the same."""

    row: int
    what: Text
    mild: bool = False


def check(site: Site) -> Iterator[Finding]:
    """Find samples that the language they are labelled with refuses."""
    shown = [(page, code) for page in site.pages for code in page.codes if not code.runs]
    counts = Counter(code.language for _, code in shown)
    for page, code in shown:
        judge = _JUDGES.get(code.language)
        if judge and not _LEFT_OUT.search(code.source) and (fault := judge(code.source)):
            refused = Finding(
                page.path,
                code.line_of(fault.row),
                code.cell,
                FindingKind.SAMPLE,
                Severity.WARNING if fault.mild else Severity.ERROR,
                _NONE.filled(language=code.language, what=fault.what),
                _CORRECT,
            )
            yield formed(refused, Form(code.language, counts[code.language], _ONE_IN))
        yield from _torn(page, code)


def _torn(page: Page, code: Block) -> Iterator[Finding]:
    """The first option of a command that goes on where the line before does not say so."""
    lines = code.source.split("\n")
    # Who joins no lines at all shows what a program prints of its options.
    if code.language not in _SHELLS or not any(line.rstrip().endswith("\\") for line in lines):
        return
    for row, (before, line) in enumerate(itertools.pairwise(lines), start=1):
        found = _OPTION.match(line)
        if found and _STARTS_A_PROGRAM.match(before) and not before.rstrip().endswith(_GOES_ON):
            yield Finding(
                page.path,
                code.line_of(row),
                code.cell,
                FindingKind.SAMPLE,
                Severity.WARNING,
                _NO_JOIN.filled(shown=found["option"]),
                _JOIN,
            )
            return


def _json(source: str) -> _Fault | None:
    text = source.strip()
    if not text.startswith(("{", "[")) or _REMARK_IN_JSON.search(_without_texts(text)):
        return None
    at, decoder = 0, json.JSONDecoder(strict=False)
    try:
        while at < len(text):
            _, end = decoder.raw_decode(text, at)
            at = end + len(text[end:]) - len(text[end:].lstrip(" \t\r\n,"))
    except json.JSONDecodeError as error:
        rest = text[error.pos :]
        if at and not rest.startswith(("{", "[")) and error.pos == at:
            return None  # something else follows a whole document, such as an answer
        row = source.count("\n", 0, source.find(text)) + error.lineno - 1
        # A comma before the end, or an end that is not there, as in the beginning of something.
        ends = not rest.strip() or rest.lstrip().startswith(("}", "]"))
        mild = text[: error.pos].rstrip().endswith(",") and ends
        mild = mild or (error.msg == "Expecting value" and _NAME_IN_JSON.match(rest) is not None)
        return _Fault(row, _WHERE.filled(said=error.msg.lower(), shown=_shown(rest)), mild)
    except RecursionError:
        return None
    return None


def _without_texts(text: str) -> str:
    return re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)


def _yaml(source: str) -> _Fault | None:
    if _PROMPT.search(source) or "\t" in source or not _LIKE_YAML.match(source):
        return None
    try:
        for _ in yaml.parse(source, Loader=yaml.SafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return _Fault(
            mark.line if mark else 0, _REFUSED.filled(said=error.problem or error.context)
        )
    except yaml.YAMLError:
        return None
    return None


def _toml(source: str) -> _Fault | None:
    try:
        tomli.loads(source)
    except RecursionError:
        return None
    except tomli.TOMLDecodeError as error:
        said = str(error)
        if "overwrite" in said or "twice" in said or "declare" in said:
            return None  # two files in one sample, such as before and after
        line = re.search(r"line (\d+)", said)
        return _Fault(
            int(line[1]) - 1 if line else 0,
            _REFUSED.filled(said=said.partition(" (at ")[0].lower()),
        )
    return None


def _dockerfile(source: str) -> _Fault | None:
    """Every instruction begins with its word; a line goes on where a backslash ends it."""
    first = re.match(r"(?:\s*#.*\n)*\s*(?P<word>\w+)\s", source)
    if "<<" in source or first is None or _PROMPT.search(source):
        return None
    # A piece may begin with any instruction; what begins with none is judged where others follow.
    begins = first["word"].upper() in ("FROM", "ARG") or (
        first["word"].isupper()
        and first["word"] not in _INSTRUCTIONS
        and _AN_INSTRUCTION.search(source) is not None
    )
    if not begins:
        return None
    goes_on = False
    for row, line in enumerate(source.split("\n")):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        word = text.split()[0]
        if not goes_on and word.upper() not in _INSTRUCTIONS:
            return _Fault(row, _NO_INSTRUCTION.filled(shown=_shown(text)))
        goes_on = text.endswith(("\\", "`"))
    return None


def _shell(source: str) -> _Fault | None:
    """Only a quotation mark without a partner is wrong for certain, whatever the shell."""
    if python := _python(source):
        return python
    if "<<" in source or _PROMPT.search(source):
        return None
    try:
        shlex.split(source, comments=True)
    except ValueError as error:
        if "quotation" not in str(error):
            return None
    else:
        return _unfinished(source)
    rows = source.split("\n")
    odd = [row for row, line in enumerate(rows) if re.sub(r"\\.", "", line).count('"') % 2]
    # An apostrophe may be one of a comment, or of an answer.
    if len(odd) != 1 or "'" in source or "#" in source:
        return None
    return _Fault(odd[0], _NO_PARTNER.filled(shown=_shown(rows[odd[0]])))


def _python(source: str) -> _Fault | None:
    """A program of Python's under the name of a shell, which has no such statements."""
    first = _IS_PYTHON.search(source)
    tree = parsing.tree_of(source) if first else None
    if first is None or tree is None or len(tree.body) < 2:  # noqa: PLR2004
        return None
    return _Fault(source.count("\n", 0, first.start()), _OF_PYTHON.filled(shown=_shown(first[0])))


def _unfinished(source: str) -> _Fault | None:
    """What begins and never ends, as bash says, which reads the sample and runs nothing."""
    bash = shutil.which("bash")
    if bash is None or not _BEGINS.search(source):
        return None
    told = subprocess.run(
        [bash, "-n"],
        input=source.encode(errors="replace"),
        capture_output=True,
        check=False,
        env={"LC_ALL": "C"},
    ).stderr.decode(errors="replace")
    begins = _BEGINS.search(source)
    if "unexpected end of file" not in told or begins is None:
        return None
    row = source.count("\n", 0, begins.start())
    return _Fault(row, _UNFINISHED.filled(shown=_shown(source.split("\n")[row])), mild=True)


def _shown(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line if len(line) <= _LONG else f"{line[:_LONG]}\u2026"


_JUDGES: dict[str, Callable[[str], _Fault | None]] = {
    "json": _json,
    "yaml": _yaml,
    "yml": _yaml,
    "toml": _toml,
    "dockerfile": _dockerfile,
    "docker": _dockerfile,
    "bash": _shell,
    "sh": _shell,
    "shell": _shell,
}
