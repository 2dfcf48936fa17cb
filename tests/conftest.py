"""Options of the whole test run."""

import gc

import pytest

pytest_plugins = ["securebucket_dev.s3.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kube",
        choices=("embedded", "real"),
        default="embedded",
        help="the Kubernetes API that tests/semantics asks: our own, or a real kube-apiserver (make envtest builds it)",
    )


def pytest_collection_finish() -> None:
    """What is there now stays: the garbage collector need not go through all of it again and again."""
    gc.collect()
    gc.freeze()
