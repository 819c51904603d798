"""git as a child process: it never asks, never outlives us, and fails with one sentence."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from verify.errors import ResourceError, UsageError, VerifyError
from verify.system import cache
from verify.system.child import leashed
from verify.system.complaints import last_words
from verify.system.words import Words

_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX")
_NOTHING_UNASKED = ("gc.auto=0", "maintenance.auto=false", "submodule.recurse=false")
# What a repository's own settings could have git start; ours on the command line outweigh them.
_NO_PROGRAMS = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.alternateRefsCommand=true",
    "protocol.ext.allow=never",
)
# A bare repository may lie among the files of another one, its settings with it: only one that is
# named counts.
_NO_STRANGER = "safe.bareRepository=explicit"
# Not even a missing file is fetched: how that is done is for the repository's settings to say.
# git before 2.44 knows no GIT_NO_LAZY_FETCH, but no transport is allowed to it either.
_NOTHING_FETCHED = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
# Nor does an object stand for another one, as a repository may tell git.
_AS_CALLED = {"GIT_NO_REPLACE_OBJECTS": "1"}
# A minute with less than a byte a second is a broken connection.
_NO_STALLING = ("http.lowSpeedLimit=1", "http.lowSpeedTime=60")
_ANSWER_WITHIN_S = 60.0
_NEUTRAL = os.path.abspath(os.sep)  # noqa: PTH100  # a folder that is nobody's repository

_PROGRESS = re.compile(r"(?:remote: )?([A-Z]\w+ \w+): +(\d+%)(?:.*?, ([\d.]+ \w+))?")
_NO_REPOSITORY = re.compile(
    r"^.*(?:[Rr]epository .*not found|not appear to be a git|not a git repository).*$", re.MULTILINE
)
_LOGIN = re.compile(
    r"^.*(?:could not read (?:Username|Password)|Authentication failed|Permission denied \("
    r"|Host key verification failed|error: 40[13]).*$",
    re.MULTILINE,
)
_UNREACHABLE = re.compile(
    r"^.*(?:Could not resolve|Failed to connect|Connection (?:refused|reset|timed out|closed)"
    r"|unable to access|Operation t(?:oo slow|imed out)|unreachable|did not answer"
    r"|RPC failed|hung up|early EOF|disconnect).*$",
    re.MULTILINE,
)
_LACKING = re.compile(r"^.*(?:transport '.*' not allowed|from promisor remote).*$", re.MULTILINE)
_FATAL = re.compile(r"^(?:fatal|error): .*$", re.MULTILINE)


class GitError(Exception):
    """git ended with an error, `said` being what it wrote; people read what `explain` says."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def run(folder: Path | None, *arguments: str, given: bytes = b"", named: bool = False) -> bytes:
    """Run a command of git that reads what is on this machine, and return what it prints.

    No settings of the repository make it start a program, or fetch what is missing there.

    Args:
        folder: a repository, or a folder in one; none if the command needs none.
        arguments: the command.
        given: its standard input.
        named: whether the folder may be a bare repository itself: it is ours, or the user's choice.

    Raises:
        GitError: git ended with an error.
        ResourceError: there is no git.
    """
    where = ["-C", str(folder or _NEUTRAL), *_with(*_NO_PROGRAMS, _NO_STRANGER)]
    where += ["--git-dir=."] if folder and named and _is_bare(folder) else []
    done = subprocess.run(
        [_git(), *where, *arguments],
        input=given,
        capture_output=True,
        check=False,
        env=_environ() | _NOTHING_FETCHED | _AS_CALLED,
    )
    if done.returncode:
        raise GitError(done.stderr.decode(errors="replace"))
    return done.stdout


def text(folder: Path | None, *arguments: str, named: bool = False) -> str:
    """The same as text without the line's end; names may be in any encoding.

    Raises:
        GitError: git ended with an error.
        ResourceError: there is no git.
    """
    return run(folder, *arguments, named=named).decode(errors="replace").strip()


def advertised(source: str) -> dict[str, str]:
    """Return the full names of a remote repository's HEAD, branches and tags, with their objects.

    Raises:
        GitError: the source does not answer as a git repository.
    """
    names = ("HEAD", "refs/heads/*", "refs/tags/*")
    with _started("-C", _NEUTRAL, "ls-remote", "--", source, *names) as child:
        try:
            out, said = child.communicate(timeout=_ANSWER_WITHIN_S)
        except subprocess.TimeoutExpired as error:
            _kill(child)
            raise GitError(f"the server did not answer in {_ANSWER_WITHIN_S:.0f} s") from error
        except BaseException:
            _kill(child)
            raise
    if child.returncode:
        raise GitError(said.decode(errors="replace"))
    lines = (line.split("\t") for line in out.decode(errors="replace").splitlines())
    return {name: blob for blob, name in lines if not name.endswith("^{}")}


def fetch(
    folder: Path, source: str, *arguments: str, hear: cache.Notify, negotiate: bool = True
) -> None:
    """Bring objects of a remote repository into a bare one.

    Args:
        folder: the bare repository.
        source: the remote one; told anew each time, for it may hold a password that no file of
            ours should keep.
        arguments: options and what to bring.
        hear: gets condensed progress.
        negotiate: whether the server leaves out what belongs to commits that we have.

    Raises:
        GitError: what was asked for could not be brought.
    """
    told = ["-C", str(folder), "--git-dir=.", "-c", f"remote.origin.url={source}"]
    told += [] if negotiate else ["-c", "fetch.negotiationAlgorithm=noop"]
    quiet = ("--progress", "--no-tags", "--no-recurse-submodules")
    said = ""
    with _started(*told, "fetch", *quiet, *arguments) as child:
        try:
            for line in _lines(child.stderr):
                if step := _PROGRESS.match(line):
                    hear(", ".join(filter(None, (f"{step[1]} {step[2]}", step[3]))))
                else:
                    said += f"{line}\n"
        except BaseException:
            _kill(child)
            raise
    if child.returncode:
        raise GitError(said)


