"""The first boot: from a file, from questions at a console or at the keys, from a backup."""

from __future__ import annotations

import os
import tomllib

import pytest

from tests.cli.first.appliance import GRACE, KEY, MORE, is_set_up
from tests.cli.first.test_mistakes import TEMPLATE
from tests.hardware.desk import PAD_KEYS, Desk
from tests.hardware.ptys import PtyPlug
from tests.hardware.strokes import KEYBOARD
from tests.sync.served import Server, reply
from tests.sync.wawi import Wawi
from tests.terminal.test_ends import end


def test_one_file_makes_the_till_and_leaves_no_secret_on_the_card(appliance, shell):
    appliance.file.write_text("# ours\r\n" + GRACE + MORE)
    done = appliance.runs()
    assert done.returncode == 0, done.stderr
    is_set_up(appliance)
    places = appliance.places
    [left] = appliance.boot.iterdir()
    assert left == places.done
    text = left.read_text()
    assert "271828" not in text
    assert "# ours" in text
    assert tomllib.loads(text)["person"] == {"name": "Grace", "number": 7}
    assert tomllib.loads(places.config.read_text()) == {
        "till": {"name": "Getränke Keller", "language": "en"}
    }
    assert places.hostname.read_text() == "getraenke-keller\n"
    assert places.authorized_keys.read_text() == KEY + "\n"
    assert "Address=10.0.0.5/24\nGateway=10.0.0.1" in places.network.read_text()
    admin = appliance.is_the_till_of(shell)
    [grace] = admin.reads("member", "list")
    assert (grace["name"], grace["number"], grace["role"]) == ("Grace", 7, "admin")
    admin.does("verify")
    before = admin.journal()
    assert appliance.runs().returncode == 0
    assert admin.journal() == before


def test_a_wrong_file_is_told_on_the_display_and_beside_it_and_nothing_is_done(device):
    wrong = GRACE.replace('"en"', '"klingonisch"').replace("271828", "12")
    device.file.write_text(device.devices + wrong)
    child = device.starts()
    child.expect(r"Nichts\s+wurde\s+eingerichtet")
    child.expect(r"Zeile\s+8,\s+Spalte\s+12")
    child.expect(r"Zeile\s+12,\s+Spalte\s+7")
    device.waits_to_read("Zeile 8, Spalte 12: language geht so")
    device.waits_until(device.places.error.exists)
    said = device.places.error.read_bytes()
    assert said.startswith(b"\xef\xbb\xbf")
    assert "line 8, column 12: language must be one of de, en\r\n" in said.decode()
    assert "line 12, column 7: this PIN has 6 to 8 digits" in said.decode()
    assert {each.name for each in device.boot.iterdir()} == {
        "kpos-setup.toml",
        device.places.error.name,
    }
    assert not list(device.places.data.iterdir())
    assert not device.places.books.exists()
    device.file.write_text(device.devices + GRACE)
    child.expect("Done. The till starts.")
    assert end(child) == 0
    is_set_up(device)
    config = tomllib.loads(device.places.config.read_text())
    assert config["keypad"]["device"].endswith("/dev/pad")


