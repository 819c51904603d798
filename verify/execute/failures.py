"""What went wrong in a cell, told apart: the page's fault, or what the run lacked."""

import re
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from verify.contract.profiles import last_part
from verify.evidence.failure import Failure, Need
from verify.execute.registry import Refused
from verify.execute.watch import Stopped
from verify.finding import Verdict
from verify.system import cache
from verify.system.terminal_text import last_line, plain

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
# What a shell says of a command that it does not find, after POSIX.
_NO_SUCH_COMMAND = 127
_OF_GRAPHICS = re.compile(r"\bnvidia-smi\b|\bnvcc\b|\brocm-smi\b")
_ADD = "add `[[files]]` to the contract, or use --profile real or --mirror where there is a network"
# The file that IPython makes of a cell, of another name in each run.
_NOWHERE = re.compile(r" \(\d+\.py, line \d+\)$")
# A line of a trace that names an exception, with its message if it has one.
_NAMED = re.compile(r"^[\w.]*(?:Error|error|Exception)\w*(?:\([\w.]*\))?(?::.*)?$", re.MULTILINE)
# A line of an exception's message; where that quotes a trace, lines of source are indented.
_WORDS = re.compile(r"^\S.*", re.MULTILINE)
_CRASHED = re.compile(r"\*\*\* (SIG(?:SEGV|ABRT|BUS|FPE|ILL)) received")


def of_exception(name: str, value: str, trace: list[str], scratch: Path) -> Failure:
    """Judge an exception that a cell raised."""
    text, message = plain("\n".join(trace)), plain(value)
    first = _NOWHERE.sub("", (message.strip().splitlines() or [""])[0])
    raised = _OF_FILE.sub(r"\1", _raised(name, first, message))
    by_party = RAISED_IN_ACTOR in message
    brief = first[:300]
    said = _OF_FILE.sub(r"\1", f"{name}: {brief}" if brief else name)
    # Ray's own words name a process, which is another one each time.
    if by_party or (name.startswith(_OF_TASK) and _NAMED.fullmatch(raised)):
        said = raised[:300]
    # Chained exceptions count as well; the page's source, which a trace shows, does not.
    whole = "\n".join([said, *_WORDS.findall(message), *_NAMED.findall(text)])
    if lacks := _lacks(name, whole, said):
        needs, sentence = lacks
        return Failure(Verdict.ERROR, sentence, text, needs=needs)
    dead = name.rsplit(".", maxsplit=1)[-1].split("(", maxsplit=1)[0] in _RAY_DEATHS
    if dead and not by_party:
        crash = _crash_in_ray_logs(scratch)
        if crash:
            sentence = f"a party's process crashed with {crash}"
            return Failure(Verdict.FAIL, f"{sentence} ({said})", text, sentence)
        sentence = "a party's process ended without a crash report, so something killed it"
        sentence = f"{sentence} ({said}); look at memory, run again"
        return Failure(Verdict.ERROR, sentence, text, needs=Need.MEMORY)
    if _NO_NETWORK.search(whole):
        sentence = f"a download failed for want of a network ({said}); use --mirror or --profile"
        unreached = Failure(Verdict.ERROR, sentence, text, raised, unreached=True)
        return replace(unreached, needs=Need.ADDRESS)
    return Failure(Verdict.FAIL, f"the cell raised {said}", text, raised)


def of_own_words(name: str, value: str, trace: list[str]) -> Failure:
    """Judge an exception that the page raises by itself: it lacks nothing, whatever it says."""
    text, first = plain("\n".join(trace)), (plain(value).strip().splitlines() or [""])[0]
    said = f"{name}: {first}" if first else name
    return Failure(Verdict.FAIL, f"the cell raised {said[:300]}", text, said)


def _lacks(name: str, whole: str, said: str) -> tuple[Need, str] | None:
    """What the run lacked, if that is why a cell raised."""
    if name == "StdinNotImplementedError":
        sentence = "the cell asks its reader for input, and in a run there is nobody to answer"
        return Need.READER, sentence
    if cache.says_full(whole):
        return Need.DISK, f"the disk is full ({said}); free some space"
    if _NO_GPU.search(whole):
        return Need.GPU, f"it needs a graphics processor, and finds none ({said})"
    if _NO_MEMORY.search(whole):
        return Need.MEMORY, f"memory ran out ({said}); close other programs"
    return None


def _raised(name: str, first: str, message: str) -> str:
    """The exception itself: what Ray wraps says what a party raised in its last line."""
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
    sentence = f"the shell line `{line[:200]}` ended with exit code {code}"
    if code == _NO_SUCH_COMMAND:
        needs = Need.GPU if _OF_GRAPHICS.search(line) else Need.PROGRAM
        lacks = f"{sentence}: this machine has no such program"
        return Failure(Verdict.ERROR, lacks, raised=sentence, needs=needs)
    called = [name for name in _NOT_REACHED if re.search(rf"\b{name}\b", line)]
    if any(code in _NOT_REACHED[name] for name in called):
        return Failure(
            Verdict.ERROR,
            f"{sentence}, for want of a network; use --profile real where there is one",
            raised=sentence,
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
        said = failure.sentence
        refused = [one for one in refused if one.url in said or last_part(one.url) in said]
    if not refused:
        return failure
    parts = list(dict.fromkeys(one.why.removesuffix(".") for one in refused if one.why))
    if urls := dict.fromkeys(one.url for one in refused if not one.why):
        which = "it" if len(urls) == 1 else "them"
        parts.append(
            f"{' and '.join(urls)} cannot be reached, and no file is declared for {which}: {_ADD}"
        )
    sentence = f"{'; '.join(parts)} ({failure.raised[:300]})"
    return replace(
        failure, verdict=Verdict.ERROR, sentence=sentence, unreached=True, needs=Need.ADDRESS
    )


def of_timeout(limit_s: float, *, derived: bool = False) -> Failure:
    """A step that did not end in time; where nobody has set the limit, it may just need more."""
    sentence = f"the step did not end within its limit of {limit_s:g} s and was stopped"
    if derived:
        advice = "; draft a contract and give the step a `limit_s`, or cut its cost"
        return Failure(Verdict.ERROR, f"{sentence}{advice}", needs=Need.TIME)
    return Failure(Verdict.FAIL, sentence)


def of_lost_outputs(waited_s: float) -> Failure:
    """A cell that ended, of whose outputs something never came."""
    sentence = f"the cell ended, but not all that it put out came within {waited_s:g} s; run again"
    return Failure(Verdict.ERROR, sentence, ends=True)


def of_dead_kernel(return_code: int | None) -> Failure:
    """A kernel that died: killed from outside, or crashed by what it ran."""
    if return_code is None or return_code >= 0:
        how = "" if return_code is None else f" with exit code {return_code}"
        sentence = f"the kernel ended by itself{how} in the middle of the step"
        return Failure(Verdict.FAIL, sentence, ends=True)
    name = signal.Signals(-return_code).name
    if name in ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT"):
        advice = "often by the system for want of memory" if name == "SIGKILL" else "from outside"
        sentence = f"the kernel was killed by {name}, {advice}; run again"
        needs = Need.MEMORY if name == "SIGKILL" else None
        return Failure(Verdict.ERROR, sentence, needs=needs, ends=True)
    return Failure(Verdict.FAIL, f"the kernel crashed with {name}", ends=True)


def _crash_in_ray_logs(scratch: Path) -> str | None:
    for log in scratch.glob("ray/session_*/logs/worker-*.err"):
        if found := _CRASHED.search(log.read_text(encoding="utf-8", errors="replace")):
            return found[1]
    return None
