"""Documented environments that are damaged, missing or not what a page wants, and the sandbox."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.faults.cells import LAST, row
from tests.faults.fault import WELL, Subject, Wanted
from tests.faults.scene import FINE, Done, Scene, in_box
from verify.environment import environment
from verify.system.words import Words

_LOCAL = "raise SystemExit('a module of the page was imported')\n"


def _damaged(damage: Callable[[Path], object]) -> Callable[[Scene], Done]:
    """Run in a copy of the environment to which something was done."""

    def made(scene: Scene) -> Done:
        built = environment.locate("kernel-only").prefix
        own = scene.root / "environments"
        own.mkdir()
        for one in built.parent.glob(f"{built.name}*"):
            if one.is_dir():
                shutil.copytree(one, own / one.name, symlinks=True)
            else:
                shutil.copy(one, own)
        damage(own / built.name)
        scene.write(first=FINE, second="import numpy\nprint(numpy.ones(2).sum())", third=LAST)
        return scene.run(prefix=scene.private_cache(own))

    return made


def _site(prefix: Path) -> Path:
    return next((prefix / "lib").glob("*/site-packages"))


def _edited(prefix: Path) -> None:
    file = _site(prefix) / "numpy" / "__init__.py"
    file.write_text(f"raise RuntimeError('edited in place')\n{file.read_text()}")


def _unbuilt(scene: Scene) -> Done:
    scene.write(first=FINE, second=FINE)
    scene.environ |= {
        "UV_OFFLINE": "1",
        "UV_CACHE_DIR": str(scene.root / "uv"),
        "SECRETFLOW_DOCS_VERIFY_CACHE": str(scene.root / "nothing"),
    }
    return scene.run()


def _contract(old: str, new: str, *told: str) -> Callable[[Scene], Done]:
    def made(scene: Scene) -> Done:
        scene.write(first=FINE)
        scene.edit("contract.toml", lambda text: text.replace(old, new))
        return scene.run(*told)

    return made


def _kernel_named(language: str, name: str) -> Callable[[Scene], Done]:
    """Run a page whose notebook names a kernel that is not here."""

    def made(scene: Scene) -> Done:
        scene.folder.publish("pears = 12\nprint(pears)")
        page = scene.folder.upstream / "page.ipynb"
        spec = f'"kernelspec": {{"name": "{name}", "language": "{language}", "display_name": "x"}}'
        page.write_text(
            page.read_text().replace(
                '"metadata": {},\n "nbformat"', f'"metadata": {{{spec}}},\n "nbformat"'
            )
        )
        draft = scene.root / "small.ipynb"
        shutil.copy(page, draft)
        return scene.run("./small.ipynb", "--env", "kernel-only")

    return made


def _no_namespaces(scene: Scene) -> Done:
    scene.write(first=FINE)
    return scene.run(prefix=in_box("--unshare-user", "--disable-userns"))


def _local_modules(scene: Scene) -> Done:
    scene.write(first=FINE, second="import json, random\nprint(2)", third=LAST)
    for name in ("json", "random", "sitecustomize", "numpy", "conftest"):
        (scene.root / f"{name}.py").write_text(_LOCAL)
    return scene.run()


def _settings(scene: Scene) -> Done:
    """Settings of the user's that lead Jupyter, IPython and Python elsewhere."""
    scene.write(first=FINE, second="print(2)", third=LAST)
    hostile = scene.root / "settings"
    for folder in ("profile_default/startup", "kernels/python3", "custom"):
        (hostile / folder).mkdir(parents=True)
    (hostile / "profile_default" / "startup" / "00.py").write_text("raise RuntimeError('user')")
    (hostile / "jupyter_config.py").write_text("raise RuntimeError('user')")
    (hostile / "kernels" / "python3" / "kernel.json").write_text('{"argv": ["false"]}')
    (hostile / "ipykernel.py").write_text("raise RuntimeError('user')")
    names = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_PATH", "JUPYTER_DATA_DIR")
    scene.environ |= dict.fromkeys(names, str(hostile))
    scene.environ["PYTHONPATH"] = f"{scene.folder.environ['PYTHONPATH']}:{hostile}"
    return scene.run()


def _no_sandbox(scene: Scene) -> Done:
    scene.write(first=FINE, second="print(2)", third=LAST)
    return scene.run("--no-sandbox")


SUBJECT = Subject(
    Words(zh="环境", en="Environments"),
    (
        row(
            "env-unbuilt",
            "The environment is not there and nothing can be downloaded",
            "环境不存在，也无法下载",
            _unbuilt,
            Wanted("error", 3, "none"),
        ),
        row(
            "env-edited",
            "A file of the environment was edited",
            "环境里的文件被改过",
            _damaged(_edited),
            WELL,
        ),
        row(
            "env-pth",
            "A .pth file was added to the environment",
            "环境里多了一个 .pth 文件",
            _damaged(lambda one: (_site(one) / "x.pth").write_text("import no_such")),
            WELL,
        ),
        row(
            "env-shadow",
            "A module that shadows another was added",
            "环境里多了遮蔽其他模块的模块",
            _damaged(lambda one: (_site(one) / "sitecustomize.py").write_text(_LOCAL)),
            WELL,
        ),
        row(
            "env-python",
            "The environment has lost its Python",
            "环境丢失了 Python",
            _damaged(lambda one: (one / "bin" / "python").unlink()),
            WELL,
        ),
        row(
            "env-cut",
            "The environment's build was cut short",
            "环境的构建中途停止",
            _damaged(lambda one: (one / ".complete").unlink()),
            WELL,
        ),
        row(
            "env-no-name",
            "A contract names an unknown environment",
            "契约写了未知的环境",
            _contract('name = "kernel-only"', 'name = "kernel-none"'),
            Wanted("none", 2, "none"),
        ),
        row(
            "env-option",
            "The command line names an unknown environment",
            "命令行写了未知的环境",
            _contract("", "", "--env", "kernel-none"),
            Wanted("none", 2, "none"),
        ),
        row(
            "kernel-elsewhere",
            "A page names a kernel of somebody's own",
            "页面指定了别人自己的内核",
            _kernel_named("python", "conda-env-mine-py"),
            WELL,
        ),
        row(
            "kernel-r",
            "A page is for a kernel of another language",
            "页面使用其他语言的内核",
            _kernel_named("R", "ir"),
            Wanted("error", 3, "none", says="has a kernel for Python alone"),
            step="cell-0",  # that it could not begin is said there
        ),
        row(
            "no-namespaces",
            "Users may make no namespaces",
            "用户不能建立命名空间",
            _no_namespaces,
            Wanted("error", 3, "none", says="--no-sandbox"),
        ),
        row("no-sandbox", "A run without the sandbox", "不使用沙箱的运行", _no_sandbox, WELL),
        row(
            "local-modules",
            "Modules beside the page are named like Python's",
            "页面旁的模块与 Python 的模块同名",
            _local_modules,
            WELL,
            short=True,
        ),
        row(
            "settings",
            "The user's settings lead Jupyter and IPython elsewhere",
            "用户的设置把 Jupyter 和 IPython 引向别处",
            _settings,
            WELL,
        ),
    ),
)
