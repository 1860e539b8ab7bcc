"""Every benchmark, one after the other: `python -m tests.bench [--all] [--write] [NAME...]`.

Each prints ratios taken within its run. --all gives the long ones their full counts, --write keeps figures and plots
under docs/performance and in the pages that show them: those benchmarks are given an option whose first lines name it.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
OPTIONS = ("--all", "--write")
LAST = "sizing"
"""It reckons with what the others have kept."""


def names() -> list[str]:
    """The modules here that are benchmarks."""
    found = (path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    return sorted(found, key=lambda name: (name == LAST, name))


def said(name: str) -> str:
    """What a benchmark says of itself."""
    return ast.get_docstring(ast.parse((HERE / f"{name}.py").read_text("utf-8"))) or ""


def command(name: str, options: Sequence[str]) -> list[str]:
    """How it is started, with those of the options that it takes."""
    taken = [option for option in options if option in said(name)]
    return [sys.executable, "-m", f"tests.bench.{name}", *taken]


def main(arguments: Sequence[str]) -> int:
    """Each in a process of its own, so that none warms up another; 1 when one missed its mark."""
    options = [word for word in arguments if word in OPTIONS]
    chosen = [word for word in arguments if word not in OPTIONS]
    unknown = [name for name in chosen if name not in names()]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    results = []
    for name in chosen or names():
        print(f"\n== {name} ==", flush=True)
        begun = time.monotonic()
        code = subprocess.run(command(name, options), check=False).returncode
        results.append((name, code, time.monotonic() - begun))
    print(f"\n{'':12} {'minutes':>8}")
    for name, code, seconds in results:
        print(f"{name:12} {seconds / 60:8.1f}{'  missed' if code else ''}")
    return int(any(code for _, code, _ in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
