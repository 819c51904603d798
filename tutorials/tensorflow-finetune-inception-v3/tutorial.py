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
# # 在隐语中联邦微调 InceptionV3 · Federated fine-tuning of InceptionV3
#
# 本文先在单机上微调一次，再让 alice 与 bob 在 charlie 的安全聚合下共同微调四次，便于逐项对照。
# 除 SecretFlow 之外还需要 `pip install matplotlib`。
#
# *Two trainings on one machine, then four across two parties with secure aggregation. Needs
# `pip install matplotlib` beside SecretFlow.*

# %% [markdown]
# ## 一、准备数据 · Data
#
# 下载花卉压缩包并解压到一个临时目录。*Download and unpack the flower archive.*

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

# %% [markdown]
# 图片统一缩放到 180×180，每批 32 张，按固定种子留出两成做验证。
# *180x180 pixels, batches of 32, one fifth held out by a fixed seed.*

# %% step="load-data"
batch_size = 32
img_width = 180
img_height = 180
both_parts = tf.keras.utils.image_dataset_from_directory(
    flower_folder,
    image_size=(img_height, img_width),
    batch_size=batch_size,
    validation_split=0.2,
    subset="both",
    seed=123,
)

# %% step="split-data"
train_part, test_part = both_parts[0], both_parts[1]

# %% [markdown]
# 看一看类型与形状。*Look at types and shapes.*

# %% step="inspect-types"
for part in (train_part, test_part):
    print(type(part))

# %% step="inspect-shapes"
images, labels = next(iter(train_part))
print("images", images.shape, "labels", labels.shape)

# %% [markdown]
# ## 二、单机微调 · On one machine
#
# ### 2.1 只训练新的分类头 · The head alone
#
# 载入去掉顶层的预训练网络，接上池化层、1024 维全连接层与输出层，主干全部冻结。
# *Pretrained base without its top, frozen; pooling and two dense layers on it.*

# %% step="build-head"
import matplotlib.pyplot as plt
from tensorflow.keras.applications.inception_v3 import InceptionV3
from tensorflow.keras.layers import Dense, GlobalAveragePooling2D
from tensorflow.keras.models import Model

base = InceptionV3(include_top=False, weights="imagenet")
features = GlobalAveragePooling2D()(base.output)
features = Dense(1024, activation="relu")(features)
scores = Dense(10, activation="softmax")(features)
classifier = Model(inputs=base.input, outputs=scores)

for base_layer in base.layers:
    base_layer.trainable = False

# 冻结之后再编译。Compile after freezing.
classifier.compile(
    loss="sparse_categorical_crossentropy", metrics=["accuracy"], optimizer="rmsprop"
)

# %% step="train-head"
head_history = classifier.fit(train_part, epochs=50, validation_data=test_part)

# %% step="history-keys"
head_history.history.keys()

# %% [markdown]
# 训练曲线：左图准确率，右图损失。*Curves: accuracy left, loss right.*


# %% step="plot-head"
def draw(title, history):
    """The curves of one training: accuracy left, loss right."""
    plt.figure(figsize=(10, 3.5))
    plt.suptitle(title)
    for place, quantity in enumerate(["accuracy", "loss"], 1):
        plt.subplot(1, 2, place)
        plt.plot(history[quantity])
        plt.plot(history[f"val_{quantity}"])
    plt.show()


draw("one machine, head only", head_history.history)

# %% [markdown]
# ### 2.2 再训练网络的上半部分 · The upper layers as well
#
# 先列出各层的序号与名称，以便决定从哪里解冻。*List the layers to see where to cut.*

# %% step="list-layers"
for number, base_layer in enumerate(base.layers):
    print(number, base_layer.name)

# %% [markdown]
# 前 249 层保持冻结，其余参与训练；改动之后必须重新编译。
# *The first 249 layers stay frozen, the others train; compile again afterwards.*

# %% step="freeze-lower-layers"
for lower_layer in classifier.layers[:249]:
    lower_layer.trainable = False
for upper_layer in classifier.layers[249:]:
    upper_layer.trainable = True

# %% step="compile-fine-tuning"
from tensorflow.keras.optimizers import SGD

