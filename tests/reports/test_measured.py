"""The shop that reports are measured in still has the tables of a till."""

from tests.bench.reporting import reports


def test_every_report_can_be_measured(tmp_path):
    assert all(figure.name.startswith("report ") for figure in reports(tmp_path, (50, 100)))
