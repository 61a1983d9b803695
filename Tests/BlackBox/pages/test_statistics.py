"""The page of figures and its files, counted a second time from the registry, and attacked."""

import csv
import io
import json
import random
import re
import sqlite3
from collections import Counter, defaultdict

import html5lib
import pytest
import yaml

from support.expected import expect_all
from support.output import site_files, stamps
from support.program import NOW, run_program
from support.project import read_yaml
from support.registry import COLUMNS, person

NAMES = ["years", "capacity", "provinces", "regencies", "schemes", "statuses", "routes", "renewals",
         "exports"]
STATUSES = ["valid", "expired", "suspended", "revoked", "superseded"]
XHTML = "{http://www.w3.org/1999/xhtml}"


def table(project, name):
    """A table's rows from its CSV, after comparing them with those of its JSON."""
    content = (project.public / f"statistics/{name}.csv").read_bytes()
    assert content.endswith(b"\r\n") and content.count(b"\n") == content.count(b"\r\n")
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    found = json.loads((project.public / f"statistics/{name}.json").read_bytes())
    assert found["name"] == name
    as_text = [{key: str(value) for key, value in row.items()} for row in found["rows"]]
    unguarded = [{key: re.sub(r"^'(?=[=+@-])", "", value) for key, value in row.items() if value}
                 for row in rows]
    assert unguarded == as_text
    return rows


def counted(project, name, key, value="certificates"):
    return {row[key]: int(row[value]) for row in table(project, name)}


def shown_tables(project, language="en"):
    """The tables of the page by their captions: rows of cells as they are read."""
    page = project.public / ("" if language == "en" else language) / "statistics/index.html"
    tree = html5lib.parse(page.read_bytes())
    found = {}
    for each in tree.iter(f"{XHTML}table"):
        caption = "".join(each.find(f"{XHTML}caption").itertext())
        body = each.find(f"{XHTML}tbody")
        found[caption] = [["".join(cell.itertext()) for cell in row] for row in body]
    return found


def page_text(project, language="en"):
    page = project.public / ("" if language == "en" else language) / "statistics/index.html"
    return " ".join("".join(html5lib.parse(page.read_bytes()).itertext()).split())


def grouped(number, language="en"):
    return f"{int(number):,}".replace(",", "," if language == "en" else ".")


# MARK: A second count


class Recount:
    """The registry counted by the words of docs/formats.md."""

    def __init__(self, project, day=NOW):
        self.rows = [row for row in project.rows() if row["status"] != "erased"]
        self.expected = expect_all(project)
        with open(project.root / "seeds/batches.csv", encoding="utf-8", newline="") as file:
            self.batches = {row["batch"]: row for row in csv.DictReader(file)}
        latest = {}
        for row in self.rows:
            number = row["number"]
            latest[number] = max(latest.get(number, 1), int(row["revision"] or 1))
        self.all = []
        for row, expected in zip(self.rows, self.expected):
            if row["status"] == "superseded" or int(row["revision"] or 1) < latest[row["number"]]:
                status = "superseded"
            elif row["status"] in ("suspended", "revoked"):
                status = row["status"]
            else:
                status = "valid" if expected.expires >= day else "expired"
            self.all.append((row, status, expected.expires))

    def count(self, key, where=lambda row, status, expires: True):
        return Counter(key(row) for row, status, expires in self.all
                       if where(row, status, expires))

    @property
    def statuses(self):
        return Counter(status for _, status, _ in self.all)


@pytest.fixture(scope="module")
def recount(specimen):
    return Recount(specimen)


def is_valid(row, status, expires):
    return status == "valid"


def test_years(specimen, recount):
    counts = recount.count(lambda row: row["issued"][:4])
    first, last = int(min(counts)), int(max(counts))
    assert counted(specimen, "years", "year") == {
        str(year): counts[str(year)] for year in range(first, last + 1)}


def test_statuses(specimen, recount):
    assert counted(specimen, "statuses", "status") == {
        status: recount.statuses[status] for status in STATUSES}
    assert sum(recount.statuses.values()) == len(specimen.rows())
    assert all(recount.statuses[status] for status in STATUSES)


