"""A model as numbers, layer by layer."""

import numpy as np
import pytest
from docprobe import layers
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from probeshared import events

from tests.fakes import (
    Dense,
    Inner,
    Layer,
    Linear,
    Model,
    Tensor,
    f32,
    small_model,
    small_network,
)
from tests.probes.builders import Array


def test_layers_are_described_in_order() -> None:
    described = layers.describe(small_model())
    assert described == [
        events.LayerEvent("input", "Layer", True, 0, 0, 0),
        events.LayerEvent("frozen", "Dense", False, 1, 0, 2),
        events.LayerEvent("free", "Dense", True, 2, 2, 3),
    ]
    assert layers.counts(small_model()) == [0, 1, 2]


def test_the_layers_of_a_model_inside_a_model_stand_in_its_place() -> None:
    base = Inner("base", *small_model().layers)
    outer = Model(Layer("pictures"), base, Dense("scores", f32(3)))
    names = [layer.name for layer in layers.describe(outer)]
    assert names == ["pictures", "input", "frozen", "free", "scores"]
    assert layers.counts(outer) == [0, 0, 1, 2, 1]
    assert layers.by_layer(outer.get_weights(), layers.counts(outer))[-1] == [f32(3)]


def test_layers_of_pytorch_are_the_modules_with_arrays_of_their_own() -> None:
    network = small_network()
    described = layers.describe(network)
    assert [list(vars(layer).values()) for layer in described] == [
        ["body.first", "Linear", False, 1, 0, 2],
        ["body.third", "Module", True, 1, 0, 1],
        ["head", "Linear", True, 2, 1, 3],
    ]
    assert layers.counts(network) == [1, 1, 2]
    assert list(map(list, layers.weights(network))) == [[1, -2], [4], [0.5], [0.25, 0.125]]


def test_a_network_with_weights_of_its_own_is_a_layer_too() -> None:
    (own, inside) = layers.describe(Linear(Tensor(1), head=Linear(Tensor(2))))
    assert (own.name, inside.name) == ("Linear", "head")


def test_a_flat_list_is_split_by_layer() -> None:
    assert layers.by_layer("abc", [0, 1, 2]) == [[], ["a"], ["b", "c"]]


def test_digests_are_of_every_array_by_layer() -> None:
    model = small_model()
    first = layers.digests(model.get_weights(), [0, 1, 2])
    assert [len(layer) for layer in first] == [0, 1, 2]
    assert layers.digests(model.get_weights(), [0, 1, 2]) == first
    model.layers[2].weights[1][0] = np.nextafter(np.float32(0.25), np.float32(1))
    second = layers.digests(model.get_weights(), [0, 1, 2])
    assert second[:2] == first[:2]
    assert second[2][0] == first[2][0]
    assert second[2][1] != first[2][1]


def test_digests_do_not_depend_on_the_layout_in_memory() -> None:
    one = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert layers.digests([one], [1]) == layers.digests([np.asfortranarray(one)], [1])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (f32(1, 2), f32(1, 2), 0.0),
        (f32(1, 2), f32(1, 2.5), 0.5),
        (f32(1, 2), f32(-1, 2.5), 2.0),
        (f32(), f32(), 0.0),
        (f32(1), np.nextafter(f32(1), f32(2)), 2.0**-23),
        (f32(-3e38), f32(3e38), 2 * float(np.float32(3e38))),
        (np.arange(2**19), np.arange(2**19) - (np.arange(2**19) == 2**19 - 1), 1.0),
        (np.int64(3).reshape(()), np.int64(5).reshape(()), 2.0),
    ],
)
def test_a_change_is_the_largest_of_any_element(
    before: Array, after: Array, expected: float
) -> None:
    assert layers.changes([before], [after], [0, 1]) == [0.0, expected]


@pytest.mark.parametrize("position", [0, 1])
def test_a_change_to_nan_is_never_overlooked(position: int) -> None:
    after = [f32(1), f32(1)]
    after[position] = f32(float("nan"))
    assert np.isnan(layers.changes([f32(1), f32(1)], after, [2])[0])


def test_weights_of_another_number_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        layers.changes([f32(1), f32(2)], [f32(1)], [2])


def test_weights_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(2,\) became one of \(1, 2\)"):
        layers.changes([f32(1, 2)], [f32(1, 2)[None]], [1])


def test_weights_of_the_same_size_and_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(2, 3\) became one of \(3, 2\)"):
        layers.changes([np.zeros((2, 3))], [np.zeros((3, 2))], [1])


def test_magnitudes_are_the_largest_absolute_values() -> None:
    weights = [f32(1, -2), f32(), f32(0.5)]
    assert layers.magnitudes(weights, [0, 1, 2]) == [0.0, 2.0, 0.5]


@given(
    weights=arrays.arrays(np.float32, st.integers(1, 5), elements=st.floats(-1e6, 1e6, width=32)),
    shift=st.floats(-1e3, 1e3, width=32),
)
def test_a_change_is_the_same_in_both_directions_and_zero_to_itself(
    weights: Array, shift: float
) -> None:
    moved = weights + np.float32(shift)
    there, back = (
        layers.changes([weights], [moved], [1]),
        layers.changes([moved], [weights], [1]),
    )
    assert there == back
    assert layers.changes([weights], [weights], [1]) == [0.0]
    assert (there[0] == 0) == bool(np.all(weights == moved))
