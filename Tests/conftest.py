import pytest

# Before anything imports it: a failed assertion there shows its values too.
pytest.register_assert_rewrite("support")

from support.program import PROGRAM  # noqa: E402


def pytest_report_header():
    return f"canting: {PROGRAM}"