def test_schemes(specimen, recount):
    everything = recount.count(lambda row: row["scheme"])
    valid = recount.count(lambda row: row["scheme"], is_valid)
    assert counted(specimen, "schemes", "scheme") == dict(everything)
    assert counted(specimen, "schemes", "scheme", "valid") == dict(valid)


def test_routes(specimen, recount):
    counts = recount.count(
        lambda row: recount.batches[row["batch"]]["kind"] if row["batch"] else "individual")
    assert counted(specimen, "routes", "route") == {
        route: counts[route] for route in ("agency", "group", "individual")}


def test_provinces(specimen, recount):
    counts = recount.count(lambda row: row["province"])
    rows = table(specimen, "provinces")
    assert len(rows) == 38 and {row["kind"] for row in rows} == {"province"}
    assert len({row["code"] for row in rows}) == len({row["province"] for row in rows}) == 38
    found = {row["province"]: int(row["certificates"]) for row in rows}
    assert {name: count for name, count in found.items() if count} == dict(counts)
    assert [int(row["certificates"]) for row in rows] == sorted(found.values(), reverse=True)


def test_regencies(specimen, recount):
    # Of the specimen's, none is small.
    counts = recount.count(lambda row: (row["province"], row["regency"]))
    assert {(row["province"], row["regency"]): int(row["certificates"])
            for row in table(specimen, "regencies")} == dict(counts)


def test_progress_counts_nobody_twice(specimen, recount):
    first = recount.count(lambda row: row["issued"][:4],
                          lambda row, *_: int(row["revision"] or 1) == 1)
    again = recount.count(lambda row: row["issued"][:4],
                          lambda row, *_: int(row["revision"] or 1) > 1)
    assert again["2026"], "the specimen has no certificate that was issued again this year"
    assert table(specimen, "capacity") == [
        {"as_of": NOW, "year": "2026", "certificates": str(first["2026"]), "capacity": "15000"}]
    share = f"{first['2026'] / 150:.1f}"
    assert f"{share}%" in page_text(specimen)
    assert f"{share.replace('.', ',')}%" in page_text(specimen, "id")


def test_renewals(specimen, recount):
    counts = Counter(expires[:7] for _, status, expires in recount.all if status == "valid")
    year, month = int(NOW[:4]), int(NOW[5:7])
    months = [f"{year + (month + ahead - 1) // 12}-{(month + ahead - 1) % 12 + 1:02}"
              for ahead in range(12)]
    assert counted(specimen, "renewals", "month") == {each: counts[each] for each in months}
    assert sum(counts[each] for each in months) > 0


def test_every_sum_is_that_of_the_registry(specimen):
    for name in ("years", "provinces", "schemes", "statuses", "routes"):
        assert sum(int(row["certificates"]) for row in table(specimen, name)) == len(
            specimen.rows()), name


def test_exports_name_their_sources(specimen):
    with open(specimen.root / "seeds/exports.csv", encoding="utf-8", newline="") as file:
        stated = list(csv.DictReader(file))
    rows = table(specimen, "exports")
    assert [(row["year"], row["kind"]) for row in rows] == [("2023", "actual"), ("", "target")]
    for row, source in zip(rows, stated):
        dollars = round(float(source["value_usd_million"]) * 1_000_000)
        assert row == {"year": source["year"], "kind": source["kind"], "value_usd": str(dollars),
                       "value_idr": str(dollars * 16_000), "source": source["source"]}
        assert source["source"] in page_text(specimen)
        assert source["source_id"] in page_text(specimen, "id")
    english, indonesian = page_text(specimen), page_text(specimen, "id")
    assert "USD 17.5 million (about Rp280 billion) in 2023" in english
    assert "USD 100 million (about Rp1.6 trillion)" in english and "Rp16,000" in english
    assert "USD 17,5 juta (sekitar Rp280 miliar) pada 2023" in indonesian
    assert "USD 100 juta (sekitar Rp1,6 triliun)" in indonesian and "Rp16.000" in indonesian
    for language in ("en", "id"):
        for setting in ("capacity", "exchange_rate"):
            assert specimen.site[setting]["source"][language] in page_text(specimen, language)


