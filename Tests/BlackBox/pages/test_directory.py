"""The directory of artisans and the pages of batches, worked out again from the registry."""

import csv
import gzip
import json
import re
from collections import Counter, defaultdict

import pytest

from support.directory import batches_of, certificates_in_force, listed, place_of, slug
from support.expected import expect_all
from support.output import differences, site_files, stamps, tree
from support.pages import Page, in_words
from support.program import NOW, REPOSITORY
from support.project import Project
from support.registry import person

BATCHES = ["batch", "requested_by", "kind", "regency", "province", "tuk", "from", "to"]


# MARK: What there should be


def write_batches(project, rows):
    with open(project.root / "seeds/batches.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, BATCHES, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


# MARK: Reading it


def parts(public, place):
    """The parts with the names of a place."""
    folder = public / "directory" / place[0] / place[1]
    files = sorted(folder.glob("names-*.json"), key=lambda file: int(re.findall(r"\d+", file.name)[-1]))
    return [json.loads(file.read_bytes()) for file in files]


def index_of(public):
    return json.loads((public / "directory/index.json").read_bytes())


def walked(public):
    """All that scripts can find: place, and the entry with its group's name."""
    index = index_of(public)
    found = []
    for province in index["provinces"]:
        for name, *_ in province["places"]:
            for part in parts(public, (province["slug"], name)):
                for holder, code, scheme, group, expires in part["names"]:
                    found.append(((province["slug"], name), holder, code, index["schemes"][scheme],
                                  part["groups"].get(str(group)), expires))
    return found


def names_on(public, address):
    """Names and addresses on all pages of a list, following the links to the next."""
    found, seen = [], set()
    while address:
        assert address not in seen
        seen.add(address)
        content = (public / address.lstrip("/") / "index.html").read_text(encoding="utf-8")
        people = content[content.index('<ol class="people">'):]
        found += re.findall(r'<li><a href="(/c/[^"]+)"><bdi>(.*?)</bdi>', people[:people.index("</ol>")])
        after = re.search(r'<a rel="next" href="([^"]+)"', content)
        address = after and after[1]
    return found


def expected_entries(project):
    slugs = {scheme["code"]: scheme["slug"] for scheme in project.schemes}
    batches = {batch["batch"]: batch for batch in batches_of(project)}
    entries = []
    for each in listed(project):
        batch = batches.get(each.row["batch"])
        group = batch["requested_by"] if batch and batch["kind"] == "group" else None
        entries.append((place_of(each), each.row["holder"], each.code, slugs[each.row["scheme"]],
                        group, each.expires))
    return entries


# MARK: The specimen


def test_scripts_find_just_those_who_agreed_and_whose_certificates_hold(specimen):
    entries = walked(specimen.public)
    assert len(entries) > 100
    assert sorted(entries, key=str) == sorted(expected_entries(specimen), key=str)


def test_readers_without_script_find_the_same(specimen):
    for start in ("directory", "id/directory"):
        found = []
        for page in sorted((specimen.public / start).glob("*/*/index.html")):
            place = page.parent.parent.name, page.parent.name
            found += [(place, address) for address, _ in names_on(
                specimen.public, f"/{start}/{place[0]}/{place[1]}/")]
        assert sorted(found) == sorted((place_of(each), each.path) for each in listed(specimen))


def test_every_place_can_be_reached_by_links_from_the_directory(specimen):
    for start in ("/directory/", "/id/directory/"):
        def links(address):
            page = Page((specimen.public / address.lstrip("/") / "index.html").read_bytes())
            return {link["href"] for link in page.all("a") if link.get("href", "").startswith(start)}
        provinces = {address for address in links(start) if address.count("/") == start.count("/") + 1}
        places = {address for province in provinces for address in links(province)
                  if address.startswith(province) and address != province}
        assert {tuple(address.removeprefix(start).strip("/").split("/")) for address in places} == {
            place_of(each) for each in listed(specimen)}


def test_the_index_counts_what_the_parts_hold(specimen):
    index = index_of(specimen.public)
    counts = Counter((entry[0], entry[3]) for entry in walked(specimen.public))
    groups = defaultdict(set)
    for place, *_, group, _ in walked(specimen.public):
        if group:
            groups[place].add(group)
    for province in index["provinces"]:
        for place, _, group_count, by_scheme in province["places"]:
            where = province["slug"], place
            assert by_scheme == [counts[where, scheme] for scheme in index["schemes"]]
            assert group_count == len(groups[where])
            listing = specimen.public / "directory" / province["slug"] / place / "groups-1.json"
            assert listing.exists() == bool(group_count)
            if group_count:
                assert {name for _, name, *_ in json.loads(listing.read_bytes())} == groups[where]


def test_places_and_names_stand_in_the_order_of_the_alphabet(specimen):
    for province in index_of(specimen.public)["provinces"]:
        for place, *_ in province["places"]:
            names = [slug(entry[0]) for part in parts(specimen.public, (province["slug"], place))
                     for entry in part["names"]]
            assert [name[:1] for name in names] == sorted(name[:1] for name in names)


def test_nobody_else_is_in_any_list(specimen, specimen_files):
    """Codes and names of all others stand on their own pages alone."""
    chosen = {each.code for each in listed(specimen)}
    others = {each.path: each for each in expect_all(specimen) if each.code not in chosen}
    names = {each.row["holder"] for each in expect_all(specimen) if each.row["listed"] != "yes"}
    names -= {each.row["holder"] for each in expect_all(specimen) if each.row["listed"] == "yes"}
    for path, content in specimen_files.items():
        if path.startswith(("directory/", "id/directory/", "batches/", "id/batches/", "assets/search")):
            text = content.decode()
            assert not set(re.findall(r"/c/[0-9a-f]{2}/[0-9a-f]{30}/", text)) & set(others), path
            assert not {name for name in re.findall(r"<bdi>(.*?)</bdi>", text)} & names, path
            assert not set(re.findall(r'"([0-9a-f]{32})"', text)) - chosen, path


def test_schemes_say_how_many_certificates_are_in_force_and_on_which_day(specimen):
    valid = Counter(each.row["scheme"] for each in certificates_in_force(specimen))
    public = Counter(each.row["scheme"] for each in listed(specimen))
    for scheme in specimen.schemes:
        for language, root in (("en", ""), ("id", "id/")):
            page = Page((specimen.public / root / "schemes" / scheme["slug"] / "index.html").read_bytes())
            strings = specimen.strings(language)
            day = in_words(strings, NOW)
            assert f"{strings['scheme']['valid']} {valid[scheme['code']]} {strings['scheme']['valid_on']} {day}" in page.text
            assert "SKKNI 104/2018" in page.text
            links = [link["href"] for link in page.all("a") if "/directory/#" in link.get("href", "")]
            assert links == ([f"/{root}directory/#scheme={scheme['slug']}"] if public[scheme["code"]] else [])


# MARK: Batches


def test_every_batch_has_a_page_with_what_is_said_of_it(specimen):
    certified = Counter()
    for number, batch in {(row["number"], row["batch"]) for row in specimen.rows()}:
        certified[batch] += 1
    by_batch = defaultdict(set)
    for each in listed(specimen):
        by_batch[each.row["batch"]].add(each.path)
    batches = batches_of(specimen)
    assert len(batches) > 50
    for batch in batches:
        for language, root in (("en", ""), ("id", "id/")):
            content = (specimen.public / root / "batches" / slug(batch["batch"]) / "index.html").read_bytes()
            page = Page(content)
            strings = specimen.strings(language)
            for word in (batch["requested_by"], batch["tuk"], batch["regency"], batch["province"], batch["batch"]):
                assert word in page.text
            assert in_words(strings, batch["to"]) in page.text
            number = certified[batch["batch"]]
            told = strings["batches"]["few"].format(limit=5) if 0 < number < 5 else number
            assert f"{strings['batches']['certified']} {told}" in page.text
            paths = set(re.findall(r'href="(/c/[^"]+)"', content.decode()))
            assert paths == by_batch[batch["batch"]]


def test_batches_are_listed_by_year(specimen):
    found = []
    for page in (specimen.public / "batches/years").glob("*/index.html"):
        for address in re.findall(r'<h3><a href="/batches/([^/"]+)/"', page.read_text(encoding="utf-8")):
            found.append((page.parent.name, address))
    assert sorted(found) == sorted((batch["from"][:4], slug(batch["batch"])) for batch in batches_of(specimen))
    start = Page((specimen.public / "batches/index.html").read_bytes())
    years = {link["href"] for link in start.all("a") if "/batches/years/" in link.get("href", "")}
    assert years == {f"/batches/years/{batch['from'][:4]}/" for batch in batches_of(specimen)}


def batch(code, **changes):
    return {"batch": code, "requested_by": "Kelompok Batik Contoh", "kind": "group", "regency": "Kota Contoh",
            "province": "Jawa Tengah", "tuk": "TUK Contoh", "from": "2024-10-14", "to": "2024-10-15", **changes}


def test_of_a_small_batch_nothing_is_said_that_speaks_of_one_person(project):
    write_batches(project, [batch("A-1"), batch("A-2")])
    project.write_rows([person(1, batch="A-1", scheme="PBT"), person(2, batch="A-1", scheme="PAC"),
                        *[person(10 + n, batch="A-2") for n in range(6)],
                        person(10, batch="A-2", revision="2", issued="2025-01-01")])
    project.built()
    small = Page((project.public / "batches/a-1/index.html").read_bytes()).text
    large = Page((project.public / "batches/a-2/index.html").read_bytes()).text
    title = {scheme["code"]: scheme["editions"][-1]["title"]["en"] for scheme in project.schemes}
    assert "Certificates issued fewer than 5 Schemes" in small and "Certificates issued 2" not in small
    assert f"{title['PBT']} {title['PAC']}" in small or f"{title['PAC']} {title['PBT']}" in small
    assert f"Certificates issued 6 Schemes {title['PBT']} Code" in large
    year = Page((project.public / "batches/years/2024/index.html").read_bytes()).text
    assert year.count("fewer than 5") == 1


def test_lists_of_many_batches_have_pages(project):
    project.write_rows([person(1)])
    write_batches(project, [batch(f"B-{n:03}", requested_by=f"Dinas {n}", kind="agency") for n in range(230)])
    project.built()
    pages = [project.public / "batches/years/2024" / tail for tail in
             ("index.html", "page/2/index.html", "page/3/index.html")]
    found = [re.findall(r'<h3><a href="/batches/([^/"]+)/"', page.read_text(encoding="utf-8")) for page in pages]
    assert [len(each) for each in found] == [100, 100, 30]
    assert len(set(sum(found, []))) == 230
    assert not (project.public / "batches/years/2024/page/4").exists()


# MARK: Large places


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """A place with many names, all as long and as awkward as they can be."""
    project = Project.copy(REPOSITORY, tmp_path_factory.mktemp("crowded") / "project")
    project.set_site(certificate_files=["page"])
    write_batches(project, [batch(f"G-{n}", requested_by=f'"{n}" Kelompok ' + "\\ " * 85) for n in range(150)])
    rows = [person(n, holder=f'N {n} ' + '"' * 190, listed="yes", regency="Kota Contoh", province="Jawa Tengah",
                   batch=f"G-{n % 150}", issued="2025-10-15") for n in range(1, 861)]
    project.write_rows(rows)
    project.built()
    return project


def test_no_file_for_scripts_is_large_whatever_people_are_called(crowded):
    sizes = {file.name: file.stat().st_size for file in crowded.public.rglob("directory/**/*.json")}
    assert len(sizes) >= 4 and max(sizes.values()) <= 64 * 1024
    assert len(walked(crowded.public)) == 860


def test_all_of_a_large_place_are_on_its_pages(crowded):
    found = names_on(crowded.public, "/directory/jawa-tengah/kota-contoh/")
    assert {address for address, _ in found} == {each.path for each in listed(crowded)}
    assert len(found) == 860
    page = (crowded.public / "directory/jawa-tengah/kota-contoh/page/9/index.html").read_text(encoding="utf-8")
    assert 'aria-current="page">9</a>' in page and not (
        crowded.public / "directory/jawa-tengah/kota-contoh/page/10").exists()


def test_a_group_names_the_parts_that_have_its_members(crowded):
    place = "jawa-tengah", "kota-contoh"
    all_parts = parts(crowded.public, place)
    listing = crowded.public / "directory/jawa-tengah/kota-contoh"
    groups = sum((json.loads((listing / f"groups-{n}.json").read_bytes()) for n in (1, 2)), [])
    assert len(groups) == 150
    for position, (_, _, count, files) in enumerate(groups):
        having = {number for number, part in enumerate(all_parts, 1)
                  if any(entry[3] == position for entry in part["names"])}
        assert set(files) == having
        assert count == sum(entry[3] == position for part in all_parts for entry in part["names"])


# MARK: Hostile names

STRANGE = ["</script><script>alert(1)</script>", "../../../etc/passwd", "{{t.layout.menu}}", "爪哇", "ﷺ" * 80,
           "A&B \"C\" 'D'", "..%/%", "con", "CON", "a/b", "index.json", "names-1.json", "page", "#x=1&y=2"]


def test_whatever_places_groups_and_batches_are_called_every_list_is_whole(project):
    write_batches(project, [batch(f"{name} {n}", requested_by=name, regency=name, province=name, tuk=name)
                            for n, name in enumerate(STRANGE)])
    project.write_rows([person(n, listed="yes", province=name, regency=other, batch=f"{name} {n}", issued="2025-10-15",
                               holder=f"Name {n} {name}"[:60])
                        for n, (name, other) in enumerate(zip(STRANGE, STRANGE[::-1]))]
                       + [person(50, listed="yes", issued="2025-10-15")])
    outcome = project.build("--format", "json")
    assert outcome.code == 0, outcome.text
    assert {each["id"] for each in outcome.findings} <= {
        "place-spelling", "formula-in-text", "unknown-province", "damaged-text", "issued-outside-batch"}
    entries = walked(project.public)
    assert {entry[2] for entry in entries} == {each.code for each in listed(project)}
    assert len({entry[2] for entry in entries if entry[0] == ("not-stated", "not-stated")}) == 1
    for path, content in site_files(project.public).items():
        assert re.fullmatch(r"[\w./-]+", path) and ".." not in path and all(len(part) < 100 for part in path.split("/"))
        if path.endswith(".html") and ("directory/" in path or "batches/" in path):
            page = Page(content)
            assert "alert(1)" not in "".join("".join(text) for _, text in page.scripts)
            assert b"</script><script>" not in content and not [
                element for element in page.elements if any(name.startswith("on") for name in element.attributes)]
    assert len(list(project.public.glob("batches/*/index.html"))) == len(STRANGE)


def test_a_place_that_the_row_leaves_out_is_that_of_its_batch(project):
    write_batches(project, [batch("A-1")])
    project.write_rows([person(1, batch="A-1", listed="yes", issued="2025-10-15"),
                        person(2, batch="A-1", listed="yes", issued="2025-10-15", province="Bali")])
    project.built()
    assert {entry[0] for entry in walked(project.public)} == {("jawa-tengah", "kota-contoh"), ("bali", "not-stated")}


@pytest.mark.smoke
def test_without_anybody_listed_there_is_an_empty_directory(project):
    project.built()
    assert index_of(project.public)["provinces"] == []
    assert project.strings("en")["directory"]["empty"] in Page(
        (project.public / "directory/index.html").read_bytes()).text


# MARK: From day to day


@pytest.fixture
def shown(project):
    """Four artisans in two regencies, of whom three are listed."""
    write_batches(project, [batch("A-1"), batch("B-1", regency="Kota Lain")])
    project.write_rows([
        person(1, listed="yes", province="Jawa Tengah", regency="Kota Contoh", batch="A-1", issued="2025-10-15"),
        person(2, listed="yes", province="Jawa Tengah", regency="Kota Contoh", batch="A-1", issued="2025-10-15"),
        person(3, listed="yes", province="Jawa Tengah", regency="Kota Lain", batch="B-1", issued="2025-10-15"),
        person(4, listed="no", province="Jawa Tengah", regency="Kota Lain", batch="B-1", issued="2025-10-15",
               holder="Nama Rahasia Sekali"),
    ])
    project.built()
    return project


def set_row(project, serial, **changes):
    rows = project.rows()
    for row in rows:
        if row["number"] == person(serial)["number"]:
            row.update(changes)
    project.write_rows(rows)


def traces(project, *words):
    """Files of the site in which any of some words stands, in whatever packing."""
    found = set()
    for path, content in tree(project.public).items():
        if path.startswith("c/"):
            continue
        texts = [content]
        if content[:2] == b"\x1f\x8b":
            texts.append(gzip.decompress(content))
        if path.endswith(".json"):
            texts.append(json.dumps(json.loads(content), ensure_ascii=False).encode())
        for text in texts:
            if any(word.encode() in text or word in path for word in words):
                found.add(path)
    return found


def test_an_unchanged_registry_rewrites_nothing(shown):
    before = stamps(shown.public)
    shown.built()
    assert stamps(shown.public) == before


def test_who_takes_the_agreement_back_is_in_no_list_after_the_next_build(shown):
    (each,) = [each for each in expect_all(shown) if each.row["number"] == person(3)["number"]]
    folder = each.path.strip("/")
    words = [each.row["holder"], each.row["number"], each.row["registration"], each.code, each.fingerprint,
             folder, each.code[2:], each.fingerprint[32:]]
    assert {path for path in traces(shown, *words) if path.startswith("directory/")} == {
        "directory/jawa-tengah/kota-lain/index.html", "directory/jawa-tengah/kota-lain/names-1.json"}
    set_row(shown, 3, listed="no")
    shown.built()
    assert traces(shown, *words) == set()
    # Nobody is left in that place, which is then gone as well.
    assert not (shown.public / "directory/jawa-tengah/kota-lain").exists()
    page = Page((shown.public / folder / "index.html").read_bytes())
    assert page.meta("robots") == ["noindex"]


def test_a_change_of_mind_rewrites_what_shows_it_and_nothing_else(shown):
    before = site_files(shown.public)
    set_row(shown, 2, listed="")
    shown.built()
    changed = {path for path in {*before, *site_files(shown.public)}
               if before.get(path) != site_files(shown.public).get(path)}
    own = {path for path in changed if path.startswith("c/")}
    assert len(own) == 1
    place = "directory/jawa-tengah/kota-contoh"
    assert changed - own == {
        "directory/index.json", f"{place}/names-1.json", f"{place}/groups-1.json", "sitemap-certificates-1.xml",
        *[f"{root}{page}index.html" for root in ("", "id/") for page in (
            "directory/", "directory/jawa-tengah/", f"{place}/", "batches/a-1/", "schemes/hand-drawn-batik/")]}


def test_a_certificate_that_ends_leaves_the_lists_on_the_next_day(shown):
    (each,) = [each for each in expect_all(shown) if each.row["number"] == person(3)["number"]]
    shown.built(now=each.expires)
    assert each.code in {entry[2] for entry in walked(shown.public)}
    shown.built(now="2028-10-16")
    assert each.expires == "2028-10-15"
    assert traces(shown, each.row["holder"], each.code) == set()


@pytest.mark.parametrize("status", ["revoked", "suspended", "superseded"])
def test_whoever_does_not_hold_one_any_more_is_in_no_list(shown, status):
    (each,) = [each for each in expect_all(shown) if each.row["number"] == person(3)["number"]]
    set_row(shown, 3, status=status, status_date="2026-01-02",
            superseded_by=person(1)["number"] if status == "superseded" else "")
    shown.built()
    assert traces(shown, each.row["holder"], each.code) == set()


def test_a_corrected_name_stands_once_with_the_right_spelling(shown):
    rows = shown.rows()
    shown.write_rows([*rows, {**rows[2], "revision": "2", "holder": "Siti Benar", "issued": "2026-01-02"}])
    shown.built()
    assert [entry[1] for entry in walked(shown.public) if entry[0][1] == "kota-lain"] == ["Siti Benar"]


def test_the_order_of_rows_changes_no_list(shown):
    before = {path: content for path, content in site_files(shown.public).items()
              if "directory/" in path or "batches/" in path}
    shown.write_rows(shown.rows()[::-1])
    shown.built()
    after = {path: content for path, content in site_files(shown.public).items()
             if "directory/" in path or "batches/" in path}
    assert differences(before, after) == []


def test_pages_of_lists_are_told_to_search_engines(specimen, specimen_files):
    sitemap = specimen_files["sitemap-lists-1.xml"].decode()
    assert "sitemap-lists-1.xml" in specimen_files["sitemap.xml"].decode()
    site = specimen.site["url"]
    told = set(re.findall(r"<loc>([^<]+)</loc>", sitemap))
    there = {f"{site}/{path.removesuffix('index.html')}" for path in specimen_files
             if re.match(r"(id/)?(directory|batches)/.+/index\.html", path)}
    assert told == there
