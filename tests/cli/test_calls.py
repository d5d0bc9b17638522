"""The calls that scripts rely on, word by word."""

from tests.cli.admin import MATE

FIELDS = (
    "till epoch seq receipt_number kind at clock author body postings movements private_digest"
    " prev_hash hash"
).split()


def test_the_calls_scripts_rely_on(shell):
    """Issue 2, item 6, from a new till to a verified one."""
    shell.does("init", "--data", shell.data)
    shell.does("group", "add", "guests")
    mate = ("--name", "Club-Mate 0,5l", "--barcode", MATE, "--price", "1.50", "--deposit", "0.15")
    shell.does("product", "add", *mate, "--number", 12)
    pin = ("--number", 42, "--pin", "-", "--group", "members", "--role", "member")
    shell.does("member", "add", "--name", "Ada", *pin, "--language", "en", stdin="1234\n")
    shell.does("card", "issue", "--code", "CARD-ADA", "--member", "Ada")
    shell.does("card", "issue", "--code", "GUEST-1", "--group", "guests")

    top_up = ("top-up", "--card", "CARD-ADA", "--amount")
    assert shell.does(*top_up, "20.00", "--note", "in an envelope") == "K1-000001"
    assert shell.does(*top_up, "5,00", "--kind", "transfer") == "K1-000002"
    assert shell.does("reverse", "K1-000002") == "K1-000003"
    assert shell.reads("card", "show", "CARD-ADA")["credit_cents"] == 2000

    documents = shell.journal()
    assert [list(document) for document in documents] == [FIELDS] * len(documents)
    [topped_up] = [each for each in documents if each["receipt_number"] == "K1-000001"]
    wallet = shell.reads("card", "show", "CARD-ADA")["wallet"]
    assert topped_up["postings"] == [["cash:K1", 2000], [f"wallet:{wallet}", -2000]]
    assert shell.reads("verify")["documents"] == len(documents)


def test_the_data_folder_comes_from_the_option_or_the_environment(admin, tmp_path):
    other = tmp_path / "other"
    admin.does("init", "--data", other)
    assert admin.reads("status")["till"] != admin.reads("status", "--data", other)["till"]


def test_a_new_till_has_the_group_members_as_everybodys_default(shell):
    shell.does("init")
    shell.does("member", "add", "--name", "Ada")
    assert shell.reads("member", "show", "Ada")["group"] == "members"
    assert [row["name"] for row in shell.reads("group", "list")] == ["members"]


def test_a_till_that_is_there_stays_as_it_is(admin):
    before = admin.journal()
    assert "already: it stays as it is" in admin.refused("init")
    assert admin.journal() == before


def test_a_new_till_can_begin_with_the_demo(shell):
    shell.does("init", "--demo")
    assert shell.credit("CARD-ADA") == 2000
    shell.does("verify")


def test_without_a_till_every_command_says_how_to_make_one(shell):
    for command in (
        ["status"], ["verify"], ["rebuild"], ["journal"], ["product", "list"],
        ["report", "balances"], ["top-up", "--card", "X", "--amount", "1"], ["export", "csv"],
        ["backup", "x.db"],
    ):  # fmt: skip
        assert shell.refused(*command) == (
            f"there is no till in {shell.data}: create it with kpos init --data {shell.data}"
        )
    assert not shell.data.exists()
