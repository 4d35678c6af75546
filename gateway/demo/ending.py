"""Makes the signals that end a process end it in order, so that the PostgreSQL it started ends with it.

A signal that is ignored, as `nohup` has it for SIGHUP, stays ignored.
"""

import signal
from types import FrameType
from typing import Final, NoReturn

_HANGUPS: Final = (signal.SIGHUP, signal.SIGQUIT)


def end_in_order() -> None:
    """From now on SIGTERM, SIGHUP and SIGQUIT raise `KeyboardInterrupt` in the main thread, as SIGINT does."""
    signal.signal(signal.SIGTERM, _interrupt)
    for hangup in _HANGUPS:
        if signal.getsignal(hangup) is not signal.SIG_IGN:
            signal.signal(hangup, _terminate)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    # A second signal must not interrupt the end that the first one began.
    for end in (signal.SIGTERM, *_HANGUPS):
        signal.signal(end, signal.SIG_IGN)
    raise KeyboardInterrupt


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    """A server that handles SIGTERM in its own way does so here too."""
    signal.raise_signal(signal.SIGTERM)
