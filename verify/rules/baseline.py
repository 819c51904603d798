"""Findings that a project began with, kept in a file: from then on only what is new is told.

A finding is known by its page, its kind and what it says, in English whoever reads it, in as many
places as the file has it; so one that moves within its page stays known.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, PositiveInt, ValidationError

from verify.errors import UsageError
from verify.finding import Finding
from verify.rules import recognised
from verify.rules.gate import Judgement
from verify.rules.selection import Kind
from verify.system import cache, regular_files
from verify.system.complaints import why
from verify.system.typed_toml import Strict
from verify.system.words import Text, Words, joined

# Page, kind, message.
_Key: TypeAlias = tuple[str, str, str]

_TOLD = 10
_WRITTEN = Words(
    zh="已写入 {file}，含全部问题：请与页面放在一起。",
    en="{file} was written, with all findings: keep it with the pages.",
)
_ALIKE = Words(
    zh="{page} 此前有 {count} 个同样的问题，其中任何一个都可能是新的：{message}",
    en="{page} had {count} alike before, and any of them may be the new one: {message}",
)
_GONE = Words(
    zh="写入 {file} 之后已消失：{page}：{message} [{kind}]",
    en="Gone since {file} was written: {page}: {message} [{kind}]",
)
_PLACES = Words(zh="，共 {places} 处。", en="in {places} places.")
_MORE_GONE = Words(zh="另有 {count} 个已消失。", en="{count} more are gone.")
_FORGET = Words(
    zh="要忘掉已消失的问题，请删除 {file} 后再检查一次。",
    en="To forget what is gone, delete {file} and check again.",
)


class _Kept(Strict):
    """The file: how often each page has each message, by kinds. Pages are seen from its folder."""

    version: Annotated[Literal[1], Field(alias="schema")]
    findings: dict[str, dict[Kind, dict[str, PositiveInt]]]


def applied(judgement: Judgement, file: Path) -> Judgement:
    """Set aside what the file has; where there is none, write it, and everything is known.

    Args:
        judgement: what was found.
        file: the baseline.

    Raises:
        UsageError: the file is no baseline, or cannot be written.
    """
    keys = _Keys(file)
    if not file.exists():
        return _begun(judgement, file, keys)
    known = _read(file)
    seen: Counter[_Key] = Counter()
    new: list[Finding] = []
    old: list[Finding] = []
    for finding in judgement.findings:
        key = keys.of(finding)
        seen[key] += recognised.often(str(finding.message))
        (old if seen[key] <= known[key] and not finding.ours else new).append(finding)
    gone = known - seen - keys.counted(finding for finding, _ in judgement.waived)
    return replace(
        judgement,
        findings=tuple(new),
        known=tuple(old),
        notes=(*judgement.notes, *_unclear(new, known, keys), *_gone(gone, judgement, file, keys)),
    )


class _Keys:
    """How the findings of a run are known in a file."""

    def __init__(self, file: Path) -> None:
        self._folder = file.resolve().parent

    def of(self, finding: Finding) -> _Key:
        """The key of a finding."""
        message = recognised.by(str(finding.message))
        return self.page(finding.file), finding.kind.value, _in_whole(message)

    def counted(self, findings: Iterable[Finding]) -> Counter[_Key]:
        """In how many places there are which."""
        places: Counter[_Key] = Counter()
        for finding in findings:
            places[self.of(finding)] += recognised.often(str(finding.message))
        return places

    def page(self, path: Path) -> str:
        """A page as the file names it."""
        return _in_whole(Path(os.path.relpath(path.resolve(), self._folder)).as_posix())


def _in_whole(text: str) -> str:
    """A text that a file can hold: half a character stands in it in digits."""
    return text.encode(errors="backslashreplace").decode()


def _begun(judgement: Judgement, file: Path, keys: _Keys) -> Judgement:
    if any(finding.ours for finding in judgement.findings):
        return judgement  # who would trust a beginning that is not whole
    found = keys.counted(judgement.findings)
    pages: dict[str, dict[str, dict[str, int]]] = {}
    for page, kind, message in sorted(found):
        told = pages.setdefault(page, {}).setdefault(kind, {})
        told[message] = found[page, kind, message]
    text = json.dumps({"schema": 1, "findings": pages}, ensure_ascii=False, indent=1)
    try:
        cache.write_whole(file, f"{text}\n")
    except OSError as error:
        raise UsageError(
            Words(
                zh="{file}：无法写入（{error}）。", en="{file}: cannot be written ({error})."
            ).filled(file=file, error=why(error))
        ) from error
    note = _WRITTEN.filled(file=file)
    return replace(judgement, findings=(), known=judgement.findings, notes=(*judgement.notes, note))


def _read(file: Path) -> Counter[_Key]:
    try:
        kept = _Kept.model_validate_json(regular_files.octets(file))
    except OSError as error:
        raise UsageError(
            Words(
                zh="{file}：无法读取（{error}）。", en="{file}: cannot be read ({error})."
            ).filled(file=file, error=why(error))
        ) from error
    except ValidationError as error:
        raise UsageError(
            Words(
                zh="{file}：不是这里能读的基线（{why}）；请恢复它，或删除它，下次运行"
                "会重新写一份。",
                en="{file}: is no baseline that can be read here ({why}); restore "
                "it, or delete it, and the next run writes another.",
            ).filled(file=file, why=why(error))
        ) from error
    return Counter(
        {
            (page, kind.value, message): count
            for page, kinds in kept.findings.items()
            for kind, messages in kinds.items()
            for message, count in messages.items()
        }
    )


def _unclear(new: Iterable[Finding], known: Counter[_Key], keys: _Keys) -> Iterator[Text]:
    """Where a page has it in more places than before, any of them may be the new one."""
    for page, kind, message in dict.fromkeys(map(keys.of, new)):
        if count := known[page, kind, message]:
            yield _ALIKE.filled(page=page, count=count, message=message)


def _gone(gone: Counter[_Key], judgement: Judgement, file: Path, keys: _Keys) -> Iterator[Text]:
    """What is in the file and not on the pages, as far as it was looked for."""
    looked_for = {kind.value for kind in judgement.looked_for}
    looked_at = {keys.page(path) for path in judgement.site.paths}
    lines = [
        joined(
            (
                _GONE.filled(file=file, page=page, message=message, kind=kind),
                _PLACES.filled(places=places) if places > 1 else "",
            ),
            zh="",
            en=" ",
        )
        for (page, kind, message), places in sorted(gone.items())
        if kind in looked_for and (page in looked_at or not (file.parent / page).exists())
    ]
    yield from lines[:_TOLD]
    if len(lines) > _TOLD:
        yield _MORE_GONE.filled(count=len(lines) - _TOLD)
    if lines:
        yield _FORGET.filled(file=file)
