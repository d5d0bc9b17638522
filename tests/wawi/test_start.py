"""The first start, as somebody new meets it."""

import re

import requests

from tests.wawi.server import kpos_wawi, serving


def log_in(server, name, password):
    """A browser at the desk."""
    browser = requests.Session()
    form = browser.get(f"{server.url}/admin/login/", timeout=60).text
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert found is not None
    answer = browser.post(
        f"{server.url}/admin/login/?next=/admin/",
        data={"username": name, "password": password, "csrfmiddlewaretoken": found[1]},
        timeout=60,
    )
    return browser, answer


def test_one_command_is_all_there_is_to_do(tmp_path):
    with serving(tmp_path / "wawi") as server:
        assert server.said[-1].endswith(f"(the pages are at {server.url}/admin/)")
        _browser, page = log_in(server, "admin", server.password)
        assert page.status_code == 200
        assert "Willkommen" in page.text
        assert requests.get(server.url, timeout=60).url.endswith("/admin/login/?next=/admin/")


def test_the_first_password_is_shown_once_and_can_be_replaced(tmp_path):
    data = tmp_path / "wawi"
    with serving(data) as server:
        kpos_wawi(data, "user", "passwd", "admin", "--password", "-", input="zehn Fahrräder\n")
        _browser, page = log_in(server, "admin", server.password)
        assert "Willkommen" not in page.text
    with serving(data) as server:
        assert len(server.said) == 1
        _browser, page = log_in(server, "admin", "zehn Fahrräder")
        assert "Willkommen" in page.text


def test_a_second_person_gets_a_user_of_their_own(tmp_path):
    data = tmp_path / "wawi"
    kpos_wawi(data, "migrate")
    kpos_wawi(data, "user", "add", "grace", "--password", "-", input="kaffee um elf\n")
    assert kpos_wawi(data, "user", "list", "--csv").stdout == (
        "name,active,last_login\ngrace,True,\n"
    )
    weak = kpos_wawi(data, "user", "add", "ken", "--password", "-", input="1234\n", check=False)
    assert weak.returncode == 1
    assert "too short" in weak.stderr
    twice = kpos_wawi(data, "user", "add", "grace", "--password", "-", input="x\n", check=False)
    assert twice.stderr == "kpos: there is a user 'grace' already\n"


def test_its_secrets_are_for_its_owner_alone(tmp_path):
    data = tmp_path / "wawi"
    kpos_wawi(data, "migrate")
    assert (data / "secret-key").stat().st_mode & 0o777 == 0o600
    assert data.stat().st_mode & 0o777 == 0o700


def test_a_command_for_a_server_that_is_not_there_says_how_to_begin(tmp_path):
    done = kpos_wawi(tmp_path, "user", "list", check=False)
    assert done.returncode == 1
    assert f"kpos wawi serve --data {tmp_path} begins one" in done.stderr


def test_an_address_that_is_taken_is_one_line(tmp_path):
    with serving(tmp_path / "one") as server:
        taken = server.url.removeprefix("http://")
        done = kpos_wawi(tmp_path / "two", "serve", "--listen", taken, check=False)
    assert done.returncode == 1
    assert done.stderr == f"kpos: cannot listen at {taken}: Address already in use\n"
