"""The verdict rules as the independent verifier has them, by the vectors that all three share."""

import json

import pytest

from support.program import REPOSITORY
from support.verifier import dates_ending, status_ending, verdict_of

VECTORS = json.loads((REPOSITORY / "Tests/Fixtures/verdicts.json").read_bytes())["vectors"]
CAUSES = {"connection", "missing", "browser", "insecure", "clock", "outdated", "address",
          "unforeseen"}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_verifier_reaches_the_verdict_of_every_vector(vector):
    status, has_lists = status_ending(vector["lists"], vector["page"]["status"], vector["today"])
    dates = dates_ending(vector["issued"], vector["expires"], vector["today"])
    found = verdict_of({**vector["steps"], "status": status, "dates": dates}, vector["address"],
                       has_lists)
    assert {"status": status, "dates": dates} == vector["endings"]
    assert found == (vector["verdict"], vector["isWhole"], vector["cause"])


def test_the_vectors_have_every_verdict_and_every_cause():
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS) >= 60
    assert {vector["verdict"] for vector in VECTORS} == {
        "valid", "expired", "suspended", "revoked", "superseded", "copy", "not genuine",
        "could not be checked"}
    assert {vector["cause"] for vector in VECTORS} == {None, *CAUSES}
    assert {vector["address"] for vector in VECTORS} == {"official", "other", "loopback", "file"}
