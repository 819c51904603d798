"""What a federated training returns has no attribute of the series' name.

The training is a real one of two parties; in debug mode all of it runs in this process, without Ray.
"""

import numpy as np
import secretflow as sf  # before TensorFlow: the other way round a plain process crashes
import tensorflow as tf
from secretflow.data.ndarray import FedNdarray, PartitionWay
from secretflow.security import aggregation
from secretflow_fl.ml.nn import FLModel


def line():
    """The smallest network: one weight and one bias."""
    network = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
    network.compile(loss="mse", optimizer="sgd")
    return network


sf.init(["north", "south", "centre"], debug_mode=True)
north, south, centre = (sf.PYU(name) for name in ("north", "south", "centre"))
numbers = FedNdarray(
    {party: party(np.ones)((4, 1)) for party in (north, south)}, PartitionWay.HORIZONTAL
)
model = FLModel(
    server=centre,
    device_list=[north, south],
    model=line,
    aggregator=aggregation.PlainAggregator(centre),
    strategy="fed_avg_w",
    backend="tensorflow",
)
outcome = model.fit(numbers, numbers, epochs=1, batch_size=4)
assert "global_history" in outcome, "the series are not there under their key either"
outcome.global_history
