"""What went wrong in a cell, told apart: the page's fault, or what the run lacked."""

import re
import signal
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from verify.contract.profiles import last_part
from verify.evidence.failure import Failure, Need
from verify.execute.registry import Refused
from verify.execute.watch import Stopped
from verify.finding import Verdict
from verify.system import cache, regular_files
from verify.system.terminal_text import harmless, last_line, plain
from verify.system.words import Text, Words, clause, joined

_LOST = Words(
    zh="单元格已结束，但它的输出在 {waited:g} 秒内没有全部到达；请重新运行",
    en="the cell ended, but not all that it put out came within {waited:g} s; run again",
)

_RAY_DEATHS = {
    "ActorDiedError",
    "RayActorError",
    "WorkerCrashedError",
    "NodeDiedError",
    "LocalRayletDiedError",
    "OwnerDiedError",
    "RaySystemError",
}
# An import that fails says in which file of this machine it looked.
_OF_FILE = re.compile(r"^(ImportError: cannot import name .*) \((?:/[^()]*|unknown location)\)$")
_OF_TASK = "RayTaskError"
# How Ray words that a party's own code raised while its actor was made.
RAISED_IN_ACTOR = "because of an error raised in its creation task"
# How Ray words that a worker ended because it could not pass on what a party's code raised.
RAISED_AND_ENDED = "An unexpected internal error occurred while the worker was executing a task"
_NO_MEMORY = re.compile(r"OutOfMemoryError|MemoryError|OOM when allocating|oom-kill", re.IGNORECASE)
# How libraries word that they find no graphics processor, whatever it is for.
_NO_GPU = re.compile(
    r"No CUDA GPUs are available|Found no NVIDIA driver|not compiled with CUDA enabled|"
    r"no CUDA-capable device is detected|Unable to initialize backend '(?:cuda|gpu)'|"
    r"Unknown backend:? '?(?:cuda|gpu)\b|Cannot assign a device for operation .*device:GPU"
)
_NO_NETWORK = re.compile(
    r"Name or service not known|Temporary failure in name resolution|Network is unreachable|"
    r"No route to host|Connection refused|Connection timed out|Failed to resolve|"
    r"Tunnel connection failed|Unable to connect to proxy"
)
# Exit codes by which these programs say that they reached nobody, after their manuals.
_NOT_REACHED = {"wget": (4,), "curl": (5, 6, 7, 28)}
# How Ray tells that the result of a call is an exception, which nobody has taken.
_NOT_TAKEN = re.compile(r"Unhandled error \(suppress with [^)]*\): (?:ray::)?([\w.]+)\(\) ")
# An assertion without words, as a trace shows it: Python's, of a party perhaps, or IPython's.
_ASSERTION = re.compile(r"^ {4}(assert .+)\nAssertionError$|^-+> *\d+ +(assert .+)$", re.MULTILINE)
# What a shell says of a command that it does not find, after POSIX.
_NO_SUCH_COMMAND = 127
_OF_GRAPHICS = re.compile(r"\bnvidia-smi\b|\bnvcc\b|\brocm-smi\b")
_RAISED = Words(zh="代码抛出 {said}", en="the code raised {said}")
_CRASHED_WITH = Words(
    zh="某个参与方的进程崩溃，信号为 {signal}", en="a party's process crashed with {signal}"
)
_WITH = Words(zh="{what}（{said}）", en="{what} ({said})")
_VANISHED = Words(
    zh="某个参与方的进程已结束，但没有崩溃报告，应是被外部终止（{said}）；请检查内存后再运行",
    en="a party's process ended without a crash report, so something killed it ({said}); look at "
    "memory, run again",
)
_UNSEEN = Words(
    zh="参与方的 `{call}` 抛出 {said}，但没有代码取用它的结果，所以单元格照常结束",
    en="a party's `{call}` raised {said}, and nothing looks at its result, so the cell went on",
)
_NOT_DOWNLOADED = Words(
    zh="因没有网络，下载失败（{said}）；请使用 --mirror 或 --profile real",
    en="a download failed for want of a network ({said}); use --mirror or --profile real",
)
_ASKS = Words(
    zh="代码要求读者输入，而运行时无人应答",
    en="the code asks its reader for input, and in a run there is nobody to answer",
)
_FULL = Words(zh="磁盘已满（{said}）；请腾出空间", en="the disk is full ({said}); free some space")
_GPU = Words(
    zh="需要图形处理器（GPU），但没有找到（{said}）",
    en="it needs a graphics processor, and finds none ({said})",
)
_OUT_OF_MEMORY = Words(
    zh="内存不足（{said}）；请关闭其他程序", en="memory ran out ({said}); close other programs"
)
_SHELL_LINE = Words(
    zh="shell 命令 `{line}` 以退出码 {code} 结束",
    en="the shell line `{line}` ended with exit code {code}",
)
_NO_PROGRAM = Words(zh="{what}：本机没有这个程序", en="{what}: this machine has no such program")
_NOT_REACHING = Words(
    zh="{what}，因为没有网络；请在有网络的地方使用 --profile real",
    en="{what}, for want of a network; use --profile real where there is one",
)
_IT, _THEM = Words(zh="它", en="it"), Words(zh="它们", en="them")
_UNREACHED = Words(
    zh="无法访问 {urls}，也没有为{them}声明文件：请在页面的契约（可由 `draft` 起草）或 "
    "`fixtures/data/index.toml` 里添加 `[[files]]`，或在有网络的地方使用 --profile real "
    "或 --mirror",
    en="{urls} cannot be reached, and no file is declared for {them}: add `[[files]]` to the "
    "page's contract (`draft` writes one) or to `fixtures/data/index.toml`, or use --profile real "
    "or --mirror where there is a network",
)
_TOO_LONG = Words(
    zh="该步骤没有在 {limit:g} 秒的时限内结束，已被停止",
    en="the step did not end within its limit of {limit:g} s and was stopped",
)
_DRAFT = Words(
    zh="请起草契约并为该步骤设定 `limit_s`，或缩减它的开销",
    en="draft a contract and give the step a `limit_s`, or cut its cost",
)
_ENDED = Words(
    zh="内核在该步骤中途自行结束", en="the kernel ended by itself in the middle of the step"
)
_ENDED_WITH = Words(
    zh="内核在该步骤中途自行结束，退出码为 {code}",
    en="the kernel ended by itself with exit code {code} in the middle of the step",
)
_KILLED_BY_SYSTEM = Words(
    zh="内核被 {signal} 终止，多半是系统因内存不足所为；请再次运行",
    en="the kernel was killed by {signal}, often by the system for want of memory; run again",
)
_KILLED = Words(
    zh="内核被外部的 {signal} 终止；请再次运行",
    en="the kernel was killed by {signal}, from outside; run again",
)
_CRASHED_KERNEL = Words(zh="内核崩溃，信号为 {signal}", en="the kernel crashed with {signal}")
# The file that IPython makes of a cell, of another name in each run.
_NOWHERE = re.compile(r" \(\d+\.py, line \d+\)$")
# A line of a trace that names an exception, with its message if it has one.
_NAMED = re.compile(r"^[\w.]*(?:Error|error|Exception)\w*(?:\([\w.]*\))?(?::.*)?$", re.MULTILINE)
# A line of an exception's message; where that quotes a trace, lines of source are indented.
_WORDS = re.compile(r"^\S.*", re.MULTILINE)
_CRASHED = re.compile(r"\*\*\* (SIG(?:SEGV|ABRT|BUS|FPE|ILL)) received")


