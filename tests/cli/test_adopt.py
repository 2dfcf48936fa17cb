"""`securebucket adopt` reads an account, writes YAML that can be applied, and changes nothing in AWS."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from tests.cli.accounts import log_to, make_buckets
from tests.cli.manifests import Folder, bucket, profile
from tests.cli.program import SCRIPT, Run
from tests.cli.test_scan_refusals import LISTENING, PATIENCE
from tests.report.builders import DENIED, judged, policy, report, unread

from securebucket.controls import CONTROLS
from securebucket.report.audit_report import AuditReport
from securebucket.report.bucket_judgement import without_evidence
from securebucket_dev.s3.moto import MotoServer
from securebucket_dev.s3.recorder import Recorder


def store(folder: Path, *buckets: Any, given: AuditReport | None = None) -> str:
    """Write a scan of these buckets as `scan -o json` does, and give the file's path."""
    file = folder / "scan.json"
    file.write_text((given or report(*buckets)).model_dump_json(by_alias=True, exclude_none=True))
    return str(file)


def documents(text: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(text))


def files(folder: Path) -> dict[str, str]:
    return {str(each.relative_to(folder)): each.read_text() for each in folder.rglob("*") if each.is_file()}


def tag(name: str, **tags: str) -> None:
    tag_set = [{"Key": key, "Value": value} for key, value in tags.items()]
    boto3.client("s3").put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_set})


def test_an_account_becomes_objects_and_nothing_is_written_to_it(s3: Recorder, run: Run) -> None:
    make_buckets("acme-logs", "acme-orders")
    log_to("acme-orders", "acme-logs")
    s3.clear()
    ran = run("adopt")
    assert (ran.code, ran.errors) == (0, ["2 buckets drafted."])
    assert s3.writes == ()
    assert [each["spec"] for each in documents(ran.out)] == [
        {"bucketName": "acme-logs", "role": "LogTarget", "mode": "Observe"},
        {"bucketName": "acme-orders", "mode": "Observe"},
    ]
    assert "# Its role: acme-orders logs to it.\n" in ran.out


def test_what_is_written_can_be_planned_and_says_what_the_plan_says(s3: Recorder, run: Run, folder: Folder) -> None:
    make_buckets("acme-orders")
    written = run("adopt").out
    assert '#   versioning: status none -> "Enabled"\n' in written
    file = folder.write_text(written.replace("mode: Observe", "mode: Enforce\n  adoption: Adopt"))
    ran = run("plan", "-f", file, "-o", "json")
    (planned,) = ran.json()
    steps = {each["control"] for each in planned["status"]["plan"]["steps"]}
    told = {line.split(":")[0].strip("# ") for line in written.splitlines() if line.startswith("#   ")}
    assert steps == told | {"tags"}


def test_a_service_that_would_lose_the_acl_is_named(s3: Recorder, run: Run) -> None:
    client = boto3.client("s3")
    client.create_bucket(Bucket="acme-logs", ObjectOwnership="BucketOwnerPreferred")
    exporter = "c4d8eabf8db69dbe46bfe0e517100c554f01200b104d59cd408e777ba442a322"
    client.put_bucket_acl(Bucket="acme-logs", GrantWrite=f"id={exporter}")
    assert "#     Before that: VM Import/Export (exported machines) writes by the ACL: " in run("adopt").out


def test_as_is_leaves_the_plan_the_ownership_tags_alone(s3: Recorder, run: Run, folder: Folder) -> None:
    make_buckets("acme-orders")
    written = run("adopt", "--as-is").out
    assert (
        "Enforce with adoption: Adopt would only add the tags securebucket.io/owner and securebucket.io/origin."
        in written
    )
    file = folder.write_text(written.replace("mode: Observe", "mode: Enforce\n  adoption: Adopt"))
    (planned,) = run("plan", "-f", file, "-o", "json").json()
    assert {each["control"] for each in planned["status"]["plan"]["steps"]} == {"tags"}


