"""The law of what is not understood: an invented element, attribute or value is never dropped and never a pass."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.model import Shape
from tests.aws.wire import Answer, Wire, error
from tests.controls.builders import ACCOUNT, bucket, state_of, subject
from tests.laws.aws_model import operation_model, problems_of
from tests.laws.register import FOREIGN, SUBJECTS, TRIED
from tests.laws.wire_form import headers_of, xml_of
from tests.laws.worlds import AnyControl, contexts, in_place, informed, names

from securebucket.aws.answer_form import hold
from securebucket.aws.bucket_client import BucketClient
from securebucket.aws.s3_calls import S3Calls
from securebucket.aws.unknown_elements import watch
from securebucket.compliance.judgement import judge
from securebucket.controls import CONTROLS
from securebucket.engine.plan import make_plan
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.control import Context
from securebucket.model.failure import Failure
from securebucket.model.understanding import not_understood
from securebucket.model.verdict import Result

READ_AS_XML = [each for each in TRIED if each.name != "policy"]
"""A policy is a text, which is kept as it is."""
every_control = pytest.mark.parametrize("control", READ_AS_XML, ids=names)
APART = {name for name, foreign in FOREIGN.items() if foreign.document is None}
"""Controls whose entries are read one by one. An ACL is not: with anything that is not understood it is unreadable."""
every_list = pytest.mark.parametrize("control", [each for each in READ_AS_XML if each.name in APART], ids=names)
INVENTED = "Invented"
DENIED = Failure("AccessDenied", "it was denied.")
NEVER = {each.name: state_of(each) for each in CONTROLS}
"""The documents of a bucket of which nothing was ever configured."""
ASKED_BY = {
    operation_model(api).http["requestUri"].partition("?")[2]: api
    for control in CONTROLS
    for api in control.documents()
}
"""The API's names of what is read, by the query of their URLs."""


@dataclass
class Server:
    """Answers the reads of one control with a sample, one thing in it changed."""

    answers: tuple[Mapping[str, Any] | None, ...] = ()
    change: Callable[[Mapping[Element, Shape]], None] = lambda _: None
    changed: int = 0
    """Which of the answers is changed."""
    asked: int = 0

    def __post_init__(self) -> None:
        client = Wire(self._answer).client()
        for register in (hold, watch):
            register(client.meta.events)
        self.client = BucketClient(S3Calls(client), "acme-invoices", ACCOUNT)

    def observe(self, control: AnyControl) -> Any:
        self.asked = 0
        return self.client.read(control, bucket()).observation

    def _answer(self, request: AWSPreparedRequest) -> Answer:
        api = ASKED_BY[urlsplit(request.url).query.partition("&")[0]]
        answer, number = self.answers[self.asked], self.asked
        self.asked += 1
        if answer is None:
            return error("AccessDenied", 403)
        root, shapes = xml_of(api, answer)
        if number == self.changed:
            self.change(shapes)
        return Answer(200, tostring(root, encoding="unicode"), headers_of(api, answer))


def samples(control: AnyControl) -> Iterator[tuple[tuple[Mapping[str, Any] | None, ...], int]]:
    """Give the sample answers, and which of them is looked at."""
    for reading in SUBJECTS[control.name].readings:
        yield reading, 0
        if reading[1] is not None:
            yield reading, 1


@pytest.fixture(scope="module")
def server() -> Server:
    return Server()


def keeping(control: AnyControl) -> Iterator[Context]:
    """Give the usual situations, and those in which the declared entries stand beside those of others."""
    yield from contexts(control)
    for spec in SUBJECTS[control.name].specs if control.name in FOREIGN else ():
        yield in_place({**spec, control.name: {**spec.get(control.name, {}), "foreign": "Keep"}}, Origin.ADOPTED)


def places(control: AnyControl, server: Server) -> Iterator[int]:
    """Set the server to each sample, and give the number of each element in it."""
    for server.answers, server.changed in samples(control):
        found: list[int] = []
        server.change = lambda shapes, found=found: found.extend(range(len(shapes)))  # type: ignore[misc]
        server.observe(control)
        yield from found


def at(number: int, edit: Callable[[Element, Shape], None]) -> Callable[[Mapping[Element, Shape]], None]:
    """Change the element of that number."""
    return lambda shapes: edit(*list(shapes.items())[number])


def an_element(element: Element, _: Shape) -> None:
    SubElement(element, INVENTED).text = "x"


def an_attribute(element: Element, _: Shape) -> None:
    element.set(INVENTED, "x")


