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
# # 联邦训练与集中训练：何处一致，何处不同 · Federated and centralised training compared
#
# 同一份数据、同一个小网络，一边集中在一台机器上训练，一边分在各方用 `fed_avg_w` 训练。
# 先看两者必须相符的情形，再看学习率、epoch 数与 `aggregate_freq` 如何使两者分开。
# 除 SecretFlow 外只需 `pip install matplotlib`。
#
# *The same data and the same small network, trained on one machine and across parties. First where
# both must agree, then how learning rate, epochs and `aggregate_freq` set them apart.
# Beside SecretFlow it only takes `pip install matplotlib`.*

# %% [markdown]
# ## 一、数据与网络 · Data and network
#
# 手写数字随 scikit-learn 安装，无需下载：900 张训练，其余 897 张两边共用，只作留出。
# *Handwritten digits that come with scikit-learn: 900 to train on, the other 897 held out for both.*

# %% step="data"
import numpy as np
from sklearn.datasets import load_digits

pictures, digits = load_digits(return_X_y=True)
pictures = (pictures / 16).astype("float32")
order = np.random.default_rng(17).permutation(len(digits))
train, held_out = order[:900], order[900:]
print(len(train), "to train on,", len(held_out), "held out")

# %% [markdown]
# 64-32-10 的网络，用 tanh：处处光滑，舍入误差因此有界。
# *A 64-32-10 network with tanh, smooth everywhere, so that rounding stays bounded.*


# %% step="network"
def network(optimizer, rate, dtype="float32"):
    def build():
        import tensorflow as tf

        model = tf.keras.Sequential(
            [
                tf.keras.layers.Input((64,), dtype=dtype),
                tf.keras.layers.Dense(32, activation="tanh", dtype=dtype),
                tf.keras.layers.Dense(10, activation="softmax", dtype=dtype),
            ]
        )
        moving = {"momentum": 0.9} if optimizer == "momentum" else {}
        kind = tf.keras.optimizers.Adam if optimizer == "adam" else tf.keras.optimizers.SGD
        model.compile(
            optimizer=kind(learning_rate=rate, **moving),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
        )
        return model

    return build


# %% [markdown]
# ## 二、必须相符之处 · Where both must agree
#
# 普通 SGD、每一步用尽各方全部数据、每步聚合：各方一步之后权重的加权平均，正是合并数据上的一步，
# 因为 $\sum_p \frac{n_p}{n}(w-\eta g_p)=w-\eta g$。alice 有 600 张，bob 有 300 张，人数不等，
# 不加权的平均便不会相符。这一节每方各有自己的进程。
#
# *Plain SGD, all of a party's data in one batch, an average after every step: the weighted mean of
# the parties' weights after a step is the step on the pooled data. The parts are unequal, so that an
# unweighted mean would not do. Here each party has a process of its own.*

# %% step="start-parties"
import logging

import secretflow as sf
from secretflow.data.ndarray import FedNdarray, PartitionWay
from secretflow.security.aggregation import SecureAggregator
from secretflow_fl.ml.nn import FLModel
from secretflow_fl.ml.nn.callbacks.callback import Callback

# 每次 fit 都会打印全部参数。Each fit would log all its arguments.
logging.disable(logging.INFO)
names = ["alice", "bob", "carol", "charlie"]
sf.init(names, address="local", log_to_driver=False, logging_level="warning")
alice, bob, carol, charlie = map(sf.PYU, names)
two = [alice, bob]


def dealt(values, parties, cuts):
    """Each party's part, in its own hands."""
    parts = np.split(values, cuts)
    return FedNdarray(
        {party: party(lambda part: part)(part) for party, part in zip(parties, parts)},
        PartitionWay.HORIZONTAL,
    )


# %% [markdown]
# 每轮之后的权重由回调取得。若干细节决定能否比较：
#
# - `fit` 一开始先把各方初值不加权地平均一次，定点舍入已改动初值，故从回调记下的初值算起；
# - 一个 epoch 的最后一步之后总要聚合，`aggregate_freq` 不跨 epoch；整批训练时一个 epoch 只有一步，
#   回调的 `on_epoch_end` 看到的便是每一轮的平均；
# - `batch_size` 给出各方各自的行数，采样率取其最大者，每批行数为 `floor(行数 × 采样率)`；
# - 默认的采样方法 `batch` 不打乱次序，给什么次序就按什么次序。
#
# *A callback takes the weights after each round. `fit` averages the start weights first, in fixed
# point, so we begin with those that the callback sees. An epoch always ends with an average, so
# `aggregate_freq` never reaches across epochs; an epoch of one full batch is one round. A batch has
# `floor(rows × rate)` rows with one rate for all, and the sampler `batch` does not shuffle.*


