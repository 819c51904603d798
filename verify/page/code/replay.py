"""What the code of a page does, as far as reading can tell: which calls, with which values.

Cells are read in order. Names are followed to constants, to calls and to the page's own functions
and classes, whose bodies are read with the arguments that they are given; so the call of a training
leads to the model that is trained. Whatever depends on a run is UNKNOWN.
"""

import ast
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from verify.page.code.parsing import tree_of
from verify.page.code.values import UNKNOWN, Call, Imported, Own, Part, Scope, Text
from verify.page.model import Block

# Of one page; a page that goes on calling itself is not worth more.
_STEPS = 40_000
_DEPTH = 8
_FEW = 8
_VIEWS = ("items", "keys", "values")
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
}


@dataclass
class Replay:
    """Reads the cells of a page.

    `calls` come in order. `values` are what each cell ends with, where its last statement is an
    expression; `prints` are the calls of print that each cell is certain to make.
    """

    scope: Scope = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    values: dict[int, object] = field(default_factory=dict)
    prints: dict[int, list[Call]] = field(default_factory=dict)
    steps: int = 0
    _cell: int = 0
    _depth: int = 0
    _loops: int = 0
    _returned: list[object] = field(default_factory=list)

    def cell(self, code: Block) -> None:
        """Read one more cell."""
        tree = tree_of(code.python)
        self._cell = code.cell or 0
        for statement in tree.body if tree else ():
            if isinstance(statement, ast.Expr):
                made = self.value(statement.value, self.scope)
                self.values[self._cell] = made
                if isinstance(made, Call) and made.name == "print" and made.on is None:
                    self.prints.setdefault(self._cell, []).append(made)
            else:
                self.values.pop(self._cell, None)
                self.statement(statement, self.scope)

    def run(self, body: Sequence[ast.stmt], scope: Scope) -> None:
        """Read statements in order."""
        for statement in body:
            self.statement(statement, scope)

    def statement(self, node: ast.stmt, scope: Scope) -> None:  # noqa: C901, PLR0912
        """Read one statement."""
        self.steps += 1
        if self.steps > _STEPS:
            return
        match node:
            case ast.Import() | ast.ImportFrom():
                _imports(node, scope)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                scope[name] = Own(node, scope) if not node.decorator_list else UNKNOWN
            case ast.ClassDef(name=name):
                scope[name] = Own(node, scope)
            case ast.Assign(targets=targets, value=value):
                made = self.value(value, scope)
                for target in targets:
                    self.bind(target, made, scope)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.bind(target, self.value(value, scope), scope)
            case ast.AugAssign(target=target, value=value):
                self.value(value, scope)
                self.bind(target, UNKNOWN, scope)
            case ast.Return(value=value):
                self._returned.append(self.value(value, scope) if value else None)
            case ast.If(test=test, body=body, orelse=orelse):
                self.choose(self.value(test, scope), body, orelse, scope)
            case ast.For() | ast.AsyncFor() | ast.While():
                self.loop(node, scope)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for item in items:
                    made = self.value(item.context_expr, scope)
                    if item.optional_vars:
                        self.bind(item.optional_vars, made, scope)
                self.run(body, scope)
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
                self.run([*body, *orelse], scope)
                for name in _assigned([s for handler in handlers for s in handler.body]):
                    scope[name] = UNKNOWN
                self.run(finalbody, scope)
            case ast.Expr(value=value):
                self.value(value, scope)
            case ast.Delete(targets=targets):
                for target in targets:
                    self.bind(target, UNKNOWN, scope)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                scope.update(dict.fromkeys(names, UNKNOWN))
                self.scope.update(dict.fromkeys(names, UNKNOWN))

    def choose(
        self, test: object, body: list[ast.stmt], orelse: list[ast.stmt], scope: Scope
    ) -> None:
        """Read the branch that is taken; both where only a run tells, which leaves names open."""
        if test is None or isinstance(test, bool | int | float | str):
            self.run(body if test else orelse, scope)
            return
        self.run(body, scope)
        self.run(orelse, scope)
        for name in _assigned([*body, *orelse]):
            scope[name] = UNKNOWN

    def loop(self, node: ast.For | ast.AsyncFor | ast.While, scope: Scope) -> None:
        """Read the body for each of a few known elements, else once, which leaves names open."""
        changed = _assigned(node.body)
        if isinstance(node, ast.While):
            self.value(node.test, scope)
        else:
            elements = self.elements(node.iter, scope)
            if elements and not node.orelse and not _jumps(node.body):
                for element in elements:
                    self.bind(node.target, element, scope)
                    self.run(node.body, scope)
                return
            self.bind(node.target, UNKNOWN, scope)
        scope.update(dict.fromkeys(changed, UNKNOWN))
        self._loops += 1
        self.run(node.body, scope)
        self._loops -= 1
        scope.update(dict.fromkeys(changed, UNKNOWN))
        self.run(node.orelse, scope)

    def elements(self, node: ast.expr, scope: Scope) -> list[object]:
        """What a loop goes over, where these are a few known elements."""
        found = self.value(node, scope)
        if isinstance(found, Call) and found.name in _VIEWS and isinstance(found.on, dict):
            items = found.on.items()
            found = [
                {"keys": key, "values": value}.get(found.name, (key, value)) for key, value in items
            ]
        elif isinstance(found, Call) and found.name in ("enumerate", "zip") and found.positional:
            columns = [one for one in found.positional if isinstance(one, list | tuple)]
            if len(columns) == len(found.positional):
                found = (
                    list(enumerate(columns[0]))
                    if found.name == "enumerate"
                    else list(zip(*columns, strict=False))
                )
        known = isinstance(found, list | tuple) and len(found) <= _FEW
        return list(found) if known else []  # type: ignore[call-overload]

    def bind(self, target: ast.expr, value: object, scope: Scope) -> None:
        """Give a name, or several, their value."""
        match target:
            case ast.Name(id=name):
                scope[name] = value
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                known = isinstance(value, tuple | list) and len(value) == len(elements)
                for i, element in enumerate(elements):
                    if known and not isinstance(element, ast.Starred):
                        one = value[i]  # type: ignore[index]
                    else:
                        one = Part(value, i) if isinstance(value, Call | Part) else UNKNOWN
                    self.bind(element, one, scope)
            case ast.Starred(value=inner):
                self.bind(inner, UNKNOWN, scope)
            case ast.Subscript(value=ast.Name(id=name)):
                # A list or dictionary of ours is no longer what it was.
                if isinstance(scope.get(name), list | dict):
                    scope[name] = UNKNOWN
            case ast.Attribute() | ast.Subscript():
                self.value(target.value, scope)

    def value(self, node: ast.expr | None, scope: Scope) -> object:  # noqa: C901, PLR0911, PLR0912
        """What an expression stands for; the calls in it are recorded on the way."""
        self.steps += 1
        if node is None or self.steps > _STEPS:
            return UNKNOWN
        match node:
            case ast.Constant(value=constant):
                return constant
            case ast.Name(id=name):
                return scope.get(name, UNKNOWN)
            case ast.Call():
                return self.call(node, scope)
            case ast.Attribute(value=inner, attr=attribute):
                base = self.value(inner, scope)
                if isinstance(base, Imported):
                    return Imported(f"{base.name}.{attribute}")
                return Part(base, attribute) if isinstance(base, Call | Part) else UNKNOWN
            case ast.Subscript(value=inner, slice=where):
                return _element(self.value(inner, scope), self.value(where, scope))
            case ast.Tuple(elts=elements):
                return tuple(self.value(element, scope) for element in elements)
            case ast.List(elts=elements):
                return [self.value(element, scope) for element in elements]
            case ast.Dict(keys=keys, values=values):
                return self.dictionary(keys, values, scope)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                number = self.value(operand, scope)
                return -number if isinstance(number, int | float) else UNKNOWN
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                told = self.value(operand, scope)
                return not told if told is None or isinstance(told, bool) else UNKNOWN
            case ast.BinOp(left=left, op=op, right=right):
                return _computed(op, self.value(left, scope), self.value(right, scope))
            case ast.JoinedStr():
                return self.text(node, scope)
            case ast.Lambda():
                return Own(node, scope)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                told = self.value(test, scope)
                if told is None or isinstance(told, bool):
                    return self.value(body if told else orelse, scope)
                return UNKNOWN
        return self.others(node, scope)

    def others(self, node: ast.expr, scope: Scope) -> object:
        """Read the parts of what no value is known of, such as a comprehension."""
        inner = {**scope, **dict.fromkeys(_targets(node), UNKNOWN)}
        self._loops += 1
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child, inner)
            elif isinstance(child, ast.comprehension):
                self.value(child.iter, inner)
        self._loops -= 1
        return UNKNOWN

    def text(self, node: ast.JoinedStr, scope: Scope) -> object:
        """An f-string; plain text if all of its values are known."""
        pieces: list[object] = []
        for piece in node.values:
            if isinstance(piece, ast.FormattedValue):
                known = self.value(piece.value, scope)
                plain = piece.conversion == -1 and piece.format_spec is None
                pieces.append(known if plain else UNKNOWN)
            else:
                pieces.append(self.value(piece, scope))
        if all(isinstance(piece, str | int) for piece in pieces):
            return "".join(map(str, pieces))
        return Text(tuple(pieces))

    def dictionary(
        self, keys: list[ast.expr | None], values: list[ast.expr], scope: Scope
    ) -> object:
        """A dictionary whose keys are known."""
        found: dict[object, object] = {}
        for key, value in zip(keys, values, strict=True):
            name, made = self.value(key, scope), self.value(value, scope)
            found[name if isinstance(name, str | int) else f"?{len(found)}"] = made
        return found

    def call(self, node: ast.Call, scope: Scope) -> object:
        """Record a call, and read the page's own function that it calls."""
        positional = tuple(self.value(argument, scope) for argument in node.args)
        keywords = {k.arg or "**": self.value(k.value, scope) for k in node.keywords}
        if isinstance(keywords.get("**"), dict):
            keywords |= {str(k): v for k, v in keywords.pop("**").items()}  # type: ignore[attr-defined]
        on, name, own = self.callee(node.func, scope)
        made = Call(
            name, self._cell, node.lineno - 1, on, positional, keywords, again=self._loops > 0
        )
        self.calls.append(made)
        if isinstance(on, Call):
            on.uses.append(made)
        if own and self._depth < _DEPTH:
            return self.enter(own, made)
        return made

    def callee(self, func: ast.expr, scope: Scope) -> tuple[object, str, Own | None]:
        """What a method is called on, the name of what is called, and the page's own code of it."""
        if isinstance(func, ast.Attribute):
            on = self.value(func.value, scope)
            if isinstance(on, Imported):
                return None, f"{on.name}.{func.attr}", None
            changes = isinstance(on, list | dict) and func.attr not in _VIEWS
            if changes and isinstance(func.value, ast.Name):
                scope[func.value.id] = UNKNOWN
            return on.origin if isinstance(on, Part) else on, func.attr, None
        target = self.value(func, scope)
        if isinstance(target, Own):
            return None, target.name, target
        if isinstance(target, Imported):
            return None, target.name, None
        return None, func.id if isinstance(func, ast.Name) else "", None

    def enter(self, own: Own, made: Call) -> object:
        """Read the body of an own function with its arguments, and give what it returns."""
        started = len(self.calls)
        returned, self._returned = self._returned, []
        self._depth += 1
        cell, node = self._cell, own.node
        if isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name == "__init__":
                    self.run(method.body, _bound(method.args, made, own.scope, method=True))
            result: object = made
        elif isinstance(node, ast.Lambda):
            result = self.value(node.body, _bound(node.args, made, own.scope))
        else:
            self.run(node.body, _bound(node.args, made, own.scope))
            result = self._returned[0] if len(self._returned) == 1 else made
        self._depth -= 1
        self._cell, self._returned = cell, returned
        made.within.extend(self.calls[started:])
        return result


