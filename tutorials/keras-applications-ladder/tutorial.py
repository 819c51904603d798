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
# # 从小模型开始：五个 Keras 预训练网络的联邦微调 · Begin with a small model: a ladder of five
#
# 同一段联邦微调代码，只换一个参数（Keras 网络），从 MobileNet 一级一级到 InceptionV3，
# 每一级都记下参数量、每轮通信字节数、每轮秒数与准确率。
#
# *The same federated fine-tuning, one parameter apart: from MobileNet up to InceptionV3. Each rung
# notes its parameters, the bytes and the seconds of a round, and the accuracy that it reached.*
#
# 除 SecretFlow 之外还需要 `pip install matplotlib`。
# *Needs `pip install matplotlib` beside SecretFlow.*

# %% [markdown]
# ## 一、数据与参与方 · Data and parties
#
# 下载花卉压缩包，照片轮流分给 alice 与 bob：两方数据互不相交。
# *Download the flower archive; alice and bob get every other photograph, so that no two are shared.*

# %% step="download-archive"
import tempfile

import tensorflow as tf

cache_folder = tempfile.mkdtemp()
flower_folder = tf.keras.utils.get_file(
    "flower_photos",
    "https://secretflow-data.oss-accelerate.aliyuncs.com/datasets/tf_flowers/flower_photos.tgz",
    cache_dir=cache_folder,
    untar=True,
)

# %% step="data-of-each-party"
import shutil
from pathlib import Path

data_folders = {party: Path(cache_folder, party) for party in ("alice", "bob")}
for number, photograph in enumerate(sorted(Path(flower_folder).glob("*/*.jpg"))):
    party = ("alice", "bob")[number % 2]
    kind = data_folders[party] / photograph.parent.name
    kind.mkdir(parents=True, exist_ok=True)
    shutil.copy(photograph, kind)

# %% [markdown]
# charlie 不持有数据，只做安全聚合。*charlie holds no data and aggregates.*

# %% step="start-secretflow"
import secretflow as sf
from secretflow.security.aggregation import SecureAggregator

sf.init(["alice", "bob", "charlie"], log_to_driver=False, address="local")
alice, bob, charlie = (sf.PYU(party) for party in ("alice", "bob", "charlie"))
secure_average = SecureAggregator(charlie, [alice, bob])
folders = {alice: str(data_folders["alice"]), bob: str(data_folders["bob"])}

# %% [markdown]
# 构造函数在各方自己的进程里运行：180×180 的照片，留出两成做验证。
# *The builder runs inside each party's process: 180x180 pixels, one fifth held out.*


# %% step="dataset-builder"
def flower_builder(batch_size):
    def build(folder, stage="train"):
        import math

        import tensorflow as tf

        parts = tf.keras.utils.image_dataset_from_directory(
            folder,
            image_size=(180, 180),
            batch_size=batch_size,
            validation_split=0.2,
            subset="both",
            seed=123,
        )
        part = parts[0] if stage == "train" else parts[1]
        return part, math.ceil(len(part.file_paths) / batch_size)

    return build


# %% [markdown]
# ## 二、唯一的参数：一个 Keras 网络 · The one parameter: an application of Keras
#
# `application` 返回去掉顶层的预训练网络，以及该网络自己的预处理。各网络要的数值不同（MobileNet 要
# −1 到 1，ResNet50 要减去均值的 BGR），所以预处理写进模型，数据集对所有网络都一样。
# 除最后三层（池化与两个全连接层）以外全部冻结，冻结之后再编译。
#
# *`application` gives a pretrained network without its top, and that network's own preprocessing.
# Each wants other numbers (MobileNet -1 to 1, ResNet50 BGR without its mean), so that preprocessing
# is part of the model and the data are the same for all. All but the last three layers (pooling and
# two dense ones) are frozen, before the model is compiled.*

# %% step="model-builder"
from tensorflow.keras.layers import Dense, GlobalAveragePooling2D, Input
from tensorflow.keras.models import Model


def classifier_on(application, num_classes=5):
    def build():
        base, preprocess_input = application()
        pictures = Input((180, 180, 3))
        features = base(preprocess_input(pictures), training=False)
        features = GlobalAveragePooling2D()(features)
        features = Dense(1024, activation="relu")(features)
        scores = Dense(num_classes, activation="softmax")(features)
        network = Model(inputs=pictures, outputs=scores)
        for layer in network.layers[:-3]:
            layer.trainable = False
        network.compile(
            loss="sparse_categorical_crossentropy", metrics=["accuracy"], optimizer="adam"
        )
        return network

    return build


