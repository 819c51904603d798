"""A page may import only what its installation page brings, and what the contract declares."""

import pytest

from tests.checks.builders import EDITION, case, contract_of, edited, erratum, judged
from verify.checks import packages
from verify.contract.contract import EnvironmentNeeds
from verify.contract.edition import Edition
from verify.environment.contents import Installed
from verify.finding import Verdict
from verify.system.words import Words

DOCUMENTED = EnvironmentNeeds(name="small-1", documented=["Small_Pkg"])
PLOTS = erratum(id="plots-missing", apply=[{"install": "plots-lib", "module": "plots"}])


def installed(*requires: str) -> Installed:
    """An environment in which `small-pkg` requires what is told."""
    return Installed(
        requires={
            "small-pkg": list(requires),
            "middle": ["numpy>=1"],
            "numpy": [],
            "plots-lib": [],
            "unrelated": ["plots-lib"],
        },
        providers={"numpy": ["numpy"], "plots": ["plots-lib"], "small": ["small-pkg"]},
        records={},
        marker_environment={"python_version": "3.10", "sys_platform": "linux"},
    )


@pytest.mark.parametrize(
    "requires",
    [
        ("numpy", "plots-lib"),
        ("middle", "Plots_Lib>=2"),
        ("middle", "plots-lib; python_version >= '3.9'"),
        ("middle[extra]", "plots-lib", "gone"),
    ],
)
def test_what_the_installation_brings_may_be_imported(requires: tuple[str, ...]) -> None:
    document = contract_of(environment=DOCUMENTED)
    result = judged(packages.CHECK, case(document=document, installed=installed(*requires)))
    assert (result.verdict, str(result.observed)) == (Verdict.PASS, "")
    assert str(result.says) == "installing Small_Pkg is enough"


@pytest.mark.parametrize(
    "requires",
    [
        ("numpy",),
        ("numpy", "plots-lib; python_version < '3.9'"),
        ("numpy", "plots-lib; extra == 'plots'"),
        ("numpy", "missing-lib"),
    ],
)
def test_what_it_does_not_bring_fails(requires: tuple[str, ...]) -> None:
    document = contract_of(environment=DOCUMENTED)
    result = judged(packages.CHECK, case(document=document, installed=installed(*requires)))
    assert result.verdict is Verdict.FAIL
    assert str(result.sentence) == (
        "the page says installing Small_Pkg is enough; observed plots is imported, but not brought"
    )


def test_what_is_declared_is_an_erratum_at_its_official_cell() -> None:
    document = contract_of(environment=DOCUMENTED, errata=[PLOTS])
    result = judged(packages.CHECK, case(document=document, installed=installed("numpy")))
    assert result.verdict is Verdict.ERRATUM
    assert str(result.sentence) == (
        "official cell 1: the page says installing Small_Pkg is enough; "
        "observed plots-lib has to be installed besides"
    )


@pytest.mark.parametrize(
    "told", ["# `pip install plots-lib` comes first.", "%pip install plots_lib"]
)
def test_a_published_page_that_tells_of_it_is_repaired(told: str) -> None:
    document = contract_of(environment=DOCUMENTED, errata=[PLOTS])
    marker = "# %% [markdown]" if told.startswith("#") else "# %%"
    page = f"{marker}\n{told}\n\n{EDITION}"
    published = case(
        page, document=document, installed=installed("numpy"), edition=Edition.PUBLISHED
    )
    result = judged(packages.CHECK, published)
    assert (result.verdict, str(result.observed)) == (
        Verdict.PASS,
        "the page says to install plots-lib",
    )


def test_a_declaration_fails_once_the_release_brings_the_package() -> None:
    document = contract_of(environment=DOCUMENTED, errata=[PLOTS])
    holding = installed("numpy", "plots-lib")
    result = judged(packages.CHECK, case(document=document, installed=holding))
    assert (result.verdict, str(result.observed)) == (
        Verdict.FAIL,
        "plots is brought, or not imported",
    )


def test_a_module_that_lies_beside_the_page_is_no_package() -> None:
    document = contract_of(environment=DOCUMENTED)
    beside = case(document=document, installed=installed("numpy"), own_modules=frozenset({"plots"}))
    assert judged(packages.CHECK, beside).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("module", "writes", "verdict"),
    [
        ("glue", "%%writefile glue.py\nstrength = 3", Verdict.PASS),
        ("glue", "%%writefile paste.py\nstrength = 3", Verdict.FAIL),
        # A package of that name is meant, whatever else is called so.
        ("plots", "# See plots.py of the library.", Verdict.FAIL),
    ],
)
def test_a_module_that_the_page_writes_is_no_package(
    module: str, writes: str, verdict: Verdict
) -> None:
    text = f"# %%\n{writes}\n\n" + edited(("from plots import draw", f"import {module} as draw"))
    document = contract_of(environment=DOCUMENTED)
    result = judged(packages.CHECK, case(text, document=document, installed=installed("numpy")))
    assert result.verdict is verdict


