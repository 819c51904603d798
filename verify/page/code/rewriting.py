"""Code rewritten in its syntax tree, through ast-grep: all that is not named stays as it is."""

from functools import lru_cache

from ast_grep_py import Edit, SgNode, SgRoot


def root_of(source: str) -> SgNode:
    """The syntax tree of Python, in which places are found."""
    return SgRoot(source.encode(errors="replace").decode(), "python").root()


@lru_cache(maxsize=1024)  # a cell is looked at for the key of its run, and again for the run
def commented(source: str) -> str:
    """The source of a cell with its magics as comments, for they are no Python."""
    from jupytext.magics import comment_magic  # noqa: PLC0415  # takes long, and few runs need it

    return "\n".join(comment_magic(source.split("\n"), language="python"))


def uncommented(source: str) -> str:
    """The source with the magics that `commented` has hidden."""
    from jupytext.magics import uncomment_magic  # noqa: PLC0415  # as above

    return "\n".join(uncomment_magic(source.split("\n"), language="python"))


def rewritten(source: str, edits: list[Edit]) -> str:
    """The source after edits of places in it."""
    root = root_of(source)
    at = root.range()  # from its first to its last word
    return source[: at.start.index] + root.commit_edits(edits) + source[at.end.index :]
