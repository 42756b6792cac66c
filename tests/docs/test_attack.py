from __future__ import annotations

import re
from pathlib import Path

from tests.docs.pages import ROOT, blocks
from tests.integration.attack.test_attack import attack

PAGE = ROOT / "docs/howto/attack.md"


def test_the_shop_of_the_guide_stands_every_attack(tmp_path: Path) -> None:
    shop, conftest = [block.text for block in blocks(PAGE) if block.language == "python"]
    (tmp_path / "shop.py").write_text(shop)
    (tmp_path / "conftest.py").write_text(conftest)
    words = ("--rootdir", str(tmp_path), "--confcutdir", str(tmp_path))
    code, said = attack(*words, "-o", f"pythonpath={tmp_path}", "--understudy-attack", tmp_path)
    assert code == 0, said
    assert int(re.findall(r"(\d+) passed", said)[0]) >= 23
