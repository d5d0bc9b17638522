"""An old list of members: tolerant in form, strict in content, all or nothing."""

import json

import pytest


@pytest.fixture
def listed(admin, tmp_path):
    """Writes a list and imports it; returns how that went."""

    def importing(content: str | bytes, *options: str):
        file = tmp_path / "old"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return admin.types("member", "import", file, *options)

    return importing


def members(admin):
    rows = admin.reads("member", "list")
    return {row["name"]: (row["number"], row["cards"], row["credit_cents"]) for row in rows}


THREE = {
    "Ada": (42, ["CARD-ADA"], 2000),
    "Bo, the second": (7, ["C-7"], 1250),
    "Cleo Müller": (None, [], -305),
}


@pytest.mark.parametrize(
    "content",
    [
        'name,number,card,credit\n"Bo, the second",7,C-7,12.50\nCleo Müller,,,-3.05\n',
        "Name;Nummer;Karte;Guthaben\nBo, the second;7;C-7;12,50\nCleo Müller;;;-3,05\n",
        "Kontostand (EUR)\tKarten-Nr.\tMitglieds-Nr.\tMitglied\n"
        "12,5\tC-7\t7\tBo, the second\n-3,05 €\t\t\tCleo Müller\n",
        "\ufeffNAME;NO;CARD CODE;BALANCE\r\n\r\nBo, the second;007;C-7;12,50\r\n\r\n"
        "Cleo Müller;;;-3,05\r\n",
        "name;number;card;credit\nBo, the second;7;C-7;12,50\nCleo Müller;;;-3,05".encode("cp1252"),
        json.dumps(
            [
                {"name": "Bo, the second", "number": 7, "card": "C-7", "credit": 12.5},
                {"name": "Cleo Müller", "credit": "-3.05"},
            ]
        ),
        '{"name": "Bo, the second", "number": 7, "card": "C-7", "credit": "12.50"}\n'
        '{"name": "Cleo Müller", "number": null, "card": "", "credit": -3.05}\n',
    ],
    ids=["commas", "semicolons", "tabs", "excel", "cp1252", "json", "json-lines"],
)
def test_a_list_in_many_forms_is_the_same_list(admin, listed, content):
    ran = listed(content)
    assert (ran.status, ran.out) == (0, "members: 2 added; credit 9.45\n"), ran.err
    assert members(admin) == THREE
    admin.does("verify")


def test_a_list_of_names_alone_is_enough(admin, listed):
    assert listed("Name\nBo\nCleo\n").status == 0
    assert set(members(admin)) == {"Ada", "Bo", "Cleo"}


def test_a_group_is_taken_from_the_list(admin, listed):
    assert listed("name;gruppe\nBo;guests\n").status == 0
    assert admin.reads("member", "show", "Bo")["group"] == "guests"


def test_columns_that_are_not_looked_at_are_named(listed):
    ran = listed("name;e-mail;shoe size\nBo;bo@example.org;44\n")
    assert (ran.status, ran.err) == (0, "columns that are not looked at: e-mail, shoe size\n")


def test_every_bad_line_is_named_and_nothing_is_imported(admin, listed):
    before = admin.journal()
    ran = listed(
        "name;number;card;credit;group\n"
        "Bo;42;;;\n"  # Ada's number
        "Cleo;x;;;\n"
        ";8;;;\n"
        "\n"
        "Dora;;CARD-ADA;;\n"
        "Emil;9;;1,505;\n"
        "Fay;10;C-10;;\n"
        "Gil;10;;;\n"
        "Hal;;C-10;;\n"
        "Ida;;;;nobody\n"
        "Jon;;;;;too;much\n"
        f"{'K' * 201};;;;\n"
        "Lou;12;;5;\n"  # the bottle's number
    )
    assert (ran.status, ran.out) == (1, "")
    first, *named = ran.err.splitlines()
    assert first == "kpos: nothing was imported:"
    assert [line.split(":")[0] for line in named] == [
        f"line {line}" for line in (2, 3, 4, 6, 7, 9, 10, 11, 12, 13, 14)
    ]
    assert "number 42 is a member's" in named[0]
    assert "not an amount: '1,505'" in named[4]
    assert "more columns than the header" in named[8]
    assert admin.journal() == before


def test_one_line_that_cannot_be_read_keeps_all_others_out(admin, listed):
    before = admin.journal()
    assert "line 3: not an amount" in listed("name;credit\nBo;5\nCleo;much\n").err
    assert admin.journal() == before


def test_a_dry_run_checks_everything_and_books_nothing(admin, listed):
    before = admin.journal()
    ran = listed("name;credit\nBo;5\nCleo;1\n", "--dry-run")
    assert ran.out.splitlines() == [
        "line 2: add Bo, credit 5.00",
        "line 3: add Cleo, credit 1.00",
        "members: 2 added; credit 6.00; nothing was booked",
    ]
    assert listed("name;number\nBo;42\n", "--dry-run").status == 1
    assert admin.journal() == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "has no members"),
        ("name;credit\n", "has no members"),
        ("nummer;guthaben\n1;5\n", "has no column 'name'; its columns: nummer, guthaben"),
        ("name;credit;guthaben\nBo;1;2\n", "has two columns for 'credit'"),
        ("[1, 2]", "a JSON list of objects is needed"),
        ("[{]", "is no JSON"),
        ("{" * 5000, "is no JSON"),
        (bytes(range(128, 256)) * 9, "has no members"),
    ],
)
def test_what_is_no_list_is_refused(listed, content, says):
    ran = listed(content)
    assert (ran.status, ran.out) == (1, "")
    [line] = ran.err.splitlines()
    assert says in line


def test_a_json_value_that_is_no_text_is_named(listed):
    ran = listed('[{"name": {"first": "Bo"}}, {"name": "Cleo", "number": true}]')
    assert [line.split(":")[0] for line in ran.err.splitlines()[1:]] == ["line 1", "line 2"]


def test_a_file_that_is_too_long_is_refused(listed):
    assert "split it" in listed("name\n" + "x" * (5 << 20)).err
