"""The options of a write, as its query says them.

https://kubernetes.io/docs/reference/using-api/api-concepts/
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from securebucket_dev.kubeapi.failure import Cause, refuse_request, report_invalid

_MANAGER_LENGTH = 128


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How a write is to be made, and by whom.

    Args:
        manager: who owns the written fields.
        dry_run: everything but the write.
        validation: `Strict`, `Warn` or `Ignore` what the schema does not know.
        force: an apply takes fields that others own.
        warnings: what the client is told without being refused; filled while the write is made.
    """

    manager: str = "unknown"
    dry_run: bool = False
    validation: str = "Warn"
    force: bool = False
    warnings: list[str] = field(default_factory=list)

    def report_unknown(self, faults: list[str], prefix: str = "") -> None:
        """Tell, or refuse, what the schema does not know.

        Raises:
            ApiError: 400, in strict validation.
        """
        if not faults or self.validation == "Ignore":
            return
        if self.validation == "Strict":
            raise refuse_request(f"{prefix}strict decoding error: {', '.join(faults)}")
        self.warnings.extend(faults)


def read_options(query: Mapping[str, str], user_agent: str) -> WriteOptions:
    """The options of a request.

    Raises:
        ApiError: 400 or 422, one of them has a value that it cannot have.
    """
    dry_run, validation, force = query.get("dryRun", ""), query.get("fieldValidation", ""), query.get("force", "")
    if dry_run not in ("", "All"):
        message = f'Unsupported value: "{dry_run}": supported values: "All"'
        raise report_invalid("meta.k8s.io", "Options", "", [Cause("dryRun", "FieldValueNotSupported", message)])
    if validation not in ("", "Strict", "Warn", "Ignore"):
        message = f'Unsupported value: "{validation}": supported values: "", "Ignore", "Strict", "Warn"'
        cause = Cause("fieldValidation", "FieldValueNotSupported", message)
        raise report_invalid("meta.k8s.io", "Options", "", [cause])
    if force not in ("", "true", "false"):
        raise refuse_request(f"force must be true or false, not {force!r}")
    return WriteOptions(
        manager=query.get("fieldManager") or user_agent.partition("/")[0][:_MANAGER_LENGTH] or "unknown",
        dry_run=dry_run == "All",
        validation=validation or "Warn",
        force=force == "true",
    )


def require_manager(query: Mapping[str, str]) -> None:
    """Refuse an apply that does not say who applies.

    Raises:
        ApiError: 422.
    """
    if not query.get("fieldManager"):
        cause = Cause("fieldManager", "FieldValueRequired", "Required value: is required for apply patch")
        raise report_invalid("meta.k8s.io", "PatchOptions", "", [cause])
