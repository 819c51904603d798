"""The first program in a page's sandbox: sets limits, leads to the run's files, becomes the kernel.

Called as `boxed.py [PORT SOCKET] -- PROGRAM ARGUMENT…`. The sandbox has a loopback of its own, so
what asks for files at PORT is led to the SOCKET of the run outside.
"""

import contextlib
import os
import resource
import select
import socket
import sys
from pathlib import Path
from typing import Any

# Each thread counts, and Ray starts hundreds.
# An ordinary user's bomb ends here, root's by the watch.
_PROCESSES = 16_384
# Where memory runs out, the system is to end the page's processes before those that judge them.
_OOM_SCORE = "600"
_BLOCK = 1 << 16


def main(arguments: "list[str]") -> None:
    """Begin."""
    split = arguments.index("--")
    asked, program = arguments[:split], arguments[split + 1 :]
    _limit()
    if asked:
        port, there = asked
        here = socket.create_server(("127.0.0.1", int(port)))
        if os.fork() == 0:
            _lead(here, there)
        here.close()
    os.execv(program[0], program)  # noqa: S606  # a command of the tool's


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_NPROC)
    allowed = _PROCESSES if most == resource.RLIM_INFINITY else min(most, _PROCESSES)
    resource.setrlimit(resource.RLIMIT_NPROC, (allowed, allowed))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE)


def _lead(here: socket.socket, there: str) -> None:
    """Lead whoever connects here to the socket there, until the sandbox ends."""
    select.select([here], [], [])
    import asyncio  # as long to import as all else, and few pages ask for files

    async def connected(reader: Any, writer: Any) -> None:
        try:
            answers, questions = await asyncio.open_unix_connection(there)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_carry(reader, questions), _carry(answers, writer))

    async def serve() -> None:
        server = await asyncio.start_server(connected, sock=here)
        await server.serve_forever()

    asyncio.run(serve())


async def _carry(reader: Any, writer: Any) -> None:
    with contextlib.suppress(OSError):
        while block := await reader.read(_BLOCK):
            writer.write(block)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    main(sys.argv[1:])