classifier.compile(
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
    optimizer=SGD(momentum=0.9, learning_rate=0.0001),
)

# %% step="train-upper-layers"
upper_history = classifier.fit(train_part, epochs=50, validation_data=test_part)

# %% step="plot-upper-layers"
draw("one machine, upper layers", upper_history.history)

# %% [markdown]
# ## 三、联邦微调 · Across parties
#
# ### 3.1 启动 · Start
#
# alice 与 bob 持有数据，charlie 只做聚合。*alice and bob hold data, charlie aggregates.*

# %% step="autoreload"
# %load_ext autoreload
# %autoreload 2

# %% step="start-secretflow"
import secretflow as sf
from secretflow.device import global_state

print("SecretFlow", sf.__version__)

# 只有已经启动过集群时才需要先关闭。Shut down only what has been started.
if global_state.parties():
    sf.shutdown()
sf.init(["alice", "bob", "charlie"], log_to_driver=False, address="local")
alice = sf.PYU("alice")
bob = sf.PYU("bob")
charlie = sf.PYU("charlie")

# %% [markdown]
# ### 3.2 每一方如何读取数据 · How a party reads its data
#
# 构造函数在各方自己的进程里运行，返回数据集与每个 epoch 的步数。
# *The builder runs inside each party's process; it returns a data set and its steps per epoch.*


# %% step="dataset-builder"
def flower_builder(batch_size=32):
    def build(folder, stage="train"):
        import math

        import tensorflow as tf

        img_width = 180
        img_height = 180
        parts = tf.keras.utils.image_dataset_from_directory(
            folder,
            image_size=(img_height, img_width),
            batch_size=batch_size,
            validation_split=0.2,
            subset="both",
            seed=123,
        )
        if stage == "train":
            return parts[0], math.ceil(len(parts[0].file_paths) / batch_size)
        return parts[1], math.ceil(len(parts[1].file_paths) / batch_size)

    return build


# %% step="builder-of-each-party"
builders = {alice: flower_builder(batch_size=32), bob: flower_builder(batch_size=32)}

# %% [markdown]
# ### 3.3 安全聚合 · Secure aggregation

# %% step="secure-aggregator"
from secretflow.security.aggregation import SecureAggregator
from secretflow_fl.ml.nn import FLModel

data_holders = [alice, bob]
secure_average = SecureAggregator(charlie, [alice, bob])

# %% [markdown]
# 模拟环境中两方读取同一个目录。*In this simulation both parties read the same folder.*

# %% step="data-of-each-party"
folders = {alice: flower_folder, bob: flower_folder}

# %% step="training-parameters"
dp_spent_step_freq = 1
random_seed = 1234
sampler_method = "batch"
aggregate_freq = 2
batch_size = 32
epochs = 50

# %% [markdown]
# ### 3.4 只训练分类头 · The head alone
#
# 模型须由函数给出，由各方各自构建；参数决定是否载入预训练权重。
# *Each party builds the model itself, with or without the pretrained weights.*


# %% step="federated-head-builder"
def head_only(num_classes, pretrained):
    def build():
        if pretrained:
            base = InceptionV3(include_top=False, weights="imagenet")
        else:
            base = InceptionV3(include_top=False, weights=None)
        features = GlobalAveragePooling2D()(base.output)
        features = Dense(1024, activation="relu")(features)
        scores = Dense(num_classes, activation="softmax")(features)
        network = Model(inputs=base.input, outputs=scores)
        for base_layer in base.layers:
            base_layer.trainable = False
        network.compile(
            loss="sparse_categorical_crossentropy", metrics=["accuracy"], optimizer="rmsprop"
        )
        return network

    return build


# %% [markdown]
# #### 载入预训练权重 · With pretrained weights

# %% step="federated-head-pretrained-model"
num_classes = 5
federated_model = FLModel(
    model=head_only(num_classes, pretrained=True),
    aggregator=secure_average,
    device_list=data_holders,
    strategy="fed_avg_w",
    backend="tensorflow",
    random_seed=1234,
)

