"""Prints the probes' answers of LocalStack and moto as a Markdown table."""

from securebucket_dev.s3.fidelity import behaviour, documents
from securebucket_dev.s3.fidelity.probe import PROBES, difference
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.moto import MotoServer

MODULES = (documents, behaviour)
"""They register their probes when they are imported."""


def main() -> None:
    """Run everything, print one row a probe."""
    print("| what | AWS | LocalStack | moto |\n|---|---|---|---|")
    with LocalStack() as localstack, MotoServer() as moto:
        for name, function in PROBES.items():
            answers = []
            for server in (localstack, moto):
                server.reset()
                answers.append(difference(name, server.endpoint))
            print(f"| {name} | {function.__doc__} | {' | '.join(answers)} |")


if __name__ == "__main__":
    main()
