"""Badges by Open Badges 3.0, seen by verifiers that know only that world."""

import base64
import copy
import json

import jsonschema
import pytest

from support.badges import DEMANDED, FILES, SCHEMA, BadgeVerifier, badges_of, nquads, openbadges
from support.expected import expect_all, in_force
from support.output import site_files
from support.pages import Page
from support.program import NOW, REPOSITORY, run_program
from support.project import Project, bare_project
from support.proof import ADDRESS, NUMBER, published_rows, site_of
from support.registry import person

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
UNRESERVED = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@pytest.fixture(scope="session")
def badged(tmp_path_factory):
    """The whole specimen, with badges; tests only read it."""
    project = Project.copy(REPOSITORY, tmp_path_factory.mktemp("badged") / "project")
    project.set_site(certificate_files=FILES, precompress=["gzip"], hosts=["headers", "nginx"])
    project.built()
    return project


def small(target, rows, **settings):
    project = bare_project(target)
    project.write_rows(rows)
    project.set_site(certificate_files=FILES, **settings)
    return project


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """A certificate of every status, with badges; tests only read it."""
    project = small(tmp_path_factory.mktemp("few") / "project", published_rows())
    project.built()
    return project


def indices(project):
    """The place of every certificate in the log, as its credential has it."""
    found = {}
    for path in project.public.glob("c/*/*/credential.json"):
        folder = path.parent.relative_to(project.public).as_posix()
        found[folder] = int(json.loads(path.read_bytes())["credentialStatus"][0]["statusListIndex"])
    return found


def anchor(code):
    return "".join(each if each in UNRESERVED else "".join(f"%{byte:02X}" for byte in each.encode()) for each in code)


def expected_badge(project, certificate, index):
    """The badge of a row without its proof, by docs/formats.md."""
    row, day = certificate.row, certificate.row["issued"]
    scheme = next(each for each in project.schemes if each["code"] == row["scheme"])
    edition = in_force(scheme["editions"], day)
    record = json.loads(certificate.record)
    folder = f"{ADDRESS}{certificate.path.rstrip('/')}"
    page, name = f"{ADDRESS}/schemes/{scheme['slug']}/", edition["title"]["en"]
    entry = f"{ADDRESS}/status/badges/{index // 131072}"
    achievement = {
        "id": page, "type": ["Achievement"], "achievementType": "Certification", "name": name,
        "description": "Competency certificate of a scheme licensed by BNSP.", "criteria": {"id": page},
        "humanCode": row["scheme"]}
    if edition["units"]:
        achievement["alignment"] = [
            {"id": f"{page}#{anchor(each['code'])}", "type": ["Alignment"], "targetCode": each["code"],
             "targetName": each["code"], "targetUrl": f"{page}#{anchor(each['code'])}"} for each in edition["units"]]
    return {
        "@context": CONTEXT, "id": f"{folder}/badge.json", "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": name,
        "issuer": {"id": "did:web:sertifikat.lsp-batik.example", "type": ["Profile"],
                   "name": record["issuer"]["name"], "url": f"{ADDRESS}/"},
        "validFrom": f"{day}T00:00:00+07:00", "validUntil": f"{certificate.expires}T23:59:59+07:00",
        "credentialSubject": {
            "id": f"{folder}/#holder", "type": ["AchievementSubject"], "licenseNumber": record["number"],
            "achievement": achievement,
            "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": record["holder"],
                            "identityType": "name"}]},
        "credentialStatus": {
            "id": f"{entry}#{index % 131072}", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": str(index % 131072), "statusListCredential": entry,
            "statusMessage": [
                {"id": f"{entry}#unset", "status": "0x0", "message": "neither revoked nor suspended"},
                {"id": f"{entry}#set", "status": "0x1", "message": "revoked, or suspended for the time being"}]},
        "relatedResource": [{
            "id": f"{folder}/record.json", "mediaType": "application/json",
            "digestSRI": "sha256-" + base64.b64encode(bytes.fromhex(certificate.fingerprint)).decode()}]}


def without_proof(badge):
    return {key: value for key, value in badge.items() if key != "proof"}


# MARK: All of the specimen


def test_every_badge_says_what_its_row_says_and_nothing_else(badged):
    badges, places = badges_of(badged), indices(badged)
    expected = expect_all(badged)
    assert len(badges) == len(expected) > 1000
    for each in expected:
        folder = each.path.strip("/")
        assert without_proof(badges[folder]) == expected_badge(badged, each, places[folder]), each.row["number"]
    assert max(len(json.dumps(each)) for each in badges.values()) < 8192


def test_the_canonical_n_quads_of_every_badge_are_what_was_signed(badged):
    verifier = BadgeVerifier(site_of(badged))
    assert [folder for folder, badge in badges_of(badged).items() if not verifier.is_signed(badge)] == []