def test_what_only_a_step_imports_that_is_left_out_is_not_asked_for() -> None:
    document = contract_of(environment=DOCUMENTED)
    why = Words(zh="需要集群", en="it needs a cluster")
    steps = [
        step.model_copy(update={"not_run": why}) if 1 in step.cells else step
        for step in document.steps
    ]
    left = document.model_copy(update={"steps": steps})
    assert judged(packages.CHECK, case(document=left, installed=installed("numpy"))).verdict is (
        Verdict.PASS
    )


def test_a_declaration_does_not_excuse_another_module() -> None:
    text = edited(("from plots import draw", "from plots import draw\nimport torch, os.path"))
    document = contract_of(environment=DOCUMENTED, errata=[PLOTS])
    result = judged(packages.CHECK, case(text, document=document, installed=installed("numpy")))
    assert (result.verdict, str(result.observed)) == (
        Verdict.FAIL,
        "torch is imported, but not brought",
    )


@pytest.mark.parametrize(
    ("packages_", "beside", "added"),
    [
        (["Plots_Lib"], ["small-pkg"], {"plots-lib": ["plots", "plots_tools"]}),
        (["unrelated"], ["small-pkg"], {"plots-lib": ["plots", "plots_tools"], "unrelated": []}),
        (["unrelated"], ["small-pkg", "plots-lib"], {"unrelated": []}),
        (["numpy"], ["middle"], {}),
        (["missing-lib"], [], {}),
    ],
)
def test_what_a_package_adds_are_distributions_with_their_modules(
    packages_: list[str], beside: list[str], added: dict[str, list[str]]
) -> None:
    there = installed("numpy")
    there.providers["plots_tools"] = ["plots-lib"]
    there.providers["shared"] = ["numpy", "plots-lib"]
    assert there.added_by(packages_, beside=beside) == added


def test_without_an_environment_nothing_is_decided() -> None:
    result = judged(packages.CHECK, case())
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        "the documented environment could not be asked",
    )


IMPORTS_GLUE = edited(("from plots import draw", "from plots import draw\nimport sticky"))


@pytest.mark.parametrize(
    ("told", "here", "verdict"),
    [
        ("%pip install glue==2", ["glue"], Verdict.PASS),
        ("%pip install glue==2", [], Verdict.UNCHECKED),  # nobody locked it, or it cannot be
        ("%pip install -r all.txt", [], Verdict.UNCHECKED),
        ("%pip install -i https://index.invalid/simple numpy", [], Verdict.FAIL),
        ("%pip install 'numpy[glued]'", ["glue"], Verdict.PASS),
        ("%pip install numpy", ["glue"], Verdict.FAIL),
    ],
)
def test_what_a_page_tells_to_install_is_no_finding(
    told: str, here: list[str], verdict: Verdict
) -> None:
    has = installed("numpy", "plots-lib")
    has.requires["numpy"].append("glue; extra == 'glued'")
    for name in here:
        has.requires[name] = []
        has.providers["sticky"] = [name]
    page = f"# %%\n{told}\n\n{IMPORTS_GLUE}"
    document = contract_of(environment=DOCUMENTED)
    published = case(page, document=document, installed=has, edition=Edition.PUBLISHED)
    assert judged(packages.CHECK, published).verdict is verdict


def test_what_cannot_be_installed_here_excuses_no_module_that_is_known() -> None:
    page = f"# %%\n%pip install glue\n\n{EDITION}"
    document = contract_of(environment=DOCUMENTED)
    published = case(
        page, document=document, installed=installed("numpy"), edition=Edition.PUBLISHED
    )
    result = judged(packages.CHECK, published)
    assert (result.verdict, str(result.observed)) == (
        Verdict.FAIL,
        "plots is imported, but not brought",
    )


def test_a_declaration_is_not_stale_where_another_package_brings_the_module() -> None:
    has = installed("numpy")
    has.requires["glue"] = ["plots-lib"]
    document = contract_of(environment=DOCUMENTED, errata=[PLOTS])
    page = f"# %%\n%pip install glue\n\n{EDITION}"
    published = case(page, document=document, installed=has, edition=Edition.PUBLISHED)
    assert judged(packages.CHECK, published).verdict is Verdict.PASS
