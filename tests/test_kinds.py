"""Kinds of file, by what they hold and never by their name: one questionnaire, however a vendor saves it."""

import base64
import io
import os
import pty
import struct
import subprocess
import sys
from datetime import datetime

import olefile
import pytest
from books import write_book
from builders import write_evaluation
from msoffcrypto.format.ooxml import OOXMLFile
from office import needs_office, saved_as
from old_excel import EXCEL_95, EXCEL_97, old_workbook
from test_cli import ANSWERS, TREE, cli

from vendor_eval.cli import main
from vendor_eval.issues import InputError
from vendor_eval.spreadsheets import known_password, read_workbook
from vendor_eval.spreadsheets.files import PASSWORD

ROWS = [
    ["ID", "Answer", "Comment"],
    ["SEC-01", 30, "Größe: größer als 10 €"],
    ["SEC-02", 2.5, "two\nlines; and; signs"],
    ["SEC-03", "Yes", None],
    ["SEC-04", datetime(2026, 11, 24), "day"],  # noqa: DTZ001  calendar day
    ["SEC-05", True, "true or false"],
]
FILLED = {(row, column) for row, one in enumerate(ROWS, 1) for column, value in enumerate(one, 1) if value is not None}


def cells(book):
    (sheet,) = (sheet for sheet in book.sheets if sheet.cells)
    return {(cell.row, cell.column): cell for cell in sheet.cells}


def refused(path, **settings):
    with pytest.raises(InputError) as caught:
        read_workbook(path, **settings)
    (issue,) = caught.value.issues
    return issue.code, issue.message


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """The questionnaire as .xlsx, and as LibreOffice saves it in other kinds."""
    folder = tmp_path_factory.mktemp("kinds")
    write_book(folder / "acme.xlsx", {"Answers": ROWS})
    (folder / "saved").mkdir()
    return {kind: saved_as(folder / "acme.xlsx", kind, folder / "saved") for kind in ("xlsx", "xls", "ods", "fods")}


@needs_office
@pytest.mark.parametrize(
    ("kind", "reduced"), [("xlsx", ""), ("xls", ".xls"), ("ods", ".ods")], ids=["xlsx", "xls", "ods"]
)
def test_a_questionnaire_that_libreoffice_saved_reads_the_same_in_every_kind(sent, kind, reduced):
    book = read_workbook(sent[kind])
    found = cells(book)
    assert found.keys() == FILLED
    assert [found[row, 1].value for row in range(2, 7)] == [f"SEC-0{number}" for number in range(1, 6)]
    assert [found[row, 2].raw for row in range(2, 6)] == ["30", "2.5", "Yes", "2026-11-24"]
    assert (found[2, 3].value, found[3, 3].value) == ("Größe: größer als 10 €", "two\nlines; and; signs")
    assert book.reduced == reduced
    assert [issue.code for issue in book.remarks] == (["reduced-checks"] if reduced else [])