def of_cells(codes: Sequence[Block]) -> Replay:
    """Read the cells of a page in order."""
    replay = Replay()
    for code in codes:
        replay.cell(code)
    return replay


def behind(replay: Replay, value: object) -> list[Call]:
    """All calls that something was made by, the page's own functions handed on included."""
    found: dict[int, Call] = {}
    todo, seen = [value], set()
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        match one:
            case Call():
                found[id(one)] = one
                todo += [one.on, *one.positional, *one.keywords.values(), *one.uses, *one.within]
            case Part():
                todo.append(one.origin)
            case Own() if isinstance(one.node, ast.ClassDef | ast.FunctionDef):
                made = Call(one.name, -1, 0)
                kept, replay.calls = replay.calls, []
                replay.enter(one, made)
                replay.calls = kept
                todo.append(made)
            case list() | tuple():
                todo += one
            case dict():
                todo += one.values()
    return list(found.values())


def _imports(node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            scope[alias.asname or alias.name] = Imported(f"{node.module}.{alias.name}")
        else:
            top = alias.name.split(".")[0]
            scope[alias.asname or top] = Imported(alias.name if alias.asname else top)


def _assigned(body: Sequence[ast.stmt]) -> set[str]:
    """The names that statements change, also in place."""
    return {name for statement in body for name in _targets(statement)}


def _jumps(body: Sequence[ast.stmt]) -> bool:
    """Whether a loop may leave before its end."""
    jumps = (ast.Break, ast.Continue, ast.Return)
    return any(isinstance(node, jumps) for statement in body for node in ast.walk(statement))


def _targets(node: ast.AST) -> Iterator[str]:
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store | ast.Del):
            yield child.id


