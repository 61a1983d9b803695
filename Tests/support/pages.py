"""Readers of HTML pages and of the strings they are made of."""

import datetime
import html.parser
import re
from dataclasses import dataclass


@dataclass
class Element:
    tag: str
    attributes: dict


class Page(html.parser.HTMLParser):
    """The elements of a page in their order, its visible text, and its scripts' contents."""

    silent = {"script", "style", "template", "title"}

    def __init__(self, content):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.scripts = []
        self.title = ""
        self._text = []
        self._open = []
        self.feed(content.decode("utf-8") if isinstance(content, bytes) else content)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append(Element(tag, dict(attributes)))
        if tag in self.silent:
            self._open.append(tag)
        if tag == "script":
            self.scripts.append((dict(attributes), []))
        self._text.append(" ")

    def handle_endtag(self, tag):
        if tag in self._open:
            self._open.remove(tag)
        self._text.append(" ")

    def handle_data(self, data):
        if "script" in self._open:
            self.scripts[-1][1].append(data)
        elif "title" in self._open and "template" not in self._open:
            self.title += data
        elif not self._open:
            self._text.append(data)

    @property
    def text(self):
        return " ".join("".join(self._text).split())

    @property
    def ids(self):
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]

    def all(self, tag):
        return [element.attributes for element in self.elements if element.tag == tag]

    def meta(self, name):
        return [attributes.get("content") for attributes in self.all("meta")
                if name in (attributes.get("name"), attributes.get("property"))]

    def links(self, relation):
        return [attributes for attributes in self.all("link")
                if relation in (attributes.get("rel") or "").split()]

    @property
    def main(self):
        """The element that states what is true of the certificate."""
        stating = [element.attributes for element in self.elements
                   if "data-status" in element.attributes]
        assert len(stating) == 1
        return stating[0]


def pages_of(files):
    """The parsed HTML pages of a tree, by path."""
    return {path: Page(content) for path, content in files.items() if path.endswith(".html")}


def is_certificate(path):
    return re.fullmatch(r"c/[0-9a-f]{2}/[0-9a-f]{30}/index\.html", path) is not None


def address_of(path):
    """The address under which a static host serves a file."""
    return "/" + (path[: -len("index.html")] if path.endswith("index.html") else path)


def said(strings, key, **parameters):
    """A string of the templates with its parameters filled in."""
    value = strings
    for part in key.split("."):
        value = value[part]
    for name, text in parameters.items():
        value = value.replace("{" + name + "}", text)
    return value


def in_words(strings, day):
    date = datetime.date.fromisoformat(day)
    return f"{date.day} {strings['months'][date.month - 1]} {date.year}"