@needs_office
@pytest.mark.parametrize("name", ["acme.csv", "acme.xlsx", "acme.ods"])
def test_the_name_of_a_file_does_not_tell_its_kind(sent, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(sent["xls"].read_bytes())
    assert read_workbook(path).reduced == ".xls"


def nested(content, stream, *, outer="Workbook"):
    """Put a stream of a name into a storage of an .xls, listed before the workbook, which gets the name `outer`."""
    container = olefile.OleFileIO(io.BytesIO(content))
    own = {entry.name: entry.sid for entry in container.root.kids}
    book = own.pop("Workbook")
    storage, inner = list(own.values())[:2]
    at = (container.first_dir_sector + 1) * container.sectorsize
    entries = [bytearray(content[at + 128 * sid : at + 128 * sid + 128]) for sid in range(4)]
    entries[book], entries[inner] = entries[inner], entries[book]
    book, inner = inner, book

    def link(sid, name, left, right, child):
        written = name.encode("utf-16-le")
        entries[sid][:66] = written.ljust(64, b"\0") + struct.pack("<H", len(written) + 2)
        entries[sid][68:80] = struct.pack("<3i", left, right, child)

    link(0, "Root Entry", -1, -1, book)
    link(book, outer, -1, storage, -1)
    link(storage, "MBD0001", -1, -1, inner)
    link(inner, stream, -1, -1, -1)
    entries[storage][66] = 1
    return content[:at] + b"".join(entries) + content[at + 512 :]


@needs_office
@pytest.mark.parametrize("stream", ["WordDocument", "Workbook", "Book", "PowerPoint Document"])
def test_what_an_xls_embeds_does_not_tell_its_kind_and_is_not_read_for_it(sent, tmp_path, stream):
    path = tmp_path / "acme.xls"
    path.write_bytes(nested(sent["xls"].read_bytes(), stream) + "WordDocument".encode("utf-16-le"))
    assert cells(read_workbook(path)) == cells(read_workbook(sent["xls"]))


@needs_office
@pytest.mark.parametrize(("outer", "words"), [("WordDocument", "Word"), ("PowerPoint Document", "presentation")])
def test_a_document_that_embeds_a_workbook_is_refused_as_what_it_is(sent, tmp_path, outer, words):
    path = tmp_path / "acme.xls"
    path.write_bytes(nested(sent["xls"].read_bytes(), "Workbook", outer=outer))
    assert words in refused(path)[1]


@needs_office
# ---- old Excel


def old(tmp_path, *row, **how):
    path = tmp_path / "acme.xls"
    path.write_bytes(old_workbook([row], **how))
    (sheet,) = read_workbook(path).sheets
    return sheet.cells


@pytest.mark.parametrize("version", [EXCEL_97, EXCEL_95], ids=["Excel 97", "Excel 95"])
def test_an_old_workbook_that_numbers_formats_in_its_own_way_keeps_its_numbers_and_days(tmp_path, version):
    formats = [(14, "0"), (15, "#,##0.00_)"), (22, '0" d"'), (37, "[h]:mm"), (50, "yyyy-mm-dd"), (400, "d.m.yy")]
    row = [(30, 14), (1234.5, 15), (7, 22), (46000, 50), (46000, 400), (46000, 17), (30, 1), (30, 0), (1.5, 37)]
    cells = old(tmp_path, *row, formats=formats, version=version, page=1252)
    assert [cell.raw for cell in cells] == ["30", "1234.5", "7", *["2025-12-09"] * 3, "30", "30", "1 day, 12:00:00"]


def test_a_text_of_an_old_workbook_is_utf_16_whatever_charset_it_names(tmp_path):
    cells = old(tmp_path, ("Größe", 0), ("日本", 0), page=1252)
    assert [cell.value for cell in cells] == ["Größe", "日本"]


@pytest.mark.parametrize(
    ("page", "charset", "text"),
    [
        (932, "cp932", "日本"),
        (437, "cp437", "é"),
        (1251, "cp1251", "Да"),
        (10000, "mac_roman", "é"),
        (850, "cp850", "ß"),
    ],
)
def test_a_text_in_a_code_page_is_decoded(tmp_path, page, charset, text):
    cells = old(tmp_path, (text.encode(charset), 0), page=page, version=EXCEL_95)
    assert [(cell.value, cell.doubt) for cell in cells] == [(text, None)]


def test_signs_that_a_code_page_does_not_have_and_one_that_is_not_known_are_named(tmp_path):
    (cell,) = old(tmp_path, (b"Yes \x81", 0), page=932, version=EXCEL_95)
    assert (cell.value, cell.doubt.code) == ("Yes \ufffd", "marked-text")
    with pytest.raises(InputError, match="code page 1147"):
        old(tmp_path, (b"Yes", 0), page=1147, version=EXCEL_95)


def test_flat_xml_is_refused_with_what_to_do(sent):
    assert refused(sent["fods"])[1].endswith("save as .xlsx, use that file")


# ------------------------------------------------------------------------------------------------ CSV

GERMAN = "ID;Antwort;Kommentar\r\nSEC-01;30,5;für Größe\r\nSEC-02;95,75 %;ja\r\n"
ENGLISH = "ID,Answer,Comment\nSEC-01,30.5,yes\n"


@pytest.mark.parametrize(
    ("content", "second", "sign", "said"),
    [
        pytest.param(GERMAN.encode("cp1252"), ["SEC-01", "30,5", "für Größe"], ",", "semicolon", id="German Excel"),
        pytest.param(GERMAN.encode(), ["SEC-01", "30,5", "für Größe"], ",", "charset utf-8,", id="UTF-8"),
        pytest.param(GERMAN.encode("utf-8-sig"), ["SEC-01", "30,5", "für Größe"], ",", "utf-8-sig", id="with a mark"),
        pytest.param(GERMAN.encode("utf-16"), ["SEC-01", "30,5", "für Größe"], ",", "utf-16", id="UTF-16"),
        pytest.param(GERMAN.encode("utf-16-be"), ["SEC-01", "30,5", "für Größe"], ",", "utf-16-be", id="no mark"),
        pytest.param(b"sep=;\r\n" + GERMAN.encode(), ["SEC-01", "30,5", "für Größe"], ",", "semicolon", id="sep=;"),
        pytest.param(b"sep=^\nID^Answer\nSEC-01^30\n", ["SEC-01", "30"], "", "'^' between", id="sep=^"),
        pytest.param(ENGLISH.encode(), ["SEC-01", "30.5", "yes"], ".", "comma", id="English"),
        pytest.param(b"ID\tAnswer\nSEC-01\t30\n", ["SEC-01", "30"], "", "tab", id="tabs"),
        pytest.param(b"ID;Answer\rSEC-01;30\r", ["SEC-01", "30"], "", "semicolon", id="old line ends"),
        pytest.param(b'ID;Answer\nSEC-01;"30; ""or""\n"\n', ["SEC-01", '30; "or"\n'], "", "semicolon", id="quotes"),
        pytest.param(b"ID,Answer\nSEC-01,1.234\n", ["SEC-01", "1.234"], "", "not shown", id="sign not shown"),
    ],
)  # fmt: skip
def test_a_csv_tells_its_charset_delimiter_and_decimal_sign(tmp_path, content, second, sign, said):
    path = tmp_path / "acme.csv"
    path.write_bytes(content)
    book = read_workbook(path)
    assert [cell.value for cell in book.sheets[0].cells if cell.row == 2] == second
    assert (book.decimal_sign, book.reduced) == (sign, ".csv")
    (remark,) = book.remarks
    assert remark.code == "reduced-checks"
    assert said in remark.message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"ID,Answer\nSEC-01,3\x000\n", "unreadable-file", id="a zero byte"),
        pytest.param(b"a," * 16_384 + b"b\n", "address-out-of-range", id="too many columns"),
        pytest.param(b"a,b\n" * 250_001, "too-many-cells", id="too many cells"),
        pytest.param(b"ID,Answer\nSEC-01," + b"x" * 32_768, "text-too-long", id="too long a text"),
        pytest.param(b'ID,Answer\nSEC-01,"' + b"x" * 200_000, "unreadable-file", id="a quote that never ends"),
    ],
)
def test_a_csv_over_its_limits_is_refused(tmp_path, content, code):
    path = tmp_path / "acme.csv"
    path.write_bytes(content)
    assert refused(path)[0] == code


