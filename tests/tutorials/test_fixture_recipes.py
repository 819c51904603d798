"""The procedural stand-ins for the tutorials' data set."""

from __future__ import annotations

import importlib
import io
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from verify.system.resources import FIXTURES

RECIPES = FIXTURES / "recipes"
CLASSES = ["daisy", "dandelion", "roses", "sunflowers", "tulips"]

Numbers = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def flowers() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(RECIPES))
        yield importlib.import_module("flowers")
    sys.modules.pop("flowers")


@pytest.fixture(scope="module")
def packed(flowers: ModuleType) -> bytes:
    content: bytes = flowers.archive(per_class=2, seed=7)
    return content


def members(packed: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as tar:
        files = ((member.name, tar.extractfile(member)) for member in tar.getmembers())
        return {name: file.read() for name, file in files if file}


def photographs(flowers: ModuleType, seed: int, count: int) -> dict[str, list[Image.Image]]:
    return {
        plant.name: [flowers.photograph(plant, seed, i, 80) for i in range(count)]
        for plant in flowers.TUTORIAL
    }


def colour_histogram(photograph: Image.Image) -> Numbers:
    levels = np.asarray(photograph) // 64
    cells = levels @ np.array([16, 4, 1])
    counts: Numbers = np.bincount(cells.ravel(), minlength=64) / cells.size
    return counts


def test_the_same_seed_gives_the_same_bytes(flowers: ModuleType, packed: bytes) -> None:
    assert flowers.archive(per_class=2, seed=7) == packed


def test_another_seed_gives_other_pictures(flowers: ModuleType, packed: bytes) -> None:
    other = members(flowers.archive(per_class=2, seed=8))
    assert sorted(other) == sorted(members(packed))
    pictures = [name for name in other if name.endswith(".jpg")]
    assert not [name for name in pictures if other[name] == members(packed)[name]]


def test_a_larger_archive_begins_with_the_pictures_of_the_smaller_one(
    flowers: ModuleType, packed: bytes
) -> None:
    larger = members(flowers.archive(per_class=3, seed=7))
    assert members(packed).items() <= larger.items()


def test_the_archive_is_laid_out_as_the_original(packed: bytes) -> None:
    files = members(packed)
    assert "procedural" in files.pop("flower_photos/LICENSE.txt").decode()
    folders = Counter(name.rsplit("/", 1)[0] for name in files)
    assert folders == {f"flower_photos/{name}": 2 for name in CLASSES}
    assert all(name.endswith(".jpg") for name in files)


def test_the_archive_says_neither_when_nor_by_whom_it_was_packed(packed: bytes) -> None:
    assert packed[3:8] == bytes(5)  # gzip: no file name, no time
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as tar:
        origins = {(member.mtime, member.uid, member.uname) for member in tar.getmembers()}
    assert origins == {(0, 0, "")}


def test_no_picture_occurs_twice(packed: bytes) -> None:
    assert max(Counter(members(packed).values()).values()) == 1


def test_sizes_vary_and_some_pictures_stand_upright(flowers: ModuleType) -> None:
    daisy = flowers.TUTORIAL[0]
    sizes = [flowers.photograph(daisy, 7, i).size for i in range(10)]
    assert len(set(sizes)) == len(sizes)
    assert {width > height for width, height in sizes} == {True, False}
    assert all(min(size) >= 200 and max(size) <= 400 for size in sizes)


def test_the_program_writes_what_the_library_packs(
    flowers: ModuleType, packed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "flower_photos.tgz"
    monkeypatch.setattr(sys, "argv", ["flowers.py", "--out", str(out), "--per-class", "2"])
    flowers.main()
    assert out.read_bytes() == packed


def test_pretraining_shares_no_class_with_the_archive(flowers: ModuleType) -> None:
    tutorial = [plant.name for plant in flowers.TUTORIAL]
    pretraining = [plant.name for plant in flowers.PRETRAINING]
    assert tutorial == CLASSES
    assert len(set(pretraining)) == len(pretraining) >= 10
    assert not set(tutorial) & set(pretraining)


def test_pictures_of_other_plants_differ_under_the_same_seed(flowers: ModuleType) -> None:
    plants = flowers.TUTORIAL + flowers.PRETRAINING
    pictures = {flowers.photograph(plant, 7, 0, 40).tobytes() for plant in plants}
    assert len(pictures) == len(plants)


def test_colours_alone_do_not_tell_the_classes_apart(flowers: ModuleType) -> None:
    known, asked = photographs(flowers, 1, 16), photographs(flowers, 2, 16)
    centroids = np.stack([np.mean([*map(colour_histogram, known[c])], axis=0) for c in CLASSES])
    guesses = [
        CLASSES[int(np.abs(centroids - colour_histogram(photograph)).sum(axis=1).argmin())] == name
        for name in CLASSES
        for photograph in asked[name]
    ]
    assert np.mean(guesses) < 0.6


def test_shape_tells_classes_of_one_colour_apart(flowers: ModuleType) -> None:
    """Sunflowers have a dark heart and dandelions none, though both are yellow."""

    def darkness_of_the_heart(name: str) -> float:
        plant = next(plant for plant in flowers.TUTORIAL if plant.name == name)
        picture = Image.new("RGB", (100, 100))
        brush = flowers.Brush(picture, np.random.default_rng(3), plant, np.array([50.0, 50.0]), 40)
        flowers.rosette(brush)
        return 255 - float(np.asarray(picture)[45:55, 45:55].mean())

    assert darkness_of_the_heart("sunflowers") > 1.5 * darkness_of_the_heart("dandelion")