def test_openbadgeslib_finds_every_badge_genuine_and_sees_the_revoked_and_suspended(badged, openbadges):
    site, badges = site_of(badged), badges_of(badged)
    seen = set()
    for each in expect_all(badged):
        # It does not look at the list of one that is over.
        is_withdrawn = each.row["status"] in ("revoked", "suspended")
        wanted = "has expired" if each.expires < NOW else "status 'revocation' is set" if is_withdrawn else None
        found = openbadges(site, badges[each.path.strip("/")])
        assert (found is None) if wanted is None else wanted in (found or "genuine"), (each.row["number"], found)
        seen.add((each.row["status"], wanted))
    assert {("revoked", "status 'revocation' is set"), ("suspended", "status 'revocation' is set"),
            ("", None), ("", "has expired")} <= seen


def problems(schema, badges):
    validator = jsonschema.validators.validator_for(schema)(schema)
    return {problem.message for badge in badges for problem in validator.iter_errors(badge)}


def test_every_badge_has_what_open_badges_demand(badged):
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **DEMANDED}
    badges = list(badges_of(badged).values())
    assert problems(schema, badges) == set()
    for name in DEMANDED["required"]:
        assert problems(schema, [{key: value for key, value in badges[0].items() if key != name}])


@pytest.mark.skipif(SCHEMA is None, reason="CANTING_OB3_SCHEMA names no copy of 1EdTech's schema")
def test_every_badge_passes_the_schema_of_1edtech(badged):
    with open(SCHEMA, encoding="utf-8") as file:
        assert problems(json.load(file), badges_of(badged).values()) == set()


def test_a_certificates_page_keeps_its_size_with_a_badge_and_offers_it(badged):
    pages = {path.parent: path.read_bytes() for path in badged.public.glob("c/*/*/index.html")}
    assert max(map(len, pages.values())) <= 12_000
    assert max(path.stat().st_size for path in badged.public.glob("c/*/*/index.html.gz")) <= 4_700
    for folder, content in list(pages.items())[:20]:
        links = [each for each in Page(content).all("a") if "download" in each and each["href"].endswith("/badge.json")]
        assert [each["href"] for each in links] == [f"/{folder.relative_to(badged.public).as_posix()}/badge.json"]
        assert (badged.public / links[0]["href"].lstrip("/")).is_file()
        assert badged.strings("en")["certificate"]["wallet"] in Page(content).text


def test_every_units_address_leads_to_its_place_on_the_schemes_page(badged):
    """All but the units that a later edition has dropped, whose address leads to the page."""
    for scheme in badged.schemes:
        latest = in_force(scheme["editions"], NOW)
        for folder in ("", "id/"):
            page = Page((badged.public / f"{folder}schemes/{scheme['slug']}/index.html").read_bytes())
            anchors = {each["id"] for each in page.all("li") if "id" in each}
            assert anchors == {anchor(each["code"]) for each in latest["units"]}


# MARK: Changes


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))
    else:
        yield path, value


def changed(badge, path, value):
    other = copy.deepcopy(badge)
    place = other
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return other


def test_no_text_of_a_badge_can_be_changed_unnoticed(few, openbadges):
    site, verifier = site_of(few), BadgeVerifier(site_of(few))
    badge = next(each for each in badges_of(few).values() if openbadges(site, each) is None)
    count = 0
    for path, value in leaves(badge):
        other = changed(badge, path, (not value) if isinstance(value, bool) else value[:-1] + ("x" if value[-1] != "x" else "y"))
        assert openbadges(site, other) is not None, path
        count += 1
        if path[0] != "@context":
            assert not verifier.is_signed(other), path
    for name in [each for each in badge if each not in ("@context", "proof")]:
        assert not verifier.is_signed({key: value for key, value in badge.items() if key != name}), name
    assert count > 50


def test_a_list_with_another_bit_or_other_days_is_not_signed(few):
    site, verifier = site_of(few), BadgeVerifier(site_of(few))
    document = json.loads(site.get(f"{ADDRESS}/status/badges/0"))
    assert verifier.is_signed(document)
    revocations = json.loads(site.get(f"{ADDRESS}/status/revocation/0"))["credentialSubject"]["encodedList"]
    assert revocations != document["credentialSubject"]["encodedList"]
    for other in ({**document, "validUntil": "2030-01-01T00:00:00+07:00"},
                  changed(document, ("credentialSubject", "encodedList"), revocations),
                  changed(document, ("credentialSubject", "statusPurpose"), "suspension")):
        assert not verifier.is_signed(other)