def of_exception(name: str, value: str, trace: list[str], scratch: Path) -> Failure:
    """Judge an exception that a cell raised."""
    text, message = harmless("\n".join(trace)), harmless(value.replace("\r", "\n"))
    lines = [line.strip() for line in message.splitlines() if line.strip()] or [""]
    first = _NOWHERE.sub("", lines[0])
    raised = _OF_FILE.sub(r"\1", _raised(name, first, message))
    by_party = RAISED_IN_ACTOR in message or RAISED_AND_ENDED in message
    # A line that only announces says nothing without the next one.
    announces = first.endswith(":") and len(lines) > 1
    brief = (f"{first} {lines[1]}" if announces else first)[:300]
    said = _OF_FILE.sub(r"\1", f"{name}: {brief}" if brief else name)
    # Ray's own words name a process, which is another one each time.
    if by_party or (name.startswith(_OF_TASK) and _NAMED.fullmatch(raised)):
        said = raised[:300]
    if said == "AssertionError" and (asserted := _ASSERTION.findall(f"{message}\n{plain(text)}")):
        said += f": {''.join(asserted[0])[:300]}"
    # Chained exceptions count as well; the page's source, which a trace shows, does not.
    whole = "\n".join([said, *_WORDS.findall(message), *_NAMED.findall(text)])
    if lacks := _lacks(name, whole, said):
        needs, sentence = lacks
        return Failure(Verdict.ERROR, sentence, text, needs=needs)
    dead = name.rsplit(".", maxsplit=1)[-1].split("(", maxsplit=1)[0] in _RAY_DEATHS
    if dead and not by_party:
        crash = _crash_in_ray_logs(scratch)
        if crash:
            sentence = _CRASHED_WITH.filled(signal=crash)
            told = _WITH.filled(what=sentence, said=said)
            return Failure(Verdict.FAIL, told, text, str(sentence))
        return Failure(Verdict.ERROR, _VANISHED.filled(said=said), text, needs=Need.MEMORY)
    if _NO_NETWORK.search(whole):
        return _unreached(said, text, raised)
    return Failure(Verdict.FAIL, _RAISED.filled(said=said), text, raised)