def test_as_is_declares_cors_rules(s3: Recorder, run: Run, folder: Folder) -> None:
    """Without a declaration, adoption would have them removed once somebody approves."""
    make_buckets("acme-orders")
    rules = [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://app.example.com"]}]
    boto3.client("s3").put_bucket_cors(Bucket="acme-orders", CORSConfiguration={"CORSRules": rules})
    assert "#   cors: corsRules[1 GET https://app.example.com] " in run("adopt").out
    (drafted,) = documents(run("adopt", "--as-is").out)
    declared = {"allowedMethods": ["GET"], "allowedOrigins": ["https://app.example.com"]}
    assert drafted["spec"]["cors"] == {"rules": [declared]}
    assert "cors" not in drafted["spec"].get("unmanaged", [])


def test_a_folder_has_a_folder_for_each_namespace(s3: Recorder, run: Run, tmp_path: Path) -> None:
    make_buckets("acme-one", "acme-two", "acme-three")
    tag("acme-one", team="payments")
    tag("acme-two", team="Orders EU")
    out = tmp_path / "buckets"
    ran = run("adopt", "-o", str(out), "--namespace-from-tag", "team", "--namespace", "platform")
    assert (ran.code, ran.out) == (0, "")
    assert ran.errors == [
        f"3 buckets drafted in {out}.",
        f"Next, once its namespaces exist (orders-eu, payments, platform): kubectl apply -k {out}",
    ]
    assert sorted(files(out)) == [
        "kustomization.yaml",
        "orders-eu/acme-two.yaml",
        "orders-eu/kustomization.yaml",
        "payments/acme-one.yaml",
        "payments/kustomization.yaml",
        "platform/acme-three.yaml",
        "platform/kustomization.yaml",
    ]
    assert yaml.safe_load((out / "kustomization.yaml").read_text())["resources"] == [
        "orders-eu",
        "payments",
        "platform",
    ]
    assert run("plan", "-f", str(out / "payments")).code == 0  # kustomization.yaml is no object


def test_again_it_adds_what_is_missing_and_leaves_the_rest(s3: Recorder, run: Run, tmp_path: Path) -> None:
    make_buckets("acme-one")
    out = tmp_path / "buckets"
    run("adopt", "-o", str(out))
    mine = out / "default" / "acme-one.yaml"
    mine.write_text(mine.read_text().replace("Observe", "Enforce"))
    lists = out / "default" / "kustomization.yaml"
    lists.write_text(lists.read_text() + "namePrefix: eu-\ncommonAnnotations: {opens: 8:30, tool: 2031-01-01}\n")
    before = files(out)
    ran = run("adopt", "-o", str(out))
    assert (ran.code, ran.errors) == (0, [f"no buckets drafted in {out}, 1 declared already."])
    assert files(out) == before
    make_buckets("acme-two")
    ran = run("adopt", "-o", str(out))
    assert ran.errors[0] == f"1 bucket drafted in {out}, 1 declared already."
    assert {name for name, text in files(out).items() if before.get(name) != text} == {
        "default/acme-two.yaml",
        "default/kustomization.yaml",
    }
    kept = yaml.safe_load(lists.read_text())
    assert (kept["namePrefix"], kept["resources"]) == ("eu-", ["acme-one.yaml", "acme-two.yaml"])
    assert kept["commonAnnotations"] == {"opens": "8:30", "tool": "2031-01-01"}


def test_what_the_cluster_declares_is_passed_over(run: Run, tmp_path: Path) -> None:
    """As `kubectl get securebuckets -A -o yaml` writes it."""
    listed = {"apiVersion": "v1", "kind": "List", "items": [bucket("known", bucketName="acme-known")]}
    scan = store(tmp_path, judged("acme-known"), judged("acme-new"))
    ran = run("adopt", "--from", scan, "-f", "-", stdin=yaml.safe_dump(listed))
    assert (ran.code, ran.errors) == (0, ["1 bucket drafted, 1 declared already."])
    assert [each["metadata"]["name"] for each in documents(ran.out)] == ["acme-new"]


def test_the_profile_of_a_file_counts(run: Run, folder: Folder, tmp_path: Path) -> None:
    file = folder.write(profile("standard", defaults={"versioning": {"status": "Suspended"}}))
    scan = store(tmp_path, judged("acme-one"))
    with_profile = run("adopt", "--from", scan, "-f", file, "--profile", "standard").out
    assert documents(with_profile)[0]["spec"]["profile"] == "standard"
    assert "versioning:" not in with_profile
    assert "versioning:" in run("adopt", "--from", scan, "--profile", "standard").out


def test_a_profile_that_forbids_the_bucket_is_told_in_the_file(run: Run, folder: Folder, tmp_path: Path) -> None:
    file = folder.write(profile("standard", namespaces=["payments"]))
    ran = run("adopt", "--from", store(tmp_path, judged("acme-one")), "-f", file, "--profile", "standard")
    assert (
        "# The operator would refuse it: ProfileForbidden: profile standard does not admit namespace default" in ran.out
    )


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--match", "acme-*"], ["acme-eu", "acme-us"]),
        (["--only-region", "eu-west-1"], ["acme-eu"]),
        (["--match", "*-us", "--only-region", "us-east-1"], ["acme-us", "other-us"]),
        (["acme-us"], ["acme-us"]),
    ],
)
def test_some_buckets_can_be_meant(options: list[str], names: list[str], s3: Recorder, run: Run) -> None:
    make_buckets("acme-us", "other-us")
    make_buckets("acme-eu", region="eu-west-1")
    s3.clear()
    ran = run("adopt", *options)
    assert [each["metadata"]["name"] for each in documents(ran.out)] == names
    assert {call.bucket for call in s3.calls if call.bucket} == set(names)