def explain(source: str, folder: Path, failure: GitError) -> VerifyError:
    """Return the sentence and exit code for a failure; `folder` is where git was writing."""
    said, name = shown(failure.said), shown(source)
    if cache.says_full(said):
        return cache.disk_full(folder)
    if found := _NO_REPOSITORY.search(said):
        return UsageError(
            Words(
                zh="{name}：那里没有 git 仓库（{why}）。",
                en="{name}: there is no git repository ({why}).",
            ).filled(name=name, why=bare(found[0]))
        )
    if found := _LOGIN.search(said):
        return ResourceError(
            Words(
                zh="{name}：需要登录，而 git 没有登录信息（{why}）；请检查地址，为 git 设置登"
                "录信息，或用 --upstream 给出本地的克隆。",
                en="{name}: wants a login that git does not have ({why}); check the address, "
                "set up git's credentials for it, or give --upstream a local clone.",
            ).filled(name=name, why=bare(found[0]))
        )
    if found := _UNREACHABLE.search(said):
        return ResourceError(
            Words(
                zh="{name}：无法访问，或连接中断（{why}）；请稍后再试，已取到的会保留；或用 "
                "--upstream 给出本地的克隆。",
                en="{name}: cannot be reached, or the connection broke ({why}); try again "
                "later, what was brought so far is kept, or give --upstream a local clone.",
            ).filled(name=name, why=bare(found[0]))
        )
    if _LACKING.search(said):
        return UsageError(
            Words(
                zh="{name}：缺少部分文件，部分克隆就会这样；请在那里用 `git fetch --refetch "
                "--no-filter` 取来，或用 --upstream 给出克隆时的地址。",
                en="{name}: lacks some of its files, as a partial clone does; bring them "
                "there with `git fetch --refetch --no-filter`, or give --upstream the URL "
                "that it was cloned from.",
            ).filled(name=name)
        )
    found = _FATAL.search(said)
    why = bare(found[0]) if found else last_words(said)
    return ResourceError(
        Words(zh="{name}：git 出错（{why}）。", en="{name}: git failed ({why}).").filled(
            name=name, why=why
        )
    )


def refuse_option(text: str, what: Words) -> None:
    """See that what is meant as a name is not one that git takes for an option.

    Raises:
        UsageError: it begins with a dash.
    """
    if text.startswith("-"):
        raise UsageError(
            Words(
                zh="{text}：像是 git 的选项；请给出{what}。",
                en="{text}: looks like an option of git; name {what}.",
            ).filled(text=shown(text), what=what)
        )


def shown(text: str) -> str:
    """Return text for people: addresses without the login that they may hold."""
    return re.sub(r"://[^/\s@]*@", "://", text)


def bare(line: str) -> str:
    """What git said, without what it begins its lines with."""
    return re.sub(r"^(?:fatal: |error: |remote: )+", "", line.strip()).rstrip(".")


def _git() -> str:
    git = shutil.which("git")
    if git is None:
        raise ResourceError(
            Words(
                zh="PATH 里没有 git；请安装它，才能读取官方页面。",
                en="git is not on PATH; install it to read official pages.",
            )
        )
    return git


def _environ() -> dict[str, str]:
    # Inside a git hook these would lead git to the hook's repository instead of the source.
    ours = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    # A damaged repository in a cache that lies below another one must not be taken for that.
    ceilings = (str(cache.location("repositories", "")), ours.get("GIT_CEILING_DIRECTORIES"))
    return {"GIT_ASKPASS": ""} | {
        **ours,
        "GIT_CEILING_DIRECTORIES": os.pathsep.join(filter(None, ceilings)),
        "GIT_TERMINAL_PROMPT": "0",  # nobody sits there to answer
        "LC_ALL": "C",  # what git says in English is what we read
    }


def _with(*settings: str) -> list[str]:
    return [part for one in settings for part in ("-c", one)]


def _is_bare(folder: Path) -> bool:
    inside = (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    return inside and not (folder / ".git").exists()


def _started(*arguments: str) -> "subprocess.Popen[bytes]":
    settings = _with(*_NOTHING_UNASKED, *_NO_STALLING, *_NO_PROGRAMS)
    return subprocess.Popen(
        leashed(_git(), *settings, *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environ(),
        start_new_session=True,  # without a terminal ssh cannot ask for a password either
    )


def _kill(child: "subprocess.Popen[bytes]") -> None:
    os.killpg(child.pid, signal.SIGKILL)


def _lines(stream: IO[bytes] | None) -> Iterator[str]:
    """The lines of git's messages as they come; progress ends its lines with a return."""
    rest = b""
    while stream and (chunk := os.read(stream.fileno(), 65536)):
        *whole, rest = re.split(rb"[\r\n]+", rest + chunk)
        yield from (line.decode(errors="replace") for line in whole)
    yield rest.decode(errors="replace")
