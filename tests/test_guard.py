"""Each limit of the guard: what is on it is read, what is over it is refused by its own code, with a cure."""

import io
import random
import struct
import time
import zipfile
import zlib
from functools import cache

import pytest
from hostile import CELL, MAIN, OFFICE, ROWS, book, grid, ods, relations, sheet, styles, text

from vendor_eval.issues import InputError
from vendor_eval.spreadsheets import bounds, read_workbook

MIB = 2**20
# Seconds of work that only a file that is not refused at once needs, also on a busy machine.
HANGS = 20


@cache
def noise(size):
    """Bytes that do not shrink."""
    return random.Random(size).randbytes(size)  # noqa: S311  no secret


def packed(size, *, ratio):
    """Text of a size that shrinks to about a `ratio`th of it."""
    step = 32 * ratio
    fresh = noise(size // ratio + 32)
    blocks = (fresh[start : start + 32] + b"a" * (step - 32) for start in range(0, len(fresh), 32))
    return b"".join(blocks)[:size]


def outcome(tmp_path, content, name="acme.xlsx"):
    """Code, sheet and cell of a refusal, its message and the seconds that it took; no code for a file that is read."""
    path = tmp_path / name
    path.write_bytes(content)
    start = time.process_time()
    try:
        read_workbook(path)
    except InputError as faults:
        (issue,) = faults.issues
        seconds = time.process_time() - start
        return issue.code, issue.location.sheet, issue.location.cell, issue.message, seconds
    return "", "", "", "", 0.0


def filled_to(size):
    """A workbook of so many bytes."""
    empty = len(book(parts={"a.bin": b""}, stored=True))
    return book(parts={"a.bin": noise(50 * 10**6)[: size - empty]}, stored=True)


def merged(*references):
    return sheet(
        after=f"<mergeCells>{''.join(f'<mergeCell ref={chr(34)}{r}{chr(34)}/>' for r in references)}</mergeCells>"
    )


def parts(count):
    """Parts beside the eight that every book here has."""
    return {f"xl/media/{number}.bin": b"" for number in range(count - OWN_PARTS)}


OWN_PARTS = 7

# id, a file on the limit, a file over it, code, cell, cure
LIMITS = [
    pytest.param(
        lambda: filled_to(50_000_000),
        lambda: filled_to(50_000_001),
        "file-too-large", "", "remove pictures and attachments", id="50 MB",
    ),
    pytest.param(lambda: book(parts=parts(2000)), lambda: book(parts=parts(2001)), "too-many-parts", "",
                 "copy the sheets into a new workbook", id="2,000 parts"),
    pytest.param(lambda: book(parts={"a.bin": packed(64 * MIB, ratio=100)}),
                 lambda: book(parts={"a.bin": packed(64 * MIB + 1, ratio=100)}),
                 "part-too-large", "", "delete empty rows", id="64 MiB a part"),
    pytest.param(lambda: book(parts={f"{n}.bin": packed(42 * MIB, ratio=100) for n in range(3)}),
                 lambda: book(parts={f"{n}.bin": packed(43 * MIB, ratio=100) for n in range(3)}),
                 "unpacks-too-large", "", "in several workbooks", id="128 MiB in all"),
    pytest.param(lambda: book(parts={"a.bin": bytes(MIB)}), lambda: book(parts={"a.bin": bytes(MIB + 1)}),
                 "compression-ratio", "", "save it again in Excel", id="200:1 past 1 MiB"),
    pytest.param(lambda: book(text_("<!-- <!DOCTYPE x> -->")), lambda: book(with_doctype(sheet())),
                 "doctype", "", "save it again in Excel", id="document type"),
    pytest.param(lambda: book(parts={"xl/worksheets/sheet2.xml": "<a/>"}),
                 lambda: book(parts={"XL/worksheets/sheet1.xml": "<a/>"}),
                 "duplicate-part", "", "save it again in Excel", id="part twice"),
    pytest.param(lambda: book(sheet(ROWS + f'<row r="1048576">{text("A1048576", "x")}</row>')),
                 lambda: book(sheet(ROWS + f'<row r="1048577">{text("A1048577", "x")}</row>')),
                 "address-out-of-range", "", "save it again in Excel", id="last row"),
    pytest.param(lambda: book(sheet(ROWS + f'<row r="3">{text("XFD3", "x")}</row>')),
                 lambda: book(sheet(ROWS + f'<row r="3">{text("XFE3", "x")}</row>')),
                 "address-out-of-range", "XFE3", "save it again in Excel", id="last column"),
    pytest.param(lambda: book(sheet(ROWS + f'<row r="1000000">{text("T1000000", "x")}</row>')),
                 lambda: book(sheet(ROWS + f'<row r="1000001">{text("T1000001", "x")}</row>')),
                 "far-cell", "T1000001", "clear it", id="rectangle of 20 million"),
    pytest.param(lambda: book(sheet('<row r="1048576"><c r="XFD1048576" s="0"/></row>')),
                 lambda: book(sheet(f'<row r="1048576">{text("XFD1048576", "x")}</row>')),
                 "far-cell", "XFD1048576", "clear it", id="lone cell in the corner"),
    pytest.param(lambda: book(merged("D1:D10000")), lambda: book(merged("D1:D10001")),
                 "merged-too-large", "D1:D10001", "take the merge apart", id="merged area"),
    pytest.param(lambda: book(merged(*[f"D{n}:E{n}" for n in range(1, 1001)])),
                 lambda: book(merged(*[f"D{n}:E{n}" for n in range(1, 100_002)])),
                 "merged-too-large", "", "take the merge apart", id="merged areas"),
    pytest.param(lambda: book(grid(50_000, 10)), lambda: book(grid(50_000, 10, more=1)),
                 "too-many-cells", "", "only the sheets with answers", id="500,000 cells"),
    pytest.param(lambda: book(sheet(f'<row r="1">{text("A1", "x" * 32_767)}</row>')),
                 lambda: book(sheet(f'<row r="1">{text("A1", "x" * 32_768)}</row>')),
                 "text-too-long", "A1", "shorten it", id="text of a cell"),
    pytest.param(lambda: book(strings=["x" * 32_767]), lambda: book(strings=["x" * 32_768]),
                 "text-too-long", "B2", "shorten it", id="shared text"),
    pytest.param(lambda: book(styles_part=styles(1000)), lambda: book(styles_part=styles(150_000)),
                 "too-many-entries", "", "into a new workbook", id="formats"),
    pytest.param(lambda: book(sheet(filled_down(100))), lambda: book(sheet(filled_down(900))),
                 "too-many-formulas", "", "paste their values", id="formulas filled down"),
]  # fmt: skip


def text_(extra):
    return sheet(ROWS + extra)


def with_doctype(xml):
    return xml.replace("<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)


def filled_down(rows):
    """A long formula that is written once and stands in many rows."""
    first = f'<row r="3"><c r="D3"><f t="shared" si="0" ref="D3:D{rows}">{"A1+" * 2000}1</f><v>1</v></c></row>'
    return first + "".join(
        f'<row r="{row}"><c r="D{row}"><f t="shared" si="0"/><v>1</v></c></row>' for row in range(4, rows)
    )


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """What is said of a file over its limit; each is made and read once."""
    return cache(lambda over_it: outcome(tmp_path_factory.mktemp("over"), over_it()))


@pytest.mark.parametrize(("on_it", "over_it", "code", "cell", "cure"), LIMITS)
def test_a_limit_is_held_to_the_digit(tmp_path, refused, on_it, over_it, code, cell, cure):
    assert outcome(tmp_path, on_it())[0] == ""
    found, _, where, message, seconds = refused(over_it)
    assert (found, where) == (code, cell)
    assert cure in message
    assert seconds < HANGS


def test_every_limit_has_a_message_of_its_own(refused):
    messages = [refused(case.values[1])[3] for case in LIMITS]
    assert len({message.partition(":")[0] for message in messages}) == len(messages)


def test_empty_formatted_rows_down_to_the_last_one_are_read(tmp_path):
    rows = ROWS + "".join(f'<row r="{row}" s="0" customFormat="1"/>' for row in range(3, 1_048_577, 7))
    assert outcome(tmp_path, book(sheet(rows + '<row r="1048576" s="0"/>')))[0] == ""


def test_a_size_that_lies_is_counted_while_it_inflates(tmp_path):
    content = bytearray(book(parts={"z.bin": packed(65 * MIB, ratio=100)}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        info = archive.getinfo("z.bin")
    for place, shift in ((info.header_offset, 22), (bytes(content).rfind(b"z.bin") - 46, 24)):
        content[place + shift : place + shift + 4] = struct.pack("<I", 60 * MIB)
    assert outcome(tmp_path, bytes(content))[0] in {"part-too-large", "unreadable-file"}


def test_entries_that_share_their_bytes_are_refused(tmp_path):
    plain = book()
    end = plain.rfind(b"PK\5\6")
    count, size, start = struct.unpack("<HII", plain[end + 10 : end + 20])
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    name = info.filename.encode()
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, info.CRC, info.compress_size, info.file_size,
                        len(name), 0, 0, 0, 0, 0, info.header_offset) + name  # fmt: skip
    more = entry * 500
    foot = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count + 500, count + 500, size + len(more), start, 0)
    assert outcome(tmp_path, plain[:end] + more + foot)[0] == "duplicate-part"


def answered(cell):
    """A workbook with another answer cell."""
    return book(sheet(ROWS.replace(CELL, cell)))


def two_sheets(first, second):
    listed = f'<sheet name="{first[0]}" r:id="{first[1]}"/><sheet name="{second[0]}" r:id="{second[1]}"/>'
    return book(sheets=listed)


DAMAGED = "unreadable-file"
UNCLEAR = {
    "a million entries": (b"PK\3\4" + b"PK\1\2" * 2_000_000, "too-many-parts"),
    "another packing": (book(compression=zipfile.ZIP_BZIP2), "unknown-compression"),
    "two sheets of a name": (two_sheets(("S", "rId1"), ("s", "rId2")), "duplicate-sheet"),
    "two sheets of a part": (two_sheets(("S", "rId1"), ("T", "rId1")), "duplicate-sheet"),
    "an endless name of a sheet": (book(sheets=f'<sheet name="{"x" * 256}" r:id="rId1"/>'), "sheet-name-too-long"),
    "cell in another row": (answered(CELL.replace("B2", "B3")), DAMAGED),
    "cell twice": (answered(CELL * 2), "duplicate-cell"),
    "cell twice, once empty": (answered(CELL + '<c r="B2"/>'), "duplicate-cell"),
    "text twice": (answered(CELL.replace("</t>", "</t><t>no</t>")), DAMAGED),
    "shared text twice": (book(strings=["a</t><t>b"]), DAMAGED),
    "two values": (answered('<c r="B2"><v>1</v><v>2</v></c>'), DAMAGED),
    "value by another name": (answered('<c r="B2"><w>1</w></c>'), DAMAGED),
    "text by itself": (answered('<c r="B2"><t>1</t></c>'), DAMAGED),
    "cell by another name": (answered('<d r="B2"><v>1</v></d>'), DAMAGED),
    "unknown type": (answered('<c r="B2" t="x"><v>1</v></c>'), DAMAGED),
    "shared text that is not there": (answered('<c r="B2" t="s"><v>1</v></c>'), DAMAGED),
    "no number": (answered('<c r="B2"><v>NaN</v></c>'), DAMAGED),
    "two signs": (answered('<c r="B2"><v>--5</v></c>'), DAMAGED),
    "digits of another script": (answered('<c r="B2"><v>\u0663\u0660</v></c>'), DAMAGED),
    "no sheet": (book(sheet().replace("spreadsheetml/2006/main", "other")), DAMAGED),
    "no end": (book().replace(b"PK\5\6", b"PK\5\7"), DAMAGED),
}


@pytest.mark.parametrize(("content", "code"), UNCLEAR.values(), ids=UNCLEAR)
def test_what_has_no_clear_meaning_is_refused(tmp_path, content, code):
    assert outcome(tmp_path, content)[0] == code


def test_a_name_that_climbs_out_of_the_file_is_written_nowhere(tmp_path):
    (tmp_path / "in").mkdir()
    assert outcome(tmp_path / "in", book(parts={"../evil.txt": "x"}))[0] == ""
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "acme.xlsx"]


@pytest.mark.parametrize(
    ("written", "value", "error"),
    [
        pytest.param("<v>1E+400</v>", None, "#NUM!", id="too large for a number"),
        pytest.param("<v>1e-400</v>", 0, "", id="too small for a number"),
        pytest.param(f"<v>{'1' * 5000}</v>", None, "#NUM!", id="5,000 digits"),
        pytest.param("<is><t>a_x0000_b_x0007_</t></is>", "a\0b\7", "", id="control characters"),
        pytest.param("<is><t>_xD800_</t></is>", "_xD800_", "", id="half of a pair"),
        pytest.param("<is><r><t>30</t></r><r><t> days</t></r><rPh><t>no</t></rPh></is>", "30 days", "", id="rich text"),
    ],
)
def test_odd_values_have_one_reading(tmp_path, written, value, error):
    kind = ' t="inlineStr"' if written.startswith("<is>") else ""
    path = tmp_path / "acme.xlsx"
    path.write_bytes(book(sheet(ROWS.replace(CELL, f'<c r="B2"{kind}>{written}</c>'))))
    *_, cell = read_workbook(path).sheets[0].cells
    assert (cell.value, cell.error) == (value, error)


@pytest.mark.parametrize(
    ("rows", "columns", "filled", "code"),
    [
        pytest.param(1, 1, True, "", id="plain"),
        pytest.param(1_048_570, 16_384, False, "", id="empty cells to the last one"),
        pytest.param(1000, 501, True, "too-many-cells", id="half a million and more"),
        pytest.param(1, 1_000_000_000, True, "address-out-of-range", id="a billion columns"),
        pytest.param(1_000_000_000, 1, True, "address-out-of-range", id="a billion rows"),
    ],
)
@pytest.mark.parametrize("percent", [False, True], ids=["text", "percentages"])
def test_cells_that_an_ods_repeats_are_counted_before_they_are_made(tmp_path, rows, columns, filled, code, percent):
    assert outcome(tmp_path, ods(rows, columns, filled=filled, percent=percent), "acme.ods")[0] == code


def test_a_percentage_that_an_ods_repeats_is_one_in_every_cell(tmp_path):
    (tmp_path / "acme.ods").write_bytes(ods(2, 2, filled=True, percent=True))
    cells = read_workbook(tmp_path / "acme.ods").sheets[0].cells
    assert [(one.address, one.value, one.percent) for one in cells] == [
        (address, 0.95, True) for address in ("A1", "A2", "B2", "A3", "B3")
    ]


def changed(content, place, value):
    return content[:place] + value + content[place + len(value) :]


def with_foot(content, **fields):
    """The same zip file with other fields at its end, and bytes behind it."""
    foot = list(struct.unpack("<4s4H2IH", content[-22:]))
    behind = fields.pop("behind", b"")
    for name, value in fields.items():
        foot[("sign", "disk", "first", "here", "count", "size", "start", "comment").index(name)] = value
    return content[:-22] + struct.pack("<4s4H2IH", *foot) + behind


def in_pieces(content, *, wide):
    """The same parts with their sizes behind them, as a program writes them that cannot go back."""

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def tell(self):
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            with new.open(info.filename, "w", force_zip64=wide) as part:
                part.write(old.read(info))
    return pipe.getvalue()


def with_wide_end(content, count=None):
    """The same zip file with its end in 64 bits too."""
    _, _, _, here, _, size, start, _ = struct.unpack("<4s4H2IH", content[-22:])
    count = count or here
    end = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)
    return content[:-22] + end + struct.pack("<4sIQI", b"PK\6\7", 0, len(content) - 22, 1) + content[-22:]


