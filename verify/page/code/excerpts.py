"""Code that is shown on purpose as no Python could run it: placeholders, signatures, differences.

Each is told by filling in what was left out: what is valid Python then was meant so.
"""

import ast
import codeop
import re
import warnings
from collections.abc import Iterator

from verify.page.code.parsing import dedented

_RAISED = re.compile(
    r"^[^\S\n]*(?:Traceback \(most recent call last\):|(?:\w+\.)*[A-Z]\w*(?:Error|Exception): )",
    re.MULTILINE,
)
_CONSOLE = re.compile(r"^[^\S\n]*(?:In ?\[\d*\]:|Out ?\[\d*\]:|>>> )", re.MULTILINE)
# `<name>`, `<<operation>>`, `{{ name }}`, `[name]` of dots alone.
_HOLE = re.compile(r"<<[^<>\n]+>>|<[^<>\n]+>|\{\{[^{}\n]*\}\}|\[(?:\.{3}|\u2026)\]")
# `your code here`, instead of a statement.
_WANTED = re.compile(
    r"^([^\S\n]*)(?:\w+ )?(?:your(?: [a-z]+){1,5}|[a-z]+(?: [a-z]+){1,4} here)[^\S\n]*$",
    re.MULTILINE | re.IGNORECASE,
)
# A frame of stars around such words.
_FRAME = re.compile(r"^([^\S\n]*)(?:\*{3,}|\*\s[^\n]*\s\*)[^\S\n]*$", re.MULTILINE)
# Words for a value, beside dots: `0: rows of the table,`.
_WORDS_AS_VALUE = re.compile(
    r"(?<=: )[A-Za-z]+(?: [a-z]+){1,4}(?=[^\S\n]*(?:[,}]|$))", re.MULTILINE
)
_DOTS_AS_VALUE = re.compile(r"(?<==)[^\S\n]*(?:\.{3,}|[\u2026\u22ef]+|[xX]{3,}\b)")
_DOTS = re.compile(r"\.{3,}|[\u2026\u22ef]+|\*{3,}|\b[xX]{3,}\b|(?<=,\s)\[[A-Za-z_]\w*\](?=\s*\))")
# What dots, stars, `xxx` and a last `[name]` stand for: arguments, entries, a name, nothing.
_FILLINGS = ("...", "*_", "**_", "_", "_=_", "")
_HEAD = re.compile(r"^(?:async\s+)?(?:def|class|for|while|with|if)\b[^\n]*[^\n:]$")
_SIGNATURE = re.compile(r"^(?:async\s+)?(?:def\s+)?[A-Za-z_][\w.]*(?=\()")
# A class named as a list of an interface names it, which no definition does.
_DOTTED_CLASS = re.compile(r"^class\s+(?:\w+\.)+\w+\s*")
# A signature as a definition has it, with an empty line for its body.
_WITHOUT_BODY = re.compile(r"^(?:async\s+)?def\s[\s\S]*:[^\S\n]*\n\s*\Z")
# `def Tree.grow(x):`, as a list of an interface names a method.
_DOTTED_NAME = re.compile(r"^([^\S\n]*(?:async\s+)?def\s+)(?:\w+\.)+(?=\w+\()", re.MULTILINE)
# A signature, and what it does beneath it, not further in.
_DESCRIBED = re.compile(
    r"^(?P<indent>[^\S\n]*)(?P<head>(?:async\s+)?def\s(?:\w+\([^()]*\))?[^\n]*:)[^\S\n]*"
    r"(?=\n(?P=indent)(?:\"{3}|'{3}))",
    re.MULTILINE,
)
# One signature after the other, as a list of methods has them, or an empty line for a body.
_LISTED = re.compile(
    r"^(?P<head>(?P<indent>[^\S\n]*)(?:async\s+)?def\s(?:\w+\([^()]*\))?[^\n]*?):?[^\S\n]*"
    r"(?=\n\s*(?:(?:async\s+)?def\s|class\s|@)|\s*\Z"
    r"|\n(?:[^\S\n]*\n)+(?!(?P=indent)[^\S\n])[^\S\n]*\S)",
    re.MULTILINE,
)
_ARROW = re.compile(r"(?<=\))\s*\u2192")  # before what a signature gives back
_OPTIONAL = re.compile(r"\[\s*(?=,)|(?<=,)\s*\]|\](?=[\s\],)])")
# A comment says what would stand there.
_COMMENT_AS_VALUE = re.compile(r"(?<![=!<>])=[^\S\n]*#[^\n]*$", re.MULTILINE)
_COMMENT = re.compile(r"^[^\S\n]*#[^\n]*$", re.MULTILINE)
_COMMENT_AS_BODY = re.compile(
    r"^([^\S\n]*)(\S[^\n]*:)([^\S\n]*(?:#[^\n]*)?\n\s*)#[^\n]*", re.MULTILINE
)
# All but brackets: texts, comments, and any other sign.
_NO_BRACKET = re.compile(r"\"[^\"]*\"|'[^']*'|#.*|[^()\[\]{}]")
# What stands above such a piece, and what the piece is taken out of.
_DOTS_ABOVE = re.compile(r"\A(?:\s*(?:\.{3,}|[\u2026\u22ef]+)[^\S\n]*\n)+")
_AROUND = (("{", "\n}"), ("if _:\n pass\n", ""), ("try:\n pass\n", ""))


