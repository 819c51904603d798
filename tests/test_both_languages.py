"""What people are told is in both languages: no sentence that is raised is English alone."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests import PROJECT
from verify.errors import VerifyError

# Two words: one alone may be a name, and what stands in `…` is code. What is filled in may be a
# command; that has no three words in a row.
_WORDS = re.compile(r"[A-Za-z]{2,}[,;:]? [A-Za-z]{2,}")
_PHRASE = re.compile(r"(?:[A-Za-z]{2,} ){2}[A-Za-z]{2,}")
_CODE = re.compile(r"`[^`]*`")
# What people read of it is what it says; other exceptions are for who reads a traceback.
_READ = {"ValueError", "TypeError", "OSError", "BadParameter"}


def names(of: type[VerifyError]) -> Iterator[str]:
    """The classes of our errors, with those that are made from them."""
    yield of.__name__
    for one in of.__subclasses__():
        yield from names(one)


def called(node: ast.Call) -> str:
    """The name of what is called."""
    return ast.unparse(node.func).rpartition(".")[2]


def english(node: ast.AST, what: re.Pattern[str]) -> Iterator[str]:
    """What is English in an expression, but for what is said in both languages."""
    if isinstance(node, ast.Call) and called(node) in ("Words", "filled", "joined"):
        return  # what is filled in is looked at by itself
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if what.search(_CODE.sub("", node.value)):
            yield node.value
        return
    for child in ast.iter_child_nodes(node):
        yield from english(child, what)


def alone(source: str) -> list[str]:
    """The English sentences that a program raises, or fills into what it says in both."""
    told = {*names(VerifyError), *_READ}
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and called(node) in {*told, "filled"}:
            what = _WORDS if called(node) in told else _PHRASE
            parts = [*node.args, *(one.value for one in node.keywords)]
            found += [said for part in parts for said in english(part, what)]
    return found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('raise UsageError("there is none")', ["there is none"]),
        ('raise UsageError(f"{file}: is no file")', [": is no file"]),
        ('raise ValueError("no pear" if ripe else "no plum here")', ["no pear", "no plum here"]),
        ('raise pytest.UsageError("no pear")', ["no pear"]),
        ('tell(_WHY.filled(why=why or "it said nothing"))', ["it said nothing"]),
        ('raise UsageError(Words(zh="没有", en="there is none"))', []),
        ('raise UsageError(_NONE.filled(command=f"docs-verify run {name} --out here"))', []),
        ('raise UsageError(joined(some, zh=" 或 ", en=" or even "))', []),
        ('raise UsageError(_NONE.filled(name="pears"))', []),
        ('raise AssertionError("it is started first")', []),
    ],
)
def test_a_sentence_in_english_alone_is_seen(source: str, found: list[str]) -> None:
    assert alone(source) == found


def test_no_sentence_is_raised_in_english_alone() -> None:
    files = [*(PROJECT / "verify").rglob("*.py")]
    ours = [one for one in files if "probes" not in one.parts]  # these only we listen to
    assert len(ours) > 400
    found = {
        str(one.relative_to(PROJECT)): said
        for one in ours
        if (said := alone(one.read_text(encoding="utf-8")))
    }
    assert found == {}
