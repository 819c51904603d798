"""What the text of a class or of a function says by itself."""

import ast
from collections.abc import Iterator

from verify.rules.breaks.module_sources import Definition

_GET = ("__getattr__", "__getattribute__")
# A decorator that leaves the function's arguments as they are.
_PLAIN = {
    "staticmethod",
    "classmethod",
    "abstractmethod",
    "property",
    "wraps",
    "lru_cache",
    "cache",
}
_PLAIN |= {"contextmanager", "override", "final", "overload", "setter", "cached_property"}


def are_plain(decorators: list[ast.expr]) -> bool:
    """Whether decorators leave a function's arguments as they are."""
    return all(last_name(one) in _PLAIN for one in decorators)


def defined(node: ast.ClassDef, name: str) -> Definition | None:
    """What a class defines under a name, the last definition of several."""
    found = None
    for one in _statements(node):
        if isinstance(one, Definition) and one.name == name:
            is_setter = any(last_name(each) == "setter" for each in one.decorator_list)
            found = found if is_setter and found else one
    return found


def _statements(node: ast.stmt) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
            if not isinstance(child, Definition):
                yield from _statements(child)


def assigns(node: ast.ClassDef, name: str) -> bool:
    """Whether the body of a class assigns to a name."""
    names = (
        target.id
        for one in _statements(node)
        for target in (
            one.targets
            if isinstance(one, ast.Assign)
            else [one.target]
            if isinstance(one, ast.AnnAssign)
            else []
        )
        if isinstance(target, ast.Name)
    )
    return name in names


def own_attributes(node: ast.ClassDef) -> set[str]:
    """What the methods of a class put into their instance."""
    return {
        one.attr
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute)
        and isinstance(one.ctx, ast.Store)
        and isinstance(one.value, ast.Name)
    }


def takes_any(node: ast.ClassDef) -> bool:
    """Whether instances may have attributes that the text does not name."""
    if any(defined(node, name) for name in _GET):
        return True
    return any(
        (isinstance(one, ast.Name) and one.id in ("setattr", "vars"))
        or (isinstance(one, ast.Attribute) and one.attr == "__dict__")
        for one in ast.walk(node)
    )


def last_name(node: ast.expr) -> str:
    """The last name of what decorates, or of a base."""
    match node:
        case ast.Call(func=func):
            return last_name(func)
        case ast.Subscript(value=value):
            return last_name(value)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""
