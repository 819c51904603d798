"""`check` reads other people's repositories: nothing of theirs is ever run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import PROJECT, repositories
from verify.cli import check as cli_check
from verify.cli.check import Asked
from verify.environment import environment
from verify.errors import ExitCode, UsageError
from verify.page import reader
from verify.page.page import Page
from verify.rules import checked_site, project
from verify.system import git, interpreter
from verify.upstream import pages

GONE = "1" * 40


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repositories.alone(tmp_path, monkeypatch)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "repository" / "docs"
    folder.mkdir(parents=True)
    (folder / "conf.py").touch()
    (folder / "page.md").write_text("# A page\n\nText.\n")
    return folder


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """What no attack may bring about."""
    return tmp_path / "ran"


def check(*paths: Path, env: str | None = "none") -> ExitCode:
    return cli_check.check(list(paths), Asked(env=env))


# The folder that we are started in.


@pytest.mark.parametrize(("name", "path"), [("typer", ""), ("rich", "."), ("json", ":")])
def test_modules_of_the_working_folder_are_not_imported(
    docs: Path, ran: Path, name: str, path: str
) -> None:
    (docs / f"{name}.py").write_text(f"open({str(ran)!r}, 'w')\nraise SystemExit(9)\n")
    done = subprocess.run(
        [sys.executable, "-m", "verify", "check", "--env", "none", "."],
        cwd=docs,
        env=os.environ | {"PYTHONPATH": f"{PROJECT}:{path}" if path else str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not ran.exists()
    assert done.returncode == 0, done.stderr


def test_a_checkout_that_is_not_installed_comes_last(tmp_path: Path, ran: Path) -> None:
    """-S: without what is installed here, this very project among it."""
    shutil.copytree(PROJECT / "verify", tmp_path / "verify")
    (tmp_path / "typer.py").write_text(f"open({str(ran)!r}, 'w')\nraise SystemExit(9)\n")
    packages = next(one for one in sys.path if one.endswith("site-packages"))
    done = subprocess.run(
        [sys.executable, "-S", "-m", "verify", "--help"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": packages},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not ran.exists()
    assert done.returncode == 0, done.stderr
    assert "Runs SecretFlow" in done.stdout


def test_what_we_ask_of_an_interpreter_is_asked_elsewhere(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(docs)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert interpreter.version_of(Path(sys.executable)) == version
    assert interpreter._output([sys.executable, "-c", "import os; print(os.getcwd())"]) == os.sep


# The project's own settings.


def interpreter_of(folder: Path, ran: Path) -> Path:
    """An environment whose Python leaves a trace."""
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\ntouch {ran}\necho "3.10 CPython $0"\n')
    python.chmod(0o755)
    (folder / "pyvenv.cfg").touch()
    return folder


@pytest.mark.parametrize("named", ["docs/env", "{}", "secretflow-0"])
def test_the_pages_settings_name_no_interpreter(
    docs: Path, ran: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    folder = interpreter_of(docs / "env", ran)
    (docs / "page.md").write_text("# A page\n\n```python\nimport numpy\n```\n")
    value = named.format(folder)
    (docs / project.FILE_NAME).write_text(f'environment = "{value}"\n')
    monkeypatch.chdir(docs if not named.startswith("docs") else docs.parent)
    with pytest.raises(UsageError) as caught:
        check(docs, env=None)
    assert not ran.exists()
    said = str(caught.value)
    assert said.startswith(f"{docs / project.FILE_NAME}:1: environment: no environment '{value}'; ")
    assert f"allowed are {', '.join(environment.names())}, none, and " in said
    assert said.endswith("can only be given on the command line, with --env.")
    assert said.count("\n") == 0


def test_the_pages_settings_name_one_of_our_environments(docs: Path) -> None:
    (docs / project.FILE_NAME).write_text('environment = "none"\n')
    assert check(docs, env=None) is ExitCode.VERIFIED
    for name in environment.names():
        (docs / project.FILE_NAME).write_text(f'environment = "{name}"\n')
        assert project.of_root(docs).environment == name


# git's own settings of a repository.


def embedded(folder: Path, ran: Path, *, bare: bool) -> None:
    """Make a repository whose missing tag would be fetched by a command that its settings name."""
    for name in ("objects", "refs/heads", "refs/tags"):
        (folder / name).mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/master\n")
    (folder / "refs" / "heads" / "master").write_text(f"{GONE}\n")
    (folder / "refs" / "tags" / "v1").write_text(f"{'2' * 40}\n")
    (folder / "config").write_text(
        f"""[core]
        repositoryformatversion = 1
        bare = {str(bare).lower()}
        fsmonitor = "touch {ran}; false"
        sshCommand = "touch {ran}; false"
        alternateRefsCommand = "touch {ran}; false"
        pager = "touch {ran}; false"
[extensions]
        partialClone = origin
[protocol]
        allow = always
[protocol "file"]
        allow = always
[protocol "ext"]
        allow = always
[remote "origin"]
        url = {folder.parent}
        promisor = true
        uploadpack = "touch {ran}; false"
