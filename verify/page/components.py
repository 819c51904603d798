"""Tags in Markdown that are no HTML, but components of a builder, which reads Markdown in them."""

import re

from markdown_it.common.html_blocks import block_names

_TAG_ALONE = re.compile(r"^[ \t]*</?([A-Za-z][\w.-]*)(?:\s[^<>\n]*)?>[ \t]*$", re.MULTILINE)
# Elements of HTML: those that begin a block, and those within a line.
_HTML_NAMES = frozenset(block_names) | frozenset(
    "a abbr audio b bdi bdo br button canvas cite code data del dfn em embed font i img input ins "
    "kbd label map mark math meter object output picture pre progress q rp rt ruby s samp script "
    "select slot small span strike strong style sub sup svg template textarea time tt u var video "
    "wbr".split()
)


def inside(html: str) -> str:
    """What stands between tags on lines of their own that are no HTML, but a builder's components.

    Such a builder reads Markdown there: https://mdxjs.com/docs/what-is-mdx/
    """
    found = _TAG_ALONE.match(html)
    if not found or found[1].lower() in _HTML_NAMES:
        return ""
    kept = (
        "" if (tag := _TAG_ALONE.match(line)) and tag[1].lower() not in _HTML_NAMES else line
        for line in html.split("\n")
    )
    text = "\n".join(kept)
    return text if text.strip() else ""
