"""The values of expressions in a page's code, as far as reading can tell."""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass

from verify.page.code import computing, operators
from verify.page.code.constants import is_constant, is_key
from verify.page.code.operators import SIGNS
from verify.page.code.values import (
    EACH,
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
    Set,
    Spread,
    Text,
    Unknown,
)

# Of one page; a page that goes on calling itself is not worth more.
STEPS = 30_000
_DEEPEST = 60
# How often a loop's body is read, with the loops around it; more often if it only computes.
_ROUNDS = 8
_MANY = 256
# What is known by what made it.
_MADE = Call | Part | Operation | Imported | Own | Text


@dataclass
class Expressions:
    """Evaluates expressions.

    `steps` bounds the time, `_nested` the stack. `_maybe` counts what is around that may not be
    done, `_loops` what may be done again.
    """

    steps: int = 0
    _nested: int = 0
    _loops: int = 0
    _maybe: int = 0
    _rounds: int = 1

    def value(self, node: ast.expr | None, scope: Scope) -> object:
        """What an expression stands for; the calls in it are recorded on the way."""
        self.steps += 1
        if node is None or self.steps > STEPS or self._nested > _DEEPEST:
            return UNKNOWN
        self._nested += 1
        found = self.plain(node, scope)
        self._nested -= 1
        return UNKNOWN if getattr(found, "is_open", False) else found

    def plain(self, node: ast.expr, scope: Scope) -> object:  # noqa: C901, PLR0911, PLR0912
        """The same for what is no operation."""
        match node:
            case ast.Constant(value=constant):
                return constant
            case ast.Name(id=name):
                return _named(name, scope)
            case ast.Call():
                return self.call(node, scope)
            case ast.Attribute(value=inner, attr=attribute):
                return self.attribute(self.value(inner, scope), attribute)
            case ast.Subscript(value=inner, slice=where):
                return _element(self.value(inner, scope), self.value(where, scope))
            case ast.Slice(lower=lower, upper=upper, step=step):
                bounds = (self.value(one, scope) if one else None for one in (lower, upper, step))
                return slice(*bounds)
            case ast.Tuple(elts=elements):
                return tuple(self.elements(elements, scope))
            case ast.List(elts=elements):
                return List(self.elements(elements, scope))
            case ast.Set(elts=elements):
                return _set(list(self.elements(elements, scope)))
            case ast.Dict(keys=keys, values=values):
                return self.dictionary(keys, values, scope)
            case ast.JoinedStr():
                return self.text(node, scope)
            case ast.Lambda():
                return self.define(node, scope)
            case ast.NamedExpr(target=target, value=value):
                made = self.value(value, scope)
                self.bind(target, made, scope)
                return made
            case ast.Starred(value=inner):
                return Spread(self.value(inner, scope))
            case ast.Await(value=inner):
                return self.value(inner, scope)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self.comprehension(node, scope)
        return self.operation(node, scope)

    def operation(self, node: ast.expr, scope: Scope) -> object:  # noqa: PLR0911
        """What an operator makes of its operands."""
        match node:
            case ast.UnaryOp(op=op, operand=operand):
                one = self.value(operand, scope)
                return _made(SIGNS[type(op)], operators.unary(op, one), one)
            case ast.BinOp(left=left, op=op, right=right):
                one, other = self.value(left, scope), self.value(right, scope)
                return _made(SIGNS[type(op)], operators.binary(op, one, other), one, other)
            case ast.Compare(left=left, ops=ops, comparators=others):
                values = [self.value(each, scope) for each in (left, *others)]
                told = list(map(operators.compared, ops, values, values[1:]))
                certain = False in told or all(isinstance(each, bool) for each in told)
                all_of = all(map(bool, told)) if certain else UNKNOWN
                return _made(" ".join(SIGNS[type(op)] for op in ops), all_of, *values)
            case ast.BoolOp(op=op, values=operands):
                return self.either(op, operands, scope)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                decides = self.value(test, scope)
                if is_constant(decides):
                    return self.value(body if decides else orelse, scope)
                self._maybe += 1
                ways = [self.value(each, scope) for each in (body, orelse)]
                self._maybe -= 1
                return _made("if", UNKNOWN, decides, *ways)
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self.value(child, scope)
                return UNKNOWN

    def either(self, op: ast.boolop, operands: list[ast.expr], scope: Scope) -> object:
        """What `and` or `or` takes: the first operand that decides."""
        values: list[object] = []
        for operand in operands:
            self._maybe += bool(values)
            one = self.value(operand, scope)
            self._maybe -= bool(values)
            if is_constant(one) and not values and operand is not operands[-1]:
                if bool(one) == isinstance(op, ast.Or):
                    return one
                continue
            values.append(one)
        return values[0] if len(values) == 1 else _made(SIGNS[type(op)], UNKNOWN, *values)

    def elements(self, nodes: list[ast.expr], scope: Scope) -> Iterator[object]:
        """The values of several expressions, some of which may be starred."""
        for node in nodes:
            if isinstance(node, ast.Starred):
                some = self.value(node.value, scope)
                known = computing.elements(some)
                yield from [Spread(some)] if known is None else known
            else:
                yield self.value(node, scope)

    def text(self, node: ast.JoinedStr, scope: Scope) -> object:
        """An f-string; plain text if all of its values are known."""
        pieces: list[object] = []
        for piece in node.values:
            if isinstance(piece, ast.FormattedValue):
                known = self.value(piece.value, scope)
                spec = self.value(piece.format_spec, scope) if piece.format_spec else ""
                told: object = UNKNOWN
                if isinstance(spec, str):
                    told = computing.formatted(known, piece.conversion, spec)
                pieces.append(told if isinstance(told, str) else known)
            else:
                pieces.append(self.value(piece, scope))
        if all(isinstance(piece, str) for piece in pieces):
            whole = "".join(map(str, pieces))
            return whole if is_constant(whole) else UNKNOWN
        return Text(tuple(pieces))

    def dictionary(
        self, keys: list[ast.expr | None], values: list[ast.expr], scope: Scope
    ) -> object:
        """A dictionary."""
        found = Dict()
        for key, value in zip(keys, values, strict=True):
            if key is None:
                more = self.value(value, scope)
                found.update(more if isinstance(more, dict) else {Spread(more): more})
            else:
                found[_key(self.value(key, scope))] = self.value(value, scope)
        return found

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, scope: Scope
    ) -> object:
        """What a comprehension makes, element by element where these are known and few."""
        made: list[object] = []
        sources: list[object] = []
        known = self.each(node, node.generators, dict(scope), made, sources)
        if not known:
            return Operation("each", (*made, *sources))
        if isinstance(node, ast.DictComp):
            return Dict((_key(pair[0]), pair[1]) for pair in made if isinstance(pair, tuple))
        return _set(made) if isinstance(node, ast.SetComp) else List(made)

    def each(
        self,
        node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
        clauses: list[ast.comprehension],
        scope: Scope,
        made: list[object],
        sources: list[object],
    ) -> bool:
        """Read the clauses of a comprehension; whether all that it makes is known."""
        if not clauses:
            parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            values = [self.value(part, scope) for part in parts]
            made.append(tuple(values) if len(values) > 1 else values[0])
            return True
        whole = self.value(clauses[0].iter, scope)
        sources.append(whole)
        elements = self.rounds(whole, node)
        certain = elements is not None
        outer = self._loops, self._rounds, self._maybe
        if elements is None:
            elements = [any_of(whole)]
            self._loops += 1
            self._maybe += 1
        self._rounds *= max(len(elements), 1)
        for element in elements:
            self.bind(clauses[0].target, element, scope)
            told = [self.value(test, scope) for test in clauses[0].ifs]
            if any(is_constant(one) and not one for one in told) and certain:
                continue
            certain &= all(map(is_constant, told))
            certain &= self.each(node, clauses[1:], scope, made, sources)
        self._loops, self._rounds, self._maybe = outer
        return certain

    def rounds(self, whole: object, *body: ast.AST) -> list[object] | None:
        """The elements that a loop goes through one by one; None if it is read once for any."""
        most = _ROUNDS if any(map(_states, body)) else _MANY
        return computing.elements(whole, most // self._rounds)

    def attribute(self, base: object, name: str) -> object:
        """An attribute of something."""
        match base:
            case Imported():
                return Imported(f"{base.name}.{name}")
            case Call(attributes=known) if name in known:
                return known[name]
            case Call(own=Own() as own) if (found := own.member(name)) is not None:
                is_method = isinstance(found, Own) and found.owner is not None
                return Part(base, name, is_attribute=True) if is_method else found
            case Call() | Part() | Operation() | Own():
                return Part(base, name, is_attribute=True)
        return UNKNOWN

    def call(self, node: ast.Call, scope: Scope) -> object:
        """What a call makes."""
        raise NotImplementedError

    def define(self, node: ast.Lambda, scope: Scope) -> object:
        """A function without a name."""
        raise NotImplementedError

    def bind(self, target: ast.expr, value: object, scope: Scope) -> None:
        """Give a name, or several, their value."""
        raise NotImplementedError


def any_of(whole: object) -> object:
    """Any element of something, as a loop's body sees it."""
    match whole:
        case Unknown():
            return UNKNOWN
        case Call(name="zip", callee=Builtin(), positional=columns):
            return tuple(map(any_of, columns))
        case Call(name="enumerate", callee=Builtin(), positional=(inner, *_)):
            return (Part(Part(whole, EACH), 0), any_of(inner))
    return Part(whole, EACH)


def _states(body: ast.AST) -> bool:
    """Whether something of the page's, or of another package, is called or set."""
    for node in ast.walk(body):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name not in computing.BUILTINS:
                return True
            case ast.Call(func=ast.Attribute(attr=name)) if name not in computing.METHODS:
                return True
            case ast.Attribute(ctx=ast.Store()):
                return True
    return False


def _named(name: str, scope: Scope) -> object:
    if name in scope:
        return scope[name]
    return Builtin(name) if hasattr(builtins, name) and "*" not in scope else UNKNOWN


def _made(name: str, value: object, *operands: object) -> object:
    """The value of an operation, or else what is known of it."""
    unknown = value is UNKNOWN
    if unknown and not all(map(is_constant, operands)):
        return UNKNOWN if all(one is UNKNOWN for one in operands) else Operation(name, operands)
    return value


def _element(base: object, key: object) -> object:
    found = computing.element(base, key)
    if found is not UNKNOWN:
        return found
    return Part(base, key) if isinstance(base, _MADE) else UNKNOWN


def _key(value: object) -> object:
    """A value as a dictionary's key; what is open, or cannot be one, is a key of its own."""
    parts = value if isinstance(value, tuple) else (value,)
    return value if all(isinstance(one, _MADE) or is_key(one) for one in parts) else Unknown()


def _set(values: list[object]) -> object:
    known = all(map(is_key, values))
    return Set(values) if known else Operation("set", tuple(values))
