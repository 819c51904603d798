"""Whatever a page loads with, it gets the run's file for a documented address, and no other."""

import os
import shutil
import socket
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import fetchprobe
import pytest
from fetchprobe import shell
from fetchprobe.inquiry import FileAnswer

from tests.probes.builders import write_module
from verify.contract.profiles import FileRow
from verify.execute.registry import Registry, running
from verify.system.resources import PROBES

CONTENT = b"a,b\n1,2\n"
URL = "https://orchard.example/data/plums.csv"
# An address that is no name server's; what is asked for there fails at once, as without a network.
NOBODY = "http://127.0.0.9:9/data/pears.csv"

Run = Callable[..., str]


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    file = tmp_path / "stand-in.csv"
    file.write_bytes(CONTENT)
    row = FileRow(url="*/data/plums.csv", program="grow.py")
    with running([row], lambda *_: file) as registry:
        yield registry


@pytest.fixture
def run(registry: Registry, tmp_path: Path) -> Run:
    """What a program prints in a process that finds our probes as the parties' processes do."""

    def of(program: str, **environ: str) -> str:
        told = {
            "PYTHONPATH": str(PROBES),
            fetchprobe.VARIABLE: registry.address,
            "http_proxy": "http://127.0.0.9:9",
            "https_proxy": "http://127.0.0.9:9",
            "no_proxy": "127.0.0.1",
        }
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(program)],
            cwd=tmp_path,
            env=os.environ | told | environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return of


WAYS = {
    "urlopen": f"""
        from urllib.request import urlopen
        answer = urlopen("{URL}")
        print(answer.read(), answer.geturl())
        """,
    "urlopen of a request": f"""
        import urllib.request
        request = urllib.request.Request("{URL}", headers={{"Accept": "text/csv"}})
        answer = urllib.request.build_opener().open(request, timeout=9)
        print(answer.read(), request.full_url)
        """,
    "urlretrieve": f"""
        import urllib.request
        name, _ = urllib.request.urlretrieve("{URL}", "here.csv")
        print(open(name, "rb").read(), "{URL}")
        """,
    "requests": f"""
        import requests
        answer = requests.get("{URL}")
        print(answer.content, answer.url)
        """,
    "requests, in parts": f"""
        import requests
        answer = requests.Session().get("{URL}", stream=True)
        print(b"".join(answer.iter_content(3)), answer.request.url)
        """,
    "urllib3": f"""
        import urllib3
        print(urllib3.PoolManager().request("GET", "{URL}").data, "{URL}")
        """,
}


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_loading_leads_to_the_runs_file(way: str, run: Run, registry: Registry) -> None:
    assert run(WAYS[way]) == f"{CONTENT!r} {URL}"
    assert [served.url for served in registry.served] == [URL]


@pytest.mark.parametrize("way", WAYS)
def test_what_nobody_declared_goes_out_to_the_network(
    way: str, run: Run, registry: Registry
) -> None:
    program = textwrap.indent(textwrap.dedent(WAYS[way].replace(URL, NOBODY)), "    ")
    if "urllib3" in way:
        program = program.replace('"GET", ', '"GET", retries=False, url=')
    told = run(f"try:\n{program}\nexcept Exception as error:\n    print(type(error).__name__)\n")
    assert told in ("URLError", "ProxyError", "ConnectionError", "NewConnectionError")
    assert registry.served == []
    assert {refused.url for refused in registry.refused} == {NOBODY}


def test_loopback_is_not_asked_about(run: Run, registry: Registry) -> None:
    program = f"""
        from urllib.request import urlopen
        try:
            urlopen("{registry.address}/files/0/x")
        except OSError as error:
            print(error.code)
        """
    assert run(program) == "404"
    assert registry.refused == []


def test_a_notebook_that_is_run_again_by_hand_loads_as_it_always_does(run: Run) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        program = f"""
            from urllib.request import urlopen
            try:
                urlopen("{NOBODY}")
            except OSError as error:
                print(type(error).__name__, error)
            """
        told = run(program, **{fetchprobe.VARIABLE: address})
    assert told == "URLError <urlopen error [Errno 111] Connection refused>"


def test_nothing_is_loaded_where_nobody_asks(run: Run) -> None:
    assert run(
        "import sys; print({'urllib.request', 'http.client', 'numpy'} & {*sys.modules})"
    ) == ("set()")


def test_without_an_address_nothing_changes(run: Run) -> None:
    program = """
        import os, sys, urllib.request
        print(urllib.request.OpenerDirector.open.__code__.co_filename.endswith("request.py"))
        """
    assert run(f"import os\ndel os.environ['{fetchprobe.VARIABLE}']\nprint(1)") == "1"
    plain = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        env={k: v for k, v in os.environ.items() if k != fetchprobe.VARIABLE}
        | {"PYTHONPATH": str(PROBES)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert plain.stdout.strip() == "True"


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("wget", f"wget -q {URL} && cat plums.csv"),
        ("wget", f"mkdir sub && cd sub && wget -q -O kept.csv '{URL}' && cat kept.csv"),
        ("curl", f"curl -s {URL}"),
        ("curl", f"curl -sSLO --url {URL} && cat plums.csv"),
    ],
)
def test_shell_lines_get_the_runs_file_by_its_documented_name(
    program: str, line: str, run: Run, registry: Registry
) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    told = run(
        f"""
        import fetchprobe, os, subprocess
        fetchprobe.begin(os.environ["{fetchprobe.VARIABLE}"])
        os.system({line!r})
        """
    )
    assert told.encode() == CONTENT.strip()
    assert [served.url for served in registry.served] == [URL]


