"""What the tests of the page put into its store, and how they fill in its forms."""

import re

BATCH, HELD = "0131502800000000003", "11111111-1111-1111-1111-111111111111"
NAME = "Reading <script>alert(1)</script>"


def hidden(text, name):
    return re.search(rf'name="{name}" value="([^"]*)"', text).group(1)


def form_of(page, who):
    text = page.get(f"/requests/new/{BATCH}", who).text
    return {"token": hidden(text, "token"), "number": hidden(text, "number")}


def told(answer):
    """The sentence of a refusal."""
    found = re.search(r'(?:role="alert">|<h1>[^<]*</h1><p>)([^<]*)<', answer.text)
    return found.group(1) if found else ""