# MARK: Page and files


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_tables_of_the_page_are_those_of_the_files(specimen, language):
    words = read_yaml(specimen.root / f"templates/strings/{language}.yml")["statistics"]
    tables = shown_tables(specimen, language)
    assert len(tables) == len(NAMES)
    for name in NAMES:
        shown = tables[words[name].format(year="2026")]
        rows = table(specimen, name)
        assert len(shown) == len(rows), name
        for cells, row in zip(shown, rows):
            if name == "exports":
                continue
            numbers = [grouped(value, language) for key, value in row.items()
                       if key in ("certificates", "valid", "capacity")]
            assert cells[-len(numbers):] == numbers, name
    # What has words of its own in each language.
    provinces = tables[words["provinces"]]
    assert provinces[0][1] == {"en": "Central Java", "id": "Jawa Tengah"}[language]
    strings = read_yaml(specimen.root / f"templates/strings/{language}.yml")
    assert [cells[0] for cells in tables[words["statuses"]]] == [
        strings["status"][status] for status in STATUSES]
    assert tables[words["renewals"]][1][0] == {"en": "December 2026", "id": "Desember 2026"}[language]


def test_large_numbers_have_their_thousands_apart(project):
    project.write_rows([person(serial, holder=f"Siti Contoh {serial}") for serial in range(1, 1235)])
    project.built()
    assert "1,234" in page_text(project) and "1.234" in page_text(project, "id")
    assert counted(project, "years", "year") == {"2024": 1234}


def test_each_picture_says_what_it_shows(specimen):
    tree = html5lib.parse((specimen.public / "statistics/index.html").read_bytes())
    charts = [each for each in tree.iter("{http://www.w3.org/2000/svg}svg")
              if each.get("role") == "img"]
    assert len(charts) == len(NAMES) - 1, "all but regencies have a picture"
    ids = {each.get("id"): "".join(each.itertext()) for each in tree.iter() if each.get("id")}
    for chart in charts:
        assert ids[chart.get("aria-labelledby")]
        assert re.search(r": .*\d", ids[chart.get("aria-describedby")])
    tiles = [each for each in tree.iter("{http://www.w3.org/2000/svg}g")
             if each.get("class", "").startswith("tile") and len(each) > 1]
    assert {"".join(tile[2].itertext()) for tile in tiles} == {
        row["code"] for row in table(specimen, "provinces")}
    places = {(tile[1].get("x"), tile[1].get("y")) for tile in tiles}
    assert len(places) == 38, "two provinces lie on each other"


def test_nothing_on_the_page_is_styled_in_place_or_needs_a_script(specimen):
    for language in ("", "id/"):
        page = (specimen.public / language / "statistics/index.html").read_text(encoding="utf-8")
        assert "style=" not in page and "<style" not in page
        assert re.findall(r"<script(?! type=\"application/ld\+json\")", page) == []


def test_the_page_can_be_found(specimen, specimen_files):
    home = specimen_files["index.html"].decode()
    assert 'href="/statistics/"' in home
    assert b"/statistics/</loc>" in specimen_files["sitemap-pages.xml"]
    words = b"".join(content for path, content in specimen_files.items()
                     if path.startswith("assets/search-en"))
    assert b"/statistics/" in words
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>',
                        specimen_files["statistics/index.html"].decode())
    data = json.loads(data)
    assert data["@type"] == "Dataset" and data["dateModified"] == NOW
    addresses = {each["contentUrl"] for each in data["distribution"]}
    assert addresses == {f"{specimen.site['url']}/statistics/{name}.{kind}"
                         for name in NAMES for kind in ("csv", "json")}
    assert {f"statistics/{name}.{kind}" for name in NAMES for kind in ("csv", "json")} == {
        path for path in specimen_files if path.startswith("statistics/") and "index" not in path}


def test_certificate_pages_do_not_name_it(specimen_files):
    pages = [content for path, content in specimen_files.items()
             if path.startswith("c/") and path.endswith("index.html")]
    assert pages and not any(b"statistics" in page for page in pages)


def test_without_the_text_there_are_neither_page_nor_files(project):
    for language in ("en", "id"):
        (project.root / f"content/pages/statistics.{language}.md").unlink()
        privacy = project.root / f"content/pages/privacy.{language}.md"
        privacy.write_text(re.sub(r"\[([^]]*)\]\(statistics[^)]*\)", r"\1", privacy.read_text()))
    project.built()
    files = site_files(project.public)
    assert not [path for path in files if "statistics/" in path]
    assert b"statistics/" not in files["index.html"]


