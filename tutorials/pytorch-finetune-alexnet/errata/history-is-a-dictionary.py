"""What a federated training of a torch network returns has no attribute of the series' name.

The training is a real one of two parties; in debug mode all of it runs in this process, without Ray.
"""

import numpy as np
import secretflow as sf
import torch
from secretflow.data.ndarray import FedNdarray, PartitionWay
from secretflow.security import aggregation
from secretflow_fl.ml.nn import FLModel
from secretflow_fl.ml.nn.core.torch import BaseModule, TorchModel, metric_wrapper, optim_wrapper
from torchmetrics import Accuracy


class Line(BaseModule):
    """The smallest network: one number in, the scores of two classes out."""

    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(1, 2)

    def forward(self, numbers):
        return self.layer(numbers)


sf.init(["north", "south", "centre"], debug_mode=True)
north, south, centre = (sf.PYU(name) for name in ("north", "south", "centre"))


def of_each(values):
    """The same values for both parties."""
    parts = {party: party(lambda: values)() for party in (north, south)}
    return FedNdarray(parts, PartitionWay.HORIZONTAL)


numbers = of_each(np.ones((4, 1), np.float32))
labels = of_each(np.eye(2, dtype=np.float32)[[0, 1, 0, 1]])
model = FLModel(
    server=centre,
    device_list=[north, south],
    model=TorchModel(
        model_fn=Line,
        loss_fn=torch.nn.MSELoss,
        optim_fn=optim_wrapper(torch.optim.SGD, lr=0.1),
        metrics=[metric_wrapper(Accuracy, task="multiclass", num_classes=2)],
    ),
    aggregator=aggregation.PlainAggregator(centre),
    strategy="fed_avg_w",
    backend="torch",
)
outcome = model.fit(numbers, labels, epochs=1, batch_size=4)
assert "global_history" in outcome, "the series are not there under their key either"
outcome.global_history
