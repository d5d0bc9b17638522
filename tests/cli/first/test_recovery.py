"""A till from its backup, on a card or a stick; and what a file can mend later."""

from __future__ import annotations

import tomllib

from tests.cli.first.appliance import GRACE, KEY, MORE, is_set_up
from tests.sync.served import Server, reply
from tests.sync.wawi import Wawi
from tests.terminal.test_ends import end


def test_a_card_died_and_its_backup_lies_on_the_new_one(appliance, admin, tmp_path):
    admin.does("backup", tmp_path / "kpos-K1-20261122T190000Z.db")
    for name in ("kpos-K1-20261121T190000Z.db", "kpos-K1-20261122T190000Z.db"):
        (appliance.boot / name).write_bytes((tmp_path / "kpos-K1-20261122T190000Z.db").read_bytes())
    (appliance.boot / "kpos-K1-20261121T190000Z.db").write_text("an older one, half")
    done = appliance.runs()
    assert done.returncode == 0, done.stderr
    is_set_up(appliance)
    kept = [each.name for each in appliance.places.backups.iterdir()]
    assert kept == ["kpos-K1-20261122T190000Z.db"]
    assert [each.name for each in appliance.boot.iterdir()] == ["kpos-K1-20261121T190000Z.db"]
    till = appliance.is_the_till_of(admin)
    assert till.credit("CARD-ADA") == 2000
    assert till.does("top-up", "--card", "CARD-ADA", "--amount", "1") == "K1A-000001"
    assert appliance.runs().returncode == 0
    assert till.does("top-up", "--card", "CARD-ADA", "--amount", "1") == "K1A-000002"


def test_the_wawi_of_a_backup_is_waited_for_since_it_knows_more(appliance, admin):
    server = Server(Wawi())
    with server.running():
        admin.does("pair", server.url, server.wawi.code("K4"))
        admin.does("backup", appliance.boot / "kpos-K4-20261122T190000Z.db")
        admin.does("top-up", "--card", "CARD-ADA", "--amount", "5")
        admin.does("sync")
        booked = admin.journal()
        server.days.extend([lambda asked: reply(asked, 503, b"", "text/html")] * 2)
        child = appliance.starts()
        child.expect(r"Ich\s+warte\s+auf\s+die\s+WaWi")
        child.expect("Fertig")
        assert end(child) == 0
        till = appliance.is_the_till_of(admin)
        assert till.journal() == booked
        till.does("sync")
        assert till.credit("CARD-ADA") == 2500
        assert till.reads("status")["prefix"] == "K4A"
    assert not any(journal.forks for journal in server.wawi.journals.values())


def test_a_till_of_a_wawi_takes_a_new_pin_of_somebody_it_knows_and_nobody_else(appliance, shell):
    server = Server(Wawi())
    with server.running():
        appliance.file.write_text(GRACE)
        assert appliance.runs().returncode == 0
        admin = appliance.is_the_till_of(shell)
        admin.does("pair", server.url, server.wawi.code("K4"))
        appliance.file.write_text(GRACE.replace("271828", "314159"))
        done = appliance.runs()
        assert done.returncode == 0, done.stderr
        is_set_up(appliance)
        appliance.file.write_text(GRACE.replace("Grace", "Mallory"))
        child = appliance.starts()
        child.expect(r"belongs\s+to\s+the\s+WaWi")
        child.close(force=True)
    assert [each["name"] for each in admin.reads("member", "list")] == ["Grace"]


