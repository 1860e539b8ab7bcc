"""edge: an event in a few words and what it is about -> a record of the standard library's logging, for `lines`."""

from __future__ import annotations

import logging


class Events:
    """Implements jobs.Log. A record's message is the event with all that it is about."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def debug(self, event: str, **about: object) -> None:
        self._logger.debug({**about, "event": event})

    def info(self, event: str, **about: object) -> None:
        self._logger.info({**about, "event": event})

    def warning(self, event: str, **about: object) -> None:
        self._logger.warning({**about, "event": event})

    def error(self, event: str, **about: object) -> None:
        self._logger.error({**about, "event": event})

    def exception(self, event: str, **about: object) -> None:
        """With the exception that is being handled."""
        self._logger.error({"exc_info": True, **about, "event": event})
