"""A Dockerfile as stages of instructions, and what of a folder is handed to its build: enough of both for ours."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """What to do with what, without the `--options`, which are apart."""

    word: str
    rest: str
    options: dict[str, str]

    @property
    def words(self) -> list[str]:
        """The exec form's words, else those of the line."""
        return list(map(str, json.loads(self.rest))) if self.rest.startswith("[") else shlex.split(self.rest)

    @property
    def pairs(self) -> dict[str, str]:
        """The names and values of ENV, LABEL and ARG."""
        return {name: value for name, _, value in (word.partition("=") for word in self.words)}


@dataclass(kw_only=True)
class Stage:
    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def all(self, word: str) -> list[Instruction]:
        return [each for each in self.instructions if each.word == word]

    def only(self, word: str) -> Instruction:
        (one,) = self.all(word)
        return one


def stages(text: str) -> list[Stage]:
    """All stages; what `ARG` before the first FROM sets is put in where a FROM names it."""
    found: list[Stage] = []
    given: dict[str, str] = {}
    for instruction in _instructions(text):
        if instruction.word == "FROM":
            told = instruction.rest
            for argument, value in given.items():
                told = told.replace(f"${{{argument}}}", value)
            base, *name = told.split()
            assert not name or name[0].upper() == "AS", instruction
            found.append(Stage(base=base, name=name[1] if name else ""))
        elif found:
            found[-1].instructions.append(instruction)
        else:
            assert instruction.word == "ARG", instruction
            given |= instruction.pairs
    return found


def _instructions(text: str) -> Iterator[Instruction]:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        word, _, rest = line.partition(" ")
        options = {}
        while found := re.match(r"\s*--([a-z-]+)=(\S+)\s+", rest):
            options[found[1]] = found[2]
            rest = rest[found.end() :]
        yield Instruction(word=word.upper(), rest=rest.strip(), options=options)


def context(root: Path = ROOT) -> list[str]:
    """The files of a folder that a build may see, by its .dockerignore: the last line that fits decides."""
    ignored = [line for line in (root / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    names = (path.relative_to(root).as_posix() for top in root.iterdir() if top.name[0] != "." for path in _files(top))
    return sorted(name for name in names if _is_sent(name, ignored))


def _files(top: Path) -> Iterator[Path]:
    return (path for path in (top.rglob("*") if top.is_dir() else [top]) if path.is_file())


def _is_sent(name: str, ignored: list[str]) -> bool:
    parts = name.split("/")
    above = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    sent = True
    for line in ignored:
        pattern = line.lstrip("!")
        anywhere = pattern.removeprefix("**/")
        if any(fnmatch(path, pattern) or (anywhere != pattern and anywhere in parts) for path in above):
            sent = line.startswith("!")
    return sent
