"""The engine: makes passes, deletes, and keeps what is remembered between passes. It serves operator and CLI."""

from dataclasses import dataclass

from securebucket.api.spec import DeletionPolicy, Mode
from securebucket.engine.bucket_pass import Pass
from securebucket.engine.deletion import delete_bucket
from securebucket.engine.effective import resolve
from securebucket.engine.outcome import Outcome
from securebucket.engine.request import PassRequest
from securebucket.engine.task import Task
from securebucket.engine.tools import Tools
from securebucket.model.bucket import ObjectKey
from securebucket.model.failure import Failure


@dataclass(slots=True)
class Engine(Tools):
    """Serves all objects, in as many threads as there are; passes of one object must not overlap."""

    def run(self, request: PassRequest) -> Outcome:
        """Make one pass.

        The pass that finds no bucket where it may create one does nothing else: it asks to `look_again`, and the next
        pass of the same object creates the bucket if it is still missing by then.
        """
        task = self._task(request)
        if isinstance(task, Failure):
            mode = Mode.OBSERVE if self.observe_only else request.spec.mode or Mode.ENFORCE
            return Outcome(at=request.now, mode=mode, interval=self.default_interval, failure=task)
        try:
            return Pass(self, task).run()
        finally:
            self.lives.tidy(request.key)

    def delete(self, request: PassRequest) -> Failure | None:
        """Delete the bucket of an object that is going away, as its deletion policy says; None when that is done."""
        if request.spec.deletion_policy is not DeletionPolicy.DELETE:
            return None  # whatever else is wrong with the object, it can go
        task = self._task(request)
        return task if isinstance(task, Failure) else delete_bucket(self, task)

    def forgive(self, key: ObjectKey) -> None:
        """Give up no control any more: a person asked for another try."""
        self.lives.forgive(key)

    def forget(self, key: ObjectKey) -> None:
        """Drop what is remembered of an object that is gone."""
        self.lives.forget(key)

    def _task(self, request: PassRequest) -> Task | Failure:
        effective = resolve(request, self.default_interval, observe_only=self.observe_only)
        return effective if isinstance(effective, Failure) else Task(request, effective)
