"""What commands, components and dictionaries name, against what the environment has."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.rules import pages
from tests.rules.api.test_api import environment_of
from verify.environment.environment import Environment
from verify.finding import Finding, FindingKind, Severity
from verify.rules.api import checking, configuration_keys, release_components
from verify.system import cache as store

SHELL = "# Start\n\n```bash\n{}\n```\n"
COMPONENTS = {
    "secretflow/component/ml/mow.py": (
        "@register(domain='ml.train', version='1.2.0')\nclass MowLawn(Component): ...\n"
        "@register(domain='ml.train', version='2.0.0', name='rake_leaves')\nclass Rake: ...\n"
    ),
    "secretflow_fl/component/old.py": "dig = Component('dig', domain='soil', version='0.0.1')\n",
}
LIBRARY = {
    "orchard/__init__.py": "from orchard.trees import plant\n",
    "orchard/trees.py": (
        "def plant(plan):\n    depth = plan['planting_depth']\n"
        "    return depth, plan.get('watering'), plan.get('species'), plan.get('max_trees')\n"
    ),
}


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A cache of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(store.ROOT_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield


def installed(tmp_path: Path, files: dict[str, str]) -> Environment:
    """An environment with these files in its `site-packages`, which is only read."""
    environment = replace(environment_of(tmp_path), prefix=tmp_path / "env")
    site = tmp_path / "env" / "lib" / f"python{environment.python_version}" / "site-packages"
    for name, text in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    return environment


@pytest.mark.parametrize(
    ("line", "port"),
    [
        ("orchard serve --port=99999", "99999"),
        ("orchard serve --node-port 70000 --all", "70000"),
        ("orchard serve --port=65535", ""),
        ("orchard serve --port $PORT", ""),
        ("orchard serve --port", ""),
        ("orchard serve --report=99999", ""),
    ],
)
def test_a_port_has_sixteen_bits(tmp_path: Path, line: str, port: str) -> None:
    page = pages.page(tmp_path, "page.md", SHELL.format(line))
    found = list(checking.check(pages.site(tmp_path, page)))
    assert [one.severity for one in found] == ([Severity.ERROR] if port else [])
    assert all(f"no port {port};" in str(one.message) for one in found)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("pip3 install --no-cache-dr nbformat", 1),
        ("python -m pip install --no-cache-dr nbformat", 1),
        ("pip install --no-cache-dir nbformat", 0),
        ("uv pip install --no-cache-dr nbformat", 0),
        ("python pip.py --no-cache-dr", 0),
        ("./pip install --no-cache-dr nbformat", 0),
    ],
)
def test_an_option_is_asked_for(tmp_path: Path, line: str, told: int) -> None:
    page = pages.page(tmp_path, "page.md", SHELL.format(line))
    site = pages.site(tmp_path, page, environment=environment_of(tmp_path))
    found = [one for one in checking.check(site) if one.kind is FindingKind.BAD_OPTION]
    assert [(one.severity, str(one.suggestion)) for one in found] == [
        (Severity.WARNING, "Is it `--no-cache-dir`?")
    ] * told


def components(tmp_path: Path, text: str) -> list[Finding]:
    page = pages.page(tmp_path, "page.md", text)
    environment = installed(tmp_path, COMPONENTS)
    return list(release_components.check(pages.site(tmp_path, page, environment=environment)))


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Use `ml.train/mow_lawns:1.0.0`.\n", "ml.train/mow_lawn:1.2.0"),
        ("Use `ml/mow_lawn:1.0.0`.\n", "ml.train/mow_lawn:1.2.0"),
        ("Use `ml.train/rake_leaves:1.0.0`.\n", "ml.train/rake_leaves:2.0.0"),
        (
            '```json\n{"domain": "garden", "name": "dig", "version": "0.0.1"}\n```\n',
            "soil/dig:0.0.1",
        ),
        (
            "```python\nNode(domain='soil',\n     name='digg', version='0.0.1')\n```\n",
            "soil/dig:0.0.1",
        ),
    ],
)
def test_a_component_that_the_release_lacks(tmp_path: Path, text: str, there: str) -> None:
    (one,) = components(tmp_path, f"# Page\n\n{text}")
    assert (one.kind, one.severity) == (FindingKind.MISSING_ATTRIBUTE, Severity.WARNING)
    assert str(one.suggestion) == f"Is it `{there}`?"


@pytest.mark.parametrize(
    "text",
    [
        "Use `ml.train/mow_lawn:1.0.0`, `ml.train/rake_leaves:2.1.0` and `soil/dig:0.0.1`.\n",
        "Use your own `ml.train/plant_hedge:1.0.0`, or the image `orchard/mow_lawn_gpu:1.0.0`.\n",
        '```json\n{"domain": "alice", "name": "spu", "version": "0.0.1"}\n```\n',
        "Pull `garden/mow_lawn:1.0.0`, an image.\n",
        "```bash\ndocker pull garden/mow_lawn:3.0.0\n```\n",
        "Start secretflow/mow_lawn:3.0.0\n",
        "See https://example.org/ml/mow_lawn:1.0.0\n",
    ],
)
def test_components_of_the_release_and_of_others(tmp_path: Path, text: str) -> None:
    assert components(tmp_path, f"# Page\n\n{text}") == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("orchard.plant({'planting_dept': 3, 'watering': 2, 'species': 'elm'})", 1),
        ("plan = {'planting_dept': 3, 'watering': 2, 'species': 'elm'}\norchard.plant(plan)", 1),
        ("orchard.plant({'planting_depth': 3, 'watering': 2, 'species': 'elm'})", 0),
        ("orchard.plant({'colour': 3, 'watering': 2, 'species': 'elm'})", 0),  # near nothing
        ("orchard.plant({'planting_dept': 3, 'watering': 2})", 0),  # it knows too few of them
        ("mow({'planting_dept': 3, 'watering': 2, 'species': 'elm'})", 0),
    ],
)
def test_a_key_that_a_library_does_not_read(tmp_path: Path, code: str, told: int) -> None:
    page = pages.notebook(tmp_path, f"import orchard\nfrom lawn import mow\n{code}")
    environment = installed(tmp_path, LIBRARY)
    found = list(configuration_keys.check(pages.site(tmp_path, page, environment=environment)))
    assert [str(one.suggestion) for one in found] == ["Is it `planting_depth`?"] * told
