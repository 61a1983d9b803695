"""Runs of `canting deploy`, and what should be at a target."""

from support.output import tree
from support.stores import WITHOUT_CONFIGURATION


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
