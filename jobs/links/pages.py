"""What people see who open a link that gives no file: a sentence, in English and Hindi."""

from __future__ import annotations

from html import escape

SENTENCES = {
    403: (
        "This link is not complete. Open it from the mail again, or copy it whole.",
        "यह लिंक पूरा नहीं है। इसे मेल से फिर खोलें, या पूरा कॉपी करें।",
    ),
    404: (
        "There is no file here. If a mail gave you this link, ask for the file again.",
        "यहाँ कोई फ़ाइल नहीं है। यदि यह लिंक मेल में मिला था, तो पोर्टल में फ़ाइल फिर से माँगें।",
    ),
    405: (
        "This address only gives out files. Open the link from the mail in a browser.",
        "यह पता केवल फ़ाइलें देता है। मेल के लिंक को ब्राउज़र में खोलें।",
    ),
    410: (
        "This link has expired. Ask for the file again in the portal.",
        "इस लिंक की अवधि समाप्त हो गई है। पोर्टल में फ़ाइल फिर से माँगें।",
    ),
    503: (
        "The file cannot be given out at the moment. Try again in some minutes.",
        "फ़ाइल अभी नहीं दी जा सकती। कुछ मिनट बाद फिर कोशिश करें।",
    ),
}
SECURITY_HEADERS = {
    "Cache-Control": "no-store, private",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


def page(status: int) -> str:
    """A page without anything of the request in it."""
    english, hindi = SENTENCES.get(status, SENTENCES[503])
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{status}</title><p>{escape(english)}</p>"
        f'<p lang="hi">{escape(hindi)}</p></html>'
    )
