"""Values as canonical text: what is the same reads the same, and `?` stands for what is unknown."""

import re

from verify.page.code.values import (
    Builtin,
    Call,
    Each,
    Imported,
    Operation,
    Own,
    Part,
    Spread,
    Text,
    Unknown,
)

UNKNOWN = "?"
# Stands for any function that the document defines itself: its name is for each edition to choose.
OWN = "<own function>"
OWN_CLASS = "<own class>"
# Stands for IPython, which magics and shell lines speak to.
SHELL = "<shell>"

# A text is not worth more; an expression can double with each line of a page.
_LONGEST = 20_000
_DEEPEST = 40
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_TOKEN = re.compile(rf"{_QUOTED.pattern}|\w+|[^\w\s]")
_WORDS = {"and", "or", "in", "not in", "is", "is not", "not"}
_PLAIN = "'\"-0123456789"


def is_unknown(text: str) -> bool:
    """Whether something in a canonical text is unknown, which a `?` in a literal is not."""
    return UNKNOWN in text and UNKNOWN in _QUOTED.sub("", text)


def tokens(text: str) -> list[str]:
    """The parts of a canonical text: literals, words, signs, and `?` for each unknown."""
    return _TOKEN.findall(text)


def of(value: object) -> str:
    """The canonical text of a value."""
    return _Writer().text(value, 0)


def arguments_of(call: Call) -> tuple[str, ...]:
    """The canonical texts of a call's arguments: those with a name by their names."""
    named = sorted(f"{name}={of(value)}" for name, value in call.keywords.items())
    return (*map(of, call.positional), *named)


class _Writer:
    def __init__(self) -> None:
        self.left = _LONGEST

    def text(self, value: object, depth: int) -> str:
        self.left -= 1
        if self.left < 0 or depth > _DEEPEST or getattr(value, "is_open", False):
            return UNKNOWN
        written = self.written(value, depth + 1)
        if not isinstance(value, list | tuple | dict | set | frozenset):
            self.left -= len(written)
        return written

    def written(self, value: object, depth: int) -> str:  # noqa: PLR0911  # one case a kind
        match value:
            case Unknown() | Text() | Operation() | Spread() | Call() | Part():
                return self.made(value, depth)
            case Imported(name=name) | Builtin(name=name):
                return name
            case Own():
                return OWN_CLASS if value.is_class else OWN
            case Each():
                return ""
            case list():
                return f"[{self.joined(value, depth)}]"
            case tuple():
                return f"({self.joined(value, depth)}{',' if len(value) == 1 else ''})"
            case set() | frozenset():
                elements = ", ".join(sorted(self.text(one, depth) for one in value))
                written = f"{{{elements}}}" if value else "set()"
                return written if isinstance(value, set) else f"frozenset({written})"
            case dict():
                items = (
                    f"{'**' if isinstance(key, Spread) else self.text(key, depth)}: "
                    f"{self.text(one, depth)}"
                    for key, one in value.items()
                )
                return f"{{{', '.join(items)}}}"
            case slice():
                bounds = [value.start, value.stop, *([] if value.step is None else [value.step])]
                return ":".join("" if one is None else self.text(one, depth) for one in bounds)
        return repr(value)

    def made(self, value: object, depth: int) -> str:  # noqa: PLR0911  # one case a kind
        match value:
            case Spread(of=inner):
                return f"*{self.text(inner, depth)}"
            case Text(pieces=pieces):
                return f"text({self.joined(pieces, depth)})"
            case Operation(name=name, operands=operands):
                written = [self.text(one, depth) for one in operands]
                if name[:1].isalpha() and name not in _WORDS:
                    return f"{name}({', '.join(written)})"
                return f"({f' {name} '.join(written) if written[1:] else f'{name} {written[0]}'})"
            case Part(of=whole, key=key, is_attribute=is_attribute):
                base = self.text(whole, depth)
                if base == UNKNOWN:
                    return UNKNOWN
                return f"{base}.{key}" if is_attribute else f"{base}[{self.text(key, depth)}]"
            case Call():
                return self.call(value, depth)
        return UNKNOWN

    def call(self, call: Call, depth: int) -> str:
        if call.own:
            return f"{OWN_CLASS}()" if call.own.is_class else UNKNOWN
        target = self.text(call.callee, depth)
        if target == UNKNOWN:
            return UNKNOWN
        if target.startswith(SHELL):
            return target  # a shell line would be a line of code among the facts
        texts = [self.text(one, depth) for one in call.positional]
        if not call.is_stated:
            texts += (f"{name}={self.text(v, depth)}" for name, v in sorted(call.keywords.items()))
            return f"{target}({', '.join(texts)})"
        # Its arguments are stated where it is; plain ones tell one thing from another.
        plain = not call.keywords and all(text[:1] in _PLAIN for text in texts)
        return f"{target}({', '.join(texts)})" if plain else f"{target}()"

    def joined(self, values: "list[object] | tuple[object, ...]", depth: int) -> str:
        return ", ".join(self.text(one, depth) for one in values)