def test_without_settings_and_exports_the_rest_is_there(project):
    site = project.site
    del site["capacity"], site["exchange_rate"]
    (project.root / "content/site.yml").write_text(yaml.safe_dump(site), encoding="utf-8")
    (project.root / "seeds/exports.csv").unlink()
    project.built()
    assert table(project, "capacity") == [] and table(project, "exports") == []
    assert "15,000" not in page_text(project) and "USD" not in page_text(project)
    assert counted(project, "years", "year") == {"2024": 3}


@pytest.mark.smoke
def test_an_empty_registry_has_a_page(project):
    project.write_rows([])
    project.built()
    assert table(project, "years") == []
    assert counted(project, "statuses", "status") == dict.fromkeys(STATUSES, 0)


def test_without_a_rate_there_are_no_rupiah(project):
    site = project.site
    del site["exchange_rate"]
    (project.root / "content/site.yml").write_text(yaml.safe_dump(site), encoding="utf-8")
    project.built()
    assert "value_idr" not in table(project, "exports")[0]
    assert "Rp" not in page_text(project) and "USD 17.5 million" in page_text(project)


# MARK: The day


def test_a_certificate_holds_through_its_last_day(project):
    project.write_rows([person(1, issued="2023-11-23"), person(2, issued="2024-11-23")])
    project.built()
    assert counted(project, "statuses", "status")["valid"] == 2
    assert counted(project, "renewals", "month")["2026-11"] == 1
    assert "On 23 November 2026, 2 of 2 certificates were valid" in page_text(project)
    project.built(now="2026-11-24")
    assert counted(project, "statuses", "status") == {
        "valid": 1, "expired": 1, "suspended": 0, "revoked": 0, "superseded": 0}
    assert counted(project, "renewals", "month")["2026-11"] == 0
    assert "On 24 November 2026, 1 of 2 certificates were valid" in page_text(project)
    assert "Pada 24 November 2026, 1 dari 2 sertifikat berlaku" in page_text(project, "id")


def test_on_the_same_day_nothing_is_written_and_on_another_only_what_names_it(project):
    project.built()
    before, files = stamps(project.public), site_files(project.public)
    project.built()
    assert stamps(project.public) == before
    # Not as a mere repetition either, but made anew and compared.
    (project.root / "seeds/exports.csv").touch()
    for cache in (project.root / ".canting-cache").iterdir():
        cache.unlink()
    project.built()
    assert site_files(project.public) == files
    assert {path: stamp for path, stamp in stamps(project.public).items()
            if path.startswith("statistics")} == {
                path: stamp for path, stamp in before.items() if path.startswith("statistics")}
    project.built(now="2026-11-24")
    later = site_files(project.public)
    changed = {path for path in later if later[path] != files.get(path)}
    assert {"statistics/index.html", "id/statistics/index.html", "statistics/statuses.csv"} <= changed
    assert not {path for path in changed if path.startswith("c/") or path == "index.html"}
    assert not {"statistics/years.csv", "statistics/provinces.csv"} & changed
    clean = run_program("build", "--root", project.root, "--now", "2026-11-24", "--output",
                        project.root / "other", env={"PATH": "/nowhere"})
    assert clean.code == 0, clean.text
    assert site_files(project.root / "other") == later


# MARK: Places


SPELLINGS = {
    "Daerah Istimewa Yogyakarta": [
        "DI Yogyakarta", "D.I. Yogyakarta", "DIY", "yogyakarta", "Daerah  Istimewa Yogyakarta"],
    "Daerah Khusus Jakarta": ["DKI Jakarta", "Jakarta", "DKI", "Daerah Khusus Ibukota Jakarta"],
    "Jawa Tengah": ["JAWA TENGAH", "Provinsi Jawa Tengah", "Prov. Jawa Tengah", "Central Java"],
    "Sumatera Utara": ["Sumatra Utara", "North Sumatra"],
    "Nusa Tenggara Timur": ["NTT"],
    "Kepulauan Bangka Belitung": ["Bangka-Belitung"],
    "Papua": ["Papua"],
    "Papua Barat Daya": ["Papua Barat Daya"],
}
UNKNOWN = ["Jawa", "Malaysia", "Papua Utara Sekali"]