def test_a_bucket_that_cannot_be_read_is_told_and_the_others_are_written(run: Run, tmp_path: Path) -> None:
    scan = store(tmp_path, unread("acme-shut"), judged("acme-one"))
    ran = run("adopt", "--from", scan)
    assert ran.code == 1
    assert ran.errors == [
        "warning: acme-shut: AccessDenied: it was denied.",
        "1 bucket drafted, 1 not readable.",
    ]
    assert documents(ran.out)[0]["metadata"]["name"] == "acme-one"
    assert run("adopt", "--from", scan, "--ignore-unreadable").code == 0


def test_a_document_that_cannot_be_read_is_told_in_the_file(run: Run, tmp_path: Path) -> None:
    ran = run("adopt", "--from", store(tmp_path, judged("acme-one", GetBucketVersioning=DENIED)))
    assert ran.code == 0
    assert "# versioning could not be read: it was denied.\n" in ran.out


def test_a_hostile_name_cannot_leave_its_comment(run: Run, tmp_path: Path) -> None:
    """YAML ends a comment at U+0085 and U+2028 too; the name of a statement may hold them."""
    sid = "x\u2028spec: {mode: Enforce}\u0085y\nz"
    statement = {"Sid": sid, "Effect": "Allow", "Principal": {"AWS": ["AIDAEXAMPLEEXAMPLE12"]}, "Action": "s3:*"}
    statement["Resource"] = "arn:aws:s3:::acme-one/*"
    ran = run("adopt", "--from", store(tmp_path, judged("acme-one", GetBucketPolicy=policy(statement))))
    assert "u2028spec" in ran.out
    assert ran.out.isascii()
    assert [each["spec"] for each in documents(ran.out)] == [{"bucketName": "acme-one", "mode": "Observe"}]