# %% [markdown]
# 每 2 步聚合一次。*Aggregated every 2 steps.*

# %% step="training-parameters"
batch_size = 8
aggregate_freq = 2
epochs = 3
first_seed, more_seeds = 1, [2, 3, 4, 5]

# %% [markdown]
# 一级就是：建立 `FLModel`，训练，记录。回调在每轮聚合时计数，在每个 epoch 结束时记时；
# 第一个 epoch 含首次运行的准备，不计入每轮秒数。字节数按线上实际传输的计算：各方上传掩码后的
# 64 位整数，取回 64 位浮点的平均值，冻结的层也在内。
#
# *A rung: create the `FLModel`, train, note. A callback counts the rounds and keeps when an epoch
# ended; the first one, which has the preparations of a first run in it, is not counted for the
# seconds. Bytes are those on the wire: each party sends masked integers of 64 bits and takes back a
# mean in floats of 64 bits, of frozen layers as of others.*

# %% step="one-rung"
import time

from secretflow_fl.ml.nn import FLModel
from secretflow_fl.ml.nn.callbacks.callback import Callback

rungs = {}


class Stopwatch(Callback):
    def on_train_begin(self, logs=None):
        self.rounds, self.laps = 0, []

    def on_train_batch_end(self, batch):
        self.rounds += 1

    def on_epoch_end(self, epoch=None, logs=None):
        self.laps.append((self.rounds, time.perf_counter()))


def fine_tune(name, application, seed):
    begun, watch = time.perf_counter(), Stopwatch()
    model = FLModel(
        model=classifier_on(application),
        aggregator=secure_average,
        device_list=[alice, bob],
        strategy="fed_avg_w",
        backend="tensorflow",
        random_seed=seed,
    )
    history = model.fit(
        folders,
        None,
        dataset_builder={alice: flower_builder(batch_size), bob: flower_builder(batch_size)},
        batch_size=batch_size,
        aggregate_freq=aggregate_freq,
        epochs=epochs,
        random_seed=seed,
        callbacks=[watch],
        verbose=0,
    )
    (first, start), (last, end) = watch.laps[0], watch.laps[-1]
    rung = {
        "accuracy": history["global_history"]["accuracy"][-1],
        "seconds per round": (end - start) / (last - first),
        "seconds in all": end - begun,
    }
    rungs.setdefault(name, []).append(rung)
    print(f"{name}, seed {seed}: accuracy {rung['accuracy']:.3f}")


def climb(name, application):
    fine_tune(name, application, first_seed)
    parameters = classifier_on(application)().count_params()
    rungs[name][0] |= {"parameters": parameters, "bytes per round": 2 * parameters * (8 + 8)}
    print(f"{name}: {parameters} parameters, {parameters * 8} bytes up and down for each party")


# %% [markdown]
# ## 三、第一级：MobileNet · The first rung
#
# 数据流、聚合与冻结先在它身上跑通。
# *It is the one to see that data, aggregation and freezing work.*

# %% step="train-mobilenet"
from tensorflow.keras.applications import mobilenet


def mobile_net():
    base = mobilenet.MobileNet(include_top=False, weights="imagenet", input_shape=(180, 180, 3))
    return base, mobilenet.preprocess_input


climb("MobileNet", mobile_net)

# %% [markdown]
# ## 四、更大的网络 · Larger ones
#
# ### MobileNetV2

# %% step="train-mobilenet-v2"
from tensorflow.keras.applications import mobilenet_v2


def mobile_net_v2():
    base = mobilenet_v2.MobileNetV2(
        include_top=False, weights="imagenet", input_shape=(180, 180, 3)
    )
    return base, mobilenet_v2.preprocess_input


climb("MobileNetV2", mobile_net_v2)

# %% [markdown]
# ### EfficientNetB0
#
# 该网络自带归一化层，其中有一个计数器，是单个数而不是数组；`SecureAggregator` 只收数组，会拒绝它。
# 因此从归一化之后的第一层截取，归一化改由 `preprocess_input` 完成，数值不变。
#
# *It brings a layer that normalises pictures, with a counter among its weights, which is a single
# number. `SecureAggregator` takes arrays only and refuses it. So the network is taken from the first
# layer after that, and `preprocess_input` does the same to the pictures.*