"""
    )


@pytest.mark.parametrize("url", ["", "ext::touch {}", "ssh://nowhere.invalid/x", "file:///"])
@pytest.mark.parametrize("bare", [True, False])
def test_commands_that_settings_of_a_repository_name_are_not_run_by_a_check(
    docs: Path, ran: Path, url: str, *, bare: bool
) -> None:
    folder = docs if bare else docs.parent / ".git"
    embedded(folder, ran, bare=bare)
    if url:
        config = folder / "config"
        config.write_text(config.read_text().replace(f"{folder.parent}\n", f"{url.format(ran)}\n"))
    (docs / project.FILE_NAME).write_text('environment = "none"\n')
    assert check(docs, env=None) is ExitCode.VERIFIED
    assert cli_check._tags(docs) == []
    assert not ran.exists()


@pytest.mark.parametrize("bare", [True, False])
def test_the_attack_works_on_a_plain_git(docs: Path, ran: Path, *, bare: bool) -> None:
    embedded(docs if bare else docs / ".git", ran, bare=bare)
    subprocess.run(["git", "tag", "--points-at", "HEAD"], cwd=docs, check=False)
    assert ran.exists()


@pytest.mark.parametrize("bare", [True, False])
def test_commands_that_an_upstreams_settings_name_are_not_run_either(
    docs: Path, ran: Path, *, bare: bool
) -> None:
    embedded(docs if bare else docs / ".git", ran, bare=bare)
    for ref in ("v1", GONE, "master"):
        with pytest.raises(UsageError):
            pages.read_page(str(docs), ref, "page.md")
    assert not ran.exists()


def test_a_bare_repository_counts_only_if_it_is_named(tmp_path: Path) -> None:
    repositories.commit(tmp_path / "clone", "v1", {"a.md": "one\n"})
    folder = repositories.bare(tmp_path / "clone")
    assert git.run(folder, "tag", named=True) == b"v1\n"
    with pytest.raises(git.GitError, match=r"safe\.bareRepository"):
        git.run(folder, "tag")
    with pytest.raises(git.GitError, match=r"safe\.bareRepository"):
        git.run(folder / "refs", "tag", named=True)


def test_hooks_and_filters_of_a_clone_are_not_run(tmp_path: Path, ran: Path) -> None:
    clone = tmp_path / "clone"
    repositories.commit(clone, "v1", {"a.md": "one\n", ".gitattributes": "*.md filter=x diff=x\n"})
    for hook in ("post-index-change", "reference-transaction", "fsmonitor-watchman"):
        file = clone / ".git" / "hooks" / hook
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\ntouch {ran}\n")
        file.chmod(0o755)
    for key in ("filter.x.smudge", "filter.x.clean", "diff.x.textconv", "core.fsmonitor"):
        repositories.git(clone, "config", key, f"touch {ran}; cat")
    ran.unlink(missing_ok=True)
    assert pages.read_page(str(clone), "v1", "a.md").text == "one\n"
    assert cli_check._tags(clone) == ["v1"]
    assert not ran.exists()


def test_a_partial_clone_is_told_to_be_one(tmp_path: Path) -> None:
    repositories.commit(tmp_path / "clone", "v1", {"a.md": "one\n"})
    folder = repositories.bare(tmp_path / "clone")
    partial = tmp_path / "partial"
    options = ("--quiet", "--no-checkout", "--filter=blob:none")
    repositories.git(tmp_path, "clone", *options, folder.as_uri(), str(partial))
    with pytest.raises(UsageError) as caught:
        pages.read_page(str(partial), "v1", "a.md")
    assert str(caught.value) == (
        f"{partial}: lacks some of its files, as a partial clone does; bring them there with "
        "`git fetch --refetch --no-filter`, or give --upstream the URL that it was cloned from."
    )
    repositories.git(partial, "fetch", "--quiet", "--refetch", "--no-filter")
    assert pages.read_page(str(partial), "v1", "a.md").text == "one\n"


def test_settings_of_the_working_folder_do_not_reach_a_remote(
    docs: Path, ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repositories.git(docs, "init", "--quiet")
    repositories.git(docs, "config", "core.sshCommand", f"touch {ran}; false")
    repositories.git(docs, "config", f"url.ext::touch {ran}.insteadOf", "http://127.0.0.1:9/")
    monkeypatch.chdir(docs)
    for source in ("ssh://127.0.0.1:9/x", "http://127.0.0.1:9/x"):
        with pytest.raises(git.GitError):
            git.advertised(source)
    assert not ran.exists()


# Links.


def test_a_link_that_leads_out_of_the_folder_is_left_out(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    outside = tmp_path / "outside" / "secret.md"
    outside.write_text("# Secret\n")
    (docs / "link.md").symlink_to(outside)
    (docs / "folder").symlink_to(outside.parent)
    (docs / "same.md").symlink_to("page.md")
    named = tmp_path / "named"
    named.symlink_to(docs)
    for folder in (docs, named):
        found = [page.path.name for page in checked_site.open_site([folder]).pages]
        assert found == ["page.md", "same.md"]
    assert [page.path for page in checked_site.open_site([docs / "link.md"]).pages] == [
        docs / "link.md"
    ]


def test_no_page_outside_is_read_for_its_anchors(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "secret.md"
    outside.write_text("# Secret\n")
    (docs / "link.md").symlink_to(outside)
    (docs / "page.md").write_text(
        "# A page\n\n[one](link.md#secret), [two](../../secret.md#secret), [self](#a-page)\n"
    )
    read: list[Path] = []
    reading = reader.read

    def watched(path: Path) -> Page:
        read.append(path.resolve())
        return reading(path)

    monkeypatch.setattr(reader, "read", watched)
    check(docs)
    assert outside not in read
