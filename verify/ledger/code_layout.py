"""Rewritten code in the layout of the original: line breaks, indents and trailing commas stay."""

import ast
import difflib
import io
import tokenize
from dataclasses import dataclass
from itertools import accumulate

_SAYING_NOTHING = (tokenize.NL, tokenize.COMMENT, tokenize.DEDENT, tokenize.ENDMARKER)
_CLOSING = (")", "]", "}")


def kept(old: str, new: str) -> str:
    """The new code, written as the old one wherever both have the same tokens.

    Where that would say anything else than the new code, it is the new code as it is.
    """
    try:
        transplanted = _transplanted(old, new)
        same = ast.dump(ast.parse(transplanted)) == ast.dump(ast.parse(new))
    except (SyntaxError, tokenize.TokenError):
        return new
    return transplanted if same else new


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int


def _transplanted(old: str, new: str) -> str:
    was, becomes = _tokens(old), _tokens(new)
    matcher = difflib.SequenceMatcher(
        None, [token.text for token in was], [token.text for token in becomes], autojunk=False
    )
    parts, done = [], 0
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        if tag == "replace":
            start, end = was[i1].start, was[i2 - 1].end
            text = new[becomes[j1].start : becomes[j2 - 1].end]
        elif (was[i1:i2] or becomes[j1:j2])[0].text == ",":  # an argument, after another one
            start, end = was[i1 - 1].end, was[i2 - 1].end
            text = new[becomes[j1 - 1].end : becomes[j2 - 1].end]
        else:  # with the space up to what follows
            start, end = was[i1].start, was[i2].start
            text = new[becomes[j1].start : becomes[j2].start]
        parts += [old[done:start], text]
        done = end
    return "".join([*parts, old[done:]])


def _tokens(source: str) -> list[_Token]:
    """The tokens that say something, by their places in the source, and one for its end.

    A comma before a closing bracket mostly does not; where it does, trees will differ.
    """
    begins = [0, *accumulate(map(len, io.StringIO(source)))]
    found = [
        _Token(
            token.string,
            begins[token.start[0] - 1] + token.start[1],
            begins[token.end[0] - 1] + token.end[1],
        )
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in _SAYING_NOTHING and (token.type != tokenize.NEWLINE or token.string)
    ]
    found.append(_Token("", len(source), len(source)))
    return [
        token
        for token, following in zip(found, [*found[1:], found[-1]], strict=True)
        if token.text != "," or following.text not in _CLOSING
    ]
