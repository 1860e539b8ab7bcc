"""edge: what SIGHUP means: read the files again, or end because the terminal was closed.

Apart from all else and quick to import: until somebody listens the signal would end the process.
"""

from __future__ import annotations

import os
import signal


def terminals() -> list[int]:
    """Which of the standard streams are terminals, and still there."""
    return [stream for stream in range(3) if os.isatty(stream)]


def let_pass() -> None:
    """Until somebody listens: what the signal asks for is done at the start anyway. On a terminal it ends the start."""
    if not terminals():
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
