"""A file named after a vendor: safe on every file system, never another vendor's, never outside the folder."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from vendor_eval.formatting.file_names import file_names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("acme", "acme", id="plain"),
        pytest.param("Søndre Lab", "Søndre Lab", id="letters-and-blanks-stay"),
        pytest.param("日本データ", "日本データ", id="japanese"),
        pytest.param("شركة البيانات", "شركة البيانات", id="arabic"),
        pytest.param("", "vendor", id="empty"),
        pytest.param(".", "vendor", id="dot"),
        pytest.param("..", "vendor", id="two-dots"),
        pytest.param("...", "vendor", id="dots"),
        pytest.param(" \u00a0", "vendor", id="blanks"),
        pytest.param("\u200b\u202e", "vendor", id="format-characters-alone"),
        pytest.param(".hidden", "hidden", id="leading-dot"),
        pytest.param("acme. ", "acme", id="ending-that-windows-drops"),
        pytest.param("../../etc/passwd", "_.._etc_passwd", id="climbing"),
        pytest.param("/etc/passwd", "_etc_passwd", id="absolute"),
        pytest.param("C:\\Windows\\x", "C__Windows_x", id="windows-path"),
        pytest.param("..\\x", "_x", id="backslash"),
        pytest.param("a\u2044b\uff0fc", "a\u2044b_c", id="slashes-of-other-scripts"),
        pytest.param("a\tb\x00c\n", "abc", id="control-characters"),
        pytest.param("fdp.\u202eexe", "fdp.exe", id="turned-text"),
        pytest.param("\ufeffacme", "acme", id="byte-order-mark"),
        pytest.param("CON", "CON_", id="reserved"),
        pytest.param("nul", "nul_", id="reserved-small"),
        pytest.param("aux.report", "aux_.report", id="reserved-with-ending"),
        pytest.param("COM¹", "COM1_", id="reserved-by-another-digit"),
        pytest.param("aux ", "aux_", id="reserved-with-a-blank"),
        pytest.param("nul .txt", "nul_.txt", id="reserved-with-a-blank-before-the-ending"),
        pytest.param("conin$", "conin$_", id="reserved-input"),
        pytest.param("~$acme", "acme", id="as-office-marks-open-files"),
        pytest.param("a" * 300, "a" * 80, id="long"),
        pytest.param('a<b>:"|?*c', "a_b______c", id="not-in-windows"),
        pytest.param("ﬁne", "fine", id="compatibility-form"),
    ],
)
def test_an_id_becomes_a_name_that_every_file_system_takes(name, expected):
    assert file_names([name]) == {name: expected}


def test_names_that_would_be_one_file_are_told_apart():
    assert file_names(["a/b", "a_b", "A_B", "a:b", "a_b-2"]) == {
        "a/b": "a_b-3",
        "a_b": "a_b",
        "A_B": "A_B-2",
        "a:b": "a_b-4",
        "a_b-2": "a_b-2-2",
    }


def test_an_id_that_is_a_safe_name_keeps_it_whoever_comes_first():
    assert file_names(["a/b", "a_b"])["a_b"] == file_names(["a_b", "a/b"])["a_b"] == "a_b"


def test_the_two_ways_to_write_an_accent_are_one_name():
    first, second = unicodedata.normalize("NFC", "Visión"), unicodedata.normalize("NFD", "Visión")
    assert sorted(file_names([first, second]).values()) == ["Visión", "Visión-2"]


def test_a_long_name_is_cut_between_characters_and_stays_apart_from_its_like():
    names = file_names(["語" * 300, "語" * 299 + "x"])
    assert len(set(names.values())) == 2
    assert all(len(f"{name}.pdf".encode()) <= 255 for name in names.values())


@given(st.lists(st.text(), unique=True, max_size=8))
def test_whatever_the_ids_every_name_is_one_file_of_its_own_inside_the_folder(ids):
    names = file_names(ids)
    folder = Path("out/scorecards")
    paths = [folder / f"{name}.pdf" for name in names.values()]
    assert list(names) == ids
    assert len({name.casefold() for name in names.values()}) == len(ids)
    assert all(path.parent == folder and path.name not in {".pdf", "..pdf"} for path in paths)
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for name in names.values() for c in name)
    assert not any(forbidden_by_windows(name) for name in names.values())


def forbidden_by_windows(name):
    """Say what `ntpath.isreserved` of newer Pythons says, and whether a path of it would be too long."""
    start = name.partition(".")[0].rstrip(" ").upper()
    devices = {
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "CONIN$",
        "CONOUT$",
        *(f"{x}{n}" for x in ("COM", "LPT") for n in "123456789"),
    }
    return start in devices or name[-1] in ". " or set(name) & set('<>:"/\\|?*') or len(name) > 84


@given(
    st.sampled_from(["con", "AUX", "nul", "CONOUT$", "lpt1", "com³"]),
    st.sampled_from(["", " ", ".", " .txt", ".a.b", "\t", "\u200b", "~", "?"]),
)
def test_no_device_of_windows_is_a_file(device, more):
    for name in (device + more, more + device, more + device + more):
        assert not forbidden_by_windows(file_names([name])[name])
