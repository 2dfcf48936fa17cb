"""Carries the steps of a page out, in order; the first that does not hold ends it, with its place."""

import json
import re
import subprocess
import time
from collections.abc import Mapping
from typing import Any

import yaml
from tests.e2e.documentation.programs import REPOSITORY
from tests.e2e.documentation.shell import Ended, Shell
from tests.e2e.documentation.world import World

from securebucket_dev.pages.placeholders import fill_in
from securebucket_dev.pages.queries import split_queries
from securebucket_dev.pages.step import Block, Let, Page, Run
from securebucket_dev.pages.transcript import agrees, read_transcript
from securebucket_dev.process import ServerError

TRIAL = "kubectl apply --server-side --force-conflicts --dry-run=server --validate=strict -f"
FILE = re.compile(r"(?:\.github|charts|crds|deploy|docs|examples)/[\w./-]*\w")
OUTPUT = 4000
"""So much of the end of an output is told."""


class StepError(AssertionError):
    """A page does not do what it says; the text has its place, the output, and what came before."""


class Performance:
    """One page, with what was filled in and what was done so far.

    Args:
        world: where.
        shell: the reader's.
        not_here: why a block cannot be run here, by a text that it holds.
    """

    def __init__(self, world: World, shell: Shell, not_here: Mapping[str, str]) -> None:
        self._world = world
        self._shell = shell
        self._values: dict[str, str] = {}
        self._not_here = not_here
        self._done: list[str] = []

    def run(self, page: Page) -> None:
        """Carry the steps out.

        Raises:
            StepError: one does not hold.
        """
        for step in page.steps:
            if isinstance(step, Let):
                ended = self._shell.run(f'printf %s "{step.value}"', step.line)
                self._judge(step.place, ended, (0,), step.value)
                self._values[step.word] = ended.output
            elif isinstance(step, Run):
                self._command(step.place, fill_in(step.command, self._values), step.line)
            else:
                self._block(step)
                self._world.executed.append(step.place)

    def _block(self, block: Block) -> None:
        text = fill_in(block.text, self._values)
        if block.title:
            save = f"mkdir -p \"$(dirname {block.title})\"\ncat >{block.title} <<'END-OF-FILE'\n{text}END-OF-FILE"
            self._command(block.place, save, block.line)
        match block.language:
            case "bash" if reason := self._reason(block):
                self._hold(block, text, reason)
            case "bash" if block.background:
                self._judge(block.place, self._shell.begin(text, block.line + 1), (0,), text)
            case "bash":
                self._command(block.place, text, block.line + 1, block.exit_codes)
            case "console":
                self._transcript(block, text)
            case "promql":
                self._ask(block, text)
            case "python":
                self._command(block.place, f"python - <<'END-OF-FILE'\n{text}END-OF-FILE", block.line)
            case "json":
                self._parse(block, text)
            case "yaml" if not block.title:
                self._try(block, text)

    def _command(self, place: str, text: str, line: int, codes: tuple[int, ...] = (0,)) -> Ended:
        ended = self._shell.run(text, line)
        self._world.changed = time.time()
        self._judge(place, ended, codes, text)
        return ended

    def _judge(self, place: str, ended: Ended, codes: tuple[int, ...], text: str) -> None:
        if ended.code not in codes:
            how = (
                "took too long"
                if ended.code is None
                else f"ended with {ended.code} instead of {' or '.join(map(str, codes))}"
            )
            where = f" at line {ended.failed}" if ended.failed else ""
            raise self._failed(place, f"it {how}{where}", ended.output)
        self._done.append(f"--- {place}\n{text.strip()}\n{ended.output.strip()[-600:]}")

    def _failed(self, place: str, what: str, output: str) -> StepError:
        before = "\n".join(self._done[-4:]) or "(nothing)"
        return StepError(f"{place}: {what}.\n{output.strip()[-OUTPUT:]}\n\nBefore it:\n{before}")

    def _transcript(self, block: Block, text: str) -> None:
        filled = Block(block.page, block.line, block.language, text)
        exchanges = read_transcript(filled)
        for each in exchanges:
            codes = block.exit_codes if each is exchanges[-1] else (0,)
            place = f"{block.page}:{each.line}"
            ended = self._command(place, each.command, each.line, codes)
            if not agrees(each.printed, ended.output.splitlines()):
                shown = "\n".join(each.printed)
                raise self._failed(place, f"the page shows\n{shown}\nand it prints", ended.output)

    def _ask(self, block: Block, text: str) -> None:
        self._world.await_scrape()
        for query in split_queries(text):
            try:
                found = self._world.prometheus.query(query)
            except ServerError as refused:
                raise self._failed(block.place, "Prometheus does not take it", str(refused)) from refused
            self._done.append(f"--- {block.place}\n{query}\n{json.dumps(found)[:600]}")

    def _parse(self, block: Block, text: str) -> None:
        try:
            json.loads(text)
        except ValueError as fault:
            raise self._failed(block.place, "it is no JSON", str(fault)) from fault

    def _try(self, block: Block, text: str) -> None:
        """Let the API server judge objects; a `spec` alone becomes a SecureBucket."""
        documents: list[Any] = list(yaml.safe_load_all(text))
        if len(documents) == 1 and documents[0].keys() == {"spec"}:
            identity = {"apiVersion": "securebucket.io/v1alpha1", "kind": "SecureBucket"}
            documents = [{**identity, "metadata": {"name": "a-fragment", "namespace": "default"}, **documents[0]}]
        if any("kind" not in each for each in documents):
            raise self._failed(
                block.place, "it is no object. Remedy: complete it, or give it a title and use the file", text
            )
        written = yaml.safe_dump_all(documents)
        self._command(block.place, f"{TRIAL} - <<'END-OF-FILE'\n{written}END-OF-FILE", block.line)

    def _reason(self, block: Block) -> str:
        return next((reason for text, reason in self._not_here.items() if text in block.text), "")

    def _hold(self, block: Block, text: str, reason: str) -> None:
        """See at least that bash understands what cannot be run here, and that the files that it names are there."""
        read = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False, timeout=30)
        if read.returncode:
            raise self._failed(block.place, f"bash does not take it ({reason})", read.stderr)
        for path in FILE.findall(text.replace("\\", "")):
            if not (REPOSITORY / path).exists():
                raise self._failed(block.place, f"there is no {path} ({reason})", text)
