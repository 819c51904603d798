"""uv at work: its progress passed on, and why it failed in its own words."""

import re
import time
from collections.abc import Iterable
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT, Popen

import uv

from verify.errors import ResourceError
from verify.system import cache
from verify.system.cache import Notify
from verify.system.child import leashed
from verify.system.words import Text, Words

_OFFLINE = Words(zh="无法访问软件包索引", en="the package index cannot be reached")
_FAILED = Words(zh="uv 出错", en="uv failed")
_SILENT = Words(zh="uv 没有说明原因", en="uv did not say why")

# The forms in which uv's versions since 0.8 give a cause; the last one of an output says most.
_CAUSES = r"^\s*(?:error:|cause:|Caused by:|\u00d7|[\u251c\u2570]\u2500\u25b6) +(.+)$"
_CAUSE = re.compile(_CAUSES, re.MULTILINE)
_NO_NETWORK = re.compile(
    r"error sending request|network\s+was\s+disabled|[Cc]onnectivity is disabled"
)
_PROGRESS = re.compile(
    r"\s*(?:Downloading|Downloaded|Building|Built|Prepared|Installed|Bytecode compiled) "
)
_BEGINS = re.compile(r"\s*Downloading (\S+) \(([\d.]+)([KMG])iB\)")
_ENDS = re.compile(r"\s*Downloaded (\S+)")
_SO_FAR = Words(
    zh="{line}：目前 {begun} MiB 中的 {done} MiB，{rate} MiB/s。",
    en="{line}: {done} of {begun} MiB so far, {rate} MiB/s.",
)
_MIB = {"K": 2.0**-10, "M": 1.0, "G": 2.0**10}


class _Downloads:
    """How far uv has come with what it downloads, by the sizes that it tells of large files."""

    def __init__(self) -> None:
        self._sizes: dict[str, float] = {}
        self._done = 0.0
        self._since = 0.0

    def told(self, line: str) -> Text:
        """The line as a sentence; of the end of a download with sizes and rate so far."""
        sentence = line.strip()
        if begins := _BEGINS.match(line):
            self._since = self._since or time.monotonic()
            self._sizes[begins[1]] = float(begins[2]) * _MIB[begins[3]]
        elif (ends := _ENDS.match(line)) and ends[1] in self._sizes:
            self._done += self._sizes[ends[1]]
            rate = self._done / max(time.monotonic() - self._since, 0.001)
            begun = sum(self._sizes.values())
            done, all_begun = f"{self._done:,.0f}", f"{begun:,.0f}"
            return _SO_FAR.filled(line=sentence, done=done, begun=all_begun, rate=f"{rate:,.1f}")
        return f"{sentence}."


def run(arguments: Iterable[str], log: Path, notify: Notify) -> str | None:
    """Run uv, pass its progress on, and return its whole output if it fails."""
    command, output = leashed(uv.find_uv_bin(), "--color", "never", *arguments), ""
    downloads = _Downloads()
    # Away from the caller's folder, whose own settings for uv are not meant for this.
    with (
        log.open("a", encoding="utf-8") as record,
        Popen(
            command,
            cwd=log.parent,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as told,
    ):
        try:
            for line in told.stdout or ():
                output += line
                record.write(line)
                if _PROGRESS.match(line):
                    notify(downloads.told(line))
        except BaseException:
            told.kill()
            raise
    return output if told.returncode else None


def install(what: str, log: Path, notify: Notify, *arguments: str) -> None:
    """Run uv to build a part of the cache.

    Args:
        what: the environment, or the package beside it.
        log: the file that keeps what uv says.
        notify: hears of its progress.
        arguments: uv's.

    Raises:
        ResourceError: it failed.
    """
    failure = run(arguments, log, notify)
    if failure is None:
        return
    if cache.says_full(failure):
        raise cache.disk_full(log.with_suffix(""))
    problem = _OFFLINE if is_offline(failure) else _FAILED
    raise ResourceError(
        Words(
            zh="环境 {what} 无法构建，因为{problem}（{why}）；完整输出在 {log}。",
            en="The environment {what} could not be built because {problem} ({why}); the "
            "whole output is in {log}.",
        ).filled(what=what, problem=problem, why=why(failure), log=log)
    )


def is_offline(output: str) -> bool:
    """Whether uv failed for want of a network."""
    return _NO_NETWORK.search(output) is not None


def why(output: str) -> Text:
    """The cause that uv gives."""
    causes = _CAUSE.findall(output) or output.split("\n")[-2:-1]
    return str(causes[-1]).strip().rstrip(".") if causes else _SILENT
