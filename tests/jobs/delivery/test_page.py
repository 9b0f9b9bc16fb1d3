"""The page in the mail: nothing fetched, readable by day and night, small enough."""

import re
from html.parser import HTMLParser

from jobs.delivery.facts import ColumnFacts
from tests.jobs.delivery.letters import answer, batch, html, mail


class Page(HTMLParser):
    """What a lint of the page needs: the tags with their attributes."""

    def __init__(self, source):
        super().__init__()
        self.tags = []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_page_loads_nothing_from_outside_and_runs_nothing():
    message = mail()
    page = Page(html(message))
    assert {tag for tag, _ in page.tags} & {"script", "link", "iframe", "form", "object"} == set()
    places = [
        value for _, attrs in page.tags for name, value in attrs.items() if name in ("src", "href")
    ]
    cid = next(part["Content-ID"] for part in message.walk() if part["Content-ID"])
    assert places == [f"cid:{cid.strip('<>')}"]
    assert "url(" not in html(message)
    assert "@import" not in html(message)


def test_page_tells_its_language_and_the_chart_is_told_in_words():
    page = Page(html(mail()))
    assert dict(page.tags)["html"]["lang"] == "en"
    images = [attrs for tag, attrs in page.tags if tag == "img"]
    assert [image["alt"] for image in images] == [
        "Completed 62,000 · In progress 25,500 · Not started 12,500 · Enrolled 1,00,000"
    ]


def test_text_stands_out_from_its_ground_by_day_and_by_night():
    page = html(mail(answer(batch(is_stale=True))))
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)
    night = {
        name: dict(re.findall(r"(background-color|color): (#[0-9a-f]{6})", rules))
        for name, rules in re.findall(r"\.(\w+) \{([^}]*)\}", style)
        if "#" in rules
    }
    grounds = [night[name]["background-color"] for name in ("card", "tile")]
    inks = [night[name]["color"] for name in ("ink", "muted")]
    pairs = [(ink, ground) for ink in inks for ground in grounds]
    pairs.append((night["warn"]["color"], night["warn"]["background-color"]))
    pairs += [(ink, ground) for ink in ("#1f2933", "#52606d") for ground in ("#ffffff", "#f4f6f8")]
    pairs += [("#5c4400", "#fff4d6"), ("#ffffff", "#00527a")]
    day = set(re.findall(r"[^-]color:(#[0-9a-f]{6})", page))
    assert day == {"#1f2933", "#52606d", "#5c4400", "#ffffff"}
    assert min(contrast(*pair) for pair in pairs) >= 4.5


def test_page_of_twenty_batches_with_fifty_columns_is_not_cut_off_by_mail_programs():
    batches = [
        batch(
            batch_id=str(n),
            batch_name=f"Batch {n}",
            file_name=f"{n}.zip",
            left_out={"left_batch": 5},
            columns=[
                ColumnFacts(header=f"do_{n}_{m} - Progress", meaning="share") for m in range(50)
            ],
        )
        for n in range(20)
    ]
    message = mail(answer(*batches))
    page = next(p for p in message.walk() if p.get_content_type() == "text/html")
    assert len(page.get_payload(decode=True)) < 100_000
    assert "more columns of the same kinds" in html(message)