def with_part_comment(content):
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.infolist()[0].comment = b"PK"
        archive.writestr("b.bin", b"")
    return buffer.getvalue()


def with_field(kind, field):
    """Describe the first part further."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN_BOOK)) as source, zipfile.ZipFile(file, "w") as target:
        for number, part in enumerate(source.namelist()):
            info = zipfile.ZipInfo(part)
            info.extra = b"" if number else struct.pack("<2H", kind, len(field)) + field
            target.writestr(info, source.read(part))
    return file.getvalue()


def with_bytes_behind_a_part():
    """A stored part becomes the packed one of its first bytes."""
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(b"x" * 9) + packer.flush()
    bare = book(parts={"a.bin": packed + book()}, stored=True)
    crc = struct.pack("<H", 8), struct.pack("<I", zlib.crc32(b"x" * 9)), struct.pack("<I", 9)
    local, listed = bare.index(b"a.bin") - 30, bare.rindex(b"a.bin") - 46
    for at, places in ((local, (8, 14, 22)), (listed, (10, 16, 24))):
        for place, value in zip(places, crc, strict=True):
            bare = changed(bare, at + place, value)
    return bare


PLAIN_BOOK, OTHER_BOOK = book(), answered(text("B2", "90 days"))
LIST = PLAIN_BOOK.index(b"PK\1\2")
FIRST_NAME = PLAIN_BOOK.index(b"[Content_Types]")
ZIPS = {
    "two zips": PLAIN_BOOK + OTHER_BOOK,
    "a workbook in the comment": with_foot(PLAIN_BOOK, comment=len(OTHER_BOOK), behind=OTHER_BOOK),
    "a comment": with_foot(PLAIN_BOOK, comment=2, behind=b"PK"),
    "a comment on a part": with_part_comment(PLAIN_BOOK),
    "a byte after the end": PLAIN_BOOK + b"\0",
    "another end in the comment": with_foot(PLAIN_BOOK, comment=22, behind=PLAIN_BOOK[-22:]),
    "bytes before": b"x" + PLAIN_BOOK,
    "an .ods before": ods(1, 1, filled=True) + PLAIN_BOOK,
    "an .ods twice": ods(1, 1, filled=True) * 2,
    "a byte before the list": with_foot(PLAIN_BOOK[:LIST] + b"x" + PLAIN_BOOK[LIST:], start=LIST + 1),
    "fewer parts counted": with_foot(PLAIN_BOOK, here=1, count=1),
    "another disk": with_foot(PLAIN_BOOK, disk=1),
    "another count in 64 bits": with_wide_end(PLAIN_BOOK, 1),
    "another name before the part": changed(PLAIN_BOOK, FIRST_NAME, b"x"),
    "another size before the part": changed(PLAIN_BOOK, FIRST_NAME - 12, b"\1"),
    "another packing before the part": changed(PLAIN_BOOK, FIRST_NAME - 22, b"\0"),
    "a password before the part": changed(PLAIN_BOOK, FIRST_NAME - 24, b"\1"),
    "bytes behind a packed part": with_bytes_behind_a_part(),
    "a workbook in a field of a part": with_field(0x9999, OTHER_BOOK),
    "another name in a field of a part": with_field(0x7075, b"\1\0\0\0\0xl/workbook.xml"),
}


@pytest.mark.parametrize("content", ZIPS.values(), ids=ZIPS)
def test_a_zip_that_can_be_read_in_two_ways_is_refused_by_name(tmp_path, content):
    code, *_, message, _ = outcome(tmp_path, content)
    assert code == "ambiguous-zip"
    assert "save it again in Excel" in message


@pytest.mark.parametrize(
    "name",
    ["XL\\workbook.xml", "/xl/workbook.xml", "xl//workbook.xml", "xl/./workbook.xml", "xl/%77orkbook.xml"],
)
def test_a_part_is_there_once_however_its_name_is_written(tmp_path, name):
    assert outcome(tmp_path, book(parts={name: "<a/>"}))[0] == "duplicate-part"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(in_pieces(PLAIN_BOOK, wide=False), id="sizes behind the parts"),
        pytest.param(in_pieces(PLAIN_BOOK, wide=True), id="sizes of 64 bits behind the parts"),
        pytest.param(with_wide_end(PLAIN_BOOK), id="end in 64 bits"),
        pytest.param(book(parts={"xl/embeddings/a.xlsx": OTHER_BOOK}, stored=True), id="workbook embedded"),
    ],
)
def test_a_zip_written_in_another_usual_way_is_read(tmp_path, content):
    assert outcome(tmp_path, content)[0] == ""


@pytest.mark.parametrize("area", ["D1:D1048576", "D2:E1048576", "D1048576:D1"])
def test_a_column_that_is_merged_whole_is_read_as_far_as_it_is_filled_with_a_notice(tmp_path, area):
    path = tmp_path / "book.xlsx"
    rows = "".join(f'<row r="{n}">{text(f"A{n}", "a")}{text(f"D{n}", str(n))}</row>' for n in range(1, 4))
    path.write_bytes(book(sheet(rows, after=f'<mergeCells><mergeCell ref="{area}"/></mergeCells>')))
    read = read_workbook(path)
    top = 2 if area.startswith("D2") else 1
    assert [cell.address for cell in read.sheets[0].cells if cell.column == 4] == [f"D{n}" for n in range(1, top + 1)]
    assert [cell.address for cell in read.sheets[0].covered] == [f"D{n}" for n in range(top + 1, 4)]
    assert [bounds(merged)[2] for merged in read.sheets[0].merged] == [3]
    assert [(issue.code, issue.location.sheet) for issue in read.remarks] == [("sheet-repaired", "S")]


def test_a_cell_whose_format_is_not_there_is_read_with_a_notice(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(book(sheet('<row r="1"><c r="A1" s="7"><v>5</v></c><c r="B1" s="x"><v>6</v></c></row>')))
    read = read_workbook(path)
    assert [cell.value for cell in read.sheets[0].cells] == [5, 6]
    (remark,) = read.remarks
    assert (remark.code, "format 7, x, which" in remark.message) == ("sheet-repaired", True)


def spoiled(part, token, *, stored=False):
    """A workbook whose part begins with a token."""
    inside = {
        "xl/worksheets/sheet1.xml": sheet(),
        "xl/styles.xml": styles(1),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"/>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" r:id="rId1"/></sheets>'
        "</workbook>",
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId8", "sharedStrings", "sharedStrings.xml"),
            ("rId9", "styles", "styles.xml"),
        ),
        "docProps/core.xml": "<a/>",
    }
    head, _, rest = inside[part].partition(">" if not inside[part].endswith("/>") else "/>")
    close = ">" if rest else "/>"
    return book(parts={part: token.format(head=head, close=close, rest=rest)}, stored=stored)


LONG = noise(MIB).hex()
PARTS = ("xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "_rels/.rels",
         "xl/_rels/workbook.xml.rels", "docProps/core.xml")  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("before", ["<!--{}-->", "<?x {}?>", "attribute"])
def test_a_long_comment_or_attribute_is_refused_by_name_in_any_part(tmp_path, part, before):
    whole = f"{before.format(LONG)}{{head}}{{close}}{{rest}}"
    token = f'{{head}} x="{LONG}"{{close}}{{rest}}' if before == "attribute" else whole
    code, *_, message, _ = outcome(tmp_path, spoiled(part, token))
    assert (code, part.casefold() in message) == ("token-too-long", True)


def test_a_comment_of_45_mb_is_refused_within_seconds(tmp_path):
    code, *_, seconds = outcome(
        tmp_path, spoiled(PARTS[1], f"<!--{LONG * 22}-->{{head}}{{close}}{{rest}}", stored=True)
    )
    assert code == "token-too-long"
    assert seconds < HANGS / 4


def test_a_comment_of_1_mib_is_read_and_a_longer_one_is_not(tmp_path):
    ways = [
        outcome(tmp_path, book(sheet(ROWS + f"<!--{'a' * before}--><!--{noise(MIB).hex()[: MIB - 7 + more]}-->")))[0]
        for before in (0, 700_000)
        for more in (0, 1)
    ]
    assert ways == ["", "token-too-long"] * 2


def test_a_long_name_of_a_namespace_is_not_written_into_each_tag(tmp_path):
    xml = sheet().replace("<sheetData>", f'<x xmlns="{"n" * 900_000}">{"<a/>" * 100_000}</x><sheetData>', 1)
    assert outcome(tmp_path, book(xml, stored=True))[0] == "token-too-long"


def test_elements_within_each_other_do_not_join_their_text_again_and_again(tmp_path):
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    inside = f"{'<d:col>' * 20_000}{'1' * MIB}{'</d:col>' * 20_000}"
    seconds = outcome(tmp_path, book(sheet(after=f'<x xmlns:d="{drawing}">{inside}</x>') + "<", stored=True))[-1]
    assert 0 < seconds < HANGS / 4


def test_sheets_without_a_part_hold_no_cells(tmp_path):
    listed = '<sheet name="S" r:id="rId1"/><sheet name="M" r:id=""/><sheet name="N" r:id=""/><sheet name="O"/>'
    (tmp_path / "acme.xlsx").write_bytes(book(sheets=listed))
    assert [sheet.name for sheet in read_workbook(tmp_path / "acme.xlsx").sheets] == ["S"]


def test_two_relations_to_the_same_cells_are_one_sheet_twice(tmp_path):
    related = relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "worksheet", "/XL/worksheets/sheet1.xml")
    )
    listed = '<sheet name="S" r:id="rId1"/><sheet name="T" r:id="rId2"/>'
    content = book(sheets=listed, parts={"xl/_rels/workbook.xml.rels": related})
    assert outcome(tmp_path, content)[0] == "duplicate-sheet"
