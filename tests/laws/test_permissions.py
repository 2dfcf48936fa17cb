"""Laws of reads and rights: each operation has its IAM action, which is often not the operation's name."""

from botocore import xform_name
from tests.controls.builders import first_read, reading_of
from tests.laws.register import RIGHTS, SUBJECTS
from tests.laws.worlds import AnyControl, calls_of, every_control


@every_control
def test_the_reads_need_just_the_rights_that_are_named(control: AnyControl) -> None:
    readings = [reading_of(control, *answers) for answers in ((), *SUBJECTS[control.name].readings)]
    reads = {name.partition("/")[0] for reading in readings for name in reading.answers}  # whatever page it is
    assert {RIGHTS[xform_name(name)] for name in reads} == set(control.permissions.read)


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
    """A document with a code for "absent" is always there in a 200, so that a server without it is found out.

    So is one that is never absent. A list may be empty, and says in every answer whether there is more of it.
    """
    document = SUBJECTS[control.name].document
    if document.listed:
        assert (first_read(control).absent, first_read(control).required) == (frozenset(), "IsTruncated")
        return
    code = document.absent
    empty = not code and not document.always
    assert bool(first_read(control).absent) is bool(code)
    assert bool(first_read(control).required) is not empty