def test_who_answers_at_the_console_needs_no_file(appliance, shell):
    appliance.file.write_bytes(TEMPLATE.read_bytes())
    child = appliance.starts()
    child.expect(r"2\s+English")
    child.sendline("2")
    child.expect("Name of the till .kpos.: ")
    child.sendline("A name that is by far too long for a till")
    child.expect(r"->\s+a\s+name\s+has\s+1\s+to\s+30\s+characters,\s+this\s+one\s+41")
    child.expect(r"Name\s+of\s+the\s+till")
    child.sendline("Küche")
    child.expect("Time zone .Europe/Berlin.")
    child.sendline("Europe/Vienna")
    child.expect(r"belong\s+to\s+a\s+WaWi")
    child.sendline("")
    child.expect(r"Who\s+takes\s+money")
    child.sendline("Ada")
    child.expect("Number to log in with .1.")
    child.sendline("42")
    for pins in (("314159", "314158"), ("314159", "314159")):
        child.expect("PIN, 6 to 8 digits: ")
        child.sendline(pins[0])
        child.expect("The same PIN again: ")
        child.sendline(pins[1])
    child.expect(r"Public\s+ssh\s+key")
    child.sendline("ssh-rsa nonsense")
    child.expect(r"no\s+public\s+ssh\s+key")
    child.sendline(KEY)
    child.expect(r"Fixed\s+address")
    child.sendline("")
    child.expect(r"All\s+right")
    assert not appliance.places.books.exists()
    child.sendline("")
    child.expect("Done")
    assert end(child) == 0
    assert "314159" not in (child.before or "")
    is_set_up(appliance)
    assert appliance.places.done.read_text() == TEMPLATE.read_text()
    admin = appliance.is_the_till_of(shell)
    assert [(each["name"], each["number"]) for each in admin.reads("member", "list")] == [
        ("Ada", 42)
    ]
    zones = [row["value"] for row in admin.reads("setting", "list") if row["key"] == "zone"]
    assert zones == ["Europe/Vienna"]
    assert appliance.places.hostname.read_text() == "kueche\n"


def test_the_consoles_of_the_kernel_and_the_serial_port_ask(appliance):
    """Nobody sits at standard input: systemd started it."""
    root = appliance.places.root
    consoles = appliance.places.consoles
    consoles.parent.mkdir(parents=True)
    consoles.write_text("tty0 hvc0\n")
    (root / "sys/class/tty/ttyS0").mkdir()
    (root / "sys/class/tty/ttyS0/type").write_text("4\n")
    plugs = {name: PtyPlug(root / "dev" / name) for name in ("tty1", "ttyS0")}
    child = appliance.begins()

    def reads(name: str, words: str) -> None:
        heard = ""
        while words not in heard:
            heard += plugs[name].received().decode(errors="replace")

    for name in plugs:
        reads(name, "2 English")
    os.write(plugs["ttyS0"].device, b"2\r")
    reads("ttyS0", "Name of the till [kpos]: ")
    appliance.file.write_text(GRACE)
    plugs["ttyS0"].is_pulled()
    reads("tty1", "The till is being set up")
    assert child.wait() == 0
    is_set_up(appliance)
    plugs["tty1"].is_pulled()


def test_what_twelve_keys_can_say_is_asked_at_the_till(device, shell):
    device.file.write_text(device.devices)
    child = device.starts()
    device.waits_to_read("1 Deutsch")
    device.presses("1")
    for asks, keys in (
        ("Nummer dieser Kasse, 1-99", "100#"),
        ("eine Zahl von 1 bis 99", "3#"),
        ("Ihre Nummer zum Anmelden", "7*9#"),
        ("PIN, 6 bis 8 Ziffern", "123#"),
        ("diese PIN hat 6 bis 8 Ziffern", "271828#"),
        ("Dieselbe PIN nochmal", "271828#"),
        ("Kasse 3, Nummer 9: 1 anlegen 2 von vorn", "#"),
    ):
        device.waits_to_read(asks)
        device.presses(keys)
    child.expect("Fertig")
    assert end(child) == 0
    is_set_up(device)
    admin = device.is_the_till_of(shell)
    [person] = admin.reads("member", "list")
    assert (person["name"], person["number"], person["role"]) == ("Admin", 9, "admin")
    config = tomllib.loads(device.places.config.read_text())
    assert config["till"] == {"name": "Kasse 3"}
    assert config["display"]["kind"] == "serial"


def test_a_pin_is_not_to_be_read_on_the_display(device):
    device.file.write_text(device.devices)
    child = device.starts()
    device.waits_to_read("1 Deutsch")
    device.presses("2")
    device.waits_to_read("Number of this till")
    device.presses("##")
    device.waits_to_read("PIN, 6 to 8 digits")
    device.presses("27182")
    device.waits_to_read("> *****")
    assert "27182" not in "".join(device.glass())
    child.close(force=True)