# ------------------------------------------------------------------------------------------------ passwords


def locked(source, password):
    """The bytes of a workbook under a password, as Office writes them."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(source.read_bytes())).encrypt(password, out)
    return out.getvalue()


@pytest.fixture(scope="module")
def protected(tmp_path_factory):
    path = tmp_path_factory.mktemp("locked") / "acme.xlsx"
    write_book(path, {"Answers": ROWS})
    path.write_bytes(locked(path, "Kürbis 7"))
    return path


def test_a_protected_workbook_opens_with_its_password_alone(protected):
    assert cells(read_workbook(protected, password=lambda _file: "Kürbis 7")).keys() == FILLED
    assert refused(protected, password=lambda _file: "no")[0] == "wrong-password"
    code, said = refused(protected)
    assert code == "encrypted"
    assert "VENDOR_EVAL_PASSWORD" in said


def test_the_environment_may_give_the_password(protected, monkeypatch):
    monkeypatch.setenv(PASSWORD, "Kürbis 7")
    assert cells(read_workbook(protected, password=known_password)).keys() == FILLED


def test_what_everybody_can_open_asks_for_no_password(tmp_path):
    path = tmp_path / "acme.xlsx"
    write_book(path, {"Answers": ROWS})
    path.write_bytes(locked(path, base64.b64decode("VmVsdmV0U3dlYXRzaG9w").decode()))
    assert cells(read_workbook(path)).keys() == FILLED


@pytest.fixture
def locked_tender(tmp_path):
    folder = write_evaluation(tmp_path / "tender", TREE, ANSWERS, settings="evidence: off")
    path = folder / "responses" / "bolt.xlsx"
    path.write_bytes(locked(path, "secret"))
    return folder


@pytest.mark.parametrize("command", [["check"], ["rank"], ["evaluate", "--format", "json"]], ids=lambda words: words[0])
def test_the_command_line_takes_the_password_from_the_environment(locked_tender, monkeypatch, command):
    name, *options = command
    closed = cli(name, locked_tender, *options)
    assert closed.exit_code == 1
    assert "bolt.xlsx: is protected by a password: set VENDOR_EVAL_PASSWORD" in closed.output
    monkeypatch.setenv(PASSWORD, "wrong")
    assert "[wrong-password]" in cli(name, locked_tender, *options).output
    monkeypatch.setenv(PASSWORD, "secret")
    assert cli(name, locked_tender, *options).exit_code == 0


def test_map_and_explain_take_the_password_too(locked_tender, tmp_path, monkeypatch):
    workbook = locked_tender / "responses" / "bolt.xlsx"
    assert "[encrypted]" in cli("map", workbook, "-o", tmp_path / "m.yaml").output
    monkeypatch.setenv(PASSWORD, "secret")
    assert cli("map", workbook, "-o", tmp_path / "m.yaml").exit_code == 0
    assert cli("explain", locked_tender, "bolt").exit_code == 0


def test_skip_unreadable_goes_on_without_a_protected_file(locked_tender):
    done = cli("rank", locked_tender, "--skip-unreadable")
    assert done.exit_code == 0
    assert "Not evaluated: bolt" in done.stderr


def in_a_terminal(*words, typed):
    """Run a command in a terminal, and type something into it."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "vendor_eval", *map(str, words)]
    with subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        shown = b""
        while b"Password of" not in shown:
            shown += os.read(ours, 1000)
        os.write(ours, typed.encode() + b"\n")
        out = process.stdout.read()
    try:
        while more := os.read(ours, 1000):
            shown += more
    except OSError:  # the terminal is closed
        pass
    os.close(ours)
    return process.returncode, out.decode(), shown.decode()


