"""Deploys, and hosts for them: an S3 server that keeps a log and can be told to fail, and SFTP."""

import contextlib
import logging
import os
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

import boto3
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from support.output import tree

logging.getLogger("werkzeug").setLevel(logging.ERROR)

BUCKET = "certificates"
KEPT = "kept"  # a bucket for what a test begins with again and again
KEYS = {"aws_access_key_id": "specimen", "aws_secret_access_key": "specimen"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Store:
    """moto's S3 server with a log of what was asked of it, in order."""

    def __init__(self):
        self.asked = []
        self.refuses = lambda method, path: False
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._app = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self, threaded=True)
        self.address = f"http://127.0.0.1:{self._server.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.client = boto3.client("s3", endpoint_url=self.address, region_name="us-east-1", **KEYS)

    def __call__(self, environment, start):
        method, path = environment["REQUEST_METHOD"], environment["PATH_INFO"]
        if "x-id" not in environment["QUERY_STRING"]:
            with self._lock:
                self.asked.append((method, path))
                refused = self.refuses(method, path)
            if refused:
                start("403 Forbidden", [("Content-Type", "application/xml")])
                return [b"<Error><Code>AccessDenied</Code></Error>"]
        # moto's tables are not made for threads that write and list at once.
        with self._turn:
            return list(self._app(environment, start))

    def close(self):
        self._server.shutdown()

    def empty(self):
        """Begins anew with an empty bucket."""
        self.refuses = lambda method, path: False
        with contextlib.suppress(self.client.exceptions.NoSuchBucket):
            for key in self.objects():
                self.client.delete_object(Bucket=BUCKET, Key=key)
        with contextlib.suppress(self.client.exceptions.BucketAlreadyOwnedByYou):
            self.client.create_bucket(Bucket=BUCKET)
        self.asked.clear()

    def objects(self, bucket=BUCKET):
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def keep(self):
        """Remembers what it holds, for `restore`."""
        self._copy(BUCKET, KEPT)

    def restore(self):
        """Holds again what it was told to keep."""
        self._copy(KEPT, BUCKET)
        self.asked.clear()

    def _copy(self, source, target):
        with contextlib.suppress(self.client.exceptions.BucketAlreadyOwnedByYou):
            self.client.create_bucket(Bucket=target)
        for key in self.objects(source):
            self.client.copy_object(Bucket=target, Key=key, CopySource={"Bucket": source, "Key": key})

    def head(self, key):
        return self.client.head_object(Bucket=BUCKET, Key=key)

    def read(self, key):
        return self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def requested(self, *methods):
        """The objects that were asked for with such a method, in order; the program's own state aside."""
        start = f"/{BUCKET}/site/"
        return [path.removeprefix(start) for method, path in list(self.asked)
                if method in methods and path.startswith(start) and "/.canting/" not in path]

    def site(self):
        """The files of the site that it holds."""
        return {key.removeprefix("site/"): self.read(key) for key in self.objects()
                if not key.startswith("site/.canting/")}

    @property
    def environment(self):
        """What rclone has to know, all of it outside of the project."""
        return {**WITHOUT_CONFIGURATION, "RCLONE_CONFIG_STORE_TYPE": "s3",
                "RCLONE_CONFIG_STORE_PROVIDER": "Other",
                "RCLONE_CONFIG_STORE_ACCESS_KEY_ID": KEYS["aws_access_key_id"],
                "RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY": KEYS["aws_secret_access_key"],
                "RCLONE_CONFIG_STORE_REGION": "us-east-1",
                "RCLONE_CONFIG_STORE_ENDPOINT": self.address}


# No settings of whoever runs the tests; rclone's S3 does not start with a certificate bundle set.
WITHOUT_CONFIGURATION = {"RCLONE_CONFIG": "/nonexistent/rclone.conf", "AWS_CA_BUNDLE": ""}


@contextlib.contextmanager
def sftp(folder, command=None):
    """An SSH server on this machine for one user and one key; gives rclone's environment.

    With a command, that is what runs when a command is asked for: the user has a shell.
    """
    sshd = shutil.which("sshd") or "/usr/sbin/sshd"
    folder = Path(folder)
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    (folder / "authorized").write_text((folder / "user.pub").read_text())
    port = free_port()
    (folder / "sshd.conf").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nPidFile none\nUsePAM no\n"
        f"AuthorizedKeysFile {folder}/authorized\nPasswordAuthentication no\nStrictModes no\n"
        "PermitRootLogin yes\nMaxStartups 100\n"
        # What the user's shell does when it begins would be done for each file.
        f"SetEnv HOME={folder}\n"
        "Subsystem sftp internal-sftp\n")
    if command:
        # A forced command would take the place of file transfer too.
        key = (folder / "user.pub").read_text()
        script = folder / "shell"
        script.write_text(
            "#!/bin/sh\n"
            'case "$SSH_ORIGINAL_COMMAND" in internal-sftp) exec "$(ls /usr/lib/openssh/sftp-server'
            ' /usr/libexec/sftp-server 2>/dev/null | head -1)";; esac\n'
            f'echo "$SSH_ORIGINAL_COMMAND" | {command}\n')
        script.chmod(0o700)
        (folder / "authorized").write_text(f'command="{script}" {key}')
    Path("/run/sshd").mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen([sshd, "-D", "-e", "-f", folder / "sshd.conf"],
                              stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        yield {**WITHOUT_CONFIGURATION, "RCLONE_CONFIG_WEB_TYPE": "sftp",
               "RCLONE_CONFIG_WEB_HOST": "127.0.0.1", "RCLONE_CONFIG_WEB_PORT": str(port),
               "RCLONE_CONFIG_WEB_USER": user, "RCLONE_CONFIG_WEB_KEY_FILE": str(folder / "user")}
    finally:
        server.terminate()
        server.wait()


def can_serve_sftp():
    return os.geteuid() == 0 and (shutil.which("sshd") or Path("/usr/sbin/sshd").exists())


def deploy(project, target, *arguments, env=None, **options):
    return project.run("deploy", target, *arguments,
                       env={**WITHOUT_CONFIGURATION, **(env or {})}, **options)


def deployed(project, target, *arguments, env=None):
    """Deploys, insists that it worked, and gives what it says."""
    outcome = deploy(project, target, "--format", "json", *arguments, env=env)
    assert outcome.code == 0, outcome.text
    return outcome.json["result"]


def site_files_of(project):
    """The files of a site that belong on a host."""
    return {path: data for path, data in tree(project.public).items()
            if not path.startswith(".canting/")}


def files_at(folder):
    """The site's files in a folder that was deployed to."""
    return {path: data for path, data in tree(folder).items() if not path.startswith(".canting/")}
