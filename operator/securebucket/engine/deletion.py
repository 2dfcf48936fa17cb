"""Deleting the bucket of an object that is going away."""

from dataclasses import replace

from securebucket.api.spec import Mode
from securebucket.engine.application import NOT_LEADING
from securebucket.engine.documents import read_documents
from securebucket.engine.location import Found, reach
from securebucket.engine.task import Task
from securebucket.engine.tools import Tools
from securebucket.model.failure import Failure
from securebucket.model.observation import is_unread
from securebucket.model.ownership_tags import OWNER_TAG


def delete_bucket(tools: Tools, task: Task) -> Failure | None:
    """Delete a bucket as its object's deletion policy says; None when that is done.

    Only an empty bucket without Object Lock that this object owns is deleted.
    """
    if task.effective.mode is not Mode.ENFORCE:
        return None
    tools.lives.take_look(task.request.key)  # a look before the deletion proves nothing to a pass after it
    found = reach(tools, task)
    if isinstance(found, Failure):
        # Conflict: the bucket is the older object's, so the younger one has nothing to undo.
        return None if found.reason in {"BucketGone", "Conflict"} else found
    if not isinstance(found, Found):
        return None
    documents = read_documents(found.client, tools.controls, found.bucket)
    tags = documents.tags()
    if isinstance(tags, Failure):
        return tags
    if tags.get(OWNER_TAG) != task.request.owner:
        return None  # also with `adoption: Adopt`: what was never taken over is not ours to delete
    lock = documents.observed["objectLock"]
    if is_unread(lock):
        message = f"Object Lock could not be read, so the bucket is not deleted: {lock.message}"
        return replace(lock, message=message, retry=True)
    if not isinstance(lock, Failure) and lock.enabled:
        return Failure(
            "ObjectLockForbidsDeletion",
            "the bucket has Object Lock, so it is not deleted; annotate the object with securebucket.io/abandon:"
            ' "true" to let it go and keep the bucket.',
        )
    return found.client.delete() if tools.writable() else NOT_LEADING
