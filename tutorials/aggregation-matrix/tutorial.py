# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (documented environment)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 聚合器与联邦策略，两两相配 · Every aggregator with every strategy
#
# 聚合器决定谁看得到什么，策略决定各方送出什么。二者并非随意可配：本文用一个极小的网络把每一对都真正训练一遍。
# 结果分三种：能用；被隐语自己的检查拒绝；在更深处出错。
#
# *An aggregator decides who sees what, a strategy what the parties send. Not every pair fits: here
# a tiny network is trained with each. A pair works, is refused by a check of SecretFlow's, or
# breaks further down.*

# %% [markdown]
# ## 一、同一进程内 · All parties in one process
#
# 调试模式执行的是同样的联邦代码，但各方同处一个进程，因此每一对只需一两秒。
# *Debug mode runs the same federated code with all parties in one process, a second or two a pair.*

# %% step="start-together"
import secretflow as sf

sf.init(["alice", "bob", "carol"], debug_mode=True)
alice, bob, carol = sf.PYU("alice"), sf.PYU("bob"), sf.PYU("carol")

# %% [markdown]
# alice 有 24 个样本，bob 有 40 个：样本数不同，漏掉权重的平均值便会露馅。
# *alice holds 24 samples and bob 40, so that a mean which forgets the weights is seen.*

# %% step="data"
import numpy as np
from secretflow.data.ndarray import FedNdarray, PartitionWay


def samples(count, seed):
    """Points in four dimensions; the class is the largest of the first three numbers."""
    points = np.random.default_rng(seed).normal(size=(count, 4)).astype(np.float32)
    return points, np.eye(3, dtype=np.float32)[points[:, :3].argmax(axis=1)]


def shared_out():
    """The data where they belong: nobody but their owner holds them."""
    parts = {alice: alice(samples, num_returns=2)(24, 1), bob: bob(samples, num_returns=2)(40, 2)}
    points = FedNdarray({p: part[0] for p, part in parts.items()}, PartitionWay.HORIZONTAL)
    classes = FedNdarray({p: part[1] for p, part in parts.items()}, PartitionWay.HORIZONTAL)
    return points, classes


# %% [markdown]
# 两个后端用同样大小的网络：4-8-3，共 67 个参数。*The same network for both back ends.*

# %% step="tensorflow-network"
import tensorflow as tf


def keras_network():
    network = tf.keras.Sequential(
        [
            tf.keras.layers.Dense(8, activation="relu", input_shape=(4,)),
            tf.keras.layers.Dense(3, activation="softmax"),
        ]
    )
    network.compile(tf.keras.optimizers.SGD(0.1), "categorical_crossentropy", metrics=["accuracy"])
    return network


# %% [markdown]
# FedGen 还需要一个生成器，并要求网络能从最后一层算起（`start_layer_idx=-1`）。
# *FedGen also needs a generator, and a network that can begin at its last layer.*

# %% step="torch-network"
import torch
from secretflow_fl.ml.nn.core.torch import BaseModule, TorchModel, metric_wrapper, optim_wrapper
from secretflow_fl.ml.nn.fl.backend.torch.strategy.fed_gen import FedGenGeneratorModel
from torchmetrics import Accuracy


class Network(BaseModule):
    num_classes = 3

    def __init__(self):
        super().__init__()
        self.lower = torch.nn.Linear(4, 8)
        self.upper = torch.nn.Linear(8, 3)
        self.kl_div_loss = torch.nn.KLDivLoss(reduction="batchmean")

    def forward(self, points, start_layer_idx=0):
        return self.upper(points if start_layer_idx == -1 else torch.relu(self.lower(points)))


torch_network = TorchModel(
    model_fn=Network,
    loss_fn=torch.nn.CrossEntropyLoss,
    optim_fn=optim_wrapper(torch.optim.SGD, lr=0.1),
    metrics=[metric_wrapper(Accuracy, task="multiclass", num_classes=3, average="micro")],
)


def alike(noise, output):
    """How alike what the generator makes is: it should make different things."""
    return -output.var(dim=0).mean()


def generator():
    return FedGenGeneratorModel(
        hidden_dimension=8,
        latent_dimension=8,
        noise_dim=4,
        num_classes=3,
        loss_fn=torch.nn.CrossEntropyLoss,
        optim_fn=optim_wrapper(torch.optim.Adam, lr=0.01),
        diversity_loss=alike,
        epochs=1,
        batch_size=8,
    )