def test_spellings_of_a_province(project):
    rows = []
    for written in [*(each for names in SPELLINGS.values() for each in names), *UNKNOWN]:
        for _ in range(6):
            serial = len(rows) + 1
            rows.append(person(serial, holder=f"Orang {serial}", province=written))
    project.write_rows(rows)
    outcome = project.built()
    found = {(row["kind"], row["province"]): int(row["certificates"])
             for row in table(project, "provinces") if row["certificates"] != "0"}
    assert found == {
        **{("province", name): 6 * len(written) for name, written in SPELLINGS.items()},
        **{("other", name): 6 for name in UNKNOWN}}
    assert outcome.text.count("[unknown-province]") == len(UNKNOWN)


def test_an_unknown_name_is_listed_and_the_right_one_suggested(project):
    project.write_rows(
        [person(serial, province="Jawa Tengh") for serial in range(1, 7)]
        + [person(7, province="Jawa Tengah"), person(8)])
    outcome = project.run("check", "--format", "json")
    [found] = [each for each in outcome.findings if each["id"] == "unknown-province"]
    assert (found["id"], found["severity"]) == ("unknown-province", "warning")
    assert found["hint"] == "did you mean `Jawa Tengah`?"
    assert outcome.code == 0
    project.built()
    rows = [row for row in table(project, "provinces") if row["certificates"] != "0"]
    assert [(row["kind"], row["province"], row["certificates"]) for row in rows] == [
        ("province", "Jawa Tengah", "1"), ("other", "Jawa Tengh", "6"), ("unstated", "", "1")]
    assert "Jawa Tengh 6" in page_text(project)


def test_what_stands_in_the_wrong_column_singles_nobody_out(project):
    # A regency in the column of provinces is still a regency.
    project.write_rows(
        [person(1, province="Kabupaten Sleman"), person(2, province="Kabupaten Sleman"),
         person(3, province="Dusun Kecil")]
        + [person(serial, province="Timor Leste") for serial in range(4, 14)])
    project.built()
    rows = [row for row in table(project, "provinces") if row["certificates"] != "0"]
    assert [(row["kind"], row["province"], row["certificates"]) for row in rows] == [
        ("others", "", "13")]
    files = {path: content for path, content in site_files(project.public).items()
             if "statistics/" in path}
    assert not [path for path, content in files.items() if b"Sleman" in content or b"Dusun" in content]


def test_hostile_names_stay_text(project):
    names = ["<script>alert(1)</script>", '=HYPERLINK("http://x")', "a,b;c \"d\"", "</svg><b>", "''&amp"]
    rows = [person(serial, holder=f"Orang {serial}", province=name)
            for serial, name in enumerate(names * 6, start=1)]
    rows += [person(100 + serial, holder=f"Orang {serial}", province="Bali", regency=name)
             for serial, name in enumerate(names * 6, start=1)]
    project.write_rows(rows)
    project.built()
    found = [json.loads((project.public / f"statistics/{name}.json").read_bytes())["rows"]
             for name in ("provinces", "regencies")]
    assert {row["province"] for row in found[0] if row["kind"] == "other"} == set(names)
    assert {row["regency"] for row in found[1]} == set(names)
    for language in ("", "id/"):
        page = (project.public / language / "statistics/index.html").read_text(encoding="utf-8")
        assert "<script>alert" not in page and "</svg><b>" not in page
    for name in ("provinces", "regencies"):
        for row in csv.reader(io.StringIO((project.public / f"statistics/{name}.csv").read_text())):
            assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@")]
    text = page_text(project)
    assert all(name in text for name in names)


