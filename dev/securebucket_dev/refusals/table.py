"""All rules, in the order of their documents."""

from securebucket_dev.refusals.long import LONG
from securebucket_dev.refusals.refused import Refused, read

DOCUMENTS = ("protection", "policy", "lifecycle", "copies-and-events", "reports", "web")

TABLE: tuple[Refused, ...] = (*(each for name in DOCUMENTS for each in read(f"{name}.yaml")), *LONG)
