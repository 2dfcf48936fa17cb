"""A document costs a pass one call and one interpretation: a policy of 20 KB takes milliseconds to understand."""

from collections import Counter
from typing import Any

from tests.laws.stage import Stage
from tests.laws.tenant import Tenant

from securebucket.controls import CONTROLS
from securebucket.engine.engine import Engine
from securebucket.model.bucket import Bucket
from securebucket.model.control import Control
from securebucket.model.flow import Flow


def counted(control: Control[Any], interpreted: Counter[str]) -> Control[Any]:
    """Give a control that counts how often it understood what was read."""

    class Counted(type(control)):  # type: ignore[misc]  # whichever it is
        def observe(self, bucket: Bucket) -> Flow[Any]:
            state = yield from super().observe(bucket)
            interpreted[control.name] += 1
            return state

    return Counted()


def test_a_pass_interprets_each_document_once(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    tenant.settle()
    interpreted: Counter[str] = Counter()
    tenant.engine = Engine(localstack_stage.aws, controls=tuple(counted(each, interpreted) for each in CONTROLS))
    made = tenant.run()
    assert made.writes == ()
    assert interpreted == {control.name: 1 for control in CONTROLS}
