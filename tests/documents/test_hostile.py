"""A page that means harm, run for real: it gets nothing, and the verdict is that of its code."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.documents.folder import DocumentFolder
from verify.environment import environment
from verify.system import cache, resources

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(os.environ.get(resources.NO_SANDBOX_VARIABLE)), reason="users make no namespaces here"
    ),
]

_HOME = "found = os.listdir(os.path.expanduser('~root')) + os.listdir('/home')"


@contextmanager
def host_service() -> Iterator[tuple[int, list[object]]]:
    """A service on the machine's own loopback, and who came to it."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with suppress(OSError):  # the end of the service
                while True:
                    came.append(server.accept())

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], came


def refused(code: str) -> str:
    """A cell that ends well if the system refuses something."""
    return f"try:\n    {code}\nexcept OSError:\n    pass\nelse:\n    raise AssertionError('done')"


def _site() -> Path:
    return next((environment.locate("kernel-only").prefix / "lib").glob("*/site-packages"))


def attacks(out: Path, secret: Path, port: int) -> dict[str, str]:
    """What a page tries, each a cell that ends well if the page gets nothing."""
    site = _site()
    return {
        "token": "assert 'the-token' not in str(dict(os.environ))",
        "token_of_others": (
            "import glob\nfor one in glob.glob('/proc/*/environ'):\n"
            "    assert b'the-token' not in open(one, 'rb').read()"
        ),
        "file": refused(f"open({str(secret)!r})"),
        "home": "assert not any(os.path.exists(f'/root/{n}') for n in ('.ssh', '.bashrc'))",
        "passwords": refused("open('/etc/shadow')"),
        "sockets": "assert not os.path.exists('/run') and not os.path.exists('/var')",
        "loopback": refused(f"socket.create_connection(('127.0.0.1', {port}), 5)"),
        "network": refused("socket.create_connection(('192.0.2.1', 80), 5)"),
        "environment": refused(f"open({str(site / 'planted.pth')!r}, 'w')"),
        "probes": refused(f"open({str(resources.PROBES / 'docprobe' / 'x.py')!r}, 'w')"),
        "tool": f"assert not os.path.exists({str(resources.PACKAGE / 'cli')!r})",
        "cache": f"assert not os.path.exists({str(cache.cache_root() / 'history.jsonl')!r})",
        "report": f"assert not os.path.exists({str(out / 'report.json')!r})",
        "evidence_of_others": f"assert not os.path.exists({str(out / 'runs')!r})",
        "owner": refused("os.remove('owner.json')"),
        "processes": "assert len([n for n in os.listdir('/proc') if n.isdigit()]) < 10",
        "parent": refused(f"os.kill({os.getpid()}, 0)"),
        "terminal": refused("open('/dev/tty')"),
        "devices": "assert not {'vda', 'sda', 'mem', 'kmsg'} & set(os.listdir('/dev'))",
        "root": refused("os.chroot('.')"),
        "namespaces": "assert ctypes.CDLL(None).unshare(0x10000000) == -1",
        "mounts": "assert ctypes.CDLL(None).mount(b'x', b'/tmp', b'tmpfs', 0, None) == -1",
        "raw_packets": refused("socket.socket(socket.AF_PACKET, socket.SOCK_RAW)"),
        "links": refused(f"os.link({str(site / 'six.py')!r}, 'six.py')"),
        "first_process": "try:\n    os.kill(1, 9)\nexcept OSError:\n    pass",
    }


def test_what_a_page_is_not_to_see_or_change_is_out_of_its_reach(
    documents: DocumentFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "the-token")
    secret = tmp_path / "secret"
    secret.write_text("not for pages")
    with host_service() as (port, came):
        first = "import ctypes, os, socket, subprocess, sys"
        documents.write(
            "hostile",
            limit_s=30,
            more="",
            begins=0,
            first=first,
            **attacks(documents.out, secret, port),
        )
        done = documents.run()
    assert done.code == 0, done.out
    assert set(done.verdicts().values()) == {"pass"}
    assert came == []
    assert not (_site() / "planted.pth").exists()


def test_what_a_page_uses_up_ends_it_and_nothing_else(documents: DocumentFolder) -> None:
    bomb = "import os, time\nwhile True:\n    if os.fork() == 0:\n        time.sleep(600)"
    documents.write("bomb", first=bomb, second="print(1)")
    # Twice: it has a session and an environment of its own, so that nobody would find it.
    leaves = (
        "import os, subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(601)'], env={}, "
        "start_new_session=True)"
    )
    documents.write("leaver", first=leaves)
    done = documents.run()
    seen = {one["name"]: one for one in done.report["documents"]}
    assert seen["bomb"]["steps"][0]["verdict"] == "fail"
    assert "more than 1,000 processes" in seen["bomb"]["steps"][0]["observed"]
    assert seen["leaver"]["verdict"] == "pass"
    lines = [" ".join(one.info["cmdline"] or ()) for one in psutil.process_iter(["cmdline"])]
    assert not any("time.sleep(60" in line for line in lines)
