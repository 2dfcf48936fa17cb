"""Keys of notifications are sent URL-encoded to AWS, and as they are to a store whose endpoint a profile names."""

import pytest
from tests.cli.manifests import Folder, bucket, profile
from tests.cli.program import Run

from securebucket_dev.s3.recorder import Recorder

TARGET = {
    "id": "uploads",
    "arn": "arn:aws:sqs:us-east-1:111122223333:uploads",
    "events": ["s3:ObjectCreated:*"],
    "filter": {"prefix": "year=2026/", "suffix": " final.csv"},
}
NOTIFIED = {"skipDestinationValidation": True, "queues": [TARGET]}


@pytest.mark.parametrize(
    ("named", "written"),
    [
        pytest.param(False, '{"prefix":"year%3D2026/","suffix":"+final.csv"}', id="AWS"),
        pytest.param(True, '{"prefix":"year=2026/","suffix":" final.csv"}', id="another store"),
    ],
)
def test_who_gets_keys_encoded(named: bool, written: str, s3: Recorder, run: Run, folder: Folder) -> None:
    store = profile("store", endpoint={"url": s3.endpoint} if named else None)
    ran = run("plan", "-f", folder.write(bucket(notifications=NOTIFIED, profile="store"), store))
    assert f'"Filter":{written}' in ran.out
