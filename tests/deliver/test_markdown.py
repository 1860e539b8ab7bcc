"""Text that a service would draw as Markdown shows as itself."""

from __future__ import annotations

import pytest

from watcher.deliver.markdown import literal


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a *b* _c_ `d` ~~e~~ ||f||", r"a \*b\* \_c\_ \`d\` \~\~e\~\~ \|\|f\|\|"),
        ("[Your bank](https://evil.example/x_y)", r"\[Your bank\](https://evil.example/x_y)"),
        ("# Big\n- point\n> quoted\n-5 degrees", "\\# Big\n\\- point\n> quoted\n-5 degrees"),
        (r"C:\temp", r"C:\\temp"),
        ("see https://wire.example/a_b_c now", "see https://wire.example/a_b_c now"),
        ("plain words, 3.5 (yes)!", "plain words, 3.5 (yes)!"),
    ],
)
def test_marks_are_escaped_and_links_stay_links(text: str, written: str) -> None:
    assert literal(text) == written