def _element(base: object, key: object) -> object:
    if isinstance(base, Call | Part):
        return Part(base, key)
    try:
        return base[key]  # type: ignore[index]
    except (TypeError, KeyError, IndexError):
        return UNKNOWN


def _computed(op: ast.operator, left: object, right: object) -> object:
    known = isinstance(left, int | float) and isinstance(right, int | float)
    if not known or type(op) not in _OPERATORS:
        return UNKNOWN
    try:
        return _OPERATORS[type(op)](left, right)
    except (ArithmeticError, ValueError):
        return UNKNOWN


def _bound(arguments: ast.arguments, call: Call, outer: Scope, *, method: bool = False) -> Scope:
    """The scope of an own function's body."""
    scope = dict(outer)
    names = [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]]
    defaults = dict(zip(reversed(names), reversed(arguments.defaults), strict=False))
    defaults |= {
        argument.arg: default
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    }
    names += [argument.arg for argument in arguments.kwonlyargs]
    for name in names:
        default = defaults.get(name)
        scope[name] = default.value if isinstance(default, ast.Constant) else UNKNOWN
    scope.update(zip(names[1:] if method else names, call.positional, strict=False))
    scope.update({name: value for name, value in call.keywords.items() if name in names})
    if "**" in call.keywords:
        scope.update(dict.fromkeys(names, UNKNOWN))
    for extra in (arguments.vararg, arguments.kwarg):
        if extra:
            scope[extra.arg] = UNKNOWN
    return scope
