"""The site in the language of a visitor."""

import json

# Stands for a language that runs from right to left, whatever languages the site has.
ARABIC = "ابجد هوز حطي"


def speaking(visitor, *languages):
    visitor.inject("languages", f"Object.defineProperty(navigator, 'languages', {{ get: () => {json.dumps(languages)} }});")


def words(site, code):
    path = next((site.public / "assets").glob(f"words-{code}.*.json"))
    return f"/assets/{path.name}", json.loads(path.read_text(encoding="utf-8"))


def switched(visitor, code):
    visitor.until(lambda: visitor.attribute("html", "lang") == code, "the other language")


def codes(visitor):
    return visitor.run("return [...document.querySelectorAll('.language-picker option')].map(({ value }) => value)")


def right_to_left(visitor, site):
    """The site in a language of our own making that runs from right to left."""
    path, known = words(site, "id")
    arabic = {key: f"{ARABIC} {number} " + " ".join(part for part in text.split() if part.startswith("{"))
              for number, (key, text) in enumerate(known["words"].items())}
    visitor.changes[path] = json.dumps({**known, "direction": "rtl", "locale": "ar", "words": arabic}).encode()
    visitor.forget_cache()
    speaking(visitor, "id")
