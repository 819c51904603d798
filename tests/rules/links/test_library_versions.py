"""Links into a library's documentation: of the release that the environment has, and of others."""

import dataclasses
from pathlib import Path

import pytest

from tests.rules import pages
from verify.environment import environment
from verify.rules.links import library_versions

PACKAGES = {"tensorflow": "2.12.1", "torch": "2.0.0", "numpy": "1.23.5", "spu": "0.9.2"}


def said(root: Path, address: str) -> list[str]:
    documented = dataclasses.replace(environment.locate(environment.DEFAULT), packages=PACKAGES)
    page = pages.page(root, "page.md", f"[a]({address})\n")
    found = library_versions.check(pages.site(root, page, environment=documented))
    return [str(one.message) for one in found]


@pytest.mark.parametrize(
    ("wrong", "right", "library"),
    [
        (
            "https://www.tensorflow.org/versions/r2.9/api_docs/python/tf/data",
            "https://www.tensorflow.org/versions/r2.12/api_docs/python/tf/data",
            "tensorflow 2.9",
        ),
        (
            "https://pytorch.org/docs/1.13/nn.html",
            "https://pytorch.org/docs/2.0/nn.html",
            "torch 1.13",
        ),
        ("https://numpy.org/doc/1.19/", "https://numpy.org/doc/1.23/", "numpy 1.19"),
        (
            "https://spu.readthedocs.io/en/0.5.0/index.html",
            "https://spu.readthedocs.io/en/0.9.0/index.html",
            "spu 0.5.0",
        ),
    ],
)
def test_another_release_is_told(tmp_path: Path, wrong: str, right: str, library: str) -> None:
    (message,) = said(tmp_path, wrong)
    assert library in message
    assert said(tmp_path, right) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://pytorch.org/docs/stable/nn.html",
        "https://keras.io/2.15/api/",  # is not in the environment
        "https://example.org/docs/1.13/nn.html",
        "https://github.com/pytorch/pytorch/blob/v1.13/setup.py",
        "https://[a/docs/1.13/",
    ],
)
def test_what_names_no_release_of_a_library_is_none(tmp_path: Path, address: str) -> None:
    assert said(tmp_path, address) == []
