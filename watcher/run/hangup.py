"""edge: what SIGHUP means: read the files again, or end because the terminal was closed.

Apart from all else and quick to import: until somebody listens a signal would end the process, and not well.
"""

from __future__ import annotations

import os
import signal


def terminals() -> list[int]:
    """Which of the standard streams are terminals, and still there."""
    return [stream for stream in range(3) if os.isatty(stream)]


def let_pass() -> None:
    """Until somebody listens: what SIGHUP asks for is done at the start anyway, and on a terminal it ends the start.
    SIGTERM ends it at once and well: nothing was begun that the next start does not do as well.
    """
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    if not terminals():
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
