"""What the Kubernetes API can answer instead of what was asked for."""


class ApiError(Exception):
    """A request that did not succeed.

    Args:
        status: HTTP status; 0 when there was no answer.
        reason: Kubernetes' word for it, such as `Forbidden`; the exception's name when there was no answer.
        message: the server's own words.
        operation: verb and path of the request.
        retry_after: seconds that the server asks us to wait; 0 when it does not.
    """

    def __init__(self, status: int, reason: str, message: str, operation: str, retry_after: float = 0.0) -> None:
        super().__init__(f"{operation}: {status or 'no answer'} {reason}: {message}")
        self.status = status
        self.reason = reason
        self.message = message
        self.operation = operation
        self.retry_after = retry_after

    @property
    def transient(self) -> bool:
        """Time may help: no answer, too many requests, or the server's own fault."""
        return self.status in {0, 429} or self.status >= 500


class MissingError(ApiError):
    """404: the object, or its whole kind, is not there."""


class ForbiddenError(ApiError):
    """401 or 403: we lack a right."""


class ConflictError(ApiError):
    """409, or 422 on a failed test of a JSON patch: somebody else was faster, and what we know is old."""


class ExpiredError(ApiError):
    """410: the list or watch cannot be continued; begin again."""


class ClosedError(ApiError):
    """The write was not sent: the process ends, and another replica may lead by now."""

    def __init__(self, operation: str) -> None:
        super().__init__(0, "Stopping", "the operator is stopping", operation)

    @property
    def transient(self) -> bool:
        """Not in this process."""
        return False
