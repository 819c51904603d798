"""A page that means harm: what it must not get, and what it leaves where we look."""

from collections.abc import Iterator

from tests.documents.test_forging import IN_VAIN, NOTICED, Forgeries
from tests.documents.test_hostile import attacks, host_service
from tests.faults.cells import cell
from tests.faults.fault import WELL, Fault, Subject, Wanted
from tests.faults.scene import Scene
from verify.system.words import Words

_TRIED = {
    "token": ("read a token of ours", "读取我们的令牌"),
    "token_of_others": ("read a token of other processes", "读取其他进程的令牌"),
    "file": ("read a file of the user's", "读取用户的文件"),
    "home": ("read the home folder", "读取用户主目录"),
    "passwords": ("read the system's passwords", "读取系统密码"),
    "sockets": ("find the system's sockets", "寻找系统的套接字"),
    "loopback": ("reach a service on this machine", "访问本机的服务"),
    "network": ("reach the network", "访问网络"),
    "environment": ("plant a module in the environment", "在环境里植入模块"),
    "probes": ("plant a module among the probes", "在探针里植入模块"),
    "tool": ("find the tool's own code", "寻找工具自身的代码"),
    "cache": ("find the cache", "寻找缓存"),
    "report": ("find the report", "寻找报告"),
    "evidence_of_others": ("find another run's evidence", "寻找其他运行的证据"),
    "owner": ("take its folder from its owner", "夺走文件夹的归属"),
    "processes": ("see other processes", "查看其他进程"),
    "parent": ("send us a signal", "向我们发送信号"),
    "terminal": ("write to the terminal", "写入终端"),
    "devices": ("find disks and memory", "寻找磁盘和内存设备"),
    "root": ("change its root folder", "更换根目录"),
    "namespaces": ("make namespaces of its own", "建立自己的命名空间"),
    "mounts": ("mount a file system", "挂载文件系统"),
    "raw_packets": ("send packets of its own making", "发送自造的数据包"),
    "links": (
        "link a file of the environment into its folder",
        "把环境里的文件硬链接到自己的文件夹",
    ),
    "first_process": ("end the first process of the sandbox", "终止沙箱的第一个进程"),
}


def _attack(scene: Scene, _: str) -> None:
    """One page tries all of it."""
    if "attacks" in {one.name for one in scene.folder.tutorials.iterdir()}:
        return
    secret = scene.root / "secret"
    secret.write_text("not for pages")
    scene.environ["GITHUB_TOKEN"] = "the-token"  # noqa: S105  # not a real one
    port, _came = scene.stack.enter_context(host_service())
    first = "import ctypes, os, socket, subprocess, sys"
    scene.folder.write(
        "attacks", limit_s=120, more="", begins=0, first=first, **attacks(scene.out, secret, port)
    )


def _tries(name: str) -> Fault:
    en, zh = _TRIED[name]
    step = name.replace("_", "-")
    named = Words(en=f"A page tries to {en}", zh=f"页面企图{zh}")
    return Fault(
        f"attack-{step}", named, WELL, adds=_attack, batch="hostile", of="attacks", step=step
    )


_SPOILT = Wanted("error", 3, "incomplete")
_STARTS = (
    "import os, subprocess, sys\n"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], {})"
)
_WIPES = """\
import ctypes, os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(15, b"nobody", 0, 0, 0)
        os.execve(sys.executable, ["nobody", "-c", "import time; time.sleep(600)"], {})
    os._exit(0)
"""
_BOMB = "import os, time\nwhile True:\n    if os.fork() == 0:\n        time.sleep(600)"
_NESTED = """\
import os
for _ in range(3000):
    os.mkdir("d")
    os.chdir("d")
"""


def _of_forgeries(forgeries: Forgeries, wanted: Wanted) -> Iterator[Fault]:
    for name, (en, zh, source) in forgeries.items():
        names = (f"evidence-{name}", f"A page {en}", f"页面{zh}")
        yield cell("hostile", *names, source, wanted, short=name == "recorder")


SUBJECT = Subject(
    Words(zh="怀有恶意的页面", en="Hostile pages"),
    (
        *map(_tries, _TRIED),
        cell(
            "hostile",
            "bomb",
            "A page is a fork bomb",
            "页面是一个 fork 炸弹",
            _BOMB,
            Wanted("fail", 1),
            says="more than 1,000 processes",
        ),
        cell(
            "hostile",
            "leaves-session",
            "A page leaves a process in a session of its own",
            "页面留下一个自成会话的进程",
            _STARTS.format("start_new_session=True"),
            WELL,
        ),
        cell(
            "hostile",
            "leaves-wiped",
            "A page leaves a process without any variables",
            "页面留下一个没有任何环境变量的进程",
            _STARTS.format("env={}, start_new_session=True"),
            WELL,
        ),
        cell(
            "hostile",
            "leaves-renamed",
            "A page leaves a process that forks twice and changes its name",
            "页面留下一个两次 fork 并改名的进程",
            _WIPES,
            WELL,
        ),
        cell(
            "hostile",
            "leaves-deaf",
            "A page leaves a process that hears no signal",
            "页面留下一个不理会信号的进程",
            "import os, signal, time\nif os.fork() == 0:\n"
            "    for one in range(1, 32):\n        try:\n"
            "            signal.signal(one, signal.SIG_IGN)\n"
            "        except OSError:\n            pass\n    time.sleep(600)",
            WELL,
        ),
        *_of_forgeries(NOTICED, _SPOILT),
        *_of_forgeries(IN_VAIN, WELL),
        cell(
            "hostile",
            "all-removed",
            "A page removes all that lies in its folder",
            "页面删除自己文件夹里的所有内容",
            "import shutil\nshutil.rmtree('.', ignore_errors=True)",
            WELL,
        ),
        cell(
            "hostile",
            "nested",
            "A page leaves 3,000 folders within one another",
            "页面留下三千层文件夹",
            _NESTED,
            WELL,
        ),
        cell(
            "hostile",
            "many-files",
            "A page leaves 20,000 files",
            "页面留下两万个文件",
            "for number in range(20_000):\n    open(f'file-{number}', 'w').close()",
            WELL,
        ),
        cell(
            "hostile",
            "unreadable-left",
            "A page leaves a folder that nobody may enter",
            "页面留下任何人都不能进入的文件夹",
            "import os\nos.makedirs('shut/in')\nos.chmod('shut', 0)",
            WELL,
        ),
        cell(
            "hostile",
            "scratch-gone",
            "A page removes the sockets of its kernel",
            "页面删除内核的套接字",
            "import glob, os\nfor one in glob.glob('k-*'):\n    os.remove(one)",
            WELL,
            limit_s=30,
        ),
        cell(
            "hostile",
            "kills-all",
            "A page kills every other process that it sees",
            "页面终止看得见的所有其他进程",
            "import os\nos.kill(-1, 9)",
            WELL,
        ),
    ),
)