def test_a_shell_line_that_asks_nobody_fails_as_it_always_does(
    run: Run, registry: Registry
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    told = run(
        f"""
        import fetchprobe, os
        fetchprobe.begin(os.environ["{fetchprobe.VARIABLE}"])
        print(os.waitstatus_to_exitcode(os.system("curl -s --noproxy '*' {NOBODY}")))
        """
    )
    assert told == "7"
    assert [refused.url for refused in registry.refused] == [NOBODY]


def test_only_addresses_among_arguments_are_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        shell, "asked", lambda url: FileAnswer("http://127.0.0.1:1/x") if url == URL else None
    )
    line = ["-O", "out=x.csv", URL, "-L", f"--header=from={URL}"]
    assert shell.elsewhere(line) == [
        "-O",
        "out=x.csv",
        "http://127.0.0.1:1/x",
        "-L",
        f"--header=from={URL}",
    ]


# Stand for libraries that the tool's environment has not; each compares with the documented digest.
KERAS = """
import hashlib
from urllib.request import urlopen

def get_file(fname=None, origin=None, untar=False, md5_hash=None, file_hash=None):
    content = urlopen(origin).read()
    told = file_hash or md5_hash
    kind = "sha256" if told and len(told) == 64 else "md5"
    if told and hashlib.new(kind, content).hexdigest() != told:
        raise ValueError("corrupted")
    return content
"""
TORCH = """
import hashlib
from urllib.request import urlopen

def download_url_to_file(url, dst, hash_prefix=None, progress=True):
    content = urlopen(url).read()
    if hash_prefix and not hashlib.sha256(content).hexdigest().startswith(hash_prefix):
        raise RuntimeError("invalid hash value")
    open(dst, "wb").write(content)
"""
TORCHVISION = """
import hashlib

def calculate_md5(fpath, chunk_size=1):
    return hashlib.md5(open(fpath, "rb").read()).hexdigest()

def check_md5(fpath, md5, **kwargs):
    return md5 == calculate_md5(fpath, **kwargs)
"""
SECRETFLOW = """
import collections, hashlib
from urllib.request import urlopen

Dataset = collections.namedtuple("Dataset", "filename url sha256")

def get_dataset(dataset, cache_dir=None):
    content = urlopen(dataset.url).read()
    assert hashlib.sha256(content).hexdigest() == dataset.sha256
    return content
"""
CHECKED = {
    "keras.utils.data_utils": (
        KERAS,
        [
            "get_file('x', URL, file_hash='0' * 64)",
            "get_file('x', URL, False, '0' * 32)",
            "get_file(origin=URL, md5_hash='0' * 32)",
            "get_file(origin=URL)",
        ],
    ),
    "torch.hub": (
        TORCH,
        [
            "download_url_to_file(URL, 'x', 'aaaaaaaa') or open('x', 'rb').read()",
            "download_url_to_file(URL, 'x', hash_prefix='aaaaaaaa') or open('x', 'rb').read()",
            "download_url_to_file(URL, 'x') or open('x', 'rb').read()",
        ],
    ),
    "secretflow.utils.simulation.datasets": (
        SECRETFLOW,
        [
            "get_dataset(Dataset('x', URL, '0' * 64))",
            "get_dataset(Dataset('x', URL, '0' * 64), '.')",
        ],
    ),
}


@pytest.mark.parametrize(
    ("name", "call"), [(name, call) for name, (_, calls) in CHECKED.items() for call in calls]
)
def test_a_loader_compares_with_the_stand_ins_own_digest(
    name: str, call: str, run: Run, tmp_path: Path
) -> None:
    _write(tmp_path, name, CHECKED[name][0])
    call = call.replace("URL", repr(URL))
    assert run(f"from {name} import *\nprint({call})") == repr(CONTENT)


@pytest.mark.parametrize("name", CHECKED)
def test_a_loader_that_gets_another_file_still_refuses_it(
    name: str, run: Run, tmp_path: Path, registry: Registry
) -> None:
    _write(tmp_path, name, CHECKED[name][0])
    call = CHECKED[name][1][0].replace("URL", repr(URL))
    # The digests are taken when the file is first asked for; what arrives later is another one.
    registry.answer(URL)
    registry.served[0].file.write_bytes(b"damaged\n")
    told = run(
        f"from {name} import *\n"
        f"try:\n    print({call})\nexcept Exception as error:\n    print(type(error).__name__)"
    )
    assert told in ("ValueError", "RuntimeError", "AssertionError")


def test_torchvision_knows_a_stand_in_again_and_nothing_else(run: Run, tmp_path: Path) -> None:
    _write(tmp_path, "torchvision.datasets.utils", TORCHVISION)
    program = f"""
        import urllib.request
        from torchvision.datasets.utils import check_md5
        urllib.request.urlretrieve("{URL}", "own")
        open("other", "w").write("other")
        print(check_md5("own", "0" * 32), check_md5("other", "0" * 32))
        """
    assert run(program) == "True False"


def _write(folder: Path, name: str, source: str) -> None:
    *packages, module = name.split(".")
    for package in packages:
        folder /= package
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
    (folder / f"{module}.py").write_text(source)


def test_the_page_itself_is_told_before_its_first_cell(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, modules: Path
) -> None:
    write_module(modules)
    environ = {"PATH": os.environ["PATH"], "HOME": "/"}
    monkeypatch.setattr(os, "environ", environ)
    fetchprobe.begin(registry.address)
    assert environ[fetchprobe.VARIABLE] == registry.address
    assert environ["no_proxy"] == environ["NO_PROXY"] == "127.0.0.1"
    first = Path(environ["PATH"].split(os.pathsep)[0])
    assert {one.name for one in first.iterdir()} <= {"wget", "curl"}