def inventions(control: AnyControl, server: Server) -> Iterator[Any]:
    """Give what is observed with an element and with an attribute invented at each place."""
    for number in places(control, server):
        for invent in (an_element, an_attribute):
            server.change = at(number, invent)
            yield server.observe(control)


@every_control
def test_the_samples_themselves_are_understood(control: AnyControl, server: Server) -> None:
    server.change = lambda _: None
    for server.answers, server.changed in samples(control):
        found = server.observe(control)
        assert not isinstance(found, Failure), found
        assert not_understood(found) == ()
        assert found == state_of(control, *server.answers)


@every_control
def test_what_is_invented_is_never_a_pass(control: AnyControl, server: Server) -> None:
    whatever = passing(control, DENIED)  # what passes whatever the document says
    for found in inventions(control, server):
        assert isinstance(found, Failure) or not_understood(found), found
        if isinstance(found, Failure):
            assert (found.reason, found.retry) == ("NotUnderstood", False)
            assert INVENTED in found.message
        assert passing(control, found) <= whatever


@every_control
def test_what_is_invented_is_never_dropped(control: AnyControl, server: Server) -> None:
    """A change is made only where the whole entry goes; else it is refused."""
    situations = list(keeping(control))
    made = refused = 0
    for found in inventions(control, server):
        if isinstance(found, Failure):
            continue  # nothing is written over what cannot be read
        keys = set(map(entry_of, not_understood(found)))
        for situation in situations:
            for change in make_plan(informed(control, situation, found), (control,)):
                if change.refusal is not None:
                    refused += change.refusal.reason == "NotUnderstood"
                    continue
                made += 1
                assert not keys & {"", *entries(control.sent(change.observed, change.desired))}
                assert not [problem for call in change.calls for problem in problems_of(call)]
    assert (made > 0) == (refused > 0) == (control.name in APART or SUBJECTS[control.name].listed)


@every_list
def test_an_invented_value_goes_back_as_it_came(control: AnyControl, server: Server) -> None:
    tried = 0
    for number in places(control, server):
        kinds: list[Shape] = []

        def a_value(element: Element, shape: Shape, kinds: list[Shape] = kinds) -> None:
            kinds.append(shape)
            if getattr(shape, "enum", None):
                element.text = INVENTED

        server.change = at(number, a_value)
        found = server.observe(control)
        if not getattr(kinds[0], "enum", None):
            continue
        keys = [key for key, entry in entries(found).items() if INVENTED in str(entry)]
        assert keys, found
        for situation in keeping(control):
            placed = informed(control, situation, found)
            desired = control.desired(placed, found)
            if desired == found or not set(keys) & set(control.kept(placed, found)):
                continue
            if control.refuse(placed, found, desired) is None:
                tried += 1
                calls = control.calls(placed, found, desired)
                if SUBJECTS[control.name].document.listed:  # each entry is written alone, and theirs are left alone
                    assert not set(keys) & {call.parameters["Id"] for call in calls}
                else:
                    assert INVENTED in written(calls)
    assert tried or control.name in {"tags", "metrics"}, "nothing was tried"  # whose values are free


@every_control
def test_an_invented_value_is_no_better_than_what_was_there(control: AnyControl, server: Server) -> None:
    for number in places(control, server):

        def a_value(element: Element, shape: Shape) -> None:
            if getattr(shape, "enum", None) or shape.type_name == "boolean":
                element.text = INVENTED

        server.change = lambda _: None
        before = server.observe(control)
        server.change = at(number, a_value)
        assert passing(control, server.observe(control)) <= passing(control, before)


def passing(control: AnyControl, observation: Any) -> set[str]:
    """Name the checks on the control's document that pass; nothing else was ever configured."""
    found = judge(subject(observed=NEVER | {control.name: observation}))
    return {each.check.id for each in found if each.verdict.result is Result.PASS and reads(control, each)}


def reads(control: AnyControl, judged: Any) -> bool:
    return judged.control == control.name or control.name in judged.check.also_reads


def entries(state: Any) -> dict[str, Any]:
    """Give the keyed entries of a state."""
    values = (getattr(state, name) for name in type(state).__dataclass_fields__)
    return {key: entry for value in values if isinstance(value, Mapping) for key, entry in value.items()}


def entry_of(name: str) -> str:
    """Give the key of an entry from the name of what is not understood in it: `rules[archive].Filter.Not`.

    What stands beside the entries has an empty one.
    """
    found = re.match(r"\w+\[(.+?)\]\.", name)
    return found[1] if found else ""


def written(calls: tuple[Call, ...]) -> str:
    return " ".join(str(call.parameters) for call in calls)
