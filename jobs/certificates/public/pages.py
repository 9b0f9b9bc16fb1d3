"""The page of a certificate: the verdict in a word, and what the paper must show."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from html import escape

from jobs.certificates.document.wording import month
from jobs.certificates.verification.judgement import Judgement, Verdict

TITLES: Mapping[Verdict, tuple[str, str]] = {
    "genuine": ("This certificate is genuine", "यह प्रमाणपत्र असली है"),
    "revoked": ("This certificate was revoked", "यह प्रमाणपत्र रद्द किया जा चुका है"),
    "altered": ("This certificate cannot be confirmed", "इस प्रमाणपत्र की पुष्टि नहीं हो सकती"),
    "unknown": ("There is no such certificate", "ऐसा कोई प्रमाणपत्र नहीं है"),
}
ADVICE: Mapping[Verdict, tuple[str, str]] = {
    "genuine": (
        "The paper in your hand must show exactly this. If it shows anything else, it was changed.",
        "आपके हाथ के काग़ज़ पर ठीक यही लिखा होना चाहिए। कुछ और लिखा हो, तो उसे बदला गया है।",
    ),
    "revoked": (
        "It no longer counts, whatever the paper shows.",
        "काग़ज़ पर जो भी लिखा हो, यह अब मान्य नहीं है।",
    ),
    "altered": (
        "Please ask whoever issued it.",
        "कृपया इसे जारी करने वाले से पूछें।",
    ),
    "unknown": (
        "Nothing was issued under this number. Compare the number with the paper, or ask whoever"
        " gave it to you.",
        "इस संख्या का कोई प्रमाणपत्र जारी नहीं हुआ है। संख्या काग़ज़ से मिलाएँ, या देने वाले से पूछें।",
    ),
}
WORDS = {
    "name": ("Name", "नाम"),
    "course": ("Course", "पाठ्यक्रम"),
    "certificate": ("Certificate", "प्रमाणपत्र"),
    "completed_at": ("Completed in", "पूरा किया"),
    "issuer": ("Issued by", "जारीकर्ता"),
    "signatory": ("Signed by", "हस्ताक्षर"),
}
STYLE = """
body{font:1.05rem/1.5 system-ui,"Noto Sans",sans-serif;color:#1c2b3a;background:#fff;margin:0}
main{max-width:40rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.5rem;line-height:1.3;border-left:.4rem solid;padding-left:.8rem}
.genuine{color:#0b6b3a}.revoked,.altered{color:#a11212}.unknown{color:#7a4b00}
h1 span{display:block;font-size:1.1rem;font-weight:normal}
dl{border:1px solid #b8c0c9;border-radius:.4rem;padding:.4rem 1rem}
dt{color:#515c68;font-size:.9rem;margin-top:.6rem}dd{margin:0 0 .6rem;font-weight:600}
dd,code{overflow-wrap:anywhere}
""".replace("\n", "")
STYLE_HASH = f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"


def page(judgement: Judgement) -> str:
    """HTML without scripts, in English and Hindi; only a genuine certificate shows its words."""
    verdict = judgement.verdict
    english, hindi = TITLES[verdict]
    advice, advice_hindi = ADVICE[verdict]
    number = escape(str(judgement.certificate_id or ""))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{english}</title><style>{STYLE}</style></head><body><main>"
        f'<h1 class="{verdict}">{english}<span lang="hi">{hindi}</span></h1>'
        f"{facts(judgement) if verdict == 'genuine' else ''}"
        f'<p>{advice}</p><p lang="hi">{advice_hindi}</p>'
        f'<p>No. / <span lang="hi">सं.</span> <code>{number}</code></p></main></body></html>'
    )


def facts(judgement: Judgement) -> str:
    rows = []
    for what, (english, hindi) in WORDS.items():
        said = judgement.shown.get(what)
        if said and what == "completed_at":
            said = month(datetime.fromisoformat(said), "en")
        if said:
            rows.append(
                f'<dt>{english} / <span lang="hi">{hindi}</span></dt>'
                f'<dd dir="auto">{escape(said)}</dd>'
            )
    return f"<dl>{''.join(rows)}</dl>" if rows else ""
