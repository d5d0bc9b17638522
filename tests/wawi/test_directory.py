"""Members come from a real LDAP directory: OpenLDAP's slapd, for a moment, over a socket."""

import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest

from tests.wawi.server import kpos_wawi

pytest.importorskip("ldap")
SLAPD = shutil.which("slapd", path="/usr/sbin:/usr/bin:/sbin:/bin")
pytestmark = pytest.mark.skipif(SLAPD is None, reason="slapd is not installed")

BASE = "dc=example,dc=org"
CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "dc=example,dc=org"
rootdn "cn=admin,dc=example,dc=org"
rootpw geheim
directory {folder}
"""
HOUSE = """
dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ou=people,dc=example,dc=org
objectClass: organizationalUnit
ou: people
"""
PERSON = """
dn: uid={uid},ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: {uid}
cn: {name}
sn: {name}
employeeNumber: {number}
"""
PEOPLE = [("ada", "Ada Lovelace", "42"), ("grace", "Grace Höpper", "7"), ("ken", "Ken", "x")]


class Slapd:
    def __init__(self, folder: Path) -> None:
        self.url = f"ldapi://{quote(str(folder / 'socket'), safe='')}"
        self._as_admin = ["-x", "-H", self.url, "-D", f"cn=admin,{BASE}", "-w", "geheim"]

    def answers(self) -> bool:
        asked = subprocess.run(["ldapwhoami", *self._as_admin], capture_output=True, check=False)
        return asked.returncode == 0

    def add(self, text: str) -> None:
        subprocess.run(["ldapadd", *self._as_admin], input=text, text=True, check=True,
                       capture_output=True)  # fmt: skip

    def rename(self, uid: str, name: str) -> None:
        text = f"dn: uid={uid},ou=people,{BASE}\nchangetype: modify\nreplace: cn\ncn: {name}\n"
        subprocess.run(["ldapmodify", *self._as_admin], input=text, text=True, check=True,
                       capture_output=True)  # fmt: skip


@contextmanager
def slapd():
    with TemporaryDirectory(prefix="kpos-ldap-") as name:  # a socket's path is short
        folder = Path(name)
        (folder / "data").mkdir()
        (folder / "slapd.conf").write_text(CONFIG.format(folder=folder / "data"))
        found = Slapd(folder)
        command = [str(SLAPD), "-f", str(folder / "slapd.conf"), "-h", found.url, "-d", "0"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            while not found.answers():
                assert process.poll() is None
            found.add(HOUSE)
            for uid, person, number in PEOPLE:
                found.add(PERSON.format(uid=uid, name=person, number=number))
            yield found
        finally:
            process.terminate()
            process.wait(60)


def test_members_come_from_a_directory_and_stay_the_same(tmp_path):
    data = tmp_path / "wawi"
    kpos_wawi(data, "migrate")
    listed = tmp_path / "members.csv"
    listed.write_text("name,number,credit\nAda,42,20.00\n", encoding="utf-8")
    kpos_wawi(data, "import", "member", str(listed))
    with slapd() as directory:
        ask = ["import", "ldap", directory.url, "--base", f"ou=people,{BASE}"]
        said = kpos_wawi(data, *ask, "--dry-run").stdout.splitlines()
        assert said == [
            "line 1: change Ada: name Ada -> Ada Lovelace",
            "line 2: add Grace Höpper",
            "line 3: add Ken",
            "members: 2 added, 1 changed; nothing was booked",
        ]
        assert kpos_wawi(data, *ask).stdout == "members: 2 added, 1 changed\n"
        assert kpos_wawi(data, *ask).stdout == "members: 3 as they were\n"
        directory.rename("ken", "Ken Thompson")
        assert kpos_wawi(data, *ask).stdout == "members: 1 changed, 2 as they were\n"


def test_a_directory_that_does_not_answer_is_one_line(tmp_path):
    kpos_wawi(tmp_path, "migrate")
    url = f"ldapi://{quote(str(tmp_path / 'nobody'), safe='')}"
    done = kpos_wawi(tmp_path, "import", "ldap", url, "--base", BASE, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"kpos: {url}: ")
