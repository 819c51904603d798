"""Addresses that cannot be reached, and what is installed or looked up there."""

from collections.abc import Callable

from tests.faults.cells import LAST, cell, row
from tests.faults.fault import FAILS, LACKS, WELL, Subject, Wanted
from tests.faults.scene import FINE, Done, Scene
from verify.system.words import Words

_OPEN = "import urllib.request\nurllib.request.urlopen({!r})"
_PROXY = "http://127.0.0.1:9"


def _of_upstream(
    *told: str, tagged: bool = False, page: str = "page.ipynb"
) -> Callable[[Scene], Done]:
    """Run a page of a repository that is not as it should be."""

    def made(scene: Scene) -> Done:
        if tagged:
            scene.folder.publish("pears = 12")
        where = [one.format(upstream=scene.folder.upstream) for one in told]
        return scene.run(page, "--env", "kernel-only", "--upstream", *where)

    return made


def _behind_a_proxy(scene: Scene) -> Done:
    scene.write(first=FINE, second="print(2)", third=LAST)
    names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    scene.environ.update(dict.fromkeys(names, _PROXY))
    return scene.run()


SUBJECT = Subject(
    Words(zh="网络", en="Network"),
    (
        cell(
            "network",
            "name",
            "A page asks a host that nobody knows",
            "页面访问不存在的主机",
            _OPEN.format("http://nowhere.invalid/x"),
            LACKS,
            says="http://nowhere.invalid/x cannot be reached",
        ),
        cell(
            "network",
            "address",
            "A page asks an address without a network",
            "没有网络时页面访问某个地址",
            _OPEN.format("https://192.0.2.1/x"),
            LACKS,
        ),
        cell(
            "network",
            "requests",
            "A page connects to an address by itself",
            "页面自行连接某个地址",
            "import socket\nsocket.create_connection(('192.0.2.1', 443), 10)",
            LACKS,
        ),
        cell(
            "network",
            "refused-words",
            "A page only says that a connection was refused",
            "页面只是说连接被拒绝",
            "def get():\n    raise RuntimeError('Connection refused')\nget()",
            FAILS,
        ),
        cell(
            "network",
            "pip",
            "A page installs what nobody has locked",
            "页面安装没有锁定的软件包",
            "%pip install no-such-package-of-ours",
            LACKS,
        ),
        cell(
            "network",
            "own-port",
            "A page serves and asks itself",
            "页面自己提供服务并访问它",
            "import socket, threading\nserver = socket.create_server(('127.0.0.1', 8000))\n"
            "threading.Thread(target=server.accept, daemon=True).start()\n"
            "socket.create_connection(('127.0.0.1', 8000), 10).close()",
            WELL,
        ),
        row(
            "upstream-gone",
            "The repository of the pages cannot be reached",
            "无法访问页面的仓库",
            _of_upstream("https://nowhere.invalid/pages", "--ref", "v0"),
            Wanted("none", 3, "none"),
        ),
        row(
            "upstream-none",
            "The repository of the pages is not there",
            "页面的仓库不存在",
            _of_upstream("/nowhere/pages", "--ref", "v0"),
            Wanted("none", 2, "none"),
        ),
        row(
            "tag-gone",
            "The repository has no such tag",
            "仓库里没有这个标签",
            _of_upstream("{upstream}", "--ref", "v9", tagged=True),
            Wanted("none", 2, "none"),
        ),
        row(
            "tag-option",
            "A tag looks like an option of git's",
            "标签看似 git 的选项",
            _of_upstream("{upstream}", "--ref=--upload-pack=touch planted", tagged=True),
            Wanted("none", 2, "none"),
        ),
        row(
            "page-gone",
            "The tag has no such page",
            "该标签没有这个页面",
            _of_upstream("{upstream}", "--ref", "v0", tagged=True, page="plums.ipynb"),
            Wanted("none", 2, "none"),
        ),
        row("proxy", "The user's proxy is not there", "用户的代理不存在", _behind_a_proxy, WELL),
    ),
)
