"""Applying a profile: declared parameters are changed in the syntax tree, never in the text."""

import ast
import copy
from collections.abc import Mapping

import libcst as cst
import nbformat
from jupytext.magics import comment_magic, uncomment_magic

from verify.contract.profiles import Override
from verify.errors import UsageError
from verify.evidence.model import Applied
from verify.page.notebook import Notebook


def apply(
    notebook: Notebook, overrides: list[Override], values: Mapping[str, str]
) -> tuple[nbformat.NotebookNode, list[Applied]]:
    """Return the notebook with every override applied, and the list of places changed.

    Args:
        notebook: the edition to run; it stays as it is.
        overrides: what the profile declares.
        values: what `{name}` stands for in an override's `use`, such as a fixture's path.

    Raises:
        UsageError: an override finds no place in the document.
    """
    node = copy.deepcopy(notebook.node)
    applied: list[Applied] = []
    for cell in notebook.cells:
        if not cell.is_code:
            continue
        try:
            lines = comment_magic(cell.source.split("\n"), language="python")
            tree = cst.parse_module("\n".join(lines))
        except cst.ParserSyntaxError:
            continue  # the run itself shows what is wrong with this cell
        changes: list[Applied] = []
        for override in overrides:
            editor = _Editor(override, values)
            tree = tree.visit(editor)
            changes += [
                Applied(override.parameter, cell.index, cell.step, was, used, override.reason)
                for was, used in editor.changes
            ]
        if changes:
            lines = uncomment_magic(tree.code.split("\n"), language="python")
            node.cells[cell.index].source = "\n".join(lines)
        applied += changes
    for override in overrides:
        if not any(change.parameter == override.parameter for change in applied):
            raise UsageError(
                f"{notebook.path}: the profile changes {_target(override)}, "
                "which no cell contains; correct the override in the contract."
            )
    return node, applied


class _Editor(cst.CSTTransformer):
    """Replaces the literal of one declared parameter wherever it stands."""

    def __init__(self, override: Override, values: Mapping[str, str]) -> None:
        super().__init__()
        self.override = override
        use = override.use
        self.use = repr(use.format_map(values) if isinstance(use, str) else use)
        self.changes: list[tuple[str, str]] = []

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802
        if self.override.call is None or _last_name(original_node.func) != self.override.call:
            return updated_node
        places = self.override.argument or []
        arguments = [
            argument.with_changes(value=self._replacement(argument.value))
            if (argument.keyword.value if argument.keyword else index) in places
            else argument
            for index, argument in enumerate(updated_node.args)
        ]
        return updated_node.with_changes(args=arguments)

    def leave_Assign(  # noqa: N802
        self, original_node: cst.Assign, updated_node: cst.Assign
    ) -> cst.Assign:
        names = [t.target.value for t in original_node.targets if isinstance(t.target, cst.Name)]
        if not set(names).intersection(self.override.assign or []):
            return updated_node
        return updated_node.with_changes(value=self._replacement(updated_node.value))

    def _replacement(self, value: cst.BaseExpression) -> cst.BaseExpression:
        """The override's literal in place of one of the same type; anything else stays.

        A value of the same type is replaced even if it is not the documented one: that it is
        wrong is for the facts to say, and a run must not last for hours because of it.
        """
        written = cst.Module([]).code_for_node(value)
        try:
            # In brackets, as the call has it: the value may go over several lines.
            literal = ast.literal_eval(f"(\n{written}\n)")
        except (ValueError, TypeError):
            return value
        if type(literal) is not type(self.override.documented):
            return value
        self.changes.append((written, self.use))
        return cst.parse_expression(self.use)


def _target(override: Override) -> str:
    return override.call or " or ".join(override.assign or [])


def _last_name(node: cst.BaseExpression) -> str | None:
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else None
