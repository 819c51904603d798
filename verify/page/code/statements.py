"""Follows the statements of a page's code: definitions, branches, loops, assignments."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verify.page.code import computing, operators
from verify.page.code.calls import Calls
from verify.page.code.constants import is_constant, is_key
from verify.page.code.expressions import STEPS, any_of
from verify.page.code.functions import same
from verify.page.code.operators import SIGNS
from verify.page.code.values import (
    UNKNOWN,
    Builtin,
    Call,
    Dict,
    Imported,
    List,
    Operation,
    Own,
    Part,
    Scope,
)

_DEEPEST = 40


@dataclass
class Statements(Calls):
    """Reads statements; where only a run tells which way they go, each way, and names are open."""

    _blocks: int = 0

    def run(self, body: Sequence[ast.stmt], scope: Scope) -> bool:
        """Read statements in order; whether none can follow, because they return or raise."""
        if self._blocks > _DEEPEST:
            scope.update(dict.fromkeys(_assigned(body), UNKNOWN))
            return False
        self._blocks += 1
        ended = any(self.statement(statement, scope) for statement in body)
        self._blocks -= 1
        return ended

    def statement(self, node: ast.stmt, scope: Scope) -> bool:  # noqa: C901, PLR0911, PLR0912
        """Read one statement; whether none can follow."""
        self.steps += 1
        if self.steps > STEPS:
            return False
        match node:
            case ast.Import() | ast.ImportFrom():
                _imports(node, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                scope[node.name] = self.defined(node, scope)
            case ast.Assign(targets=targets, value=value):
                made = self.value(value, scope)
                for target in targets:
                    self.assign(target, value, made, scope)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.assign(target, value, self.value(value, scope), scope)
            case ast.AugAssign(target=target, op=op, value=value):
                self.bind(target, self.counted(target, op, value, scope), scope)
            case ast.Return(value=value):
                if value:
                    self.returns(self.value(value, scope))
                else:
                    self._returned.append(None)
                return True
            case ast.Raise():
                self.children(node, scope)
                return True
            case ast.If(test=test, body=body, orelse=orelse):
                told = self.value(test, scope)
                if is_constant(told):
                    return self.run(body if told else orelse, scope)
                return self.branches([body, orelse], scope)
            case ast.For() | ast.AsyncFor() | ast.While():
                return self.loop(node, scope)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for item in items:
                    made = self.value(item.context_expr, scope)
                    if item.optional_vars:
                        self.bind(item.optional_vars, made, scope)
                return self.run(body, scope)
            case ast.Try():
                return self.attempt(node, scope)
            case ast.Match(subject=subject, cases=cases):
                self.value(subject, scope)
                scope.update(dict.fromkeys(_assigned([case.pattern for case in cases]), UNKNOWN))
                self.branches([*(case.body for case in cases), []], scope)
            case ast.Delete(targets=targets):
                for target in targets:
                    self.bind(target, UNKNOWN, scope)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                scope.update(dict.fromkeys(names, UNKNOWN))
                self.scope.update(dict.fromkeys(names, UNKNOWN))
            case _:
                self.children(node, scope)
        return False

    def children(self, node: ast.AST, scope: Scope) -> None:
        """Read the expressions of a statement that does nothing else."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child, scope)

    # -- definitions -----------------------------------------------------------------

    def define(
        self,
        node: ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef,
        scope: Scope,
        owner: Own | None = None,
    ) -> Own:
        """A function of the page's."""
        arguments = node.args
        names = [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]]
        given = dict(zip(reversed(names), reversed(arguments.defaults), strict=False))
        given |= {
            argument.arg: default
            for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if default is not None
        }
        defaults = {name: self.value(default, scope) for name, default in given.items()}
        own = Own(node, scope, self._cell, dict(scope), defaults, owner)
        self.record.append(own)
        return own

    def defined(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
        scope: Scope,
        owner: Own | None = None,
    ) -> object:
        """What a definition gives its name to, decorators applied."""
        decorators = [self.value(one, scope) for one in node.decorator_list]
        made: object
        if isinstance(node, ast.ClassDef):
            made = own = Own(node, scope, self._cell, bases=tuple(self.elements(node.bases, scope)))
            inner = dict(scope)
            for statement in node.body:
                if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                    inner[statement.name] = self.defined(statement, scope, own)
                else:
                    self.statement(statement, inner)
            own.members.update({k: v for k, v in inner.items() if scope.get(k, self) is not v})
        else:
            made = self.define(node, scope, owner)
        for decorator in reversed(decorators):
            if decorator is UNKNOWN or isinstance(decorator, Builtin):
                made = UNKNOWN
            elif not isinstance(node, ast.ClassDef):
                name = getattr(decorator, "name", "")
                made = self.made(node, decorator, None, name, (made,), {})
        return made

    # -- flow ------------------------------------------------------------------------

    def branches(self, bodies: Sequence[Sequence[ast.stmt]], scope: Scope) -> bool:
        """Read all branches, one of which a run takes; names that differ are open."""
        before, ends = dict(scope), []
        self._maybe += 1
        for body in bodies:
            scope.clear()
            scope.update(before)
            if not self.run(body, scope):
                ends.append(dict(scope))
        self._maybe -= 1
        for name in {name for end in ends for name in end}:
            # Where a name has no value, nothing that follows can use it.
            known = [end[name] for end in ends if name in end]
            alike = all(same(one, known[0]) for one in known)
            scope[name] = known[0] if alike else UNKNOWN
        return not ends

    def loop(self, node: ast.For | ast.AsyncFor | ast.While, scope: Scope) -> bool:
        """Read the body for each of a few known elements, else once, which leaves names open."""
        whole = self.value(node.test if isinstance(node, ast.While) else node.iter, scope)
        if isinstance(node, ast.While):
            if is_constant(whole) and not whole:
                return self.run(node.orelse, scope)
        elif (elements := self.rounds(whole, *node.body)) is not None and not _jumps(node.body):
            outer, self._rounds = self._rounds, self._rounds * max(len(elements), 1)
            for element in elements:
                self.bind(node.target, element, scope)
                self.run(node.body, scope)
            self._rounds = outer
            return self.run(node.orelse, scope)
        changed = _assigned([node])
        known = changed & scope.keys()
        scope.update(dict.fromkeys(changed, UNKNOWN))
        if not isinstance(node, ast.While):
            self.bind(node.target, any_of(whole), scope)
        self._loops += 1
        self._maybe += 1
        self.run(node.body, scope)
        self._loops -= 1
        self._maybe -= 1
        # A name that the loop alone gives a value has the one of its last round.
        scope.update(dict.fromkeys(known, UNKNOWN))
        return self.run(node.orelse, scope)

    def attempt(self, node: ast.Try, scope: Scope) -> bool:
        """Read what is tried, then what is done where it fails."""
        ended = self.run([*node.body, *node.orelse], scope)
        self._maybe += 1
        for handler in node.handlers:
            inner = dict(scope)
            if handler.name:
                inner[handler.name] = UNKNOWN
            ended &= self.run(handler.body, inner)
            scope.update(dict.fromkeys(_assigned(handler.body), UNKNOWN))
        self._maybe -= 1
        return self.run(node.finalbody, scope) or ended

    # -- assignments -----------------------------------------------------------------

    def assign(self, target: ast.expr, node: ast.expr, value: object, scope: Scope) -> None:
        """Give a target its value, and note the constants among them."""
        if isinstance(target, ast.Tuple) and isinstance(node, ast.Tuple | ast.List):
            values = value if isinstance(value, tuple | list) else ()
            if len(values) == len(node.elts) == len(target.elts):
                for one, its_node, its_value in zip(target.elts, node.elts, values, strict=True):
                    self.assign(one, its_node, its_value, scope)
                return
        if isinstance(target, ast.Name) and _is_literal(node):
            self.assigned(target.id, value)
        if isinstance(target, ast.Attribute):
            base = self.value(target.value, scope)
            self.assigned(Part(base, target.attr, is_attribute=True), value)
            self.set_attribute(base, target.attr, value)
        else:
            self.bind(target, value, scope)

    def counted(self, target: ast.expr, op: ast.operator, value: ast.expr, scope: Scope) -> object:
        """What `target op= value` makes of the target."""
        load = {ast.Name: ast.Name, ast.Attribute: ast.Attribute}.get(type(target))
        more = self.value(value, scope)
        was = self.value(target, scope) if load else UNKNOWN
        if isinstance(was, List) and isinstance(op, ast.Add):
            self.change(was, "extend", (more,))
            return UNKNOWN if was.is_open else was
        found = operators.binary(op, was, more)
        made = found is UNKNOWN and not (was is UNKNOWN and more is UNKNOWN)
        return Operation(SIGNS[type(op)], (was, more)) if made else found

    def bind(self, target: ast.expr, value: object, scope: Scope) -> None:
        """Give a name, or several, their value."""
        match target:
            case ast.Name(id=name):
                scope[name] = value
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                known = isinstance(value, tuple | list | str) and len(value) == len(elements)
                starred = any(isinstance(one, ast.Starred) for one in elements)
                for i, element in enumerate(elements):
                    one: object = UNKNOWN
                    if known and not starred:
                        one = value[i]  # type: ignore[index]
                    elif isinstance(value, Call | Part | Operation) and not starred:
                        one = Part(value, i)
                    self.bind(element, one, scope)
            case ast.Starred(value=inner):
                self.bind(inner, UNKNOWN, scope)
            case ast.Subscript(value=whole, slice=where):
                self.set_element(self.value(whole, scope), self.value(where, scope), value)
            case ast.Attribute(value=whole, attr=name):
                self.set_attribute(self.value(whole, scope), name, value)

    def set_element(self, base: object, key: object, value: object) -> None:
        """Put something into a list or a dictionary of the page's."""
        if isinstance(base, List | Dict):
            if self._maybe == 0 and isinstance(base, Dict) and is_key(key):
                base[key] = value
            elif self._maybe == 0 and isinstance(base, List) and type(key) is int:
                if -len(base) <= key < len(base):
                    base[key] = value
            else:
                base.is_open = True

    def set_attribute(self, base: object, name: str, value: object) -> None:
        """Set an attribute of something that a call made."""
        if isinstance(base, Call):
            base.attributes[name] = value if self._maybe == 0 else UNKNOWN


def _imports(node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            scope[alias.asname or alias.name] = Imported(f"{node.module}.{alias.name}")
        else:
            top = alias.name.split(".")[0]
            scope[alias.asname or top] = Imported(alias.name if alias.asname else top)


def _is_literal(node: ast.expr) -> bool:
    """Whether an expression has no names but those of Python's own functions."""
    names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
    return all(name in computing.BUILTINS for name in names)


def _assigned(body: Sequence[ast.AST]) -> set[str]:
    """The names that statements change."""
    return {name for statement in body for name in _targets(statement)}


def _jumps(body: Sequence[ast.stmt]) -> bool:
    """Whether a loop may leave before its end."""
    jumps = (ast.Break, ast.Continue, ast.Return)
    return any(isinstance(node, jumps) for statement in body for node in ast.walk(statement))


def _targets(node: ast.AST) -> Iterator[str]:
    for child in ast.walk(node):
        match child:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
