"""Two builds of one project at once."""

import os
import signal
import subprocess
import time

from support.output import differences, tree
from support.program import NOW, PROGRAM, WITHOUT_PICTURES
from support.project import bare_project
from support.proof import verdicts_of
from support.registry import registered


def test_a_second_build_is_refused_while_the_first_one_runs(tmp_path):
    project = bare_project(tmp_path / "project")
    project.write_rows(registered(150))
    first = subprocess.Popen(
        [PROGRAM, "build", "--root", project.root, "--now", NOW], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        env=WITHOUT_PICTURES)
    try:
        # It is held in the middle of its writing, so nothing here depends on how fast it is.
        # A first site is built beside its place.
        while not (project.root / ".public.canting-new/c").exists():
            assert first.poll() is None, "the first build ended before it was held"
            time.sleep(0.001)
        os.killpg(first.pid, signal.SIGSTOP)
        assert os.WIFSTOPPED(os.waitpid(first.pid, os.WUNTRACED)[1])
        before = tree(project.root)
        second = project.build()
        other = project.build("--output", tmp_path / "www")
        assert (second.code, other.code) == (70, 70), second.text + other.text
        assert b"another build" in second.err
        assert differences(tree(project.root), before) == []
        assert not (tmp_path / "www").exists()
        assert first.poll() is None
    finally:
        os.killpg(first.pid, signal.SIGCONT)
        out, err = first.communicate(timeout=120)
    assert first.returncode == 0, (out + err).decode()
    verdicts_of(project)
    project.built()
