"""What hosts are told to send: by real nginx and Caddy with the files that a build makes for them."""

import gzip
import http.client
import json
import os
import re
import shutil
import subprocess
import time

import pytest

from support.expected import expect_all
from support.output import differences, site_files, tree
from support.project import Project, bare_project, with_everything
from support.registry import person, registered
from support.stores import free_port

SECURITY = {
    "content-security-policy": lambda value: "unsafe-inline" not in value and "default-src 'none'" in value,
    "strict-transport-security": lambda value: int(re.search(r"max-age=(\d+)", value).group(1)) >= 31536000,
    "x-content-type-options": lambda value: value == "nosniff",
    "referrer-policy": lambda value: value == "no-referrer",
    "permissions-policy": lambda value: "camera=(self)" in value,
}


def hosted(folder, certificates):
    project = bare_project(folder / "project")
    project.set_site(hosts=["headers", "nginx", "caddy"], precompress=["gzip", "brotli"])
    (project.root / "content/news").mkdir(exist_ok=True)
    project.write_news("2026-01-02-one.en.md", "Text.", title="One", more="aliases: [/old/]\n")
    project.write_rows(registered(certificates))
    project.built()
    return project


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A site for every host, compressed, with a log of more than one tile."""
    return hosted(tmp_path_factory.mktemp("hosts"), 300)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """The same with three certificates."""
    return hosted(tmp_path_factory.mktemp("few"), 3)


class Server:
    """A web server of the test's own, on this machine alone."""

    def __init__(self, command, port, **options):
        self.port = port
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
        for _ in range(200):
            try:
                self.get("/")
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        self.stop()
        pytest.fail(self.process.stdout.read().decode())

    def get(self, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def nginx(project, folder):
    port = free_port()
    for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
        (folder / name).mkdir()
    (folder / "nginx.conf").write_text(f"""
daemon off; pid {folder}/pid; error_log stderr warn; worker_processes 1; user root;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {project.public};
    include {project.public}/.canting/hosts/nginx.conf;
  }}
}}
""")
    return Server(["/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf"], port)


def caddy(project, folder):
    port = free_port()
    return Server(
        ["caddy", "run", "--adapter", "caddyfile", "--config", project.public / ".canting/hosts/Caddyfile"], port,
        env={**os.environ, "CANTING_SITE": f"http://127.0.0.1:{port}", "CANTING_ROOT": str(project.public),
             "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder), "CADDY_ADMIN": "off"})


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def server(request, project, tmp_path_factory):
    if request.param == "nginx" and not os.path.exists("/usr/sbin/nginx") or (
            request.param == "caddy" and shutil.which("caddy") is None):
        pytest.skip(f"{request.param} is not on this machine")
    start = {"nginx": nginx, "caddy": caddy}[request.param]
    server = start(project, tmp_path_factory.mktemp(request.param))
    server.name = request.param
    yield server
    server.stop()


def kinds(project):
    """A path of each kind, with the type, the lifetime and whether other sites' scripts may read it."""
    folder = expect_all(project)[0].path
    asset = next(path for path in site_files(project.public) if re.fullmatch(r"assets/site\.\w+\.css", path))
    return {
        "/": ("text/html", "max-age=300", False), folder: ("text/html", "max-age=300", False),
        f"{folder}record.json": ("application/json", "max-age=300", True),
        f"{folder}credential.json": ("application/json", "max-age=300", True),
        "/.well-known/did.json": ("application/json", "max-age=300", True),
        "/keys.json": ("application/json", "max-age=300", True),
        "/log/checkpoint": ("text/plain", "no-cache", True),
        "/log/edge.json": ("application/json", "no-cache", True),
        "/log/tile/0/000": ("application/octet-stream", "immutable", True),
        "/log/tile/0/001.p/44": ("application/octet-stream", "immutable", True),
        "/status/revocation/0": ("application/vc", "max-age=300", True),
        f"/{asset}": ("text/css", "immutable", False),
        "/news/atom.xml": ("xml", "max-age=300", False), "/sitemap.xml": ("xml", "max-age=300", False),
        "/robots.txt": ("text/plain", "max-age=300", False),
    }


def insist_on_security(headers):
    for name, holds in SECURITY.items():
        assert name in headers and holds(headers[name]), (name, headers)


def test_every_kind_of_file_comes_with_its_headers(server, project):
    for path, (kind, lifetime, shared) in kinds(project).items():
        status, headers, body = server.get(path)
        assert status == 200, path
        insist_on_security(headers)
        assert kind in headers["content-type"], (path, headers)
        assert lifetime in headers["cache-control"], (path, headers)
        assert (headers.get("access-control-allow-origin") == "*") == shared, (path, headers)
        file = project.public / (path.strip("/") + ("/index.html" if path.endswith("/") else "") if path != "/" else "index.html")
        assert body == file.read_bytes()


def test_what_is_not_there_is_said_with_the_same_care(server, project):
    page = (project.public / "404.html").read_bytes()
    for path in ("/nothing/", "/c/00/nothing/", "/assets/nothing.css", "/log/tile/9/000", "/status/revocation/9",
                 "/.canting/manifest", "/.canting/hosts/nginx.conf", "/_headers", "/_redirects"):
        status, headers, body = server.get(path)
        assert status == 404, path
        insist_on_security(headers)
        assert "text/html" in headers["content-type"] and body == page, path
        assert "immutable" not in headers.get("cache-control", ""), path


def test_what_a_browser_has_is_not_sent_again(server, project):
    for path in kinds(project):
        _, headers, _ = server.get(path)
        for condition in ({"If_None_Match": headers["etag"]}, {"If_Modified_Since": headers["last-modified"]}):
            status, again, body = server.get(path, **condition)
            assert (status, body) == (304, b""), (path, condition)
            insist_on_security(again)
        assert server.get(path, If_None_Match='"another"')[0] == 200, path


def test_an_old_address_leads_on(server):
    status, headers, _ = server.get("/old/")
    assert status in (301, 308) and headers["location"].endswith("/news/one/")
    insist_on_security(headers)


def test_an_address_without_its_slash_leads_to_the_page(server, project):
    for path in ("/verify", expect_all(project)[0].path.rstrip("/")):
        status, headers, _ = server.get(path)
        assert status in (301, 308) and headers["location"] == f"{path}/", path
        insist_on_security(headers)


def test_no_spelling_of_an_address_leads_to_what_the_program_keeps(server, project):
    page = (project.public / "404.html").read_bytes()
    for path in ("/.canting/", "/.canting/hosts/", "/%2ecanting/manifest", "/.canting%2fmanifest", "//.canting/manifest",
                 "/.canting//manifest", "/verify/../.canting/manifest", "/404.html", "/log/", "/status/", "/c/"):
        status, headers, body = server.get(path)
        assert (status, body) == (404, page), path
        insist_on_security(headers)


def test_compressed_files_come_where_they_are_taken(server, project):
    for path in ("/", expect_all(project)[0].path, "/sitemap.xml"):
        status, headers, body = server.get(path, Accept_Encoding="gzip")
        assert status == 200 and headers["content-encoding"] == "gzip" and "accept-encoding" in headers["vary"].lower()
        assert gzip.decompress(body) == server.get(path)[2]
        insist_on_security(headers)
    if server.name == "caddy":
        status, headers, body = server.get("/", Accept_Encoding="br")
        assert status == 200 and headers["content-encoding"] == "br"
        if shutil.which("brotli"):
            assert subprocess.run(
                ["brotli", "-dc"], input=body, check=True, capture_output=True).stdout == server.get("/")[2]


def test_a_crowd_of_visitors_gets_every_page(server, project, tmp_path):
    if shutil.which("wrk") is None:
        pytest.skip("wrk is not on this machine")
    paths = [each.path for each in expect_all(project)]
    script = tmp_path / "paths.lua"
    script.write_text(
        "local paths = {" + ", ".join(f'"{path}"' for path in paths) + "}\nlocal at = 0\n"
        "request = function() at = at % #paths + 1; return wrk.format('GET', paths[at]) end\n"
        "local threads = {}\nsetup = function(thread) table.insert(threads, thread) end\n"
        "others = 0\nresponse = function(status) if status < 200 or status > 299 then others = others + 1 end end\n"
        "done = function(summary) io.write(string.format('%d %d %d %d %d %d %d\\n', summary.requests, summary.errors.connect,"
        " summary.errors.read, summary.errors.write, summary.errors.status, summary.errors.timeout, threads[1]:get('others'))) end\n")
    done = subprocess.run(
        ["wrk", "-t1", "-c16", "-d1s", "-s", script, f"http://127.0.0.1:{server.port}"],
        capture_output=True, text=True, timeout=60)
    requests, *errors = map(int, done.stdout.splitlines()[-1].split())
    assert requests >= len(paths) and errors == [0] * 6, done.stdout


# MARK: The files themselves


def test_headers_for_hosts_that_read_them_say_the_same(project):
    rules, rule = {}, None
    for line in (project.public / "_headers").read_text(encoding="utf-8").splitlines():
        if line.startswith("/"):
            rule = rules.setdefault(line, {})
        elif line.strip():
            name, value = line.strip().split(": ", 1)
            assert name.lower() not in rule
            rule[name.lower()] = value
    insist_on_security(rules["/*"])
    for path, (kind, lifetime, shared) in kinds(project).items():
        matching = [headers for pattern, headers in rules.items() if re.fullmatch(
            re.sub(r":\w+", "[^/]+", pattern.replace(".", r"\.").replace("*", ".*")), path)]
        names = [name for headers in matching for name in headers]
        assert len(names) == len(set(names)), f"{path}: hosts join what two rules say"
        said = {name: value for headers in matching for name, value in headers.items()}
        assert (said.get("access-control-allow-origin") == "*") == shared, path
        if lifetime != "max-age=300" or shared:
            assert lifetime in said["cache-control"], path
        if path.startswith(("/log/checkpoint", "/log/tile", "/status")):
            assert kind in said["content-type"]


def brotli(file):
    return subprocess.run(["brotli", "-dc", file], check=True, capture_output=True).stdout


def test_what_is_compressed_beforehand_is_what_lies_beside_it(few):
    files = site_files(few.public)
    packed = [path for path in files if path.endswith((".gz", ".br"))]
    assert {path.startswith("c/") for path in packed} == {True, False}
    for path in packed:
        plain = files[path.rpartition(".")[0]]
        if path.endswith(".gz"):
            assert gzip.decompress(files[path]) == plain
    if shutil.which("brotli"):
        for path in [path for path in packed if path.endswith(".br")]:
            assert brotli(few.public / path) == files[path.rpartition(".")[0]], path
    for path in files:
        if path.endswith((".html", ".css", ".js")):
            assert f"{path}.gz" in files and f"{path}.br" in files, path


def test_a_site_with_compressed_files_passes_its_own_checks(few):
    assert few.run("audit").code == 0
    certificate = expect_all(few)[0]
    for asked in (certificate.code, few.public / certificate.path.strip("/") / "credential.json"):
        assert few.run("verify", asked).code == 0, asked


def packed_by_brotli(text):
    return subprocess.run(["brotli", "-c", "-q", "3"], input=text, check=True, capture_output=True).stdout


@pytest.mark.parametrize("name, pack", [("index.html.gz", gzip.compress), ("index.html.br", packed_by_brotli)])
def test_an_audit_finds_a_compressed_page_that_is_another(few, tmp_path, name, pack):
    copy = with_everything(few, tmp_path / "project")
    folder = copy.public / expect_all(copy)[0].path.strip("/")
    page = (folder / "index.html").read_bytes()
    packed = (folder / name).read_bytes()
    # However it was compressed, it is the same page.
    (folder / name).write_bytes(pack(page))
    assert (folder / name).read_bytes() != packed
    assert copy.run("audit").code == 0
    others = [
        pack(page.replace(b"Certificate", b"certificate", 1)), pack(page + b" "), packed[:-1], packed + b"x", b""]
    for other in others:
        (folder / name).write_bytes(other)
        result = copy.run("audit")
        assert result.code == 3, other[:20]
        assert f"its {name} is another page than its index.html" in result.text


def test_a_compressed_file_that_was_damaged_or_lost_is_made_again(few, tmp_path):
    copy = with_everything(few, tmp_path / "project")
    folder = expect_all(copy)[0].path.strip("/")
    whole = tree(copy.public)
    (copy.public / folder / "index.html.gz").write_bytes(b"x" * len(whole[f"{folder}/index.html.gz"]))
    (copy.public / folder / "index.html.br").unlink()
    (copy.public / "index.html.br").write_bytes(b"")
    (copy.public / "index.html.gz").unlink()
    copy.built()
    assert differences(site_files(copy.public), site_files(few.public)) == []


def test_compressed_files_come_and_go_with_the_setting_and_with_what_they_are_of(few, tmp_path):
    copy = Project.copy(few.root, tmp_path / "project")
    copy.built()
    whole = tree(copy.public)
    assert differences(site_files(copy.public), site_files(few.public)) == []
    receipt = tmp_path / "receipt.json"
    copy.write_rows(copy.rows() + [person(900)])
    copy.built("--receipt", receipt)
    changed = {entry["path"] for entry in json.loads(receipt.read_text())["files"]}
    own = {path for path in changed if path.startswith("c/")}
    assert len({os.path.dirname(path) for path in own}) == 1
    assert {os.path.basename(path) for path in own} == {
        "index.html", "index.html.gz", "index.html.br", "record.json", "credential.json"}
    copy.take_out(copy.rows()[-1])
    copy.set_site(precompress=[])
    copy.built("--max-deletes", "5000")
    assert not [path for path in site_files(copy.public) if path.endswith((".gz", ".br"))]
    assert copy.run("audit").code == 0
    assert whole.keys() - tree(copy.public).keys() >= {"index.html.gz", "index.html.br"}
