"""Ctrl-C and SIGTERM, which must not get lost."""

import signal
from types import FrameType


class Interruption:
    """Raises KeyboardInterrupt when a person or the system wants us to end, and again at the next `check`.

    Python drops an exception of a signal handler that runs while an object is being destroyed.
    """

    def __init__(self) -> None:
        self._wanted = False

    def listen(self) -> None:
        """Take over SIGINT and SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._take)

    def check(self) -> None:
        """Go on only if nobody wants us to end.

        Raises:
            KeyboardInterrupt: somebody does.
        """
        if self._wanted:
            raise KeyboardInterrupt

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self._wanted = True
        raise KeyboardInterrupt
