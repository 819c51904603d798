"""Sample code is valid Python: the parser takes it, and so does the compiler."""

import ast
import keyword
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

from verify.finding import Finding, FindingKind, Severity
from verify.page.code import compiling, excerpts
from verify.page.code.parsing import parse, statements
from verify.page.page import Block, Page
from verify.rules.checked_site import Site
from verify.rules.custom import Form, formed
from verify.system.words import Words

_INVISIBLE = Words(
    zh="这一行有一个不可见字符（{code}），Python 不接受。",
    en="The line holds an invisible character ({code}), which Python refuses.",
)
_DELETE = Words(zh="请删除该字符。", en="Delete the character.")
_INVALID = Words(
    zh="`{line}` 不是合法的 Python：`{said}`。", en="`{line}` is no valid Python: {said}."
)
_OTHER = Words(
    zh="代码块标注为 Python，但 `{line}` 是另一种语言。",
    en="The block is labelled Python, but `{line}` is another language.",
)
_LABEL = Words(zh="请标注代码块自己的语言。", en="Label the block with its own language.")
_ELISION = re.compile(r"\.\.\.|(?<=[(,\[])\s*\.\.\s*(?=[,)\]])|\u2026|\u22ef|^\s*[.\u3002]+\s*$")
# The first line of a statement that goes on.
_OPENS = re.compile(r"^\s*(?:def|class|for|if|while|with|try|from \S+ import|@?[A-Za-z_][\w.]* *=)")
_CALLS = re.compile(r"^\s*@?[A-Za-z_][\w.]*\(.*\)\s*(?:#.*)?$")
# A part of a network as PyTorch prints it: `(conv1): Conv2d(`.
_PRINTED_PART = re.compile(r"^\s*\(\w+\): \w+\(")
_OF_ANOTHER = re.compile(r"#!(?!.*python)")  # the first line of another program's script
_PROMPTED = re.compile(r"^\s*>>> ?")
_MOST = 200  # characters of a line are enough to find it
# What Python before 3.12 refuses, and later ones take.
_SEVERAL_STARS = re.compile(r"\s*(?:async )?def \w+\((?:.*,)?\s*\*\w.*,\s*\*\w")
# Signs between terms, but for the minus that is taken for a hyphen; and circled numbers.
_SIGN_FOR_PEOPLE = re.compile(
    r"invalid character '[\u2460-\u2473\u2776-\u2793"
    r"\u00b2\u00b3\u00b7\u00b9\u00d7\u2070-\u208e\u2200-\u2211\u2213-\u22ff]'"
)
_BEGINNING = re.compile(r"\s*(?:for|while|with|if|def|class)\b.*:\s*(?:#.*)?")
# Values that the reader has to put in; a single one is forgotten.
_BLANK = re.compile(r"(?m)^[ \t]*\w+ ?= ?,[ \t]*(?:#.*)?$")
# A term that equals the one in the line before.
_GOES_ON_EQUAL = re.compile(r"\s*==?(?:\s|$)")
_POINTS = re.compile(r"[\s|~]*\^[\s|~^]*")  # marks at the line above
_COLUMNS = re.compile(r"\s*\w+(?:(?:\s{2,}|\t)\w+){2,}\s*")
# `Output:` above what a program prints, and what IPython says of how long it took.
_ABOVE_OUTPUT = re.compile(r"\s*[A-Z\u4e00-\u9fff][\w ]*[:\uff1a]\s*")
_TIMES = re.compile(r"\s*(?:CPU times: |Wall time: |\d.* per loop\b)")
# A remark as C has it, at the begin of a line or behind a statement.
_REMARK_OF_C = re.compile(r"(?:^|\s)//\s*[^\W\d]\w*(?::\S|\s+[^\W\d])")
_TEXTS = re.compile(r"#.*|\"[^\"]*\"?|'[^']*'?")
_KEYWORDS = re.compile(rf"\b(?:{'|'.join(keyword.kwlist)})\b")
# More words in a row than any statement has that was meant.
_PROSE = re.compile(r"\b(?:[A-Za-z]+ +){3}[A-Za-z]+\b")
# A sentence in place of a statement.
_WORDS = re.compile(r"\s*\(?(?P<first>[A-Za-z]+)(?:[ -][A-Za-z]+){2,}\)?\s*")
_PRINTED = re.compile(r"[A-Z]\w*\($")
_SENTENCE = re.compile(r"\s*[A-Z][\w-]*(?: [\w-]+){2}")
_NEWER = re.compile(r"^\s*(?:type\s+\w+.*=|(?:async\s+)?(?:def|class)\s+\w+\[)")


_BEGIN_STATEMENTS = {*keyword.kwlist, *keyword.softkwlist, "print", "exec"}
_ONE_IN = 10  # samples in a notation of their own stand among others that are well
_OFTEN = 4  # samples of a page in a notation of its own
_NO_STATEMENT = "invalid syntax"  # what Python says where it knows no mistake of that kind


def check(site: Site) -> Iterator[Finding]:
    """Find what Python refuses in every Python block, but for mistakes shown on purpose."""
    codes = [(page, [one for one in page.python if not one.may_raise]) for page in site.pages]
    shown = Form("shown", sum(not one.runs for _, some in codes for one in some), _ONE_IN)
    for page, some in codes:
        found = [
            (code, one)
            for code in some
            for one in _of_block(page, code, any_version=site.environment is None)
        ]
        notations = [one.severity is Severity.WARNING for code, one in found if not code.runs]
        is_notation = sum(notations) >= max(_OFTEN, len(notations) / 2)
        for code, one in found:
            mild = is_notation and not code.runs and _NO_STATEMENT in str(one.message)
            told = replace(one, severity=Severity.WARNING) if mild else one
            yield told if code.runs else formed(told, shown)