# %% step="listen"
class Weights(Callback):
    """The average that all parties go on with: before the first round, and after each."""

    def on_train_begin(self, logs=None):
        self.path = [self.read()]

    def on_epoch_end(self, epoch=None, logs=None):
        self.path.append(self.read())

    def read(self):
        return sf.reveal(self._workers[alice].get_weights())


# %% [markdown]
# 用 float64，使定点截断成为主要误差。每方把 $n_p w$ 截到 18 位小数，误差小于 $2^{-18}$；两方相加再除以
# $\sum n_p=900$，每个元素每轮至多差 $2\cdot2^{-18}/900$。float64 的舍入另加一项（Higham，3.1 节：
# 求和误差不超过项数乘单位舍入；输入与 tanh 都不超过 1，其余由各层权重的绝对值之和限定）。
# 每一轮都从联邦模型这一轮之前的权重出发，重做集中的一步，因此误差不会逐轮累积。
#
# *In float64 truncation is the main error. A party truncates $n_p w$ to 18 fractional bits, so an
# element of the average is off by at most $2\cdot2^{-18}/900$ a round. Rounding in float64 adds a
# term: a sum is off by its length times the unit roundoff (Higham, section 3.1), and the sums of
# absolute weights limit the rest. Each centralised step starts from the federated weights before
# that round, so that no error is carried on.*


# %% step="twin"
pooled_x, pooled_y = pictures[train].astype("float64"), digits[train]
full_batches = {alice: 600, bob: 300}


def bound(weights, rate):
    into_hidden, _, into_output, _ = weights
    first = 1 + np.abs(into_hidden).sum(axis=0).max()
    second = 1 + np.abs(into_output).sum(axis=0).max()
    unit = 2.0**-53
    largest = max(np.abs(array).max() for array in weights)
    gradients = 4 * (len(pooled_x) + 256) * first * second**2 * rate
    return len(two) * 2.0**-18 / len(pooled_x) + unit * (gradients + 8 * largest)


def ratios(path, optimizer, rate, steps=1):
    """For each round: the largest difference from the centralised steps, in bounds."""
    twin = network(optimizer, rate, "float64")()
    # 动量使梯度的舍入累加。With momentum, gradients' rounding adds up.
    reach = rate / (1 - 0.9) if optimizer == "momentum" else rate
    found = []
    for before, after in zip(path, path[1:]):
        twin.set_weights(before)
        for _ in range(steps):
            twin.train_on_batch(pooled_x, pooled_y)
        apart = np.max([np.abs(a - b).max() for a, b in zip(after, twin.get_weights())])
        found.append(apart / bound(before, reach))
    return found


# %% step="agree-train"
seen = Weights()
average_of_two = SecureAggregator(charlie, two)
full_x, full_y = dealt(pooled_x, two, [600]), dealt(pooled_y, two, [600])
model_of_two = FLModel(
    model=network("sgd", 0.5, "float64"),
    aggregator=average_of_two,
    device_list=two,
    strategy="fed_avg_w",
    backend="tensorflow",
    random_seed=1,
)
agreed = model_of_two.fit(
    full_x,
    full_y,
    batch_size=full_batches,
    epochs=8,
    aggregate_freq=1,
    callbacks=[seen],
    random_seed=1,
    verbose=0,
)

# %% step="agree"
agreeing = ratios(seen.path, "sgd", 0.5)
print("bound of an element:", bound(seen.path[0], 0.5))
print("each round:", np.round(agreeing, 4))
print("largest difference / bound:", round(np.max(agreeing), 6))

# %% [markdown]
# 反例一：各方先各走四步再平均。把数据重复四遍，一个 epoch 就是四个整批。
# *The first counter-case: four steps by each party before an average. With the data repeated four
# times, an epoch has four full batches.*

# %% step="local-steps-train"
seen = Weights()
drifted = model_of_two.fit(
    dealt(
        np.concatenate([np.tile(pooled_x[:600], (4, 1)), np.tile(pooled_x[600:], (4, 1))]),
        two,
        [2400],
    ),
    dealt(np.concatenate([np.tile(pooled_y[:600], 4), np.tile(pooled_y[600:], 4)]), two, [2400]),
    batch_size=full_batches,
    epochs=3,
    aggregate_freq=4,
    callbacks=[seen],
    random_seed=1,
    verbose=0,
)

