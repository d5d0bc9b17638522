"""Disks of some megabytes that really fill, in a mount namespace of their own."""

import sys

from tests.cli.test_faults import on_a_disk_of_its_own


def test_a_full_disk_of_server_or_till_is_survived(tmp_path):
    story = "-m pytest -n 0 -q -p no:cacheprovider tests/wawi/full_disks.py"
    ran = on_a_disk_of_its_own(
        f"""
        set -e
        for disk in house till; do
            mkdir {tmp_path}/$disk && mount -t tmpfs -o size=6m tmpfs {tmp_path}/$disk
        done
        KPOS_DISKS={tmp_path} {sys.executable} {story} --basetemp {tmp_path}/base
        """
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
