"""Catalogues of translations (.po): a sentence and its translation change together.

Sphinx finds a translation by the sentence that it belongs to: one that a repair words anew is shown
untranslated until its catalogue has the new words.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import polib

from verify.errors import UsageError
from verify.ledger.erratum import Edit
from verify.repairs.notebook_file import common_ends
from verify.system.words import Words

SUFFIX = ".po"
_FOLDERS = ("locales", "locale")
_MESSAGES = "LC_MESSAGES"
_FIELD = re.compile(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+"(.*)"\s*')
_MORE = re.compile(r'\s*"(.*)"\s*')
# What typesetting makes of a text: spaces that are wrapped, other quotation marks.
_LOOSE = (
    (re.compile(r"(?:\\?\s)+"), r"\\s+"),
    (re.compile("['\u2018\u2019]"), "['\u2018\u2019]"),
    (re.compile('["\u201c\u201d]'), '["\u201c\u201d]'),
)
_NO_LETTER = re.compile(r"[\W_]+")
_ROLE = re.compile(r":\w+:(?=`)")
_LINK = re.compile(r"\[([^\]]*)\]\(([^()\s]+)\)")


@dataclass
class _Field:
    """One string of an entry: the keyword's line, and the parts of its text by their lines."""

    name: str
    line: int
    parts: dict[int, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "".join(self.parts.values())


@dataclass(frozen=True)
class TranslatedProse:
    """A piece of a page before and after the edits that a repair makes in it."""

    before: str
    after: str
    edits: Sequence[Edit]


def of_page(path: str, paths: Collection[str]) -> list[str]:
    """The catalogues of a page among a repository's files, as Sphinx lays them out."""
    page, found = PurePosixPath(path), []
    for root in page.parents:
        inner = page.relative_to(root).with_suffix(SUFFIX)
        top = "" if root == PurePosixPath() else f"{root}/"
        place = re.compile(
            rf"{re.escape(top)}(?:{'|'.join(_FOLDERS)})/[^/]+/{_MESSAGES}/{re.escape(str(inner))}"
        )
        found += [each for each in paths if place.fullmatch(each)]
    return sorted(found)


def rewritten(text: str, changed: Iterable[TranslatedProse], others: Iterable[str] = ()) -> str:
    """A catalogue in which both sides of every changed sentence are changed.

    Lines stay as they are wrapped; only those are written anew that hold a change.

    Args:
        text: the catalogue.
        changed: the pieces of the page that change.
        others: its other pieces.

    Raises:
        UsageError: it cannot be read, or a translation lacks what would have to change.
    """
    try:
        polib.pofile(text)
    except (OSError, ValueError) as error:
        raise UsageError(
            Words(zh="无法读取（{why}）", en="cannot be read ({why})").filled(
                why=str(error).rsplit(": ", 1)[-1]
            )
        ) from error
    lines = text.splitlines(keepends=True)
    unchanged = "\n".join(map(_letters, others))
    for prose in changed:
        for entry in _entries(lines):
            _change(entry, prose, unchanged, lines)
    return "".join(lines)


def _change(entry: list[_Field], prose: TranslatedProse, unchanged: str, lines: list[str]) -> None:
    """Change an entry that is of this piece, if any of the edits is in it."""
    source = next(one for one in entry if one.name == "msgid")
    was = _letters(source.text)
    if not was or was not in _letters(prose.before):
        return
    made = []
    for edit in prose.edits:
        if edit.find is None:
            continue
        here = (_restructured(edit.find), _restructured(edit.replace or ""))
        if _replace(source, *here, lines):
            there = (edit.translated.find, edit.translated.replace) if edit.translated else here
            made.append(there)
    if made and (was in unchanged or _letters(source.text) not in _letters(prose.after)):
        raise UsageError(
            Words(
                zh="第 {line} 行：这句话在别处也有",
                en="line {line}: the sentence stands in another place, too",
            ).filled(line=source.line + 1)
        )
    translations = [one for one in entry if one.name.startswith("msgstr") and one.text]
    for there in made:
        for one in translations:
            if not _replace(one, *there, lines):
                raise UsageError(
                    Words(
                        zh="第 {line} 行：译文里没有“{sought}”",
                        en="line {line}: the translation has no “{sought}”",
                    ).filled(line=one.line + 1, sought=there[0])
                )


def _entries(lines: Sequence[str]) -> Iterator[list[_Field]]:
    """The entries with what they say; those that are commented out say nothing."""
    entry: list[_Field] = []
    for number, line in enumerate(lines):
        if begins := _FIELD.fullmatch(line):
            name, part = begins[1], begins[2]
            if name == "msgctxt" or (name == "msgid" and entry and entry[-1].name != "msgctxt"):
                yield from [entry] if any(one.name == "msgid" for one in entry) else []
                entry = []
            entry.append(_Field(name, number, {number: polib.unescape(part)}))
        elif entry and (more := _MORE.fullmatch(line)):
            entry[-1].parts[number] = polib.unescape(more[1])
    yield from [entry] if any(one.name == "msgid" for one in entry) else []


def _replace(one: _Field, find: str, replace: str, lines: list[str]) -> bool:
    """Replace a text wherever a field has it; whether it has."""
    found = list(_loose(find).finditer(one.text))
    for match in reversed(found):
        head, tail = common_ends(match[0], replace)
        words, at = replace[head : len(replace) - tail], 0
        for number, part in list(one.parts.items()):
            start, end = match.start() + head - at, match.end() - tail - at
            at += len(part)
            # The first line that has some of it takes what is new.
            takes = words if 0 <= start < len(part) or 0 < start == end == len(part) else ""
            low, high = max(start, 0), max(min(end, len(part)), 0)
            if low < high or takes:
                words = "" if takes else words
                one.parts[number] = new = part[:low] + takes + part[high:]
                lines[number] = _quoted(lines[number], new)
    return bool(found)


def _quoted(line: str, text: str) -> str:
    """A line with another text between its quotation marks."""
    escaped: str = polib.escape(text)
    return line[: line.index('"') + 1] + escaped + line[line.rindex('"') :]


def _loose(text: str) -> re.Pattern[str]:
    pattern = re.escape(text)
    for written, however in _LOOSE:
        pattern = written.sub(however, pattern)
    return re.compile(pattern)


def _restructured(markdown: str) -> str:
    """A notebook's Markdown as its catalogues have it: code, links, and paragraphs in one line."""
    one_line = re.sub(r"\s*\n\s*", " ", markdown)
    return _LINK.sub(r"`\1 <\2>`__", re.sub("`+", "``", one_line))


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", _ROLE.sub("", text)).casefold()