def test_a_hostile_region_cannot_leave_its_comment_either(run: Run, tmp_path: Path) -> None:
    found = judged("acme-one")
    region = "eu-west-1\n---\nkind: Secret\nmetadata: {name: mine}\n---\n# \x7f"
    place = found.observation.bucket.model_copy(update={"region": region})
    hostile = found.model_copy(update={"observation": found.observation.model_copy(update={"bucket": place})})
    ran = run("adopt", "--from", store(tmp_path, hostile))
    assert [each["kind"] for each in documents(ran.out)] == ["SecureBucket"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--namespace", "A_b"), "'A_b' is not a namespace; write e.g. payments. See"),
        (("acme-one", "--only-region", "eu-west-1"), "name buckets or choose regions, not both"),
        (
            ("--from", "scan.json", "--region", "eu-west-1"),
            "works offline; remove --region, --role-arn, --external-id and --endpoint",
        ),
        (("--from", "nowhere.json"), "nowhere.json"),
        (("-f", "nowhere.yaml"), "nowhere.yaml: there is no such file"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], message: str, run: Run) -> None:
    ran = run("adopt", *arguments)
    assert (ran.code, ran.out) == (1, "")
    (line,) = ran.errors
    assert message in line


def test_a_region_without_buckets_is_a_slip(run: Run, tmp_path: Path) -> None:
    ran = run("adopt", "--from", store(tmp_path, judged("acme-one")), "--only-region", "eu-wset-1")
    assert ran.errors == ["error: no bucket in the stored scan is in eu-wset-1; correct --only-region."]


def test_a_scan_without_evidence_is_refused(run: Run, tmp_path: Path) -> None:
    scan = store(tmp_path, given=without_evidence(report(judged("acme-one"))))
    ran = run("adopt", "--from", scan)
    assert ran.code == 1
    assert "scan.json" in ran.errors[0]


def test_a_file_in_the_way_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    way = tmp_path / "buckets" / "default" / "acme-one.yaml"
    way.parent.mkdir(parents=True)
    way.write_text("kind: ConfigMap\n")
    ran = run("adopt", "--from", store(tmp_path, judged("acme-one")), "-o", str(tmp_path / "buckets"))
    assert ran.code == 1
    assert ran.errors == [f"error: {way}: exists and declares another bucket; move it, or choose another folder."]
    assert way.read_text() == "kind: ConfigMap\n"


def test_a_broken_list_for_kustomize_is_told(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "buckets"
    out.mkdir()
    (out / "kustomization.yaml").write_text("resources: all\n")
    ran = run("adopt", "--from", store(tmp_path, judged("acme-one")), "-o", str(out))
    assert ran.code == 1
    assert "is not a Kustomization with a list of resources" in ran.errors[0]


def test_whoever_interrupts_has_what_was_read_and_runs_it_again(s3: Recorder, run: Run, tmp_path: Path) -> None:
    make_buckets("acme-one", "acme-stuck")
    s3.delay("Get*", PATIENCE, bucket="acme-stuck", times=100)
    s3.clear()
    out = tmp_path / "buckets"
    child = subprocess.Popen(
        [sys.executable, "-c", LISTENING, str(SCRIPT), "adopt", "-o", str(out)],
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    deadline = time.monotonic() + PATIENCE
    while len([call for call in s3.calls if call.bucket == "acme-one"]) < len(CONTROLS):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)  # the last answer has left the recorder and is on its way to the program
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=PATIENCE)
    s3.heal()
    assert child.returncode == 130
    assert err.splitlines()[0] == f"1 bucket drafted in {out}, 1 not looked at."
    assert err.splitlines()[-1].startswith("error: interrupted; run it again")
    assert (out / "default" / "acme-one.yaml").exists()
    assert run("adopt", "-o", str(out)).errors[0] == f"1 bucket drafted in {out}, 1 declared already."


def test_moto_gives_the_same_objects(
    credentials: None, moto_server: MotoServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second opinion on S3: what it has no document for is left alone."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_server.endpoint)
    make_buckets("acme-one")
    ran = run("adopt", "--as-is")
    (document,) = documents(ran.out)
    assert document["spec"]["unmanaged"] == ["encryption", "ownership"]
    assert document["spec"]["versioning"] == {"status": "Suspended"}
