"""Names are followed to what they stand for, and no further than is certain."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.rules.api import names
from verify.rules.api.uses import Arguments, Use, UseKind


def used(tmp_path: Path, *cells: str) -> list[Use]:
    return names.uses(pages.notebook(tmp_path, *cells))


def paths(tmp_path: Path, *cells: str) -> list[str | None]:
    return [use.path for use in used(tmp_path, *cells) if use.kind is UseKind.ATTRIBUTE]


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("import garden\ngarden.plum", "garden.plum"),
        ("import garden.beds\ngarden.beds.plum", "garden.beds.plum"),
        ("import garden.beds as b\nb.plum", "garden.beds.plum"),
        ("from garden import beds\nbeds.plum", "garden:beds.plum"),
        ("from garden import beds as b\nb.plum", "garden:beds.plum"),
        ("import garden\ng = garden\ng.plum", "garden.plum"),
        ("import garden\na = b = garden\nb.plum", "garden.plum"),
        ("import garden\na, b = 1, garden\nb.plum", "garden.plum"),
        ("from garden import Bed\nBed(3).plum", "garden:Bed().plum"),
        ("from garden import Bed\nbed = Bed(3)\nbed.plum", "garden:Bed().plum"),
        (
            "from garden import Bed\nwith Bed() as bed:\n    bed.plum",
            "garden:Bed().__enter__().plum",
        ),
        ("from garden import Bed\nif (bed := Bed()):\n    bed.plum", "garden:Bed().plum"),
        ("import garden\ndef dig():\n    return garden.plum", "garden.plum"),
        ("from garden import Bed\ndef make():\n    return Bed()\nmake().plum", "garden:Bed().plum"),
        ("import garden\nx = [garden.plum for i in y]", "garden.plum"),
        ("import garden\nclass Mine:\n    def dig(self):\n        garden.plum", "garden.plum"),
        ("[].plum", "builtins:list().plum"),
        ("'a'.plum", "builtins:str().plum"),
        ("open('x').plum", "builtins:open().plum"),
    ],
)
def test_a_name_is_followed(tmp_path: Path, code: str, path: str) -> None:
    assert paths(tmp_path, code)[-1] == path


@pytest.mark.parametrize(
    "code",
    [
        "import garden\ndef dig(garden):\n    garden.plum",
        "import garden\nfor garden in beds:\n    garden.plum",
        "import garden\nif wet:\n    garden = pond\ngarden.plum",
        "import garden\nfor i in beds:\n    garden.plum\n    garden = i",
        "import garden\ndel garden\ngarden.plum",
        "import garden\ndef dig():\n    garden.plum\ngarden = 3",
        "import garden\nlater = lambda garden: garden.plum",
        "[garden.plum for garden in beds]",
        "import garden\ndef change():\n    global garden\n    garden = 3\nchange()\ngarden.plum",
        "from garden import *\nlist.plum",
        "from .garden import bed\nbed.plum",
        "from garden import Bed\nclass Mine(Bed):\n    pass\nMine().plum",
        "from garden import Bed\n@mark\ndef make():\n    return Bed()\nmake().plum",
        "from garden import Bed\ndef a():\n    if w:\n        return 1\n    return Bed()\na().plum",
        "from garden import Bed\ndef make():\n    yield 1\n    return Bed()\nmake().plum",
        "list = make()\nlist.plum",
        "import garden\nx = garden\nif isinstance(x, y):\n    x.plum",
    ],
)
def test_what_is_not_certain_has_no_path(tmp_path: Path, code: str) -> None:
    assert paths(tmp_path, code)[-1] is None


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    import garden\nexcept ImportError:\n    garden = None",
        "try:\n    import garden\nexcept:\n    pass",
        "try:\n    import garden\nexcept (OSError, ModuleNotFoundError):\n    import pond",
        "if find_spec('garden'):\n    import garden",
        "import sys\nif sys.version_info > (3, 11):\n    import garden",
        "with contextlib.suppress(ImportError):\n    import garden",
        "with pytest.raises(ImportError):\n    import garden",
    ],
)
def test_an_import_that_may_fail_is_not_asked_about(tmp_path: Path, code: str) -> None:
    modules = [use.path for use in used(tmp_path, code) if use.kind is UseKind.MODULE]
    assert set(modules) <= {"sys"}


@pytest.mark.parametrize(
    "code",
    [
        "import garden\nif hasattr(garden, 'plum'):\n    garden.plum()",
        "import garden\nx = garden.plum if hasattr(garden, 'plum') else None",
        "import garden\ntry:\n    garden.plum()\nexcept AttributeError:\n    pass",
        "import garden\ngarden.plum = 3\ngarden.plum",
        "import garden\nsetattr(garden, 'plum', 3)\ngarden.plum",
        "import garden\nif garden.__version__ > '2':\n    garden.plum",
    ],
)
def test_an_attribute_that_is_asked_for_or_put_there_is_not_asked_about(
    tmp_path: Path, code: str
) -> None:
    assert "plum" not in {use.name for use in used(tmp_path, code)}


def test_a_cell_that_is_to_raise_is_left_alone(tmp_path: Path) -> None:
    cell = pages.code("import garden\ngarden.plum")
    cell.metadata["tags"] = ["raises-exception"]
    assert names.uses(pages.notebook(tmp_path, cell)) == []


def test_cells_share_their_names_and_keep_their_lines(tmp_path: Path) -> None:
    *_, last = used(tmp_path, "import garden", "# dig\ngarden.plum")
    assert (last.path, last.place.code.cell, last.place.row) == ("garden.plum", 1, 1)


def test_the_shape_of_a_call_is_read(tmp_path: Path) -> None:
    *_, last = used(tmp_path, "import garden\ngarden.dig(1, 2, *beds, deep=3, **more)")
    assert last.arguments == Arguments(2, ("deep",), unpacks_list=True, unpacks_dict=True)


def test_text_pages_share_the_names_of_their_blocks(tmp_path: Path) -> None:
    text = """
        ```python
        import garden
        ```

        Then

        ```python
        garden.plum
        ```
        """
    *_, last = names.uses(pages.page(tmp_path, "page.md", text))
    assert (last.path, last.place.code.line_of(last.place.row)) == ("garden.plum", 8)
