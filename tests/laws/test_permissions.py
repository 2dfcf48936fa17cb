"""Laws of reads and rights: each operation has its IAM action, which is often not the operation's name."""

from tests.laws.register import RIGHTS, SUBJECTS
from tests.laws.worlds import AnyControl, calls_of, every_control, states

from securebucket.model.call import Read


def _reads(control: AnyControl) -> set[Read]:
    follow_ups = {control.follow_up(state) for state in states(control)}
    return {control.read} | {read for read in follow_ups if read is not None}


@every_control
def test_the_reads_need_just_the_rights_that_are_named(control: AnyControl) -> None:
    assert {RIGHTS[read.operation] for read in _reads(control)} == set(control.permissions.read)


@every_control
def test_the_writes_need_just_the_rights_that_are_named(control: AnyControl) -> None:
    assert {RIGHTS[call.operation] for call in calls_of(control)} == set(control.permissions.write)


@every_control
def test_rights_on_other_things_say_what_they_are_for(control: AnyControl) -> None:
    for action, resource, why in control.permissions.other:
        assert action.count(":") == 1
        assert resource.startswith("arn:*:")
        assert why


@every_control
def test_absent_is_told_by_a_code_or_by_an_empty_answer_and_never_by_both(control: AnyControl) -> None:
    """A document with a code for "absent" is always there in a 200, so that a server without it is found out."""
    code = SUBJECTS[control.name].document.absent
    empty = not code
    assert bool(control.read.absent) is not empty
    assert bool(control.read.required) is not empty
