"""What prose and stored outputs state, and nothing that is a sentence or code."""

from pathlib import Path

import pytest

from tests.rules import pages
from tests.rules.pages import code, printed, prose
from verify.page import stated as statements


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("The set has 1,200 photos.", [("quantity", "images", "1200")]),
        ("Each is 128x96.", [("quantity", "size", "128", "96")]),
        ("其中 30% 的样本用于测试。", [("quantity", "%", "30")]),
        ("This was written for Python 3.10.", [("version", "3.10")]),
        ("Call `net.fit()` with `5`.", [("name", "net.fit()"), ("name", "5")]),
        ("Never `run this line of code`.", []),
        ("See [the guide](guide.md#start).", [("link", "guide.md#start")]),
        ("No number, no link.", []),
    ],
)  # fmt: skip
def test_prose_states_numbers_versions_names_and_links(
    tmp_path: Path, text: str, stated: list[tuple[str, ...]]
) -> None:
    found = statements.of_page(pages.notebook(tmp_path, prose(text)))
    assert [(f.kind.value, f.target, *f.arguments) for f in found.get(0, ())] == stated


@pytest.mark.parametrize(
    ("output", "stated"),
    [
        ("loss: 0.9 - accuracy: 0.5\nloss: 0.4 - accuracy: 0.8\n",
         [("metric", "loss", "0.4"), ("metric", "accuracy", "0.8")]),
        ("epoch: 7/7 - binaryrecall:0.5  val_binaryrecall:0.25 \n",
         [("metric", "binaryrecall", "0.5"), ("metric", "val_binaryrecall", "0.25")]),
        ("(16, 96, 96, 3)\n", [("shape", "(16, 96, 96, 3)")]),
        ("2.12.0\n", [("version", "2.12.0")]),
        ("100%|#####| 25/25 [00:03<00:00]\n", [("progress", "25")]),
        ("9it [00:01]\n12it [01:04, 5s/it]\n", [("progress", "12"), ("duration", "s", "64")]),
        ("<class 'barn.Stable'>\n", [("type", "barn.Stable")]),
        ("dict_keys(['loss', 'auc'])\n", [("keys", "dict_keys", "'loss'", "'auc'")]),
        ("0 input_1\n1 dense\n2 dense_7\n",
         [("list", "3", "2 dense", "1 input", "order 8794c27cf10f1808")]),
        ("Found 40 files belonging to 3 classes.\n",
         [("quantity", "files", "40"), ("quantity", "classes", "3")]),
        ("1 input_1\n2 dense\n3 dense_7\n", []),
        ("8 batches_1\n", []),
        ("[6.8e-01 - 3.2e-01] 5\n", []),
        ("done\n", []),
    ],
)  # fmt: skip
def test_outputs_state_final_metrics_shapes_versions_and_totals(
    tmp_path: Path, output: str, stated: list[tuple[str, ...]]
) -> None:
    found = statements.of_page(pages.notebook(tmp_path, code("run()", printed(output))))
    assert [(f.kind.value, f.target, *f.arguments) for f in found.get(0, ())] == stated
