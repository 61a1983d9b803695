#!/usr/bin/env python3
"""Builds of many announcements, against Hugo on the same posts in the same run.

    Tests/Bench/announcements.py CANTING PROJECT HUGO COUNT TAGS

Posts and tags are invented, the same for every run; a tag is the rarer the later it is in the list. Pictures for
sharing are left out. Hugo has a bare layout for each kind of page.
"""
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import time

LAYOUT = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body>
<h1>{{ .Title }}</h1>%s</body></html>
"""
LIST = """{{ range .Paginator.Pages }}<p><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Summary }}</p>{{ end }}
{{ partial "pager.html" . }}"""


def posts(count, tags):
    """Name, title, tags and text of each."""
    chance = random.Random(3)
    words = ["".join(chance.choice("aeioubdgklmnprst") for _ in range(chance.randint(2, 10))) for _ in range(6000)]
    labels = [words[place] + str(place) for place in range(tags)]
    weights = [1 / (place + 1) for place in range(tags)]
    for number in range(count):
        parts = []
        for place in range(chance.randint(4, 14)):
            parts.append(" ".join(chance.choice(words) for _ in range(chance.randint(30, 90))) + ".")
            if place % 4 == 2:
                parts.append("## " + " ".join(chance.choice(words) for _ in range(4)))
            if place % 5 == 3:
                parts.append(f"- one [link](https://example.org/{place})\n- two *words*")
        day = f"{2012 + number * 14 // count}-{1 + chance.randrange(12):02}-{1 + chance.randrange(28):02}"
        chosen = sorted(set(chance.choices(labels, weights, k=chance.randint(1, 5))))
        yield (f"{day}-post-{number}", day,
               f"---\ntitle: Post {number} {chance.choice(words)}\ndate: {day}\ntags: [{', '.join(chosen)}]\n---\n"
               + "\n\n".join(parts) + "\n")


def measured(what, command, **options):
    """Prints seconds by the clock and of the processor."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{what}: {time.monotonic() - start:.2f} s, {cost:.2f} s of the processor", flush=True)


def main():
    canting, root, hugo, count, tags = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
    site = root / "hugo"
    (site / "content/news").mkdir(parents=True)
    (site / "layouts/_partials").mkdir(parents=True)
    (site / "hugo.toml").write_text('baseURL = "https://example.org/"\ndisableKinds = ["sitemap", "robotstxt", "404"]\n')
    (site / "layouts/_partials/pager.html").write_text("{{ with .Paginator.Next }}<a href=\"{{ .URL }}\">next</a>{{ end }}")
    for name, body in (("page", "{{ .Content }}"), ("section", LIST), ("term", LIST), ("home", ""), ("taxonomy", "{{ range .Pages }}{{ .Title }} {{ end }}")):
        (site / f"layouts/{name}.html").write_text(LAYOUT % body)
    name = ""
    for name, _, text in posts(count, tags):
        (root / f"content/news/{name}.en.md").write_text(text)
        (site / f"content/news/{name}.md").write_text(text)
    # Without the programs that draw pictures.
    bare = {**os.environ, "PATH": "/nowhere"}
    build = [canting, "build", "--root", root, "--now", "2026-11-23", "--quiet"]
    measured(f"Canting, {count} announcements", build, env=bare)
    measured("Canting, nothing changed", build, env=bare)
    with open(root / f"content/news/{name}.en.md", "a", encoding="utf-8") as file:
        file.write("\nOne line more.\n")
    measured("Canting, one line changed", build, env=bare)
    measured(f"Hugo, {count} posts", [hugo, "--quiet", "--source", site, "--destination", site / "public"],
             env={**os.environ, "HUGO_CACHEDIR": str(root / "cache")}, stderr=subprocess.DEVNULL)
    shutil.rmtree(site)


if __name__ == "__main__":
    main()