def _of_block(page: Page, code: Block, *, any_version: bool) -> Iterator[Finding]:
    entries = statements(code)
    for source, first_row in entries:
        error = _error(source)
        if error is None:
            for severity, row, message, suggestion in compiling.refusals(source, runs=code.runs):
                yield _finding(page, code, first_row + row, severity, message, suggestion)
            continue
        row = min(max((error.lineno or 1) - 1, 0), source.count("\n"))
        problem = str(error.msg)
        line = source.split("\n")[row]
        if any_version and (problem.startswith("f-string") or _NEWER.match(line)):
            continue
        ends = (source, first_row) == entries[-1]
        if not code.runs and (_ELISION.search(line) or excerpts.on_purpose(source, ends=ends)):
            continue
        severity, *said = _syntax_problem(code, source, row, problem)
        of_python_2 = any_version and problem.startswith("Missing parentheses in call")
        is_prompt = "expected an indented block" in problem and _goes_on(code, first_row)
        is_shown = (
            _is_notation(problem, line) or _ends_with_output(source, row) or _is_left_open(source)
        )
        if of_python_2 or is_prompt or (not code.runs and is_shown):
            severity = Severity.WARNING
        yield _finding(page, code, first_row + row, severity, *said)


def _is_notation(problem: str, line: str) -> bool:
    """Whether a line is mathematics, `t(f) = …`, `= …`, several `*xs`; or a sentence, a remark."""
    is_definition = problem.startswith("cannot assign to function call")
    has_sign = _SIGN_FOR_PEOPLE.match(problem) is not None
    marks = (_SEVERAL_STARS.match, _GOES_ON_EQUAL.match, _POINTS.fullmatch)
    words = _WORDS.fullmatch(line)
    is_sentence = words is not None and words["first"] not in _BEGIN_STATEMENTS
    is_mathematics = is_definition or has_sign or any(mark(line) for mark in marks)
    return is_mathematics or is_sentence or _has_words(line)


def _has_words(line: str) -> bool:
    """Whether a line has a remark of another language, or words in a row as only prose has."""
    code = _TEXTS.sub("", line)
    prose = _PROSE.search(_KEYWORDS.sub("-", code))
    return prose is not None or _REMARK_OF_C.search(code) is not None


def _is_left_open(source: str) -> bool:
    """Whether a reader has to put in values, or what stands below each of some statements."""
    said = [line for line in source.split("\n") if line.strip()]
    lists = len(said) > 1 and all(map(_BEGINNING.fullmatch, said))
    return lists or len(_BLANK.findall(source)) > 1


def _ends_with_output(source: str, row: int) -> bool:
    """Whether a program is followed by what it prints: a sentence, names of columns, an object."""
    lines = source.split("\n")
    program, output = "\n".join(lines[:row]), lines[row:]
    if _error(program) is not None:
        begins = next((i for i in range(row, -1, -1) if _PRINTED.match(lines[i])), 0)
        printed = lines[begins - 1].lstrip().startswith("print(") if begins else False
        return printed and lines[-1].strip() == ")" and _error("\n".join(lines[:begins])) is None
    if any(map(_acts, output)):
        return False
    says = "print(" in program and _SENTENCE.match(output[0]) is not None
    marks = (_COLUMNS.fullmatch, _ABOVE_OUTPUT.fullmatch, _TIMES.match)
    return says or any(mark(output[0]) for mark in marks)


def _goes_on(code: Block, row: int) -> bool:
    """Whether the entry of a transcript is valid with the next ones, indented behind `>>>`."""
    lines = code.source.split("\n")[row:]
    rows = list(takewhile(_PROMPTED.match, lines))
    return len(rows) > 1 and _error("\n".join(_PROMPTED.sub("", one) for one in rows)) is None


def _error(source: str) -> SyntaxError | None:
    try:
        parse(source)
    except SyntaxError as error:
        return error
    return None


def _syntax_problem(
    code: Block, source: str, row: int, problem: str
) -> tuple[Severity, Words, Words]:
    lines = source.split("\n")
    shown = lines[row].strip()
    if hidden := [f"U+{ord(c):04X}" for c in shown if not c.isprintable() and c != "\t"]:
        return Severity.ERROR, _INVISIBLE.filled(code=hidden[0]), _DELETE
    if code.runs or _is_meant_as_python(lines):
        return Severity.ERROR, _INVALID.filled(line=shown[:_MOST], said=problem), compiling.CORRECT
    return Severity.WARNING, _OTHER.filled(line=shown[:_MOST]), _LABEL


def _is_meant_as_python(lines: list[str]) -> bool:
    """Whether a line alone does something in Python, or most of them are calls."""
    if any(map(_PRINTED_PART.match, lines)) or _OF_ANOTHER.match(lines[0]):
        return False
    said = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    calls = sum(bool(_CALLS.match(line)) for line in said)
    return any(map(_acts, said)) or 2 * calls > len(said)


def _acts(line: str) -> bool:
    """Whether a line alone is more than an entry such as `name: "x"`, or a call."""
    try:
        body = parse(line.strip()).body
    except SyntaxError:
        return bool(_OPENS.match(line))
    return bool(body) and isinstance(
        body[0], ast.Import | ast.ImportFrom | ast.Assign | ast.Return | ast.Assert
    )


def _finding(  # noqa: PLR0917  # the parts of a finding
    page: Page, code: Block, row: int, severity: Severity, message: Words, suggestion: Words
) -> Finding:
    at = code.line_of(row)
    return Finding(page.path, at, code.cell, FindingKind.SYNTAX, severity, message, suggestion)
