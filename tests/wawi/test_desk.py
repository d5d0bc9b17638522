"""The office's desk in a browser: what is saved is a document, what is refused says why."""

import re

import pytest

from tests.wawi.server import kpos_wawi, serving
from tests.wawi.test_start import log_in


def found(pattern, text):
    """What a pattern's group stands for in a page."""
    match = re.search(pattern, text)
    assert match is not None, pattern
    return match[1]


class Desk:
    """Somebody who is logged in, and fills forms."""

    def __init__(self, server):
        self.url = f"{server.url}/admin/desk"
        self.browser, _page = log_in(server, "admin", server.password)
        self.browser.headers["Accept-Language"] = "de"

    def look(self, path):
        answer = self.browser.get(f"{self.url}/{path}", timeout=60)
        assert answer.status_code == 200, path
        return answer.text

    def send(self, path, **cells):
        """Fill the form of a page in; what the page says then."""
        token = found(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.look(path))
        answer = self.browser.post(
            f"{self.url}/{path}", data=cells | {"csrfmiddlewaretoken": token}, timeout=60
        )
        assert answer.status_code == 200
        return answer.text

    def last_change(self):
        """The newest page of the audit log."""
        newest = found(r"/admin/desk/audit/([0-9]+)/change/", self.look("audit/"))
        return self.look(f"audit/{newest}/change/")

    def id_of(self, path, name):
        """The id of something in a list."""
        return found(rf'/admin/desk/{path}/([^/"]+)/change/">{name}<', self.look(f"{path}/"))


@pytest.fixture
def desk(server):
    return Desk(server)


def test_a_product_is_added_changed_and_retired(desk):
    cells = {"name": "Limo", "price_cents": "1,80", "unit": "piece", "barcodes": "4029764001807"}
    assert "wurde erfolgreich hinzugefügt" in desk.send("product/add/", **cells)
    page = desk.send("product/add/", **cells)
    assert "vergeben" in page
    assert "is the barcode of Limo" in page
    limo = desk.id_of("product", "Limo")
    desk.send(f"product/{limo}/change/", **cells | {"price_cents": "1.90"})
    assert '<td class="field-shown_price">1,90</td>' in desk.look("product/")
    log = desk.look("audit/")
    assert "Artikel: Limo" in log
    change = desk.look(f"audit/{found(r'/admin/desk/audit/([0-9]+)/change/', log)}/change/")
    assert "&quot;price_cents&quot;: 180" in change
    assert "&quot;price_cents&quot;: 190" in change
    desk.send("product/", action="retire", _selected_action=limo)
    assert "Limo<" not in desk.look("product/")
    assert "Limo<" in desk.look("product/?retired=1")


def test_nothing_is_deleted(desk):
    desk.send("supplier/add/", name="Quelle")
    quelle = desk.id_of("supplier", "Quelle")
    answer = desk.browser.post(f"{desk.url}/supplier/{quelle}/delete/", timeout=60)
    assert answer.status_code == 403
    assert "delete_selected" not in desk.look("supplier/")


def test_an_amount_that_is_none_is_said_in_the_readers_language(desk):
    page = desk.send("product/add/", name="Teuer", price_cents="viel", unit="piece")
    assert "Einen Betrag bitte als" in page
    desk.browser.headers["Accept-Language"] = "en"
    page = desk.send("product/add/", name="Teuer", price_cents="viel", unit="piece")
    assert "Write an amount as" in page


def test_a_member_gets_a_card_and_credit(desk):
    desk.send("supplier/add/", name="Anlass")  # the group of everybody comes with the first change
    group = desk.id_of("group", "members")
    cells = {"name": "Hedy", "group": group, "role": "member", "opening_cents": "5"}
    assert "wurde erfolgreich hinzugefügt" in desk.send("member/add/", **cells)
    hedy = desk.id_of("member", "Hedy")
    assert "wurde erfolgreich" in desk.send("card/add/", code="CARD-HEDY", member=hedy)
    wallet = found(r"/admin/desk/wallet/(\w+)/top-up/", desk.look("wallet/?q=Hedy"))
    said = desk.send(f"wallet/{wallet}/top-up/", cents="12,50", means="cash")
    assert "das Guthaben ist 17,50" in said
    assert "Aufladung" in desk.look("document/")


def test_a_wallet_gets_a_home_and_all_a_limit(tmp_path):
    with serving(tmp_path / "data", "--demo") as server:
        desk = Desk(server)
        wallet = found(r"/admin/desk/wallet/(\w+)/home/", desk.look("wallet/"))
        page = desk.look(f"wallet/{wallet}/home/")
        tills = re.findall(r'<option value="(\w{16})"( selected)?>(?:K1|K2)<', page)
        # The demo's wallets are at home at any till; this one goes elsewhere.
        home = next(till for till, is_selected in tills if not is_selected)
        page = desk.send(f"wallet/{wallet}/home/", home=home)
        waits = found(r"Erledigt, sobald diese Kassen es wissen: (K\d[ K\d]*)<", page)
        assert f">{waits}<" in desk.look(f"wallet/{wallet}/home/")
        assert home in desk.last_change()
        server.kpos("till", "lost", "K1")
        assert 'class="errorlist"' in desk.send(f"wallet/{wallet}/home/", home=tills[0][0])
        assert "home__id__exact" in desk.look("till/")
        assert 'class="errornote"' in desk.send("till/offline-limit/", cents="-1")
        assert "Erledigt." in desk.send("till/offline-limit/", cents="7,50")
        page = desk.look("till/offline-limit/")
        assert 'value="7,50"' in page
        assert ">15,00<" in page
        change = desk.last_change()
        assert "offline_limit_cents" in change
        assert "750" in change


def test_who_was_looked_after_here_and_erased_is_in_no_file(tmp_path):
    with serving(tmp_path / "data") as server:
        desk = Desk(server)
        desk.send("supplier/add/", name="Anlass")
        group = desk.id_of("group", "members")
        desk.send("member/add/", name="Rosalind F", number="31337", group=group, role="member")
        rosalind = desk.id_of("member", "Rosalind F")
        desk.send("card/add/", code="CARD-ROSALIND", member=rosalind)
        desk.send(f"member/{rosalind}/change/", name="Rosalind F", group=group, role="trusted")
        refused = kpos_wawi(server.data, "erase", "Rosalind F", check=False)
        assert "of Rosalind F would be gone for good: add --yes" in refused.stderr
        assert words_in(server.data) == {"Rosalind F", "CARD-ROSALIND"}
        assert server.kpos("erase", "Rosalind F", "--yes").startswith("Erased.")
        assert words_in(server.data) == set()
        desk.look("member/?retired=all")
    assert words_in(server.data) == set()


def words_in(folder):
    files = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return {word for word in ("Rosalind F", "CARD-ROSALIND") if word.encode() in files}


def test_a_branch_gets_a_till(desk):
    assert "wurde erfolgreich" in desk.send("branch/add/", name="Keller")
    keller = desk.id_of("branch", "Keller")
    page = desk.send(f"branch/{keller}/till/")
    assert re.search(r"kpos pair http://\S+ [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}<", page)
    assert "<svg" in page


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_can_be_looked_at(desk, language):
    desk.browser.headers["Accept-Language"] = language
    pages = re.findall(r'href="/admin/desk/(\w+)/"', desk.look("../"))
    assert len(set(pages)) == 15
    for page in set(pages):
        desk.look(f"{page}/")
        desk.look(f"{page}/?q=x")
