"""Whatever happens in whatever order: nothing is lost, nothing runs twice at once, every namespace gets its turn."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.dispatch.clock import Clock

from securebucket.dispatch.work_queue import Priority, WorkQueue
from securebucket.model.bucket import ObjectKey

KEYS = st.builds(ObjectKey, st.sampled_from(["one", "two", "three"]), st.sampled_from("abc"))
PRIORITIES = st.sampled_from(Priority)


class Queue(RuleBasedStateMachine):
    """Drives a queue along a simple model: the latest time by which each key must come."""

    def __init__(self):
        super().__init__()
        self.clock = Clock(0.0)
        self.queue = WorkQueue(self.clock)
        self.wanted: dict[ObjectKey, float] = {}
        self.active: set[ObjectKey] = set()

    @rule(key=KEYS, priority=PRIORITIES, delay=st.sampled_from([0.0, 1.0, 10.0]))
    def add(self, key, priority, delay):
        self.queue.add(key, priority, delay)
        self.wanted[key] = min(self.wanted.get(key, float("inf")), self.clock() + delay)

    @rule(seconds=st.sampled_from([0.5, 1.0, 20.0]))
    def wait(self, seconds):
        self.clock.advance(seconds)

    @rule()
    def take(self):
        item = self.queue.get(0)
        if item is None:
            assert not self.due()
            return
        assert item.key not in self.active, "worked on twice at once"
        assert item.key in self.due(), "handed out though nobody wants it, or too early"
        del self.wanted[item.key]
        self.active.add(item.key)

    @precondition(lambda self: self.active)
    @rule(data=st.data())
    def give_back(self, data):
        key = data.draw(st.sampled_from(sorted(self.active)))
        self.active.remove(key)
        self.queue.done(key)

    def due(self):
        return {key for key, at in self.wanted.items() if at <= self.clock()} - self.active

    @invariant()
    def depth_is_what_is_due(self):
        assert sum(self.queue.depth().values()) == len(self.due())

    def teardown(self):
        for key in self.active:
            self.queue.done(key)
        self.clock.advance(100)
        left = set()
        while (item := self.queue.get(0)) is not None:
            left.add(item.key)
        assert left == set(self.wanted), "lost"


TestQueue = Queue.TestCase
TestQueue.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@settings(max_examples=60, deadline=None)
@given(st.lists(KEYS, unique=True, min_size=1), PRIORITIES)
def test_no_namespace_is_served_twice_while_another_waits(keys, priority):
    queue = WorkQueue(Clock())
    for key in keys:
        queue.add(key, priority)
    waiting = {namespace: sum(key.namespace == namespace for key in keys) for namespace in {k.namespace for k in keys}}
    since = dict.fromkeys(waiting, 0)
    while (item := queue.get(0)) is not None:
        for other, left in waiting.items():
            if other != item.key.namespace and left:
                since[other] += 1
                assert since[other] < len(waiting), "passed over"
        since[item.key.namespace] = 0
        waiting[item.key.namespace] -= 1
    assert not any(waiting.values())
