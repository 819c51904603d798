"""Nothing that strangers wrote acts on GitHub: checked by rendering the Markdown as it does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from verify.report import harmless

HOSTILE = [
    "see @somebody and @org/team",
    "closes #12, fixes GH-7 and org/repo#8",
    "https://evil.example/x and www.evil.example",
    "<img src=x onerror=alert(1)> &lt;b&gt; <!-- -->",
    "[click](https://evil.example) ![p](https://evil.example/p.png)",
    "`code` **bold** _em_ ~~gone~~ $x^2$ :rocket: | a | b |",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "```\nfence\n```",
    "line\n\n| a |\n|---|\n| b |",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \u202egnp.exe",
    "\\<b> \\@a \\`x\\`",
]
# What GitHub acts upon in the text that it has rendered.
ACTS = re.compile(r"(?<!\w)@\w|#\d|\bGH-\d|://|\bwww\.|:[\w+-]+:", re.IGNORECASE)

github = MarkdownIt("gfm-like", {"linkify": True, "html": True})


def rendered(markdown: str) -> tuple[set[str], str]:
    """The kinds of elements in a text, and what of it is read."""
    inline = [child for token in github.parse(markdown) for child in token.children or []]
    kinds = {token.type for token in github.parse(markdown)} | {token.type for token in inline}
    return kinds, "".join(token.content for token in inline)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_line_becomes_plain_words(text: str) -> None:
    kinds, read = rendered(f"It says {harmless.inline(text)}")
    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "text"}
    assert not ACTS.search(read)


@pytest.mark.parametrize("text", HOSTILE)
def test_it_stays_one_cell_of_a_table_and_one_item_of_a_list(text: str) -> None:
    table = f"| a | b |\n|---|---|\n| {harmless.inline(text)} | x |"
    cells = [token for token in github.parse(table) if token.type == "td_open"]
    assert len(cells) == 2
    kinds, _ = rendered(f"- {harmless.inline(text)}")
    assert not kinds & {"heading_open", "blockquote_open", "fence", "ordered_list_open"}


@pytest.mark.parametrize("text", ["1.11.0b1 or earlier", "2. Then", "3) Last", "-1", "> 0"])
def test_what_could_begin_a_line_is_read_as_it_is(text: str) -> None:
    kinds, read = rendered(harmless.inline(text))
    assert (kinds & {"ordered_list_open", "bullet_list_open", "blockquote_open"}, read) == (
        set(),
        text,
    )


@given(st.text())
def test_whatever_is_said_becomes_no_markup(text: str) -> None:
    kinds, read = rendered(f"It says {harmless.inline(text)}.")
    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "text", "text_special"}
    assert not ACTS.search(read)


@pytest.mark.parametrize(
    "text", ["loss 0.1 (0.05 to 0.15), 3 of 5", "a.b(c=1)", "'x' isn't \"y\"", "精度 0.66"]
)
def test_harmless_words_are_read_as_they_are(text: str) -> None:
    assert rendered(harmless.inline(text))[1] == text


@pytest.mark.parametrize("text", ["1.11.0b1", "12) pears", "3 pears", "+ more", "7"])
def test_numbers_at_the_beginning_are_read_as_they_are(text: str) -> None:
    kinds, read = rendered(harmless.inline(text))
    assert read == text
    assert not kinds & {"ordered_list_open", "bullet_list_open"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "/root/.cache/e/lib/python3.10/site-packages/pears/tree.py:7",
            "…/site-packages/pears/tree.py:7",
        ),
        ("'/home/anna/trees/pear.csv' is empty", "'…/pear.csv' is empty"),
        ("kept in /tmp/grown-1/pear.pt, twice", "kept in …/pear.pt, twice"),
        ("<Tree object at 0x7f4d5c3ad4b0>", "<Tree object at 0x…>"),
        ("(Gardener(alice) pid=123) digs", "(Gardener(alice)) digs"),
        ("died (pid=12, ip=10.0.0.3)", "died ()"),
    ],
)
def test_nothing_of_a_machine_is_told(text: str, shown: str) -> None:
    assert harmless.plain(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/home/anna/pear.csv",
        "gs://orchard/tmp/pear",
        "data/tmp/pear.csv",
        "start it on 192.168.0.10:9001",
        "mask 0xdeadbeef99",
        "connect(ip=address, pid=number)",
        "kept in /data/pear.csv",
    ],
)
def test_what_a_page_says_itself_stays(text: str) -> None:
    assert harmless.plain(text) == text
