"""CSV files as people really send them: what is read, and which fault each broken one is told."""

from __future__ import annotations

import csv
import io
import tracemalloc
import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tukro.campaigns.rules.faults import Fault, Note, Unreadable
from tukro.campaigns.rules.tables import MAX_ROWS, open_table

NEEDED = ("text",)


@dataclass(frozen=True)
class Reading:
    """Everything that came of one file."""

    rows: list[dict[str, str]]
    faults: list[tuple[int, str, str]]  # line, column, code
    notes: list[str]
    encoding: str = ""
    delimiter: str = ""
    columns: tuple[str, ...] = ()


def read(content: bytes | str, needed: tuple[str, ...] = NEEDED) -> Reading:
    data = content.encode() if isinstance(content, str) else content
    try:
        table = open_table(io.BytesIO(data), needed)
    except Unreadable as unreadable:
        return Reading([], [_short(fault) for fault in unreadable.faults], [])
    rows = [row.values for row in table.rows()]
    faults = [_short(fault) for fault in table.faults.first]
    notes = [note.code for note in table.notes()]
    return Reading(rows, faults, notes, table.encoding.name, table.delimiter, table.columns)


def _short(fault: Fault) -> tuple[int, str, str]:
    return fault.line, fault.column, fault.code


def notes_of(content: str, needed: tuple[str, ...] = NEEDED) -> list[Note]:
    table = open_table(io.BytesIO(content.encode()), needed)
    list(table.rows())
    return table.notes()


BANGLA = "আমার সোনার বাংলা"
GOOD = {
    "plain": "text\nhello\n",
    "no newline at the end": "text\nhello",
    "windows line ends": "text\r\nhello\r\n",
    "old mac line ends": b"text\rhello\r",
    "quoted header and cell": '"text"\n"hello"\n',
    "blanks around the header": "  text  \nhello\n",
    "utf-8 with its mark": b"\xef\xbb\xbftext\nhello\n",
    "utf-8 with its mark and quotes": b'\xef\xbb\xbf"text"\n"hello"\n',
    "utf-16 little": "text\nhello\n".encode("utf-16"),
    "utf-16 big": b"\xfe\xff" + "text\nhello\n".encode("utf-16-be"),
    "utf-16 without its mark": "text\nhello\n".encode("utf-16-le"),
    "utf-32": "text\nhello\n".encode("utf-32"),
    "excel's word on the separator": "sep=;\r\ntext\r\nhello\r\n",
    "empty columns at the right": "text,,\nhello,,\n",
    "empty lines between": "text\n\n  \nhello\n\n",
}


@pytest.mark.parametrize("content", GOOD.values(), ids=GOOD.keys())
def test_a_file_is_read_however_it_was_saved(content: bytes | str) -> None:
    reading = read(content)
    assert reading.rows == [{"text": "hello"}]
    assert reading.faults == []


