"""`verify run --ray`: runs are carried out by the nodes of a Ray cluster, and judged here.

What travels are kept runs, as `evidence save` writes them: what comes back is checked by its
digests and by what the run depends on here, as any file of kept runs is.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from verify.cli import planned
from verify.contract.edition import Edition
from verify.errors import ResourceError, UsageError
from verify.execute import evidence_files, memory
from verify.execute.run_options import Options
from verify.execute.session import Session
from verify.system import complaints
from verify.system.complaints import last_words
from verify.system.resources import PROBES
from verify.system.words import Tell, Words

_PROGRAM = PROBES / "on_ray.py"
_RAY = "ray"
_ANSWER_S = 10
_HANDED = Words(
    zh="交给 {address} 的 Ray 集群：{count} 个运行",
    en="{count} runs handed to the Ray cluster at {address}",
)
_BROUGHT = Words(zh="{run}：已在 {node} 上运行", en="{run}: was run on {node}")
_HERE = Words(
    zh="{run}：没有可用的证据返回（{why}），在本机运行",
    en="{run}: nothing came back that can be judged ({why}), so it runs here",
)
_NO_RAY = Words(
    zh="--ray：本机没有 Ray。请把启动集群所用的 `ray` 放进 PATH，或用 `docs-verify env` "
    "构建带有它的环境。",
    en="--ray: there is no Ray here. Put the `ray` that the cluster was started with on the PATH, "
    "or build an environment that has it with `docs-verify env`.",
)
_NO_CLUSTER = Words(
    zh="--ray {address}：那里没有集群应答（{why}）；请检查地址和网络。",
    en="--ray {address}: no cluster answers there ({why}); check address and network.",
)
_REFUSED = Words(
    zh="--ray {address}：Ray 没有接受这些运行（{why}）；集群与本机的 Ray 版本须相同。",
    en="--ray {address}: Ray does not take the runs ({why}); cluster and machine must have the "
    "same version of it.",
)


def gather(sessions: Sequence[Session], address: str, tell: Tell) -> None:
    """Have a cluster carry out what no kept run stands for, and take what comes back.

    What has the network is kept nowhere: it runs here, and so does what does not come back.

    Args:
        sessions: the runs that are asked for; none has begun.
        address: the cluster's, as `ray.init` takes it.
        tell: hears what becomes of each.

    Raises:
        ResourceError: there is no Ray here, or no such cluster.
    """
    wanted = {one.id: one for one in sessions if one.key_parts and not one.recalled}
    if not wanted:
        return
    python = _python(wanted.values())
    _reach(address)
    tell(_HANDED.filled(count=len(wanted), address=address))
    with TemporaryDirectory() as to:
        tasks = [*map(_task, sorted(wanted.values(), key=_expected_s, reverse=True))]
        for answer in _answers(python, {"address": address, "to": to, "tasks": tasks}):
            tell(_taken(wanted[answer["run"]], answer))


def _taken(session: Session, answer: dict[str, str]) -> Words:
    """Take what came back of a run; say what came of it."""
    why: object = answer["why"]
    if answer["file"]:
        try:
            evidence_files.load(Path(answer["file"]))
        except UsageError as error:
            why = complaints.why(error)
        else:
            session.look_again()
            if session.recalled:
                return _BROUGHT.filled(run=session.id, node=answer["node"])
            why = planned.why_not_kept(session.fit)
    return _HERE.filled(run=session.id, why=why)


def _task(session: Session) -> dict[str, object]:
    return {
        "run": session.id,
        "document": session.contract.folder.name,
        "folder": str(session.contract.folder),
        "arguments": _arguments(session.options),
        "memory_bytes": memory.expected(session.id),
    }


def _expected_s(session: Session) -> float:
    return planned.expected_s(session.contract, session.options) or 0.0


def _arguments(options: Options) -> list[str]:
    """What the tool on a node is told of the options."""
    told = ["--profile", options.profile, "--edition", options.edition.value]
    told += ["--repeat", str(options.repeat)]
    told += ["--env", options.environment] if options.environment else []
    told += ["--mirror", options.mirror] if options.mirror else []
    if options.edition is Edition.PUBLISHED:
        told += ["--upstream", options.upstream]
        told += ["--ref", options.ref] if options.ref else []
    return told


def _python(sessions: Iterable[Session]) -> Path:
    """The Python of the Ray that is on the path, as who started the cluster has it, or of a run's.

    Raises:
        ResourceError: there is none.
    """
    found = shutil.which(_RAY)
    places = [Path(found).resolve()] if found else []
    places += [one.located.python.with_name(_RAY) for one in sessions]
    for place in places:
        if place.is_file():
            return place.with_name("python")
    raise ResourceError(_NO_RAY)


def _reach(address: str) -> None:
    """See that somebody answers: Ray itself would go on asking for minutes.

    Raises:
        ResourceError: nobody does.
    """
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not port.isdigit():
        return  # `auto`, which Ray looks up
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWER_S).close()
    except (OSError, OverflowError) as error:
        raise ResourceError(_NO_CLUSTER.filled(address=address, why=error)) from error


def _answers(python: Path, asked: dict[str, object]) -> Iterator[dict[str, str]]:
    """What the driver says of each run as it ends."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with (
        TemporaryFile("w+", encoding="utf-8") as asking,
        TemporaryFile("w+", encoding="utf-8") as errors,
    ):
        json.dump(asked, asking)
        asking.seek(0)
        with subprocess.Popen(
            [str(python), "-u", str(_PROGRAM)],
            stdin=asking,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environ,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                yield from map(json.loads, process.stdout or ())
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        if process.returncode:
            errors.seek(0)
            why = last_words(errors.read())
            raise ResourceError(_REFUSED.filled(address=asked["address"], why=why))