def test_a_terminal_is_asked_and_shows_nothing_of_what_is_typed(locked_tender):
    code, out, shown = in_a_terminal("rank", locked_tender, typed="secret")
    assert code == 0
    assert "bolt" in out
    assert "Password of responses/bolt.xlsx" in shown
    assert "secret" not in shown


def test_who_types_nothing_goes_on_without_the_file(locked_tender):
    code, _, shown = in_a_terminal("rank", locked_tender, typed="")
    assert code == 1
    assert "[encrypted]" in shown


def test_a_password_is_no_option_of_any_command():
    options = {option for command in main.commands.values() for one in command.params for option in one.opts}
    assert "--map" in options
    assert not [option for option in options if "pass" in option]


# ------------------------------------------------------------------------------------------------ in responses/


def test_what_is_no_regular_file_is_named_and_the_rest_is_read(locked_tender, monkeypatch):
    monkeypatch.setenv(PASSWORD, "secret")
    responses = locked_tender / "responses"
    (responses / "folder.xlsx").mkdir()
    (responses / "link.xlsx").symlink_to(responses / "acme.xlsx")
    os.mkfifo(responses / "pipe.xlsx")
    for name in ("~$acme.xlsx", ".~lock.acme.xlsx#", ".DS_Store", "Thumbs.db"):
        (responses / name).write_bytes(b"x")
    done = cli("check", locked_tender)
    assert done.exit_code == 1
    for name, why in (("folder", "is a folder"), ("link", "is a link"), ("pipe", "is not a regular file")):
        assert f"responses/{name}.xlsx: {why}" in done.stdout
    assert "skipped in responses/: 4 hidden or temporary files" in done.stderr
    assert cli("rank", locked_tender).exit_code == 1
    assert cli("rank", locked_tender, "--skip-unreadable").exit_code == 0


def test_files_of_one_name_are_named_and_the_rest_is_read(locked_tender, monkeypatch):
    monkeypatch.setenv(PASSWORD, "secret")
    (locked_tender / "responses" / "acme.csv").write_bytes(b"ID,Answer\nQ1,\x00\n")
    done = cli("check", locked_tender)
    assert done.exit_code == 1
    assert "vendor acme sent 2 questionnaires (responses/acme.csv, responses/acme.xlsx)" in done.stdout
    assert "responses/acme.csv: is no text" in done.stdout
    assert "bolt" in done.stdout
    assert "[several-files]" in cli("rank", locked_tender).stderr