def test_a_stick_that_was_left_there_is_asked_about(device, admin):
    """It may be another till's."""
    device.file.write_text(device.devices)
    device.places.stick.mkdir(parents=True)
    admin.does("backup", device.places.stick / "kpos-K1-20261122T190000Z.db")
    child = device.starts()
    device.waits_to_read("1 Deutsch")
    device.presses("2")
    device.waits_to_read("Restore from the stick: 1 yes")
    device.presses("#")
    device.waits_to_read("1 or 2, please")
    device.presses("1#")
    child.expect("Done")
    assert end(child) == 0
    is_set_up(device)
    till = device.is_the_till_of(admin)
    assert till.credit("CARD-ADA") == 2000
    assert (device.places.stick / "kpos-K1-20261122T190000Z.db").exists()
    assert (device.places.backups / "kpos-K1-20261122T190000Z.db").exists()


def test_a_backup_on_a_stick_is_restored_by_its_name(appliance, admin):
    appliance.places.stick.mkdir(parents=True)
    admin.does("backup", appliance.places.stick / "kpos-K1-20261122T190000Z.db")
    appliance.file.write_text('[restore]\nfile = "kpos-K1-20261122T190000Z.db"\n')
    done = appliance.runs()
    assert done.returncode == 0, done.stderr
    assert appliance.is_the_till_of(admin).credit("CARD-ADA") == 2000


def test_a_backup_that_cannot_be_read_changes_nothing(appliance):
    (appliance.boot / "kpos-K1-20261122T190000Z.db").write_text("half of one")
    child = appliance.starts()
    child.expect(r"Nichts\s+wurde\s+eingerichtet")
    child.expect(r"no\s+whole\s+backup")
    assert not appliance.places.config.exists()
    assert not (appliance.places.books / "journal.db").exists()
    appliance.file.write_text('[restore]\nfile = "kpos-K2.db"\n')
    child.expect(r"da\s+ist:\s+kpos-K1")
    child.close(force=True)


def test_backups_of_several_tills_are_not_chosen_from(appliance):
    for name in ("kpos-K1-20261122T190000Z.db", "kpos-K2-20261122T190000Z.db"):
        (appliance.boot / name).write_text("x")
    child = appliance.starts()
    child.expect(r"Sicherungen\s+mehrerer\s+Kassen")
    child.close(force=True)


def test_a_backup_never_replaces_a_till_that_sells(appliance, admin, tmp_path):
    appliance.file.write_text(GRACE)
    assert appliance.runs().returncode == 0
    admin.does("backup", appliance.boot / "kpos-K1-20261122T190000Z.db")
    assert appliance.runs().returncode == 0
    appliance.file.write_text('[restore]\nfile = "kpos-K1-20261122T190000Z.db"\n')
    child = appliance.starts()
    child.expect(r"schon\s+eine\s+Kasse\s+mit\s+eigenen\s+Buchungen")
    child.close(force=True)
    assert [each["name"] for each in appliance.is_the_till_of(admin).reads("member", "list")] == [
        "Grace"
    ]


def test_a_file_put_there_later_gives_a_forgotten_pin_and_a_new_key(appliance, shell):
    appliance.file.write_text(GRACE + MORE)
    assert appliance.runs().returncode == 0
    for _ in range(2):
        appliance.file.write_text(
            f'[ssh]\nkey = "{KEY}2"\n[person]\nname = "Grace"\nnumber = 7\npin = "999999"\n'
        )
        assert appliance.runs().returncode == 0
    is_set_up(appliance)
    assert appliance.places.authorized_keys.read_text() == f"{KEY}\n{KEY}2\n"
    admin = appliance.is_the_till_of(shell)
    assert len(admin.reads("member", "list")) == 1
    assert "999999" not in appliance.places.done.read_text()
    till = {"name": "Getränke Keller", "language": "en"}
    assert tomllib.loads(appliance.places.config.read_text())["till"] == till
    appliance.file.write_text('[till]\nlanguage = "de"\n[scanner]\nlayout = "de"\n')
    assert appliance.runs().returncode == 0
    config = tomllib.loads(appliance.places.config.read_text())
    assert config == {"till": {"name": "Getränke Keller"}, "scanner": {"layout": "de"}}
    assert (appliance.places.config.parent / "kpos.toml.before-setup").exists()
