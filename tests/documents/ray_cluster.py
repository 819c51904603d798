"""A Ray cluster on this machine, for as long as somebody speaks: run by a Python that has Ray.

It says its address once one node is there that takes tasks. A line on standard input brings a
second node and kills the first one. Its programs end with its standard input.
"""

import sys
from typing import Any


def main() -> None:
    """Begin, exchange the nodes when told to, and end."""
    from ray.cluster_utils import Cluster  # noqa: PLC0415  # in the documented environment alone

    head = {"num_cpus": 0, "include_dashboard": False, "temp_dir": sys.argv[1]}
    cluster: Any = Cluster(initialize_head=True, head_node_args=head)
    takes: dict[str, Any] = {"num_cpus": 1, "memory": 8 * 2**30, "object_store_memory": 100 * 2**20}
    try:
        first = cluster.add_node(**takes, env_vars={"NODE": "first"})
        print(cluster.address, flush=True)  # noqa: T201
        if sys.stdin.readline():
            cluster.add_node(**takes, env_vars={"NODE": "second"})
            cluster.remove_node(first, allow_graceful=False)
            print("exchanged", flush=True)  # noqa: T201
        sys.stdin.read()
    finally:
        cluster.shutdown()


if __name__ == "__main__":
    main()
