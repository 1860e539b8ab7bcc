"""The extra `lang`, there or not: a stand-in for the library, which is large; and the library itself, when soaked.

With WATCHER_SOAK=1 it is installed from its lock into a folder of its own, so that nothing else finds it there.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from watcher.normalise.lang import detector, has_detector, of

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "tests" / "data" / "lang.txt"
GERMAN = (
    "Die Behörden teilten am Montag mit, dass die Brücke über den Fluss nach starkem Regen gesperrt worden ist. "
    "Verletzt wurde niemand."
)
STAND_IN = """
MODEL_FILE = "model"

class LanguageIdentifier:
    @classmethod
    def from_model_file(cls, name, norm_probs=False):
        assert (name, norm_probs) == (MODEL_FILE, True)
        return cls()

    def classify(self, text):
        return ("de", 0.99) if "Brücke" in text else ("en", 0.3)
"""


@pytest.fixture(autouse=True)
def nothing_loaded() -> Iterator[None]:
    detector.cache_clear()
    yield
    detector.cache_clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == "py3langid"]:
        del sys.modules[name]


def test_where_the_extra_is_installed_it_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "py3langid").mkdir()
    (tmp_path / "py3langid" / "__init__.py").touch()
    (tmp_path / "py3langid" / "langid.py").write_text(STAND_IN, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert has_detector()
    assert of([], GERMAN, detector()) == "de"
    assert of([], "The bridge over the river", detector()) is None


def test_without_the_extra_there_is_no_detector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)
    assert not has_detector()
    assert detector() is None


if os.environ.get("WATCHER_SOAK"):

    def test_the_detector_of_the_extra_knows_languages() -> None:
        place = ROOT / ".cache" / f"lang-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:8]}"
        if not (place / "py3langid").exists():
            pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
            wish = ["--require-hashes", "--target", str(place), "--requirement", str(LOCK)]
            subprocess.run([*pip, *wish], check=True)
        code = (
            "from watcher.normalise.lang import detector, of\n"
            f"texts = ['Officials said that the bridge over the river was closed', {GERMAN!r}, 'Tikrit']\n"
            f"print([of([], text, detector()) for text in texts], of(['en'], {GERMAN!r}, detector()))"
        )
        environ = os.environ | {"PYTHONPATH": str(place)}
        said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environ)
        assert said.stdout == "['en', 'de', None] de\n"
