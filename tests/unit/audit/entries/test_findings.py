from __future__ import annotations

from understudy.audit.entries.findings import MAX_FINDINGS, Finding, FindingCode, Findings


def test_findings_stand_in_order_those_of_the_log_first() -> None:
    findings = Findings()
    findings.add(FindingCode.PAYLOAD_MISSING, 7, "b")
    findings.add(FindingCode.LEAF_MISMATCH, 7, "a")
    findings.add(FindingCode.ENTRY_MISSING, 0, "c")
    findings.add(FindingCode.ROOT_MISMATCH, None, "d")
    assert findings.in_order() == (
        Finding(code=FindingCode.ROOT_MISMATCH, index=None, message="d"),
        Finding(code=FindingCode.ENTRY_MISSING, index=0, message="c"),
        Finding(code=FindingCode.LEAF_MISMATCH, index=7, message="a"),
        Finding(code=FindingCode.PAYLOAD_MISSING, index=7, message="b"),
    )
    assert findings.more == 0


def test_findings_about_entries_are_capped_and_counted_those_of_the_log_are_not() -> None:
    findings = Findings()
    for index in range(MAX_FINDINGS + 5):
        findings.add(FindingCode.PAYLOAD_MISSING, index, "gone")
    findings.add(FindingCode.ROOT_MISMATCH, None, "other root")
    assert len(findings.in_order()) == MAX_FINDINGS + 1
    assert findings.in_order()[0].code is FindingCode.ROOT_MISMATCH
    assert findings.more == 5