def test_a_pad_of_any_maker_is_given_to_the_till_and_a_strangers_keyboard_is_not(appliance):
    desk = Desk(appliance.places.root)
    desk.inputs.plug_in(1, "Pad", PAD_KEYS, ids="1a2c:0021", by_id="usb-1a2c_Pad-event-kbd")
    desk.inputs.plug_in(2, "Keyboard", KEYBOARD, ids="046d:c31c", by_id="usb-Logitech-event-kbd")
    desk.inputs.plug_in(3, "PSC QS6000", KEYBOARD, by_id="usb-PSC_QS6000-event-kbd")
    appliance.file.write_text(GRACE)
    done = appliance.runs()
    assert done.returncode == 0, done.stderr
    config = tomllib.loads(appliance.places.config.read_text())
    assert config["keypad"]["device"].endswith("/usb-1a2c_Pad-event-kbd")
    assert config["scanner"]["device"].endswith("/usb-PSC_QS6000-event-kbd")
    rules = appliance.places.rules.read_text()
    assert 'ATTRS{idVendor}=="1a2c", ATTRS{idProduct}=="0021", GROUP="kpos"' in rules
    assert "05f9" in rules
    assert "046d" not in rules
    appliance.file.write_text('[scanner]\ndevice = ""\n[keypad]\ndevice = "usb-Logi*"\n')
    assert appliance.runs().returncode == 0
    rules = appliance.places.rules.read_text()
    assert ("046d" in rules, "1a2c" in rules, "05f9" in rules) == (True, False, False)


def test_two_files_are_told_once_and_the_one_that_is_left_is_taken(appliance):
    appliance.file.write_text(GRACE)
    other = appliance.boot / "KPOS-SETUP.TXT"
    other.write_text(GRACE)
    child = appliance.starts()
    child.expect(r"nur\s+eine\s+davon\s+bitte")
    child.expect(r"für\s+die\s+Fragen")
    other.unlink()
    child.expect("Done")
    assert "davon" not in (child.before or "")
    assert end(child) == 0


def test_a_setup_that_failed_amid_is_not_over_without_anybody(appliance):
    """The WaWi said no; then the file is taken away."""
    server = Server(Wawi())
    with server.running():
        appliance.file.write_text(f'[wawi]\nurl = "{server.url}"\ncode = "CODE-0"\n')
        child = appliance.starts()
        child.expect(r"Noch\s+nicht\s+fertig")
        appliance.file.unlink()
        child.expect(r"1\s+Deutsch")
        child.close(force=True)
    assert not appliance.places.finished.exists()


@pytest.mark.parametrize("how", ["later", "by hand"])
def test_a_wawi_that_is_not_there_yet_is_waited_for(appliance, shell, how):
    wawi = Wawi()
    server = Server(wawi)
    code = wawi.code("K7") if how == "later" else "CODE-0"
    server.days.extend([lambda asked: reply(asked, 503, b"", "text/html")] * 2)
    appliance.file.write_text(
        f'[till]\nlanguage = "en"\n[wawi]\nurl = "{server.url}"\ncode = "{code}"\n'
    )
    with server.running():
        child = appliance.starts()
        child.expect(r"cannot\s+be\s+reached\s+yet,\s+I\s+keep\s+trying")
        if how == "by hand":
            server.days.clear()
            child.expect(r"Not\s+done\s+yet")
            child.expect(r"does\s+not\s+take\s+this")
            child.expect(r"for\s+the\s+questions")
            appliance.waits_until(appliance.places.error.exists)
            assert "get a new one" in appliance.places.error.read_text()
            code = wawi.code("K7")
            admin = appliance.is_the_till_of(shell)
            admin.does("pair", server.url, code)
        child.expect("Done")
        assert end(child) == 0
    is_set_up(appliance)
    assert code not in appliance.places.done.read_text()
    admin = appliance.is_the_till_of(shell)
    assert admin.reads("status")["prefix"] == "K7"


def test_a_card_that_cannot_be_written_is_said_and_the_till_starts(appliance):
    appliance.file.write_text(GRACE)
    (appliance.boot / "kpos-setup-done.toml.new").mkdir()
    child = appliance.starts()
    child.expect(r"Please\s+delete\s+PIN\s+and\s+code")
    assert end(child) == 0
    assert appliance.places.finished.exists()
