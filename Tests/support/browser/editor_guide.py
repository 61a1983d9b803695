"""The example and the finding in the guides for editors, `docs/editor.LANG.md`."""

import re
from dataclasses import dataclass

from support.browser.published_site import LANGUAGES, REPOSITORY

# The picture that the example shows, and where the repository has one.
PICTURE = ("content/news/kawung.svg", "templates/assets/site/kawung.svg")


@dataclass(frozen=True)
class Guide:
    language: str
    text: str

    @property
    def file(self):
        """The path of the example, as the guide prints it."""
        return re.search(r"^    (content/news/2026-11-23-\S+)$", self.text, re.M)[1]

    @property
    def address(self):
        words = self.file.removeprefix("content/news/2026-11-23-").split(".")[0]
        return f"{'' if self.language == 'en' else '/id'}/news/{words}/"

    @property
    def example(self):
        return re.search(r"^```markdown\n(.*?)^```$", self.text, re.M | re.S)[1]

    @property
    def mistaken(self):
        """The example with the slip of the pen that the guide shows."""
        assert self.example.count("\nsummary:") == 1
        return self.example.replace("\nsummary:", "\nsumary:")

    @property
    def printed(self):
        """What the guide says that the program prints: a finding, and a list."""
        return re.findall(r"^```text\n(.*?)^```$", self.text, re.M | re.S)

    @property
    def pictures(self):
        return re.findall(r"\]\((pictures/[^)]+)\)", self.text)


GUIDES = [Guide(language, (REPOSITORY / f"docs/editor.{language}.md").read_text(encoding="utf-8")) for language in LANGUAGES]
