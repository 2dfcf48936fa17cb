"""Label selectors select as Kubernetes' own do."""

import pytest

from securebucket.api.label_selector import LabelRequirement, LabelSelector

LABELS = {"team": "payments", "tier": ""}


@pytest.mark.parametrize(
    ("operator", "key", "values", "holds"),
    [
        ("In", "team", ("sales", "payments"), True),
        ("In", "team", ("sales",), False),
        ("In", "owner", ("sales",), False),
        ("NotIn", "team", ("sales",), True),
        ("NotIn", "team", ("payments",), False),
        ("NotIn", "owner", ("sales",), True),
        ("Exists", "tier", (), True),
        ("Exists", "owner", (), False),
        ("DoesNotExist", "tier", (), False),
        ("DoesNotExist", "owner", (), True),
    ],
)
def test_a_requirement_looks_at_one_label(operator, key, values, holds):
    assert LabelRequirement(key=key, operator=operator, values=values).holds(LABELS) is holds


@pytest.mark.parametrize(
    ("wanted", "selected"),
    [
        ({"team": "payments"}, True),
        ({"team": "payments", "tier": ""}, True),
        ({"team": "payments", "tier": "gold"}, False),
        ({"owner": ""}, False),
    ],
)
def test_every_label_must_be_there(wanted, selected):
    assert LabelSelector(match_labels=wanted).selects(LABELS) is selected


def test_labels_and_expressions_must_hold_together():
    absent = LabelRequirement(key="tier", operator="DoesNotExist")
    selector = LabelSelector(match_labels={"team": "payments"}, match_expressions=(absent,))
    assert not selector.selects(LABELS)
    assert selector.selects({"team": "payments"})
