from __future__ import annotations

from understudy.http.pages import message_page, moving_on_page

NONCE = "nonce-of-22-characters"


def test_whatever_is_shown_is_text() -> None:
    page = message_page(title="<b>Title</b>", paragraphs=("<script>x</script>",), nonce=NONCE)
    text = bytes(page.body).decode()
    assert "<script>" not in text
    assert "<b>" not in text
    assert "&lt;script&gt;" in text
    assert f'<style nonce="{NONCE}">' in text


def test_moving_on_needs_no_script_and_tells_no_referrer() -> None:
    page = moving_on_page(url='https://app.example/l?a=1&b="2"', nonce=NONCE)
    assert page.headers["refresh"] == '0; url=https://app.example/l?a=1&b="2"'
    assert page.headers["referrer-policy"] == "no-referrer"
    text = bytes(page.body).decode()
    assert 'href="https://app.example/l?a=1&amp;b=&quot;2&quot;"' in text
    assert "<script" not in text