def test_a_row_without_place_was_assessed_where_its_batch_was(project):
    with open(project.root / "seeds/batches.csv", encoding="utf-8", newline="") as file:
        first, second = [row for row in csv.DictReader(file)
                         if row["regency"] in ("Kabupaten Bantul", "Kota Denpasar")][:2]
    assert first["regency"] != second["regency"] or first["batch"] != second["batch"]
    rows = [person(serial, batch=batch["batch"], holder=f"Orang {serial}")
            for serial, batch in enumerate([first] * 6 + [second] * 7, start=1)]
    rows += [person(serial, batch=first["batch"], holder=f"Orang {serial}", province="Papua",
                    regency="Kota Jayapura") for serial in range(20, 25)]
    # What names a regency alone is not silent.
    rows += [person(30, batch=first["batch"], regency="Kota Yogyakarta")]
    project.write_rows(rows)
    project.built()
    found = Counter({(row["province"], row["regency"]): int(row["certificates"])
                     for row in table(project, "regencies")})
    expected = Counter({("Papua", "Kota Jayapura"): 5})
    expected[first["province"], first["regency"]] += 6
    expected[second["province"], second["regency"]] += 7
    assert found == expected
    assert [row["certificates"] for row in table(project, "provinces")
            if row["kind"] == "unstated"] == ["1"]


# MARK: The attack


def small_registry(chance, provinces):
    """Regencies of random sizes in every province, with people who have several certificates."""
    rows = []
    serial = 0
    for province in provinces:
        style = chance.random()
        for number in range(chance.choice([0, 1, 2, 2, 3, 4, 5, 7])):
            people = chance.choice([1, 1, 2, 3, 4, 4, 5, 6] if style < .7 else [2, 5, 9, 20])
            if style < .15:
                people = 1
            name = f"Kabupaten Uji {province} {chr(65 + number)}"
            for each in range(people):
                for _ in range(chance.choice([1, 1, 1, 1, 2, 6])):
                    serial += 1
                    rows.append(person(
                        serial, holder=f"Orang {province} {number} {each}", province=province,
                        regency=name))
    chance.shuffle(rows)
    return rows


def truth(rows):
    """What the attacker wants to know: certificates and people of each regency."""
    counts, people = defaultdict(Counter), defaultdict(set)
    for row in rows:
        counts[row["province"]][row["regency"]] += 1
        people[row["province"], row["regency"]].add(row["holder"])
    return counts, people


def published(project):
    found = defaultdict(dict)
    for row in table(project, "regencies"):
        found[row["province"]][row["regency"]] = int(row["certificates"])
    totals = {row["province"]: int(row["certificates"]) for row in table(project, "provinces")}
    return found, totals


def hidden_groups(project, rows):
    counts, _ = truth(rows)
    found, _ = published(project)
    return {province: sorted((regency for regency in regencies if regency not in found[province]),
                             key=lambda regency: (regencies[regency], regency))
            for province, regencies in counts.items()}


@pytest.mark.parametrize("seed", range(2))
def test_no_small_group_is_shown_or_can_be_computed(project, seed):
    chance = random.Random(seed)
    provinces = provinces_of(project)
    rows = small_registry(chance, provinces)
    project.write_rows(rows)
    project.built()
    counts, people = truth(rows)
    found, totals = published(project)
    assert {province: count for province, count in totals.items() if count} == {
        province: sum(regencies.values()) for province, regencies in counts.items()}
    kept = hidden = 0
    for province, regencies in counts.items():
        shown = {name: count for name, count in found[province].items() if name}
        assert shown.items() <= regencies.items()
        for name in shown:
            assert len(people[province, name]) >= 5, (province, name)
        secret = [name for name in regencies if name not in shown]
        if not shown:
            assert found[province] == {}
            continue
        kept += 1
        assert sum(found[province].values()) == totals[province]
        assert (found[province].get("") is None) == (not secret)
        if secret:
            hidden += 1
            assert len(secret) >= 2
            assert len(set().union(*(people[province, name] for name in secret))) >= 5
            assert len({regencies[name] for name in secret}) >= 2
    assert kept > 5 and hidden > 2, "the registries try nothing"


def provinces_of(project):
    """All provinces, as a site without certificates names them."""
    if not project.public.exists():
        project.write_rows([])
        project.built()
    names = [row["province"] for row in table(project, "provinces") if row["kind"] == "province"]
    project.start_over()
    # These tests look at no certificate.
    project.set_site(certificate_files=["page"])
    return names


