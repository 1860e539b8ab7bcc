"""edge: the operator's files -> Settings and the bytes of rule files. Nobody else reads them."""

from watcher.config.reader import load_config
from watcher.config.rulefiles import core_vocabulary, load_rules, read_rules, time_zones
from watcher.config.settings import Settings

__all__ = ["Settings", "core_vocabulary", "load_config", "load_rules", "read_rules", "time_zones"]
