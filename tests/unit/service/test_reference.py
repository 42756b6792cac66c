from __future__ import annotations

import re

from understudy.service.openapi import described, document
from understudy.service.reference import reference_page


def test_every_operation_is_on_the_page_once() -> None:
    shown = re.findall(r'<details id="(\w+)"><summary><code>(\w+) ', reference_page("n-1"))
    assert sorted(shown) == sorted((one.operation, one.method) for one in described())


def test_every_tag_is_a_section_that_the_page_leads_to() -> None:
    page = reference_page("n-1")
    for tag in document()["tags"]:
        assert f'<a href="#{tag["name"]}">' in page
        assert f'<h2 id="{tag["name"]}">' in page
