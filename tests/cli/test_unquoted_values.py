"""A file that leaves out quotes where they matter is refused before anything is asked of AWS."""

import pytest
from tests.cli.manifests import Folder
from tests.cli.program import Run

from securebucket_dev.s3.recorder import Recorder

BUCKET = "apiVersion: securebucket.io/v1alpha1\nkind: SecureBucket\nmetadata: {name: acme-invoices}\nspec: {policy: "
PROFILE = (
    "apiVersion: securebucket.io/v1alpha1\nkind: BucketProfile\nmetadata: {name: strict}\n"
    'spec: {namespaces: ["*"], defaults: {policy: '
)
USUAL = "Sid: P, Effect: Allow, Action: s3:GetObject, Resource: '*'"


def with_condition(test: str) -> str:
    return f"{{statements: [{{{USUAL}, Principal: '*', Condition: {{{test}}}}}]}}"


REFUSED = {
    f"{{statements: [{{{USUAL}, Principal: {{AWS: 012345670123}}}}]}}": "Principal.AWS: must be text",
    f"{{statements: [{{{USUAL}, Principal: {{AWS: 0123456789012}}}}]}}": "was read as 123456789012;",
    with_condition("StringEquals: {aws:SourceAccount: 012345670123}"): "was read as 1402433619; put what is meant",
    with_condition("StringEquals: {aws:SourceAccount: 1.11122223333e+11}"): "was read as 111122223333; put",
    with_condition("StringEquals: {aws:PrincipalTag/admin: yes}"): "was read as true; put what is meant in quotes",
    with_condition("StringLike: {s3:prefix: [0x10]}"): "[s3:prefix][0]: must be text, and was read as 16",
    with_condition("DateLessThan: {aws:CurrentTime: 2031}"): "must be text, and was read as 2031",
    "{allow: [{principals: [012345670123], actions: [s3:GetObject]}]}": "principals[0]: must be text; put it in quotes",
    "{allow: [{principals: ['*'], actions: ['s3:*'], conditions: {StringEquals: {a: [08]}}}]}": ".a[0]: must be text",
    "{allowedAccounts: [012345670123]}": "allowedAccounts[0]: must be text; put it in quotes",
}


@pytest.mark.parametrize("written", REFUSED)
@pytest.mark.parametrize(("head", "tail"), [(BUCKET, "}\n"), (PROFILE, "}}\n")], ids=["bucket", "profile"])
def test_a_number_where_a_text_belongs(
    written: str, head: str, tail: str, s3: Recorder, run: Run, folder: Folder
) -> None:
    ran = run("apply", "-f", folder.write_text(head + written + tail))
    assert ran.code == 1
    assert any(REFUSED[written] in line for line in ran.errors)
    assert s3.calls == ()


def test_a_tag(s3: Recorder, run: Run, folder: Folder) -> None:
    ran = run("plan", "-f", folder.write_text(BUCKET + "{}, tags: {tagSet: {cost-center: 0815, since: 2031-01-01}}}\n"))
    (line,) = ran.errors
    assert line.endswith("spec.tags.tagSet[cost-center]: must be text; put it in quotes")
