"""What was used of late is kept, up to a number."""

from securebucket.aws.lately_used import LatelyUsed


def test_what_was_not_used_for_longest_makes_room() -> None:
    kept = LatelyUsed[str, int](2)
    kept.put("a", 1)
    kept.put("b", 2)
    kept.get("a")
    kept.put("c", 3)
    assert (kept.get("a"), kept.get("b"), kept.get("c"), len(kept)) == (1, None, 3, 2)


def test_what_is_kept_is_not_built_again() -> None:
    kept = LatelyUsed[str, object](2)
    first = kept.make("a", object)
    assert kept.make("a", object) is first
    assert kept.values() == (first,)
