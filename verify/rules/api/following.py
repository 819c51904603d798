"""Follows the statements of a block in order, and notes what it uses on the way."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from verify.page.page import Block
from verify.rules.api.scope import Scope, all_names, ambiguous, bound, last_name
from verify.rules.api.uses import Arguments, Use, UseKind, UsePlace

# Before the path of what a function of the page returns.
_OWN = "="
_CATCHES_ALL = {"Exception", "BaseException", "*"}
# A condition with one of these asks whether something is there, or which version it is.
_ASKS = {"hasattr", "getattr", "find_spec", "TYPE_CHECKING", "version_info", "Version"}
_LITERALS = {
    ast.List: "builtins:list()",
    ast.ListComp: "builtins:list()",
    ast.Dict: "builtins:dict()",
    ast.DictComp: "builtins:dict()",
    ast.Set: "builtins:set()",
    ast.SetComp: "builtins:set()",
    ast.Tuple: "builtins:tuple()",
    ast.JoinedStr: "builtins:str()",
}
_EXPECTS = {"suppress", "raises", "assertRaises", "assertRaisesRegex"}


def follow(body: list[ast.stmt], code: Block, row: int, scope: Scope) -> list[Use]:
    """The uses in the statements of a block.

    Args:
        body: the statements.
        code: the block.
        row: the row of the block at which they begin.
        scope: what the blocks before have left; it is brought up to date.
    """
    reader = _Reader(code, row, scope, [])
    reader.run(body)
    return reader.found


@dataclass
class _Reader:
    code: Block
    row: int
    scope: Scope
    found: list[Use]
    caught: set[str] = field(default_factory=set)
    within: UsePlace | None = None
    returned: set[str | None] = field(default_factory=set)

    def run(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def place(self, node: ast.stmt | ast.expr | ast.alias) -> UsePlace:
        if self.within:
            return self.within
        first, last = self.row + node.lineno - 1, self.row + (node.end_lineno or node.lineno) - 1
        start, end = (first, node.col_offset), (last, node.end_col_offset or 0)
        is_import = isinstance(node, ast.stmt | ast.alias)
        return UsePlace(self.code, first if is_import else last, start, end)

    def receiver(self, node: ast.Attribute) -> UsePlace | None:
        return None if self.within else self.place(node.value)

    def use(self, use: Use) -> None:
        if not self.caught & {*use.kind.value, *_CATCHES_ALL}:
            self.found.append(use)

    # -- statements ------------------------------------------------------------------

    def statement(self, node: ast.stmt) -> None:  # noqa: C901, PLR0912  # one case a statement
        match node:
            case ast.Import() | ast.ImportFrom():
                self.imports(node)
            case ast.Assign(targets=targets, value=value):
                known = self.value(value)
                for target in targets:
                    self.bind(target, known, value)
            case ast.AnnAssign(target=target, value=value):
                known = self.value(value) if value else None
                self.bind(target, known)
            case ast.AugAssign(target=target, value=value):
                self.value(value)
                self.bind(target, None)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.function(node)
            case ast.ClassDef():
                self.own_class(node)
            case ast.Return(value=value):
                self.returned.add(self.value(value) if value else None)
            case ast.If(test=test, body=body, orelse=orelse):
                self.branch(test, body, orelse)
            case ast.For() | ast.AsyncFor() | ast.While():
                self.loop(node)
            case ast.With() | ast.AsyncWith():
                self.block(node)
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
                self.attempt(body, handlers, orelse)
                self.run(finalbody)
            case ast.Match(subject=subject, cases=cases):
                self.value(subject)
                self.scope.forget(bound(cases))
                for case in cases:
                    self.run(case.body)
                self.scope.forget(bound(cases))
            case ast.Delete(targets=targets):
                self.scope.forget(bound(targets))
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                self.scope.forget(names)
            case _:
                self.children(node)

    def imports(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.split(".")[0]
                self.use(Use(UseKind.MODULE, alias.name, self.place(alias)))
                self.scope.names[alias.asname or top] = alias.name if alias.asname else top
            return
        module = node.module if not node.level and node.module != "__future__" else None
        if module:
            self.use(Use(UseKind.MODULE, module, self.place(node)))
        for alias in node.names:
            path = f"{module}:{alias.name}" if module else None
            if path and alias.name != "*":
                self.use(Use(UseKind.MEMBER, path, self.place(alias), alias.name))
                self.scope.names[alias.asname or alias.name] = path
            else:
                self.scope.forget([alias.asname or alias.name])

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self.value(decorator)
        returned = self.inner(node.args, node.body)
        plain = isinstance(node, ast.FunctionDef) and not node.decorator_list
        self.scope.names[node.name] = f"{_OWN}{returned}" if plain and returned else None

    def inner(self, arguments: ast.arguments, body: list[ast.stmt]) -> str | None:
        """Read a function's body; what it returns, if that is always the same."""
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default:
                self.value(default)
        scope = Scope(self.scope, ambiguous=ambiguous(body))
        scope.forget(bound(body))
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [one for one in (arguments.vararg, arguments.kwarg) if one]
        scope.forget(argument.arg for argument in every)
        reader = _Reader(self.code, self.row, scope, self.found, set(self.caught), self.within)
        reader.run(body)
        return reader.returned.pop() if len(reader.returned) == 1 else None

    def own_class(self, node: ast.ClassDef) -> None:
        for part in (*node.decorator_list, *node.bases, *(one.value for one in node.keywords)):
            self.value(part)
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                self.function(statement)
            elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
                self.value(statement.value)
        self.scope.forget([node.name])

    def branch(self, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> None:
        self.value(test)
        with self.guarded_by(test):
            before = dict(self.scope.names)
            self.run(body)
            after, self.scope.names = self.scope.names, before
            self.run(orelse)
        self.scope.join(after, self.scope.names)

    def loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        self.value(node.test if isinstance(node, ast.While) else node.iter)
        before = dict(self.scope.names)
        self.scope.forget(bound(node.body))
        if not isinstance(node, ast.While):
            self.bind(node.target, None)
        self.run(node.body)
        self.scope.join(before, self.scope.names)
        self.run(node.orelse)

    def block(self, node: ast.With | ast.AsyncWith) -> None:
        expected: set[str] = set()
        for item in node.items:
            known = self.value(item.context_expr)
            if item.optional_vars:
                followed = known and not known.startswith(_OWN)
                self.bind(item.optional_vars, f"{known}.__enter__()" if followed else None)
            if last_name(item.context_expr) in _EXPECTS:
                expected |= all_names(item.context_expr)
        with self.catching(expected):
            self.run(node.body)

    def attempt(
        self, body: list[ast.stmt], handlers: list[ast.ExceptHandler], orelse: list[ast.stmt]
    ) -> None:
        caught: set[str] = set()
        for handler in handlers:
            caught |= all_names(handler.type) if handler.type else _CATCHES_ALL
        before = dict(self.scope.names)
        with self.catching(caught):
            self.run(body)
        self.run(orelse)
        ends = [self.scope.names]
        for handler in handlers:
            self.scope.names = dict(before)
            self.scope.forget(bound(body))
            # The other way, for where the first one fails.
            with self.catching(caught):
                self.run(handler.body)
            ends.append(self.scope.names)
        self.scope.join(*ends)

    @contextmanager
    def catching(self, caught: set[str]) -> Iterator[None]:
        before = self.caught
        self.caught = before | caught
        yield
        self.caught = before

    @contextmanager
    def guarded_by(self, test: ast.expr) -> Iterator[None]:
        words = all_names(test)
        asks = words & _ASKS or any("version" in word.lower() for word in words)
        if "isinstance" in words or "type" in words:
            self.scope.forget(n.id for n in ast.walk(test) if isinstance(n, ast.Name))
        # Which way is taken is for the machine to say; an import on the other one does not matter.
        is_program = "__name__" in words or isinstance(test, ast.Constant)
        one_way = set() if is_program else {"ModuleNotFoundError"}
        with self.catching({"*"} if asks else one_way):
            yield

    # -- expressions -----------------------------------------------------------------

    def bind(self, target: ast.expr, known: str | None, value: ast.expr | None = None) -> None:
        match target:
            case ast.Name(id=name):
                self.scope.names[name] = known
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                values: list[ast.expr] = getattr(value, "elts", [])
                paired = len(values) == len(targets) and not any(
                    isinstance(one, ast.Starred) for one in (*targets, *values)
                )
                paths = [self.peek(one) for one in values] if paired else [None] * len(targets)
                for one, path in zip(targets, paths, strict=True):
                    self.bind(one, path)
            case ast.Starred(value=inner):
                self.bind(inner, None)
            case _:
                self.children(target)

    def peek(self, node: ast.expr) -> str | None:
        """The path of an expression whose uses are known already."""
        return _Reader(self.code, self.row, self.scope, []).value(node)

    def value(self, node: ast.expr) -> str | None:  # noqa: C901  # one case an expression
        """The path of an expression; notes the uses inside it on the way."""
        match node:
            case ast.Name(id=name):
                return self.scope.path(name)
            case ast.Attribute():
                return self.attribute(node)
            case ast.Call():
                return self.call(node)
            case ast.NamedExpr(target=target, value=value):
                known = self.value(value)
                self.bind(target, known)
                return known
            case ast.Await(value=value):
                self.value(value)
            case ast.Yield() | ast.YieldFrom():
                self.children(node)
                self.returned |= {None, _OWN}
            case ast.Lambda(args=arguments, body=body):
                self.inner(arguments, [ast.Expr(body)])
            case ast.IfExp(test=test) | ast.BoolOp(op=ast.And(), values=[test, *_]):
                before = dict(self.scope.names)
                with self.guarded_by(test):
                    self.children(node)
                self.scope.names = before
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self.comprehension(node)
            case ast.Constant(value=str()):
                return "builtins:str()"
            case ast.JoinedStr():
                # Before Python 3.12, what stands inside does not know where it stands.
                outer, self.within = self.within, UsePlace(self.code, self.row + node.lineno - 1)
                self.children(node)
                self.within = outer
            case _:
                self.children(node)
        return next((path for kind, path in _LITERALS.items() if isinstance(node, kind)), None)

    def attribute(self, node: ast.Attribute) -> str | None:
        base = self.value(node.value)
        special = node.attr.startswith("__") and node.attr.endswith("__")
        of_own = base is not None and base.startswith(_OWN)
        if special or of_own or not isinstance(node.ctx, ast.Load):
            return None
        path = f"{base}.{node.attr}" if base else None
        place, receiver = self.place(node), self.receiver(node)
        self.use(Use(UseKind.ATTRIBUTE, path, place, node.attr, receiver=receiver))
        return path

    def call(self, node: ast.Call) -> str | None:
        path = self.value(node.func)
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            self.value(argument)
        if path and path.startswith(_OWN):
            return path.removeprefix(_OWN)
        if path or isinstance(node.func, ast.Attribute):
            name, receiver = "", None
            if isinstance(node.func, ast.Attribute):
                name, receiver = node.func.attr, self.receiver(node.func)
            place, shape = self.place(node.func), Arguments.of(node)
            self.use(Use(UseKind.CALL, path, place, name, shape, receiver))
        return f"{path}()" if path else None

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> None:
        before = dict(self.scope.names)
        for clause in node.generators:
            self.value(clause.iter)
            self.bind(clause.target, None)
            for test in clause.ifs:
                self.value(test)
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        for part in parts:
            self.value(part)
        self.scope.names = before

    def children(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self.statement(child)
            elif isinstance(child, ast.expr):
                self.value(child)
            else:
                self.children(child)
