"""Which objects are meant, by their labels, as everywhere in Kubernetes.

https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel
from securebucket.api.rule import Rule

LabelValue = Annotated[str, Field(max_length=63)]


class LabelRequirement(ApiModel):
    """A condition on one label."""

    invariants = (
        Rule(
            "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
            lambda given: (given.operator in {"In", "NotIn"}) == bool(given.values),
            "In and NotIn need values, Exists and DoesNotExist have none",
            "values",
        ),
    )

    key: str = Field(min_length=1, max_length=317, description="The label's key.")
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"] = Field(
        description="In and NotIn compare with values; an absent label is NotIn. Exists and DoesNotExist look at the key alone."
    )
    values: tuple[LabelValue, ...] = Field((), max_length=20, description="Values for In and NotIn.")

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Tell whether an object with these labels meets the condition."""
        value = labels.get(self.key)
        match self.operator:
            case "In":
                return value in self.values
            case "NotIn":
                return value not in self.values
            case "Exists":
                return value is not None
            case "DoesNotExist":
                return value is None


class LabelSelector(ApiModel):
    """A metav1.LabelSelector. All conditions must hold; there must be one, since none at all would mean every object."""

    invariants = (
        Rule(
            "(has(self.matchLabels) && self.matchLabels.size() > 0)"
            " || (has(self.matchExpressions) && self.matchExpressions.size() > 0)",
            lambda given: bool(given.match_labels or given.match_expressions),
            "an empty selector would mean every bucket of the namespace; give matchLabels or matchExpressions",
        ),
    )

    match_labels: dict[str, LabelValue] = Field(
        {}, max_length=20, description="Labels that the object must have, as key: value."
    )
    match_expressions: tuple[LabelRequirement, ...] = Field(
        (), max_length=20, description="Conditions that its labels must meet."
    )

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Tell whether an object with these labels is meant."""
        return all(labels.get(key) == value for key, value in self.match_labels.items()) and all(
            each.holds(labels) for each in self.match_expressions
        )
