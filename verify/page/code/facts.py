"""What a document's code states in checkable form: calls, constants, settings.

The code is read, never run. Names are followed through imports and assignments to what they
stand for, so that two editions which name their variables differently state the same facts:
`SecureAggregator(charlie, ...)` reads `SecureAggregator(secretflow.PYU('charlie'), ...)`.
What reading alone cannot know is written `?`.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from verify.page.model import Block, Page

UNKNOWN = "?"
# Stands for any function that the document defines itself: its name is for each edition to choose.
OWN = "<own function>"
# Stands for IPython, which magics and shell lines speak to.
SHELL = "<shell>"


class FactKind(str, Enum):
    """What sort of thing a fact states."""

    CALL = "call"
    CONSTANT = "constant"
    SETTING = "setting"
    RETURN = "return"
    SYNTAX = "syntax"
    QUANTITY = "quantity"
    VERSION = "version"
    LINK = "link"
    NAME = "name"
    METRIC = "metric"
    SHAPE = "shape"
    TYPE = "type"
    KEYS = "keys"
    LIST = "list"
    PROGRESS = "progress"
    DURATION = "duration"


@dataclass(frozen=True)
class Fact:
    """One fact: `target` is what is called or set, `arguments` how, in a canonical order."""

    kind: FactKind
    target: str
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        joined = ", ".join(self.arguments)
        return (
            f"{self.target}({joined})"
            if self.kind is FactKind.CALL
            else f"{self.target} = {joined}"
        )


def of_notebook(page: Page) -> dict[int, tuple[Fact, ...]]:
    """The facts of every code cell, by cell index; later cells know the names of earlier ones."""
    return dict(_of_cells(page.cells))


@lru_cache(maxsize=4)  # one document is asked for each of its steps
def _of_cells(cells: tuple[Block, ...]) -> dict[int, tuple[Fact, ...]]:
    scope = {"get_ipython": SHELL}  # what magics are translated to
    found: dict[int, tuple[Fact, ...]] = {}
    for cell in cells:
        if not cell.runs:
            continue
        try:
            tree = ast.parse(cell.python)
        except SyntaxError as error:
            found[cell.index] = (Fact(FactKind.SYNTAX, "syntax error", (str(error.msg),)),)
            continue
        reader = _Reader(scope)
        reader.run(tree.body)
        found[cell.index] = tuple(reader.facts)
    return found


def imported_modules(page: Page) -> dict[str, int]:
    """The top-level modules that a document imports, each with the first cell that does."""
    found: dict[str, int] = {}
    for cell in page.cells:
        if not cell.runs:
            continue
        try:
            tree = ast.parse(cell.python)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                found.setdefault(name.split(".")[0], cell.index)
    return found


@dataclass
class _Reader:
    """Follows statements in order; `scope` maps each known name to its canonical value."""

    scope: dict[str, str]
    facts: list[Fact] = field(default_factory=list)

    def run(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Import() | ast.ImportFrom():
                self.imports(node)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self.assign(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.assign(target, value)
            case ast.AugAssign(target=target, value=value):
                self.value(value)
                self.bind(target, UNKNOWN)
            case ast.Return(value=ast.expr() as value):
                self.returned(self.value(value))
            case ast.For() | ast.With():
                self.block(node)
            case ast.FunctionDef(name=name, args=arguments, body=body):
                self.function(name, arguments, body)
            case _:
                self.visit_children(node)

    def imports(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if isinstance(node, ast.ImportFrom):
                self.scope[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            else:
                top = alias.name.split(".")[0]
                self.scope[alias.asname or top] = alias.name if alias.asname else top

    def block(self, node: ast.For | ast.With) -> None:
        if isinstance(node, ast.For):
            element = self.value(node.iter)
            self.bind(node.target, UNKNOWN if element == UNKNOWN else f"{element}[]")
            self.run(node.body + node.orelse)
            return
        for item in node.items:
            self.value(item.context_expr)
            if item.optional_vars:
                self.bind(item.optional_vars, UNKNOWN)
        self.run(node.body)

    def visit_children(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self.statement(child)
            elif isinstance(child, ast.expr):
                self.value(child)
            else:
                self.visit_children(child)

    def returned(self, value: str) -> None:
        if value not in (UNKNOWN, OWN):
            self.facts.append(Fact(FactKind.RETURN, "return", (value,)))

    def function(self, name: str, arguments: ast.arguments, body: list[ast.stmt]) -> None:
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        inner = dict(self.scope) | {argument.arg: UNKNOWN for argument in every}
        _Reader(inner, self.facts).run(body)
        self.scope[name] = OWN

    def assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, its_value in zip(target.elts, value.elts, strict=False):
                self.assign(one, its_value)
            return
        known = self.value(value)
        number = value.operand if isinstance(value, ast.UnaryOp) else value
        literal = isinstance(number, ast.Constant) and known != UNKNOWN
        if isinstance(target, ast.Attribute) and literal:
            setting = f"{self.value(target.value)}.{target.attr}"
            self.facts.append(Fact(FactKind.SETTING, setting, (known,)))
        elif isinstance(target, ast.Name) and literal:
            self.facts.append(Fact(FactKind.CONSTANT, target.id, (known,)))
        self.bind(target, known)

    def bind(self, target: ast.expr, value: str) -> None:
        match target:
            case ast.Name(id=name):
                self.scope[name] = value
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                for element in elements:
                    self.bind(element, UNKNOWN)

    def value(self, node: ast.expr) -> str:
        """Canonical text of an expression; records the calls inside it on the way."""
        match node:
            case ast.Constant(value=constant):
                known = repr(constant)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=constant)):
                known = f"-{constant!r}"
            case ast.Name(id=name):
                known = self.scope.get(name, UNKNOWN)
            case ast.Call():
                known = self.call(node)
            case ast.Attribute() | ast.Subscript():
                known = self.part(node)
            case ast.List() | ast.Tuple() | ast.Dict():
                known = self.collection(node)
            case _:
                self.visit_children(node)
                known = UNKNOWN
        return known

    def part(self, node: ast.Attribute | ast.Subscript) -> str:
        base = self.value(node.value)
        if isinstance(node, ast.Attribute):
            return UNKNOWN if base == UNKNOWN else f"{base}.{node.attr}"
        if isinstance(node.slice, ast.Slice):
            bounds = [node.slice.lower, node.slice.upper]
            bounds += [node.slice.step] if node.slice.step else []
            where = ":".join(self.value(bound) if bound else "" for bound in bounds)
        else:
            where = self.value(node.slice)
        return UNKNOWN if UNKNOWN in (base, where) else f"{base}[{where}]"

    def collection(self, node: ast.List | ast.Tuple | ast.Dict) -> str:
        if isinstance(node, ast.Dict):
            return f"{{{', '.join(self.items(node.keys, node.values))}}}"
        elements = ", ".join(map(self.value, node.elts))
        return f"[{elements}]" if isinstance(node, ast.List) else f"({elements})"

    def items(self, keys: list[ast.expr | None], values: list[ast.expr]) -> Iterator[str]:
        for key, value in zip(keys, values, strict=True):
            yield f"{self.value(key) if key else '**'}: {self.value(value)}"

    def call(self, node: ast.Call) -> str:
        target = self.value(node.func)
        positional = [self.value(argument) for argument in node.args]
        named = [(keyword.arg or "**", self.value(keyword.value)) for keyword in node.keywords]
        if target == OWN:
            # Their parameters, too, are for each edition to name.
            if values := sorted([*positional, *(value for _, value in named)]):
                self.facts.append(Fact(FactKind.CALL, OWN, tuple(values)))
            return UNKNOWN
        if target.startswith(SHELL) and not target.endswith(".run_line_magic"):
            return target  # a shell line would be a line of code among the facts
        # Builtins, and methods of literal strings.
        if "." not in target or target[0] in "'\"":
            return UNKNOWN
        arguments = (*positional, *sorted(f"{name}={value}" for name, value in named))
        self.facts.append(Fact(FactKind.CALL, target, arguments))
        if all(argument[:1] in "'\"-0123456789" for argument in arguments):
            return f"{target}({', '.join(arguments)})"
        return f"{target}()"