def on_purpose(source: str, *, ends: bool = True) -> bool:
    """Whether a source that is no valid Python is an excerpt, or shows something else besides.

    Args:
        source: the source.
        ends: whether its block ends with it, as an excerpt may do early.
    """
    source = _ARROW.sub(" ->", dedented(source).rstrip())
    if _RAISED.search(source) or _CONSOLE.search(source) or (ends and _goes_on(source)):
        return True
    return any(_is_python(filled) for filled in _filled(source))


def _goes_on(source: str) -> bool:
    """Whether nothing is wrong but that it ends too early, where an excerpt may end."""
    if _lacks_bracket(source.rsplit("\n", maxsplit=1)[-1]):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return codeop.compile_command(source, symbol="exec") is None
    except (SyntaxError, ValueError, OverflowError):
        return False


def _lacks_bracket(line: str) -> bool:
    """Whether a line closes brackets, but not all of those that it opens."""
    brackets = _NO_BRACKET.sub("", line)
    balance = sum(1 if bracket in "([{" else -1 for bracket in brackets)
    return balance > 0 and line.rstrip().endswith((")", "]", "}"))


def _is_python(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _filled(source: str) -> Iterator[str]:
    yield from _sides(source)
    bodies = _COMMENT_AS_BODY.sub(r"\1\2\n\1    pass", _COMMENT_AS_VALUE.sub("= _", source))
    bodies = _DESCRIBED.sub(r"\g<indent>\g<head> pass", _DOTTED_NAME.sub(r"\1", bodies))
    without_holes = _WANTED.sub(r"\1pass", _FRAME.sub(r"\1pass", _HOLE.sub("_", bodies)))
    # A comment may stand further left than the code that it is of.
    without_comments = dedented(_COMMENT.sub("", without_holes))
    yield from dict.fromkeys((bodies, without_holes, without_comments))
    valued = _DOTS_AS_VALUE.sub(" _", without_holes)
    if valued != without_holes or _DOTS.search(valued):
        both = (valued, _WORDS_AS_VALUE.sub("_", valued))
        yield from (_DOTS.sub(filling, one) for one in both for filling in _FILLINGS)
    yield "\n".join(_completed(part) for part in _pieces(without_holes))
    yield _LISTED.sub(r"\g<head>: pass", without_holes)
    inner = _DOTS_ABOVE.sub("", without_holes)
    yield from (f"{before}{inner}{after}" for before, after in _AROUND)
    if without_holes.endswith(","):
        yield f"_({without_holes}\n)"


def _sides(source: str) -> Iterator[str]:
    """What a difference says that there was, and that there is."""
    lines = source.split("\n")
    if any(line[:1] in ("+", "-") for line in lines):
        plain = [line for line in lines if not line.startswith(("@@", "+++", "---", "diff "))]
        for sign, other in ("+-", "-+"):
            kept = [line for line in plain if line[:1] != other]
            yield dedented("\n".join(re.sub(rf"^\{sign}", " ", line) for line in kept))
            yield dedented("\n".join(re.sub(rf"^\{sign} ?", "", line) for line in kept))


def _pieces(source: str) -> list[str]:
    """The source cut where a line begins at the margin, and closes nothing."""
    return re.split(r"\n(?=[^\s)\]}#])", source)


def _completed(piece: str) -> str:
    """A signature, or the head of a statement, with what makes it whole; else the same."""
    if _is_python(piece):
        return piece
    if _WITHOUT_BODY.search(piece):
        return f"{piece.rstrip()} pass"
    piece = piece.rstrip()
    dotted = _DOTTED_CLASS.match(piece)
    if dotted and piece.endswith((")", dotted[0])):
        return "pass"
    if _HEAD.match(piece) and "\n" not in piece:
        return f"{piece}: pass"
    if _SIGNATURE.match(piece) and not piece.endswith(":"):
        forms = (_SIGNATURE.sub("def _", one) for one in (piece, _OPTIONAL.sub("", piece)))
        return next((f"{one}: pass" for one in forms if _is_python(f"{one}: pass")), piece)
    return piece