def test_the_list_names_the_revoked_and_the_suspended_until_they_are_reinstated(tmp_path):
    project = small(tmp_path / "project", [person(1), person(2), person(3)])
    by_status = {"valid": set()}
    for status in ("valid", "suspended", "valid", "revoked"):
        project.write_rows([person(1, status=status, status_date=NOW if status != "valid" else ""), person(2),
                            person(3, status="superseded", superseded_by=person(2)["number"], status_date="2025-01-01")])
        if status == "valid" and by_status.get("suspended"):
            project.write_rows([person(1, status="valid", status_date=NOW), *project.rows()[1:]])
        project.built()
        verifier = BadgeVerifier(site_of(project))
        by_status[status] = {badge["credentialSubject"]["licenseNumber"] for badge in badges_of(project).values()
                             if verifier.is_withdrawn(badge)}
        assert by_status[status] == ({person(1)["number"]} if status != "valid" else set()), status


# MARK: Names, schemes and keys of every kind

NAMES = ['Siti "Neng" Contoh', r"D'Arc \ Putri", "ꦧꦠꦶꦏ 𝄞 😀", "سيتي نور", "Renée <b> & Co", "Ni Luh Ayu `~|^{}", "  Two   spaces "]


def test_every_name_is_signed_as_it_is_printed(tmp_path, openbadges):
    project = small(tmp_path / "project", [
        *(person(place, holder=name) for place, name in enumerate(NAMES)),
        person(50, registration=""), person(51, revision="2", issued="2025-01-02"), person(51)])
    issuer = {"from": "2024-01-01", "name": 'LSP "Batik" \\ Nusantara', "licence": "BNSP-LSP-0000.1-ID"}
    project.set_site(issuer=[project.site["issuer"][0], issuer])
    project.built()
    site, badges = site_of(project), badges_of(project)
    verifier, places = BadgeVerifier(site), indices(project)
    for each in expect_all(project):
        badge = badges[each.path.strip("/")]
        assert without_proof(badge) == expected_badge(project, each, places[each.path.strip("/")])
        assert verifier.is_signed(badge) and openbadges(site, badge) is None, each.row["holder"]
    assert "".join(nquads(without_proof(each)) for each in badges.values()).count(r"\"Batik\" \\ Nusantara") == len(badges)


def test_schemes_of_every_shape_have_badges(tmp_path, openbadges):
    project = small(tmp_path / "project", [
        person(1, scheme="PBT", issued="2022-05-06", expires="2027-05-06"), person(2, scheme="PBT"),
        person(3, scheme="PBC")])
    text = (project.root / "seeds/schemes.yml").read_text()
    first, _, rest = text.partition("- code: PBC")
    head, _, tail = rest.partition("      units:\n")
    unitless = head + "      units: []\n" + tail[tail.index("\n- code:"):]
    odd = first.replace("C.13BTK01.901.2", "C.13BTK01.901.2").replace("C.13BTK01.907.2", 'C 13/\\"#é')
    odd = odd.replace('code: C 13/\\"#é', "code: 'C 13/\\\"#é'").replace('"Hand-Drawn Batik Maker"', "'Hand-Drawn \"Batik\" \\ Maker'")
    (project.root / "seeds/schemes.yml").write_text(odd + "- code: PBC" + unitless)
    project.built()
    site, badges = site_of(project), badges_of(project)
    verifier, places = BadgeVerifier(site), indices(project)
    counts = set()
    for each in expect_all(project):
        badge = badges[each.path.strip("/")]
        assert without_proof(badge) == expected_badge(project, each, places[each.path.strip("/")])
        assert verifier.is_signed(badge) and openbadges(site, badge) is None
        counts.add(len(badge["credentialSubject"]["achievement"].get("alignment", [])))
    assert len(counts) == 3 and 0 in counts
    page = Page((project.public / "schemes/hand-drawn-batik/index.html").read_bytes())
    assert anchor('C 13/\\"#é') in {each.get("id") for each in page.all("li")}
    assert run_program("audit", "--root", project.root, "--now", NOW).code == 0


def test_badges_of_the_time_before_a_rotation_are_signed_anew_and_saved_ones_still_hold(tmp_path, openbadges):
    project = small(tmp_path / "project", [person(1), person(2)])
    project.built()
    before = badges_of(project)
    assert run_program("keys", "rotate", "--root", project.root, "--now", "2026-06-01").code == 0
    project.write_rows([*project.rows(), person(3, issued="2026-07-01")])
    project.built()
    site, after = site_of(project), badges_of(project)
    verifier = BadgeVerifier(site)
    assert {badge["proof"][0]["created"] for badge in after.values()} == {
        "2026-06-01T00:00:00+07:00", "2026-07-01T00:00:00+07:00"}
    for folder, badge in before.items():
        assert badge["proof"][0]["verificationMethod"] != after[folder]["proof"][0]["verificationMethod"]
    for each in [*before.values(), *after.values()]:
        assert verifier.is_signed(each) and openbadges(site, each) is None
    for each in before.values():
        (tmp_path / "badge.json").write_text(json.dumps(each))
        assert project.run("verify", tmp_path / "badge.json").code == 0
    assert project.run("audit").code == 0


