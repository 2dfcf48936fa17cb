"""A stored report, read bucket by bucket: each is checked, packed and dropped, so that no size matters. Pure."""

import codecs
import json
from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from securebucket.api.errors import FieldError, explain
from securebucket.model.json_text import read_json
from securebucket.report.audit_report import AuditReport, BucketAudit
from securebucket.report.recorded_report import BucketRecord, RecordedReport, packed_record

KIND = "securebucket.io/audit-report/"
FORMAT = str(AuditReport.model_fields["format"].default)
SPACE = " \t\r\n"
DECODER = json.JSONDecoder()


class UnreadableReportError(Exception):
    """A text is not a report, or not one that this release reads; it goes on after the report's name."""


def read_report(pieces: Iterable[bytes], hint: str) -> RecordedReport:
    """Read a report as JSON, in UTF-8.

    Args:
        pieces: of the text, as they come.
        hint: what to give instead, for an error.

    Raises:
        UnreadableReportError: it is none, or one of a newer release.
    """
    text = PiecedText(pieces)
    fields: dict[str, str] = {}
    records: list[BucketRecord] = []
    wrong: list[FieldError] = []
    try:
        if not text.peek():
            raise UnreadableReportError("is empty; the command that should write it may have failed.")
        if text.peek() == "{":
            for name in text.members():
                if name == "buckets" and text.peek() == "[":
                    records, wrong = _read_buckets(text)
                else:
                    fields[name] = text.value()
        else:
            text.value()
        text.end()
    except ValueError as error:
        raise UnreadableReportError(f"is not JSON ({error}); {hint}") from error
    written = read_json(fields.get("format", "null"))
    if not isinstance(written, str) or not written.startswith(KIND):
        raise UnreadableReportError(f'is not an audit report: it does not say `"format": "{FORMAT}"`; {hint}')
    if written != FORMAT:
        raise UnreadableReportError(
            f"is of the format {written}, and this release reads {FORMAT}. Use the release that wrote it."
        )
    try:
        head = AuditReport.model_validate({name: read_json(value) for name, value in fields.items()})
    except ValidationError as error:
        wrong = [*explain(error, AuditReport), *wrong]
    if wrong:
        rest = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise UnreadableReportError(f"is a damaged audit report: {wrong[0]}{rest}")
    return RecordedReport(head, tuple(records))


def _read_buckets(text: "PiecedText") -> tuple[list[BucketRecord], list[FieldError]]:
    records: list[BucketRecord] = []
    wrong: list[FieldError] = []
    for number, value in enumerate(text.entries()):
        try:
            audit = BucketAudit.model_validate(read_json(value))
        except ValidationError as error:
            faults = explain(error, BucketAudit)
            wrong += [FieldError(f"buckets[{number}].{each.path}", each.message) for each in faults]
        else:
            records.append(packed_record(audit))
    return records, wrong


class PiecedText:
    """JSON that comes in pieces; of it no more is held than the value that is read.

    Every function raises `ValueError` where the text is not JSON.

    Args:
        pieces: of the text, in UTF-8.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = codecs.iterdecode(pieces, "utf-8-sig")
        self._text = ""
        self._at = 0
        self._dropped = 0

    def peek(self) -> str:
        """Return the next character that is not a space; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in SPACE:
                self._at += 1
            if self._at < len(self._text) or not self._read(1):
                return self._text[self._at : self._at + 1]

    def value(self) -> str:
        """Return the text of the next value, of whatever kind it is."""
        self.peek()
        while True:
            try:
                _, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                place = self._dropped + error.pos
                if not self._read(len(self._text) - self._at + 1):  # as much again: a long value is not tried too often
                    raise ValueError(f"{error.msg}: char {place}") from error
                continue
            except RecursionError as error:
                raise self._wrong("Too many levels", self._at) from error
            if end < len(self._text) or not self._read(1):  # else a number may go on
                found = self._text[self._at : end]
                self._at = end
                return found

    def members(self) -> Iterator[str]:
        """Return the names in an object; after each one its value is to be read."""
        for _ in self._inside("{", "}"):
            if self.peek() != '"':
                raise self._wrong("Expecting property name enclosed in double quotes", self._at)
            name = str(read_json(self.value()))
            self._expect(":", "':' delimiter")
            yield name

    def entries(self) -> Iterator[str]:
        """Return the texts of the values in an array."""
        for _ in self._inside("[", "]"):
            yield self.value()

    def end(self) -> None:
        """Insist that nothing comes any more."""
        if self.peek():
            raise self._wrong("Extra data", self._at)

    def _inside(self, first: str, last: str) -> Iterator[None]:
        self._expect(first, first)
        if self.peek() != last:
            yield
            while self.peek() == ",":
                self._at += 1
                yield
        self._expect(last, "',' delimiter")

    def _expect(self, character: str, name: str) -> None:
        if self.peek() != character:
            raise self._wrong(f"Expecting {name}", self._at)
        self._at += 1

    def _wrong(self, what: str, place: int) -> ValueError:
        return ValueError(f"{what}: char {self._dropped + place}")

    def _read(self, least: int) -> bool:
        """Take in so many characters more, and drop what is done; false at the end of the text."""
        found = []
        while least > 0 and (piece := next(self._pieces, None)) is not None:
            found.append(piece)
            least -= len(piece)
        self._dropped += self._at
        self._text, self._at = "".join((self._text[self._at :], *found)), 0
        return bool(found)
