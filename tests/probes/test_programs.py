"""Options of commands, asked of programs of ours, none of which is ever started."""

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from verify.system.resources import PROBES

CLICKED = """
    import click


    @click.group()
    def barn():
        raise SystemExit("started")


    @barn.command()
    @click.option("--cows", "-c", type=int)
    @click.option("--open/--shut", default=True)
    @click.argument("rest", nargs=-1)
    def fill(cows, open, rest):
        raise SystemExit("started")


    @barn.command(context_settings={"ignore_unknown_options": True})
    def lend():
        raise SystemExit("started")


    def main():
        return barn()
"""
ARGUED = """
    import argparse


    def main():
        parser = argparse.ArgumentParser()
        parser.add_argument("--depth", type=int)
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--tools", nargs="*")
        parser.add_argument("script")
        parser.add_argument("script_args", nargs=argparse.REMAINDER)
        print(parser.parse_args())
        raise SystemExit("started")
"""
OPEN = """
    import argparse
    from elsewhere import more


    def main():
        parser = argparse.ArgumentParser()
        parser.add_argument("--depth", type=int)
        more(parser)
"""
NAMES = """
    [console_scripts]
    barn = barn_cli:main
    shed = barn_cli:barn
    spade = spade_cli:main
    rake = rake_cli:main
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module that answers, with packages of ours in reach."""
    texts = {
        "barn_cli.py": CLICKED,
        "spade_cli.py": ARGUED,
        "rake_cli.py": OPEN,
        "spade/__main__.py": ARGUED,
        "spade/__init__.py": "",
        "farm-1.dist-info/entry_points.txt": NAMES,
        "farm-1.dist-info/METADATA": "Name: farm\nVersion: 1\n",
        "elsewhere.py": "def more(parser): ...",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(textwrap.dedent(text), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.syspath_prepend(str(PROBES))
    from apiprobe import programs  # noqa: PLC0415  # it is found there

    yield programs
    for name in ("barn_cli", "spade_cli", "rake_cli", "spade", "elsewhere"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize(
    ("line", "option", "near"),
    [
        ("barn fill --cow 3", "--cow", "--cows"),
        ("barn fill --cows 3 --shot", "--shot", "--shut"),
        ("shed fill -x", "-x", ""),
        ("spade --dept 3 dig.py --anything", "--dept", None),
        ("spade --dpeth 3 dig.py", "--dpeth", "--depth"),
        ("spade --dry-run --dpth=3 dig.py", "--dpth", "--depth"),
        ("pip install --no-cache-dr farm", "--no-cache-dr", "--no-cache-dir"),
    ],
)
def test_an_option_that_a_program_lacks(
    programs: Any, line: str, option: str, near: str | None
) -> None:
    told = programs.slip(line.split())
    if near is None:  # argparse takes the beginning of an option for it
        assert told is None
    else:
        assert (told.name, *told.near) == (option, *([near] if near else []))


@pytest.mark.parametrize(
    "line",
    [
        "barn fill --cows=3 -c 4 --open hay --help",
        "barn fill --cows 3 -- --anything",
        "spade --depth -1 --dry-run dig.py --dpeth 3",
        "spade --tools a b --dpeth 3",
        "spade --colour red dig.py",
        "pip install -U --upgrade --index-url https://example.org farm",
        "pip install --upgrad farm",
        "pip install --from-the-future farm",
    ],
)
def test_what_a_program_takes_or_may_take(programs: Any, line: str) -> None:
    assert programs.slip(line.split()) is None


def test_a_module_is_read_as_well(programs: Any) -> None:
    assert programs.slip(["python -m spade", "--dpeth", "3", "x"]).near == ("--depth",)


@pytest.mark.parametrize(
    "line",
    ["barn --odd", "barn feed --odd", "barn lend --odd", "rake --dpeth", "plough --dpeth 3"],
)
def test_what_only_running_it_could_tell(programs: Any, line: str) -> None:
    from apiprobe.known_values import Undecided  # noqa: PLC0415  # it is found there

    with pytest.raises(Undecided):
        programs.slip(line.split())