# MARK: The program's own commands


def test_verify_reads_a_saved_badge_with_and_without_the_site(few, tmp_path):
    ends = {"valid": 0, "suspended": 2, "revoked": 2, "reinstated": 0, "superseded": 2}
    by_number = {each["credentialSubject"]["licenseNumber"]: each for each in badges_of(few).values()}
    file = tmp_path / "saved.json"
    key = site_of(few).issuer.newest.partition("#")[2]
    for status, code in ends.items():
        file.write_text(json.dumps(by_number[NUMBER[status]], indent=2, ensure_ascii=False))
        assert few.run("verify", file).code == code, status
    file.write_text(json.dumps(by_number[NUMBER["valid"]]))
    outcome = few.run("verify", file, "--key", key, "--format", "json")
    steps = {(each["name"], each["result"]) for each in outcome.json["steps"]}
    assert ("signature", "passed") in steps and ("dates", "passed") in steps
    assert outcome.json["verdict"] == "could not be checked"


def test_verify_refuses_every_changed_text_of_a_saved_badge(few, tmp_path):
    badge = next(iter(badges_of(few).values()))
    file, key = tmp_path / "badge.json", site_of(few).issuer.newest.partition("#")[2]
    for path, value in leaves(badge):
        if isinstance(value, str) and path != ("relatedResource", 0, "digestSRI"):
            file.write_text(json.dumps(changed(badge, path, value + "x")))
            for options in ([], ["--key", key]):
                outcome = few.run("verify", file, "--format", "json", *options)
                assert outcome.code in (3, 4), (path, options, outcome.text)
                assert ("signature", "passed") not in {(each["name"], each["result"]) for each in outcome.json["steps"]}


@pytest.mark.parametrize("damage", ["another name", "another certificate's", "credential", "no list", "old list"])
def test_audit_finds_a_wrong_badge_or_list(tmp_path, damage):
    project = small(tmp_path / "project", [person(1), person(2)])
    project.built()
    assert "2 badges" in project.run("audit").text
    first, second = sorted(project.public.glob("c/*/*/badge.json"))
    if damage == "another name":
        first.write_text(first.read_text().replace("Siti Contoh", "Siti Lain"))
    elif damage == "another certificate's":
        first.write_bytes(second.read_bytes())
    elif damage == "credential":
        first.write_bytes((first.parent / "credential.json").read_bytes())
    elif damage == "no list":
        (project.public / "status/badges/0").unlink()
    else:
        (project.public / "status/badges/0").write_bytes((project.public / "status/revocation/0").read_bytes())
    assert project.run("audit").code == 3


def test_badges_come_and_go_with_the_setting_and_change_nothing_else(tmp_path):
    project = small(tmp_path / "project", published_rows())
    project.built()
    with_badges = site_files(project.public)
    again = project.built().text
    assert "0 new, 0 changed" in again or "nothing" in again
    project.set_site(certificate_files=FILES[:3])
    project.built()
    without = site_files(project.public)
    gone = set(with_badges) - set(without)
    assert gone == {path for path in with_badges if path.endswith("/badge.json") or path == "status/badges/0"}
    assert len(gone) == len(published_rows()) + 1
    # Pages alone say that there is one.
    differing = {path for path in without if without[path] != with_badges[path]} - {".canting/manifest"}
    assert {path.rpartition("/")[2] for path in differing} == {"index.html"}
    project.set_site(certificate_files=FILES)
    project.built()
    assert site_files(project.public) == with_badges


def test_a_changed_address_of_a_scheme_rewrites_badges_and_no_credential(tmp_path):
    project = small(tmp_path / "project", [person(1)])
    project.built()
    before = site_files(project.public)
    project.edit("seeds/schemes.yml", "slug: hand-drawn-batik", "slug: drawn-batik")
    project.built()
    after = site_files(project.public)
    (badge,) = [path for path in after if path.endswith("/badge.json")]
    assert before[badge] != after[badge] and b"/schemes/drawn-batik/" in after[badge]
    credential = badge.replace("badge.json", "credential.json")
    assert before[credential] == after[credential]
    assert BadgeVerifier(site_of(project)).is_signed(json.loads(after[badge]))


def test_hosts_let_scripts_of_other_sites_read_badges_and_their_list(badged):
    headers = (badged.public / "_headers").read_text()
    assert "/c/*/badge.json" in headers or "badge.json" in headers
    rule = headers[headers.index("badge.json"):].split("\n\n")[0]
    assert "Access-Control-Allow-Origin: *" in rule
    assert "badge" in (badged.public / ".canting/hosts/nginx.conf").read_text()