# %% step="federated-head-pretrained-train"
federated_history = federated_model.fit(
    folders,
    None,
    validation_data=folders,
    dataset_builder=builders,
    dp_spent_step_freq=dp_spent_step_freq,
    random_seed=random_seed,
    sampler_method=sampler_method,
    aggregate_freq=aggregate_freq,
    batch_size=batch_size,
    epochs=epochs,
)

# %% step="federated-head-pretrained-plot"
draw("federated, head only, pretrained", federated_history["global_history"])

# %% [markdown]
# #### 随机初始化 · From a random start

# %% step="federated-head-random-model"
federated_model = FLModel(
    model=head_only(num_classes, pretrained=False),
    aggregator=secure_average,
    device_list=data_holders,
    strategy="fed_avg_w",
    backend="tensorflow",
    random_seed=1234,
)

# %% step="federated-head-random-train"
federated_history = federated_model.fit(
    folders,
    None,
    validation_data=folders,
    dataset_builder=builders,
    dp_spent_step_freq=dp_spent_step_freq,
    random_seed=random_seed,
    sampler_method=sampler_method,
    aggregate_freq=aggregate_freq,
    batch_size=batch_size,
    epochs=epochs,
)

# %% step="federated-head-random-plot"
draw("federated, head only, random start", federated_history["global_history"])

# %% [markdown]
# ### 3.5 训练网络的上半部分 · The upper layers


# %% step="federated-upper-builder"
def upper_layers(num_classes, pretrained):
    def build():
        if pretrained:
            base = InceptionV3(include_top=False, weights="imagenet")
        else:
            base = InceptionV3(include_top=False, weights=None)
        features = GlobalAveragePooling2D()(base.output)
        features = Dense(1024, activation="relu")(features)
        scores = Dense(num_classes, activation="softmax")(features)
        network = Model(inputs=base.input, outputs=scores)
        for lower_layer in network.layers[:249]:
            lower_layer.trainable = False
        for upper_layer in network.layers[249:]:
            upper_layer.trainable = True
        network.compile(
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
            optimizer=SGD(momentum=0.9, learning_rate=0.0001),
        )
        return network

    return build


# %% [markdown]
# #### 载入预训练权重 · With pretrained weights

# %% step="federated-upper-pretrained-model"
federated_model = FLModel(
    model=upper_layers(num_classes, pretrained=True),
    aggregator=secure_average,
    device_list=data_holders,
    strategy="fed_avg_w",
    backend="tensorflow",
    random_seed=1234,
)

# %% step="federated-upper-pretrained-train"
federated_history = federated_model.fit(
    folders,
    None,
    validation_data=folders,
    dataset_builder=builders,
    dp_spent_step_freq=dp_spent_step_freq,
    random_seed=random_seed,
    sampler_method=sampler_method,
    aggregate_freq=aggregate_freq,
    batch_size=batch_size,
    epochs=epochs,
)

# %% step="federated-upper-pretrained-plot"
draw("federated, upper layers, pretrained", federated_history["global_history"])

# %% [markdown]
# #### 随机初始化 · From a random start

# %% step="federated-upper-random-model"
federated_model = FLModel(
    model=upper_layers(num_classes, pretrained=False),
    aggregator=secure_average,
    device_list=data_holders,
    strategy="fed_avg_w",
    backend="tensorflow",
    random_seed=1234,
)

# %% step="federated-upper-random-train"
federated_history = federated_model.fit(
    folders,
    None,
    validation_data=folders,
    dataset_builder=builders,
    dp_spent_step_freq=dp_spent_step_freq,
    random_seed=random_seed,
    sampler_method=sampler_method,
    aggregate_freq=aggregate_freq,
    batch_size=batch_size,
    epochs=epochs,
)

# %% step="federated-upper-random-plot"
draw("federated, upper layers, random start", federated_history["global_history"])

# %% [markdown]
# ## 四、小结 · In short
#
# 同一段 Keras 代码包装成函数即可进入联邦训练；各方只交出被掩码的权重，得到加权平均。
# 预训练权重是否更好，由每次运行的曲线说明，而不由本文断言。
#
# *The Keras code enters federated training once it is wrapped in a function. Whether pretrained
# weights do better is for the curves of each run to show.*