# %% step="train-efficientnet-b0"
import functools

from tensorflow.keras.applications import efficientnet, imagenet_utils


def efficient_net_b0():
    whole = efficientnet.EfficientNetB0(
        include_top=False, weights="imagenet", input_shape=(180, 180, 3)
    )
    base = Model(whole.get_layer("stem_conv_pad").input, whole.output)
    return base, functools.partial(imagenet_utils.preprocess_input, mode="torch")


climb("EfficientNetB0", efficient_net_b0)

# %% [markdown]
# ### ResNet50

# %% step="train-resnet50"
from tensorflow.keras.applications import resnet50


def res_net_50():
    base = resnet50.ResNet50(include_top=False, weights="imagenet", input_shape=(180, 180, 3))
    return base, resnet50.preprocess_input


climb("ResNet50", res_net_50)

# %% [markdown]
# ### InceptionV3
#
# 官方教程所用的网络。*The network of the official tutorial.*

# %% step="train-inception-v3"
from tensorflow.keras.applications import inception_v3


def inception_net_v3():
    base = inception_v3.InceptionV3(
        include_top=False, weights="imagenet", input_shape=(180, 180, 3)
    )
    return base, inception_v3.preprocess_input


climb("InceptionV3", inception_net_v3)

# %% [markdown]
# ## 五、最小与最大，再加四个种子 · The two ends again, with four more seeds

# %% step="more-seeds-of-mobilenet"
for seed in more_seeds:
    fine_tune("MobileNet", mobile_net, seed)

# %% step="more-seeds-of-inception-v3"
for seed in more_seeds:
    fine_tune("InceptionV3", inception_net_v3, seed)

# %% [markdown]
# ## 六、比较 · The ladder
#
# 多个种子时取平均。*The mean over the seeds, where there are several.*

# %% step="table"
import numpy as np

columns = ["parameters", "bytes per round", "seconds per round", "seconds in all", "accuracy"]
ladder = {
    name: [np.mean([run[column] for run in runs if column in run]) for column in columns]
    for name, runs in rungs.items()
}
print(f"{'':16}", *(f"{column:>18}" for column in columns))
for name, values in ladder.items():
    print(f"{name:16}", *(f"{value:18,.2f}" for value in values))

# %% step="plot"
import matplotlib.pyplot as plt

_, axes = plt.subplots(1, len(columns), figsize=(15, 3), sharey=True)
for axis, column, values in zip(axes, columns, zip(*ladder.values())):
    axis.barh(list(ladder), values)
    axis.set_xlabel(column)
axes[0].invert_yaxis()
plt.tight_layout()
plt.show()

# %% [markdown]
# InceptionV3 的每轮秒数是 MobileNet 的几倍？按五个种子给出 95% 置信区间（对数的 Welch t 检验）。
# *How many times as long does a round of InceptionV3 take? With its interval over five seeds
# (Welch's t-test of the logarithms).*

# %% step="five-seeds"
from scipy import stats

for column in ("seconds per round", "seconds in all"):
    small, large = (
        np.log([run[column] for run in rungs[name]]) for name in ("MobileNet", "InceptionV3")
    )
    test = stats.ttest_ind(large, small, equal_var=False)
    low, high = np.exp(test.confidence_interval(0.95))
    ratio = np.exp(large.mean() - small.mean())
    print(f"{column}: {ratio:.2f} times as many, between {low:.2f} and {high:.2f}")

# %% [markdown]
# ## 七、不加改动的 EfficientNetB0 · EfficientNetB0 as it is
#
# 整个网络的前三个权重属于归一化层，聚合它们就会被拒绝。
# *The first three weights of the whole network are those of its normalisation: refused.*


# %% step="refused-efficientnet-b0"
def weights_of_normalisation():
    return efficientnet.EfficientNetB0(include_top=False, weights=None).get_weights()[:3]


try:
    sf.wait(secure_average.average([party(weights_of_normalisation)() for party in (alice, bob)]))
except Exception as refusal:
    print("refused:", str(refusal).strip().splitlines()[-1])

# %% [markdown]
# ## 八、小结 · In short
#
# 代码相同，只是网络不同：小网络每轮传得少、等得少，适合先把流程跑通；参数最少的却未必最快。
#
# *The code is the same, the network another. A small one sends less and keeps you waiting less: it
# is the one to see that everything works with. The one with the fewest parameters need not be the
# quickest.*