VALUES = {
    "bengali": BANGLA,
    "emoji": "😀👩‍👩‍👧‍👦🇧🇩",
    "a comma": "a, b",
    "a semicolon": "a; b",
    "quotes": 'say ""hi""',
    "line breaks": "one\ntwo\r\nthree",
    "html": "<b onclick='x'>&amp;</b>",
    "a variable": "${text}",
    "a formula": "=1+1",
    "beyond the basic plane": "𝕏𐍈",
    "blanks at both ends": "  x  ",
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_value_arrives_as_it_was_written(value: str, encoding: str) -> None:
    assert read(f'text\n"{value}"\n'.encode(encoding)).rows == [{"text": value.replace('""', '"')}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    reading = read(f'id{delimiter}text\n1{delimiter}"a,b;c\td"\n')
    assert reading.delimiter == delimiter
    assert reading.rows == [{"id": "1", "text": "a,b;c\td"}]


def test_the_delimiter_is_the_one_that_finds_the_wanted_columns() -> None:
    reading = read("a,b;text\n1;hello\n")
    assert reading.columns == ("a,b", "text")


def test_text_is_kept_in_one_unicode_form() -> None:
    decomposed = unicodedata.normalize("NFD", "ড়")
    reading = read(f"{decomposed}\n{decomposed}\n", needed=(unicodedata.normalize("NFC", "ড়"),))
    assert reading.rows == [{unicodedata.normalize("NFC", "ড়"): unicodedata.normalize("NFC", "ড়")}]


BROKEN: dict[str, tuple[bytes | str, list[tuple[int, str, str]]]] = {
    "nothing at all": (b"", [(0, "", "empty_file")]),
    "only a mark": (b"\xef\xbb\xbf", [(1, "", "no_header")]),
    "only blank lines": ("\n\n", [(1, "", "no_header")]),
    "a workbook": (b"PK\x03\x04rest", [(0, "", "spreadsheet_file")]),
    "an old workbook": (b"\xd0\xcf\x11\xe0rest", [(0, "", "spreadsheet_file")]),
    "a pdf": (b"%PDF-1.7", [(0, "", "not_text")]),
    "a picture": (b"\x89PNG\r\n\x1a\n", [(0, "", "not_text")]),
    "only a header": ("text\n", [(0, "", "no_rows")]),
    "only empty rows": ("text\n\n \n", [(0, "", "no_rows")]),
    "a missing column": ("txet\nhello\n", [(1, "text", "missing_column")]),
    "the same column twice": ("text,text\na,b\n", [(1, "text", "duplicate_column")]),
    "a column without a name": ("text,,id\na,b,c\n", [(1, "", "column_without_name")]),
    "too many columns": (",".join(["text", *map(str, range(200))]) + "\n", [(1, "", "too_many_columns")]),
    "a very long name": ("text," + "x" * 101 + "\na,b\n", [(1, "x" * 40, "column_name_too_long")]),
    "a row too short": ("id,text\n1,a\n2\n3,c\n", [(3, "text", "too_few_cells")]),
    "a row too long": ("id,text\n1,a\n2,b,c\n", [(3, "", "too_many_cells")]),
    "a cell beyond a nameless column": ("text,\na,b\n", [(2, "", "too_many_cells")]),
    "a quote that never ends": ('text\nok\n"never\nends\n', [(3, "", "quote_not_closed")]),
    "text after a quote": ('id,text\n1,"a"b\n2,c\n', [(2, "", "text_after_quote")]),
    "a cell too long": ("text\nok\n" + "x" * 131_073 + "\n", [(3, "", "cell_too_long")]),
    "a NUL in a cell": ("text\na\nb\x00c\n", [(3, "text", "nul_character")]),
    "a NUL in the header": ("te\x00xt\na\n", [(1, "text", "nul_character"), (1, "text", "missing_column")]),
    "a lone byte of utf-8": (b"text\nok\nbad \xe0\xa6 x\n", [(3, "", "encoding_unknown")]),
    "cut off inside a letter": (b"text\n" + "ক".encode()[:2], [(2, "", "encoding_unknown")]),
    "half of utf-16": ("text\nhello\n".encode("utf-16") + b"x", [(3, "", "encoding_unknown")]),
    "cyrillic in one byte": ("text\nПривет, мир\n".encode("cp1251"), [(2, "", "encoding_unknown")]),
    "a bengali font of old": ("text\nevsjv‡`k Avgvi\n".encode("cp1252"), [(2, "", "encoding_unknown")]),
    "japanese in two bytes": ("text\n日本語です\n".encode("shift_jis"), [(2, "", "encoding_unknown")]),
    "random bytes": (bytes(range(128, 256)) * 4, [(1, "", "encoding_unknown")]),
}


@pytest.mark.parametrize(("content", "faults"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_told_line_column_and_cause(
    content: bytes | str, faults: list[tuple[int, str, str]]
) -> None:
    assert read(content).faults == faults


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    content = 'id,text\n1,"two\nlines"\n\n2\n'
    assert read(content).faults == [(5, "text", "too_few_cells")]


def test_lines_are_counted_after_excels_word_on_the_separator() -> None:
    assert read("sep=;\nid;text\n1\n").faults == [(3, "text", "too_few_cells")]


def test_every_missing_column_is_told_with_the_one_that_was_meant() -> None:
    with pytest.raises(Unreadable) as unreadable:
        open_table(io.BytesIO(b"Image_URL,id\nx,1\n"), ("image url", "text"))
    assert [(fault.column, fault.facts["similar"]) for fault in unreadable.value.faults] == [
        ("image url", "Image_URL"),
        ("text", ""),
    ]


def test_good_rows_are_counted_and_bad_ones_named_side_by_side() -> None:
    reading = read("id,text\n1\n2,b\n3\n4,d\n")
    assert reading.rows == [{"id": "2", "text": "b"}, {"id": "4", "text": "d"}]
    assert [line for line, _, _ in reading.faults] == [2, 4]


def test_the_first_hundred_faults_are_kept_and_all_are_counted() -> None:
    table = open_table(io.BytesIO(b"id,text\n" + b"1\n" * 250), NEEDED)
    assert list(table.rows()) == []
    assert (len(table.faults.first), table.faults.count) == (100, 250)


def test_one_row_over_the_limit_is_one_too_many() -> None:
    table = open_table(io.BytesIO(b"text\n" + b"x\n" * (MAX_ROWS + 1)), NEEDED)
    assert sum(1 for _ in table.rows()) == MAX_ROWS
    assert [_short(fault) for fault in table.faults.first] == [(MAX_ROWS + 2, "", "too_many_rows")]


def test_a_few_accented_letters_are_read_as_windows_1252_and_said_so() -> None:
    reading = read("text\nCafé René – “déjà vu” 5 €\n".encode("cp1252"))
    assert reading.rows == [{"text": "Café René – “déjà vu” 5 €"}]
    assert reading.notes == ["encoding_guessed"]


def test_extra_columns_are_kept_and_said() -> None:
    assert read("id,text,truth\n1,a,7\n").rows == [{"id": "1", "text": "a", "truth": "7"}]
    assert notes_of("id,text,truth\n1,a,7\n") == [Note("extra_columns", {"columns": ["id", "truth"]})]


def test_empty_rows_and_cells_are_passed_over_and_said() -> None:
    assert notes_of("id,text\n\n1,\n2,b\n,\n3, \n", needed=("id", "text")) == [
        Note("empty_rows", {"count": 2, "line": 2, "column": ""}),
        Note("empty_cells", {"count": 2, "line": 3, "column": "text"}),
    ]


def test_bengali_that_a_spreadsheet_turned_into_question_marks_is_said() -> None:
    assert notes_of("text\nhow?\n????? ????\n") == [
        Note("lost_letters", {"count": 1, "line": 3, "column": "text"})
    ]


@pytest.mark.parametrize("mistaken_for", ["latin-1", "cp1252"])
def test_bengali_that_a_program_took_for_latin_letters_is_said(mistaken_for: str) -> None:
    seen = "আমি ভাত খাই".encode().decode(mistaken_for, "replace")
    assert notes_of(f"text\nà la carte, ça va §\n{seen}\n".replace(",", "")) == [
        Note("latin_bengali", {"count": 1, "line": 3, "column": "text"})
    ]


def test_addresses_from_which_a_task_shows_no_pictures_are_said() -> None:
    assert notes_of("text\nhttps://a.example/1.png\nHTTP://a.example/2.png\nsee http://b\n") == [
        Note("plain_http", {"count": 1, "line": 3, "column": "text"})
    ]


def test_rows_that_are_the_same_to_workers_are_said_with_the_first_that_repeats_another() -> None:
    content = "id,text,more\n1,a,x\n2,b,x\n\n3,a,y\n4,b,x\n5,a,x\n"
    assert notes_of(content, needed=("text", "more")) == [
        Note("extra_columns", {"columns": ["id"]}),
        Note("empty_rows", {"count": 1, "line": 4, "column": ""}),
        Note("same_rows", {"count": 2, "line": 6, "like": 3}),
    ]


def test_rows_that_differ_in_one_variable_are_not_the_same() -> None:
    assert read("one,two\na,b\nb,a\nab,c\na,bc\n", needed=("one", "two")).notes == []


def test_a_full_file_of_different_rows_has_none_that_repeat_another() -> None:
    table = open_table(io.BytesIO(b"text\n" + b"".join(b"%d\n" % no for no in range(MAX_ROWS))), NEEDED)
    assert sum(1 for _ in table.rows()) == MAX_ROWS
    assert table.notes() == []


def test_memory_does_not_grow_with_the_file() -> None:
    small, large = (_peak_of(rows) for rows in (2_000, 40_000))
    assert large < small + 400_000


def _peak_of(rows: int) -> int:
    content = io.BytesIO(b"id,text\n" + b"".join(b"%d,%080d\n" % (no, no) for no in range(rows)))
    tracemalloc.start()
    try:
        table = open_table(content, NEEDED)
        for _ in table.rows():
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


@given(
    st.lists(st.tuples(cells, cells), min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_csv_writer_writes_is_read_back(
    rows: list[tuple[str, str]], delimiter: str, encoding: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "text"])
    writer.writerows(rows)
    expected = [
        {"id": unicodedata.normalize("NFC", one), "text": unicodedata.normalize("NFC", two)}
        for one, two in rows
        if one.strip() or two.strip()
    ]
    assert read(text.getvalue().encode(encoding), needed=("id", "text")).rows == expected


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_told(content: bytes) -> None:
    reading = read(b"text\n" + content)
    assert reading.rows or reading.faults
