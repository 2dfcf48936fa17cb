"""The version, where it cannot be asked for: in the chart, and in the image of the manifests."""

import re

from securebucket import __version__

NUMBER = r"\d+\.\d+\.\d+"
IN_CHART = re.compile(rf"^((?:version|appVersion): ){NUMBER}$", re.MULTILINE)
BEFORE = r"securebucket:|newTag: |targetRevision: v?|tag: v|securebucket//[\w/-]+\?ref=v"
"""What stands before the version of our image or repository, and of nobody else's."""
IN_MANIFEST = re.compile(rf"({BEFORE}){NUMBER}\b")


def chart_file(text: str) -> str:
    """Give `Chart.yaml` with the version in force."""
    return IN_CHART.sub(rf"\g<1>{__version__}", text)


def manifest(text: str) -> str:
    """Give a manifest, or what it says of an image, with the version in force."""
    return IN_MANIFEST.sub(rf"\g<1>{__version__}", text)