def of_unseen(shown: str, told: Collection[str]) -> Failure | None:
    """What a party's code raised, if nothing on the page looks at it and only Ray says so.

    Args:
        shown: what a cell put out.
        told: exceptions that were told before, whose traces may come late.
    """
    _, *parts = _NOT_TAKEN.split(plain(shown))
    for call, trace in zip(parts[::2], parts[1::2], strict=True):
        named = _NAMED.findall(harmless(trace))
        if named and named[-1] not in told:
            return _not_taken(call, named)
    return None


def _not_taken(call: str, chain: list[str]) -> Failure:
    """What a party's code raised, the last of a chain, as nobody has taken it."""
    raised, whole = chain[-1], "\n".join(chain)
    if lacks := _lacks("", whole, raised):
        needs, sentence = lacks
        return Failure(Verdict.ERROR, sentence, whole, raised, needs=needs)
    if _NO_NETWORK.search(whole):
        return _unreached(raised, whole, raised)
    sentence = _UNSEEN.filled(call=call, said=raised[:300])
    return Failure(Verdict.FAIL, sentence, whole, raised)


def _unreached(said: str, text: str, raised: str) -> Failure:
    """A failure for want of a network."""
    sentence = _NOT_DOWNLOADED.filled(said=said)
    return Failure(Verdict.ERROR, sentence, text, raised, unreached=True, needs=Need.ADDRESS)


def of_own_words(name: str, value: str, trace: list[str]) -> Failure:
    """Judge an exception that the page raises by itself: it lacks nothing, whatever it says."""
    text = harmless("\n".join(trace))
    first = (harmless(value.replace("\r", "\n")).strip().splitlines() or [""])[0]
    said = f"{name}: {first}" if first else name
    return Failure(Verdict.FAIL, _RAISED.filled(said=said[:300]), text, said)


def _lacks(name: str, whole: str, said: str) -> tuple[Need, Text] | None:
    """What the run lacked, if that is why a cell raised."""
    if name == "StdinNotImplementedError":
        return Need.READER, _ASKS
    if cache.says_full(whole):
        return Need.DISK, _FULL.filled(said=said)
    if _NO_GPU.search(whole):
        return Need.GPU, _GPU.filled(said=said)
    if _NO_MEMORY.search(whole):
        return Need.MEMORY, _OUT_OF_MEMORY.filled(said=said)
    return None


def _raised(name: str, first: str, message: str) -> str:
    """The exception itself: what Ray wraps says what a party raised in its last line.

    Where a worker ended of it, that is the first of a chain: the others are Ray's.
    """
    if RAISED_AND_ENDED in message and (chain := _NAMED.findall(message)):
        return str(chain[0])
    if name.startswith(_OF_TASK) or RAISED_IN_ACTOR in message:
        return last_line(message)
    return f"{name}: {first}" if first else name