def test_whoever_knows_the_rule_cannot_tell_hidden_regencies_apart(project):
    """The strongest attacker knows how groups are hidden, which were, and what they add up to.

    If the hidden regencies of every province change places, so that each has in turn the count of every
    other, not one published byte changes. So no count of one is the only one that fits.
    """
    rows = small_registry(random.Random(99), provinces_of(project)[:18])
    project.write_rows(rows)
    project.built()
    groups = hidden_groups(project, rows)
    before = {path: content for path, content in site_files(project.public).items()
              if "statistics/" in path}
    counts, _ = truth(rows)
    possible = {(province, name): {counts[province][name]}
                for province, names in groups.items() for name in names}
    assert len(possible) > 10
    for turn in range(1, max(map(len, groups.values()))):
        swapped = {(province, name): names[(position + turn) % len(names)]
                   for province, names in groups.items() for position, name in enumerate(names)}
        other = [{**row, "regency": swapped.get((row["province"], row["regency"]), row["regency"])}
                 for row in rows]
        project.start_over()
        project.write_rows(other)
        project.built()
        after = {path: content for path, content in site_files(project.public).items()
                 if "statistics/" in path}
        assert after == before
        others, _ = truth(other)
        for (province, name), values in possible.items():
            values.add(others[province][name])
    found, _ = published(project)
    open_provinces = {province for province, regencies in found.items() if regencies}
    for (province, name), values in possible.items():
        # Where nothing is shown but the province itself, there is nothing to subtract from.
        assert province not in open_provinces or len(values) > 1, (province, name)


def test_names_of_hidden_regencies_are_nowhere_among_the_figures(project):
    rows = small_registry(random.Random(5), provinces_of(project)[:18])
    project.write_rows(rows)
    project.built()
    groups = hidden_groups(project, rows)
    assert sum(map(len, groups.values())) > 10
    for path, content in site_files(project.public).items():
        if "statistics/" in path:
            text = content.decode()
            assert [name for names in groups.values() for name in names if name in text] == [], path


def test_five_certificates_of_one_person_are_one_person(project):
    def many(start, regency, names):
        return [person(start + serial, holder=name, province="Bali", regency=regency)
                for serial, name in enumerate(names)]

    project.write_rows(
        many(1, "Kabupaten Badung", ["Made Contoh"] * 7)
        + many(20, "Kabupaten Gianyar", [f"Orang {each}" for each in range(6)])
        + many(40, "Kota Denpasar", [f"Orang {each}" for each in range(9)]))
    project.built()
    assert [(row["kind"], row["regency"], row["certificates"])
            for row in table(project, "regencies")] == [
        ("regency", "Kota Denpasar", "9"), ("others", "", "13")]


def test_a_corrected_name_is_no_other_person(project):
    rows = [person(serial, holder=f"Orang {serial}", province="Bali", regency="Kabupaten Badung")
            for serial in range(1, 5)]
    rows += [{**rows[0], "revision": "2", "holder": "Orang Satu", "issued": "2024-11-15"}]
    rows += [person(serial, holder=f"Orang {serial}", province="Bali", regency="Kota Denpasar")
             for serial in range(20, 40)]
    project.write_rows(rows)
    project.built()
    assert table(project, "regencies") == []


def test_spellings_of_a_regency_are_one(project):
    spellings = ["Kabupaten Bantul", "Kab. Bantul", "KAB BANTUL", "kabupaten bantul", "Kab.Bantul"]
    project.write_rows([person(serial, holder=f"Orang {serial}", province="DIY", regency=name)
                        for serial, name in enumerate(spellings, start=1)])
    project.built()
    assert [(row["regency"], row["certificates"]) for row in table(project, "regencies")] == [
        ("Kabupaten Bantul", "5")]


def test_a_registry_in_a_database_gets_the_same_warning(project):
    with sqlite3.connect(project.root / "seeds/registry.sqlite") as database:
        database.execute(f"CREATE TABLE certificates ({', '.join(COLUMNS)})")
        for row in [person(1, province="Bali"), person(2, province="Balli")]:
            database.execute(f"INSERT INTO certificates VALUES ({', '.join('?' * len(COLUMNS))})",
                             [row.get(name, "") for name in COLUMNS])
    project.set_site(registry={"file": "registry.sqlite", "table": "certificates"})
    [found] = [each for each in project.run("check", "--format", "json").findings
               if each["id"] == "unknown-province"]
    assert (found["id"], found["severity"]) == ("unknown-province", "warning")
    assert found["row"] == 2 and found["hint"] == "did you mean `Bali`?"
