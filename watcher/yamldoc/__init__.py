"""pure: bytes -> nodes with positions; nodes -> a checked model. Strict YAML 1.2, every error with its place.

Only `true` and `false`, `null`, `~` and nothing at all, whole numbers (decimal, 0x, 0o) and floats are typed (YAML
1.2.2, section 10.3); `no`, `on`, `22:30` and `2015-03-25` are text. Duplicate keys, tabs, anchors, aliases, merge keys
and tags are errors.
"""

from watcher.yamldoc.check import nearest, validate
from watcher.yamldoc.edit import REMOVED, EditError, edit, extended, written
from watcher.yamldoc.nodes import Mapping, Node, Scalar, Sequence, at, plain
from watcher.yamldoc.reader import MAX_BYTES, MAX_DEPTH, load
from watcher.yamldoc.style import Data, inline
from watcher.yamldoc.units import Duration, Size, SizeOrNone

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "REMOVED",
    "Data",
    "Duration",
    "EditError",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "Size",
    "SizeOrNone",
    "at",
    "edit",
    "extended",
    "inline",
    "load",
    "nearest",
    "plain",
    "validate",
    "written",
]