# %% [markdown]
# 每一对都从头开始：新的聚合器、新的模型、三轮训练，每轮两步之后聚合一次。出错也算结果，记下来再继续。
#
# *Each pair starts afresh: a new aggregator, a new model, three epochs with one aggregation after
# their two steps. An error is a result, too.*

# %% step="pairs"
from secretflow.security.aggregation import PlainAggregator, SecureAggregator, SPUAggregator
from secretflow_fl.ml.nn import FLModel
from secretflow_fl.ml.nn.fl.backend.torch.strategy.fed_gen import FedGenActor
from secretflow_fl.security.aggregation import SparsePlainAggregator
from secretflow_fl.security.aggregation.stateful_fedgen_aggregator import StatefulFedGenAggregator

STRATEGIES = {
    "tensorflow": ["fed_avg_w", "fed_avg_g", "fed_avg_u", "fed_prox", "fed_scr", "fed_stc"],
    "torch": [
        "fed_avg_w",
        "fed_avg_g",
        "fed_avg_u",
        "fed_prox",
        "fed_scr",
        "fed_stc",
        "fed_gen",
        "scaffold",
    ],
}
AGGREGATORS = {
    "SecureAggregator": lambda: SecureAggregator(carol, [alice, bob]),
    "PlainAggregator": lambda: PlainAggregator(carol),
    "SparsePlainAggregator": lambda: SparsePlainAggregator(carol),
    "StatefulFedGenAggregator": lambda: StatefulFedGenAggregator(
        carol, [alice, bob], FedGenActor(device=carol, generator=generator())
    ),
    "SPUAggregator": lambda: SPUAggregator(spu),
}


def options(backend, strategy):
    """What a strategy wants besides; those of torch take no sparsity at all."""
    if strategy == "fed_prox":
        return {"mu": 0.1}
    if strategy == "fed_gen":
        return {"generator": generator()}
    return {"sparsity": 0.5} if backend == "tensorflow" and strategy == "fed_stc" else {}


def train(backend, strategy, aggregator):
    points, classes = shared_out()
    model = FLModel(
        server=carol,
        device_list=[alice, bob],
        model=keras_network if backend == "tensorflow" else torch_network,
        aggregator=aggregator,
        strategy=strategy,
        backend=backend,
        random_seed=7,
        **options(backend, strategy),
    )
    model.fit(points, classes, epochs=3, batch_size=12, aggregate_freq=2, verbose=0)


def tried(backend, strategy, name):
    """What becomes of a pair, in one line."""
    try:
        train(backend, strategy, AGGREGATORS[name]())
    except Exception as error:
        cause = getattr(error, "cause", None) or error
        said = (str(cause).strip().splitlines() or [""])[-1]
        return f"{type(cause).__name__}: {said[:60]}"
    return "trains"


def table(backend, names, strategies=None):
    for strategy in strategies or STRATEGIES[backend]:
        for name in names:
            print(f"{backend:10}  {strategy:9}  {name:24}  {tried(backend, strategy, name)}")


# %% step="tensorflow-together"
WITHOUT_SPU = [
    "SecureAggregator",
    "PlainAggregator",
    "SparsePlainAggregator",
    "StatefulFedGenAggregator",
]

table("tensorflow", WITHOUT_SPU)

# %% step="torch-together"
table("torch", WITHOUT_SPU)

# %% [markdown]
# ## 二、各方各有进程 · A process for each party
#
# SPU 的各节点必须是真正的进程；其余聚合器也各测一次，以便比较每轮用时。
# *The nodes of an SPU have to be processes; the other aggregators come along once for their time.*

# %% step="start-apart"
from secretflow.utils.testing import cluster_def

sf.shutdown()
sf.init(["alice", "bob", "carol"], address="local", log_to_driver=False)
alice, bob, carol = sf.PYU("alice"), sf.PYU("bob"), sf.PYU("carol")
spu = sf.SPU(cluster_def(["alice", "bob"]))

# %% step="tensorflow-apart"
table("tensorflow", WITHOUT_SPU[:3], ["fed_avg_w"])
table("tensorflow", ["SPUAggregator"])

# %% step="torch-apart"
table("torch", ["SPUAggregator"])

# %% step="shut-down"
sf.shutdown()