# %% step="local-steps"
drifting = ratios(seen.path, "sgd", 0.5, steps=4)
print("smallest difference / bound:", round(np.min(drifting), 1))

# %% [markdown]
# 以下训练很多。为免每个模型都启动新进程，改用 SecretFlow 的调试模式：各方同在一个进程里，代码不变。
# *What follows are many trainings. SecretFlow's debug mode has all parties in one process, so that
# no model starts new ones; the code stays the same.*

# %% step="one-process"
sf.shutdown()
sf.init(names, debug_mode=True, logging_level="warning")
alice, bob, carol, charlie = map(sf.PYU, names)
two, three = [alice, bob], [alice, bob, carol]
average_of_two = SecureAggregator(charlie, two)
average = SecureAggregator(charlie, three)

# %% [markdown]
# 动量是梯度的线性函数，仍然相符；Adam 把各方自己的梯度平方后相除，便不再相符。
# *Momentum is linear in the gradients, so both still agree. Adam divides by the squares of a party's
# own gradients, and they do not.*


# %% step="optimizers"
def full_batch_path(optimizer, rate, epochs):
    seen = Weights()
    model = FLModel(
        model=network(optimizer, rate, "float64"),
        aggregator=average_of_two,
        device_list=two,
        strategy="fed_avg_w",
        backend="tensorflow",
        random_seed=1,
    )
    model.fit(
        dealt(pooled_x, two, [600]),
        dealt(pooled_y, two, [600]),
        batch_size={alice: 600, bob: 300},
        epochs=epochs,
        aggregate_freq=1,
        callbacks=[seen],
        random_seed=1,
        verbose=0,
    )
    return seen.path


# %% step="momentum"
with_momentum = ratios(full_batch_path("momentum", 0.1, 8), "momentum", 0.1)
print("largest difference / bound:", round(np.max(with_momentum), 6))

# %% step="adam"
with_adam = ratios(full_batch_path("adam", 0.01, 8), "adam", 0.01)
print("smallest difference / bound:", round(np.min(with_adam[1:]), 1))

# %% [markdown]
# ## 三、开始不同之处 · Where they part
#
# 三方各 300 张，每批 60 张；集中训练也是每批 60 张。同样的 epoch 数，联邦模型只更新三分之一的次数。
# 每种条件都用五个种子重复，初值与各方分到的图片随种子而变；两边初值相同。
#
# *Three parties with 300 pictures each and batches of 60, and batches of 60 on one machine too: in
# as many epochs the federated model is updated a third as often. Five seeds each, which decide the
# start weights and who gets which pictures; both sides start alike.*
#
# 只比较留出集上的 `val_accuracy`。联邦一侧由三方各评三分之一，合计恰是全部 897 张。联邦训练自己的
# `accuracy` 从第二个 epoch 起混入了验证样本，不宜比较。
#
# *Only `val_accuracy` counts. Each party evaluates its third, which makes all 897. The federated
# training's own `accuracy` mixes validation samples in from the second epoch on.*

# %% step="conditions"
import tensorflow as tf

seeds = range(5)
histories = {}
held_out_x, held_out_y = pictures[held_out], digits[held_out]