def of_stopped(failure: Failure, stopped: Stopped) -> Failure:
    """A failure of a run that the watch ended, whatever it looked like in the cell."""
    verdict = Verdict.ERROR if stopped.needs else Verdict.FAIL
    why = replace(failure, verdict=verdict, sentence=stopped.sentence)
    return replace(why, needs=stopped.needs, ends=True)


def of_shell_line(code: int, line: str) -> Failure:
    """A shell line of a page that ended with another exit code than 0."""
    sentence = _SHELL_LINE.filled(line=line[:200], code=code)
    if code == _NO_SUCH_COMMAND:
        needs = Need.GPU if _OF_GRAPHICS.search(line) else Need.PROGRAM
        lacks = _NO_PROGRAM.filled(what=sentence)
        return Failure(Verdict.ERROR, lacks, raised=str(sentence), needs=needs)
    called = [name for name in _NOT_REACHED if re.search(rf"\b{name}\b", line)]
    if any(code in _NOT_REACHED[name] for name in called):
        return Failure(
            Verdict.ERROR,
            _NOT_REACHING.filled(what=sentence),
            raised=str(sentence),
            unreached=True,
            needs=Need.ADDRESS,
        )
    return Failure(Verdict.FAIL, sentence)


def of_addresses(failure: Failure, refused: Sequence[Refused], started: float) -> Failure:
    """A failure for want of a network, with the addresses that were not reached.

    Args:
        failure: what became of a step.
        refused: the run's addresses that no file was for.
        started: when the step did.
    """
    if failure.unreached:
        refused = [one for one in refused if one.time >= started]
    else:  # the page may have its own words for it, or miss the file later
        said = str(failure.sentence)
        refused = [one for one in refused if one.url in said or last_part(one.url) in said]
    if not refused:
        return failure
    parts: list[Text] = [clause(one.why) for one in refused if one.why]
    if urls := dict.fromkeys(one.url for one in refused if not one.why):
        parts.append(
            _UNREACHED.filled(
                urls=joined(urls, zh="、", en=" and "), them=_IT if len(urls) == 1 else _THEM
            )
        )
    sentence = _WITH.filled(what=joined(dict.fromkeys(parts)), said=failure.raised[:300])
    return replace(
        failure, verdict=Verdict.ERROR, sentence=sentence, unreached=True, needs=Need.ADDRESS
    )


def of_timeout(limit_s: float, *, derived: bool = False) -> Failure:
    """A step that did not end in time; where nobody has set the limit, it may just need more."""
    sentence = _TOO_LONG.filled(limit=limit_s)
    if derived:
        return Failure(Verdict.ERROR, joined((sentence, _DRAFT)), needs=Need.TIME)
    return Failure(Verdict.FAIL, sentence)


def of_lost_outputs(waited_s: float) -> Failure:
    """A cell that ended, of whose outputs something never came."""
    sentence = _LOST.filled(waited=waited_s)
    return Failure(Verdict.ERROR, sentence, ends=True)


def of_dead_kernel(return_code: int | None) -> Failure:
    """A kernel that died: killed from outside, or crashed by what it ran."""
    if return_code is None or return_code >= 0:
        sentence = _ENDED if return_code is None else _ENDED_WITH.filled(code=return_code)
        return Failure(Verdict.FAIL, sentence, ends=True)
    name = signal.Signals(-return_code).name
    if name in ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT"):
        by_system = name == "SIGKILL"
        sentence = (_KILLED_BY_SYSTEM if by_system else _KILLED).filled(signal=name)
        needs = Need.MEMORY if by_system else None
        return Failure(Verdict.ERROR, sentence, needs=needs, ends=True)
    return Failure(Verdict.FAIL, _CRASHED_KERNEL.filled(signal=name), ends=True)


def _crash_in_ray_logs(scratch: Path) -> str | None:
    for log in scratch.glob("ray/session_*/logs/worker-*.err"):
        with suppress(OSError):
            if found := _CRASHED.search(regular_files.content(log).decode(errors="replace")):
                return found[1]
    return None
