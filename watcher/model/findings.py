"""What is wrong in the operator's files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingSeverity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong in a file of the operator's: what, where, and what to do. Lines and columns count from 1."""

    code: str
    severity: FindingSeverity
    file: str
    line: int
    column: int
    message: str
    help: str = ""
    width: int = 1  # how many characters the caret underlines
    related: tuple[int, int, str] | None = None  # line, column and a few words
    related_file: str = ""  # where that is another one
