"""edge: what happens -> lines and numbers for the people who run the watcher: logs, redacting, metrics."""

from watcher.observe.events import Events
from watcher.observe.lines import configure, escape, flush
from watcher.observe.redact import Redactor

__all__ = ["Events", "Redactor", "configure", "escape", "flush"]
