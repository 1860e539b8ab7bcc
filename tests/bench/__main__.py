"""Every benchmark, one after the other: `python -m tests.bench [NAME...]`. Each prints ratios taken within its run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    """The modules here that are benchmarks."""
    return sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))


def main(chosen: list[str]) -> int:
    """Each in a process of its own, so that none warms up another; 1 when one missed its mark."""
    known = names()
    unknown = [name for name in chosen if name not in known]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    missed = 0
    for name in chosen or known:
        print(f"\n== {name} ==", flush=True)
        missed |= subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False).returncode != 0
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