def batches(part, stage="train"):
    """The data set of a part, and its steps an epoch."""
    features, labels = part
    options = tf.data.Options()
    # 自动调优的线程要等自己的周期结束才退出；一个进程里训练几十次，停顿会越积越久。
    # The thread that tunes an iterator outlives it by up to its age, which adds up in one process.
    options.autotune.enabled = False
    data = tf.data.Dataset.from_tensor_slices((features, labels)).batch(60)
    return data.with_options(options), -(-len(labels) // 60)


def thirds(features, labels):
    return dict(zip(three, zip(np.split(features, 3), np.split(labels, 3))))


def shuffled(seed):
    mixed = np.random.default_rng(seed).permutation(train)
    return pictures[mixed], digits[mixed]


def centralised(rate, epochs):
    for seed in seeds:
        tf.keras.utils.set_random_seed(seed)
        history = network("sgd", rate)().fit(
            batches(shuffled(seed))[0],
            epochs=epochs,
            validation_data=batches((held_out_x, held_out_y))[0],
            verbose=0,
        )
        yield history.history


def federated(rate, epochs, aggregate_freq=1):
    for seed in seeds:
        model = FLModel(
            model=network("sgd", rate),
            aggregator=average,
            device_list=three,
            strategy="fed_avg_w",
            backend="tensorflow",
            random_seed=seed,
        )
        yield model.fit(
            thirds(*shuffled(seed)),
            None,
            validation_data=thirds(held_out_x, held_out_y),
            dataset_builder=dict.fromkeys(three, batches),
            epochs=epochs,
            aggregate_freq=aggregate_freq,
            random_seed=seed + 1,  # 0 算作没有给。0 counts as none given.
            verbose=0,
        )["global_history"]


def keep(name, trainings):
    histories[name] = list(trainings)
    reached = [float(history["val_accuracy"][-1]) for history in histories[name]]
    print(f"{name}: {np.mean(reached):.3f}, from {min(reached):.3f} to {max(reached):.3f}")


# %% [markdown]
# ### 集中训练，三种学习率 · One machine, three learning rates

# %% step="centralised-base"
keep("one machine, rate 0.2", centralised(0.2, epochs=5))

# %% step="centralised-tripled"
keep("one machine, rate 0.6", centralised(0.6, epochs=5))

# %% step="centralised-too-high"
keep("one machine, rate 4", centralised(4.0, epochs=5))

# %% [markdown]
# ### 联邦训练，同样的学习率 · Across parties, the same learning rates

# %% step="federated-base"
keep("federated, rate 0.2", federated(0.2, epochs=5))

# %% step="federated-tripled"
keep("federated, rate 0.6", federated(0.6, epochs=5))

# %% step="federated-too-high"
keep("federated, rate 4", federated(4.0, epochs=5))

# %% [markdown]
# ### 三倍的 epoch；每个 epoch 只聚合一次 · Three times the epochs; one average an epoch

# %% step="federated-longer"
keep("federated, rate 0.2, 15 epochs", federated(0.2, epochs=15))

# %% step="federated-seldom"
keep("federated, rate 0.6, one average an epoch", federated(0.6, epochs=5, aggregate_freq=5))

# %% [markdown]
# ## 四、图 · Plots

# %% step="plot-courses"
import matplotlib.pyplot as plt


def course(axis, name, series, **style):
    values = np.array([[float(v) for v in history[series]] for history in histories[name]])
    epochs = np.arange(1, values.shape[1] + 1)
    axis.plot(epochs, values.mean(axis=0), label=name, **style)
    axis.fill_between(epochs, values.min(axis=0), values.max(axis=0), alpha=0.2)


_, axes = plt.subplots(1, 2, figsize=(12, 4))
for axis, series in zip(axes, ("val_accuracy", "val_loss")):
    course(axis, "one machine, rate 0.2", series)
    course(axis, "one machine, rate 0.6", series)
    course(axis, "federated, rate 0.2, 15 epochs", series, linestyle="--")
    course(axis, "federated, rate 0.6", series, linestyle="--")
    axis.set(xlabel="epoch", ylabel=series)
axes[0].legend()
plt.suptitle("five seeds each: mean, least and greatest")
plt.show()

# %% step="plot-conditions"
_, axes = plt.subplots(1, 2, figsize=(12, 4))
rates = {0.2: "rate 0.2", 0.6: "rate 0.6", 4.0: "rate 4"}
for where, marker in (("one machine", "o-"), ("federated", "s--")):
    reached = [[h["val_accuracy"][-1] for h in histories[f"{where}, {r}"]] for r in rates.values()]
    axes[0].plot(list(rates), np.mean(reached, axis=1), marker, label=where)
axes[0].set(xscale="log", xlabel="learning rate", ylabel="val_accuracy after 5 epochs")
axes[0].legend()
course(axes[1], "federated, rate 0.6", "val_accuracy")
course(axes[1], "federated, rate 0.6, one average an epoch", "val_accuracy", linestyle="--")
axes[1].set(xlabel="epoch", ylabel="val_accuracy", title="aggregate_freq 1 and 5")
axes[1].legend()
plt.show()

# %% [markdown]
# ## 五、小结 · In short
#
# 条件合适时，联邦训练就是集中训练，误差不超过定点截断；照搬集中训练的学习率与 epoch 数，它就慢得多，
# 学习率或 epoch 增至三倍才赶上，而学习率过高两边都学不到东西。数据均匀时，多久聚合一次影响很小。
#
# *Under the right conditions federated training is centralised training, to within truncation. With
# the learning rate and epochs of one machine it lags behind; three times the rate or the epochs make
# up for that, and too high a rate spoils both. With evenly dealt data it matters little how often
# the parties average.*
