"""Logs for machines: one JSON object a line, with the object that a thread works on, and without secrets."""

import datetime as dt
import json
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, TextIO

from securebucket.model.plain_text import printable, whole

LogFormat = Literal["json", "text"]

_bound: ContextVar[Mapping[str, object]] = ContextVar("bound", default={})  # noqa: B039 - it is never changed, only replaced

SECRETS = re.compile(
    r"(?P<shown>\b(?:Bearer|Basic)\s+|\b(?:x-amz-security-token|x-amz-signature|signature|aws_secret_access_key"
    r"|aws_session_token|secret_?access_?key|session_?token|external_?id)[\"']?\s*[=:]\s*[\"']?)(?P<hidden>[^\s\"'&,]+)"
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b",
    re.IGNORECASE,
)

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "settings",
    "k8s_ref",
    "k8s_skip",
}
"""What every log record has; everything else was given by `extra`."""


@contextmanager
def bind(**fields: object) -> Iterator[None]:
    """Put fields, such as namespace and name, on every line that this thread logs within the block."""
    token = _bound.set({**_bound.get(), **fields})
    try:
        yield
    finally:
        _bound.reset(token)


def redact(text: str) -> str:
    """Hide what looks like a credential."""
    return SECRETS.sub(lambda found: f"{found['shown'] or ''}***", text)


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        line: dict[str, object] = {
            "ts": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
            **_bound.get(),
            **_extra(record),
        }
        if record.exc_info:
            line["exception"] = redact(self.formatException(record.exc_info))
        return whole(json.dumps(line, default=str, ensure_ascii=False))


class TextFormatter(logging.Formatter):
    """One line for people at a terminal, who must be able to trust that a line is one of ours."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        when = dt.datetime.fromtimestamp(record.created, dt.UTC).strftime("%H:%M:%S")
        fields = {**_bound.get(), **_extra(record)}
        where = " ".join(f"{name}={value}" for name, value in fields.items())
        line = printable(f"{when} {record.levelname:7} {redact(record.getMessage())}{f'  [{where}]' if where else ''}")
        if not record.exc_info:
            return line
        trace = redact(self.formatException(record.exc_info)).splitlines()
        return "\n".join([line, *(f"  {printable(each)}" for each in trace)])


def configure_logs(form: LogFormat, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send all logs of the process to one stream (standard error), in one form."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, lowest in QUIET.items():
        logging.getLogger(name).setLevel(max(lowest, root.level))


QUIET: Mapping[str, int] = {
    "kopf": logging.WARNING,  # it tells of every step of its own
    "kopf._core.reactor.running": logging.ERROR,  # it warns that signals are ours, which is so on purpose
    "urllib3": logging.WARNING,
    "botocore": logging.WARNING,
    "asyncio": logging.WARNING,
}
"""The lowest levels of other libraries."""


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in STANDARD}
