"""What an answer of S3 has beyond the installed service model is found and written into the answer."""

from typing import Any

import pytest
from tests.aws.wire import Answer, always

from securebucket.aws.answer_form import hold
from securebucket.aws.sessions import Binding, Sessions
from securebucket.aws.unknown_elements import LONGEST_NAME, MOST_NAMES, watch

NS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def read(operation: str, body: str) -> dict[str, Any]:
    client = always(Answer(200, body)).client()
    for register in (hold, watch):
        register(client.meta.events)
    answer: dict[str, Any] = getattr(client, operation)(Bucket="acme-invoices")
    del answer["ResponseMetadata"]
    return answer


def replication(rule: str, attributes: str = NS) -> dict[str, Any]:
    answer: dict[str, Any] = read(
        "get_bucket_replication",
        f'<?xml version="1.0"?><ReplicationConfiguration {attributes}><Role>r</Role>{rule}</ReplicationConfiguration>',
    )["ReplicationConfiguration"]
    return answer


def test_an_element_is_named_in_the_structure_that_it_stands_in() -> None:
    inner = "<EncryptionConfiguration><UseLater>true</UseLater></EncryptionConfiguration><New/>"
    found = replication(f"<Rule><ID>a</ID></Rule><Rule><Destination>{inner}</Destination></Rule><New/>")
    assert found == {
        "Role": "r",
        "Rules": [
            {"ID": "a"},
            {"Destination": {"EncryptionConfiguration": {"NotUnderstood": ["UseLater"]}, "NotUnderstood": ["New"]}},
        ],
        "NotUnderstood": ["New"],
    }


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ("<ID New='x'>a</ID>", ["ID@New"]),
        ("<ID><New/></ID>", ["ID.New"]),
        ("<Filter/><Filter><Prefix>a</Prefix></Filter>", ["Filter (again)"]),
        ("text", ["text"]),
        ("<ID>a</ID>text", ["text"]),
        ("<id>a</id>", ["id"]),
        ("<Status>Sometimes</Status>", None),
        (" \n <ID>a</ID>\n", None),
        ("<!-- a comment --><ID>a</ID><?target of a program?>", None),
    ],
)
def test_what_is_lost_on_the_way_to_a_state(rule: str, names: list[str] | None) -> None:
    (found,) = replication(f"<Rule>{rule}</Rule>")["Rules"]
    assert found.get("NotUnderstood") == names


def test_an_attribute_is_named_unless_xml_itself_gives_it_a_meaning() -> None:
    assert replication("", f'{NS} {XSI} xsi:schemaLocation="a b" xml:lang="en"') == {"Role": "r"}
    assert replication("", f'{NS} New="x"')["NotUnderstood"] == ["@New"]


def test_an_element_of_a_list_is_named_in_its_entry() -> None:
    entries = "".join(
        f"<MetricsConfiguration>{each}</MetricsConfiguration>" for each in ("<Id>a</Id>", "<Id>b</Id><New/>")
    )
    root = "ListMetricsConfigurationsResult"
    found = read(
        "list_bucket_metrics_configurations",
        f"<{root} {NS}>{entries}<IsTruncated>false</IsTruncated></{root}>",
    )
    assert found == {
        "MetricsConfigurationList": [{"Id": "a"}, {"Id": "b", "NotUnderstood": ["New"]}],
        "IsTruncated": False,
    }


def test_what_the_model_has_as_an_attribute_is_known() -> None:
    grantee = f'<Grantee {XSI} xsi:type="CanonicalUser"><ID>i</ID></Grantee>'
    owner = "<Owner><ID>o</ID></Owner>"
    acl = f"<AccessControlPolicy {{}}>{owner}<AccessControlList>{{}}</AccessControlList></AccessControlPolicy>"
    grant = f"<Grant>{grantee}<Permission>READ</Permission></Grant>"
    assert "NotUnderstood" not in str(read("get_bucket_acl", acl.format(NS, grant)))
    assert read("get_bucket_acl", acl.format(NS, f"{grant}<New/>"))["NotUnderstood"] == ["AccessControlList.New"]
    marked = read("get_bucket_acl", acl.format(NS, grant.replace("<Grant>", '<Grant New="x">')))
    assert marked["Grants"][0]["NotUnderstood"] == ["@New"]


@pytest.mark.parametrize(
    ("text", "known"), [("true", True), ("false", True), ("", True), ("TRUE", False), ("1", False)]
)
def test_a_truth_that_would_be_read_as_false_is_not_understood(text: str, *, known: bool) -> None:
    flag = f"<BlockPublicAcls>{text}</BlockPublicAcls>"
    found = read("get_public_access_block", f"<PublicAccessBlockConfiguration>{flag}</PublicAccessBlockConfiguration>")
    names = found["PublicAccessBlockConfiguration"].get("NotUnderstood")
    assert names == (None if text in {"true", "false", ""} else [f"BlockPublicAcls={text}"])


def test_a_document_that_is_the_answer_itself() -> None:
    assert read("get_bucket_versioning", f"<VersioningConfiguration {NS}><New/></VersioningConfiguration>") == {
        "NotUnderstood": ["New"]
    }


def test_what_no_put_takes_is_left_alone() -> None:
    assert read("get_bucket_location", f'<LocationConstraint {NS} New="x">EU</LocationConstraint>') == {
        "LocationConstraint": "EU"
    }


def test_a_hostile_server_fills_no_memory_with_names() -> None:
    body = "".join(f"<{'N' * 500}{number}/>" for number in range(1000))
    found = replication("".join(f"<New{number}/>" for number in range(1000)) + body)["NotUnderstood"]
    assert len(found) == MOST_NAMES
    assert max(map(len, found)) <= LONGEST_NAME


def test_every_client_of_the_product_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "111122223333")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    client = Sessions(lambda _: None).client(Binding("eu-central-1"), "s3")
    body = f"<Tagging {NS}><TagSet><Tag><Key>k</Key><Value>v</Value><New/></Tag></TagSet></Tagging>"
    always(Answer(200, body)).take(client)
    answer = client.get_bucket_tagging(Bucket="acme-invoices")
    assert answer["TagSet"] == [{"Key": "k", "Value": "v", "NotUnderstood": ["New"]}]
