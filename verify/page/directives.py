"""What the directives of Sphinx, MyST and their common extensions hold: text, code, or neither."""

from verify.page.page import LinkKind

CODE = frozenset({"code", "code-block", "code-cell", "sourcecode"})
PICTURES = frozenset({"image", "figure"})
INCLUDES = frozenset({"include", "literalinclude"})
AUTODOC = frozenset(
    "automodule autoclass autofunction autodata automethod autoexception autoattribute".split()
)
# Directives whose anchors only a build can tell, for it makes them of code.
_GENERATE = (
    "auto",
    "click",
    "argparse",
    "program-output",
    "typer",
    "openapi",
    "doxygen",
    "jsonschema",
    "pydantic",
    "swagger",
    "exec",
    "jinja",
    "datatemplate",
    "needs",
)
# Roles that refer, each with the kind of what it refers to.
REFERENCES = {
    "doc": LinkKind.DOCUMENT,
    "ref": LinkKind.LABEL,
    "numref": LinkKind.LABEL,
    "download": LinkKind.FILE,
}
# Containers of text, beside those that docutils itself has.
_CONTAINERS = frozenset(
    (
        # docutils, for Markdown, which has no reader of them
        "admonition attention caution danger error hint important note tip warning topic sidebar "
        "epigraph highlights pull-quote compound container class rst-class list-table table "
        # Sphinx
        "seealso versionadded versionchanged versionremoved deprecated only hlist rubric centered "
        "todo glossary describe object confval option envvar cmdoption program "
        # sphinx-design, sphinx-tabs, sphinx-panels, MyST and Jupyter Book
        "grid grid-item grid-item-card card card-carousel tab-set tab-item tabs tab group-tab "
        "dropdown details toggle div margin aside figure-md subfigure "
        # sphinx-proof, sphinx-exercise
        "proof prf theorem lemma definition corollary proposition example remark conjecture "
        "algorithm axiom criterion property observation assumption exercise solution "
        "exercise-start exercise-end solution-start solution-end"
    ).split()
)
# What a domain describes, each with more text inside.
_DESCRIPTIONS = frozenset(
    "function class method staticmethod classmethod attribute property data module currentmodule "
    "exception decorator decoratormethod type var macro struct union enum enumerator member "
    "concept option directive role tab".split()
)


# Those of Sphinx that describe an object without naming a domain.
_OBJECTS = frozenset(
    "describe object confval option envvar cmdoption program function class method".split()
)


# The others of Sphinx's own.
_OTHERS = frozenset(
    "toctree index highlight default-domain default-role tabularcolumns productionlist acks "
    "codeauthor sectionauthor moduleauthor autosummary graphviz digraph graph meta".split()
)


def well_known() -> frozenset[str]:
    """The directives of docutils, Sphinx and common extensions that authors write by heart."""
    return _CONTAINERS | CODE | PICTURES | INCLUDES | AUTODOC | _OTHERS


def of_reference(role: str) -> LinkKind | None:
    """What a role refers to in this documentation; None if to nothing, or to another project."""
    prefix, _, name = role.rpartition(":")
    return None if prefix.startswith("external") else REFERENCES.get(name)


def holds_text(name: str) -> bool:
    """Whether the content of a directive is more text; a domain's holds a description."""
    domain, _, kind = name.rpartition(":")
    if domain:
        return kind in _DESCRIPTIONS
    return not name.startswith("code") and not _CONTAINERS.isdisjoint((name, *name.split("-")))


def describes(name: str) -> bool:
    """Whether a directive describes an object, as those of a domain do."""
    return name in _OBJECTS


def generates(name: str) -> bool:
    """Whether what a directive puts in its place is made of code."""
    return name.rpartition(":")[2].startswith(_GENERATE)
