"""The demo market's data are complete, readable and true to their sources."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from pathlib import Path

from PIL import Image

from tukro.demo.digits import export_digits, png_of, read_digits, write_tasks_csv
from tukro.demo.labelled import read_named_sentences, read_sheets
from tukro.demo.sentences import read_sentences


def test_all_digits_of_the_set_are_there() -> None:
    counts = Counter(digit.truth for digit in read_digits())
    assert dict(sorted(counts.items())) == {
        0: 178, 1: 182, 2: 177, 3: 183, 4: 181, 5: 182, 6: 181, 7: 179, 8: 174, 9: 180,
    }  # fmt: skip


def test_a_digit_is_drawn_dark_on_white_and_large_enough_to_read() -> None:
    (first,) = read_digits(limit=1)
    picture = Image.open(io.BytesIO(png_of([first]))).convert("L")
    assert picture.size == (96, 96)
    assert picture.getpixel((2, 2)) == 255
    assert min(picture.tobytes()) < 64


def test_digits_side_by_side_make_a_number() -> None:
    picture = Image.open(io.BytesIO(png_of(read_digits(limit=4))))
    assert picture.size == (4 * 96, 96)


def test_the_csv_for_publishing_does_not_tell_the_truth() -> None:
    file = io.StringIO(newline="")
    write_tasks_csv(read_digits(limit=3), file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert [row["id"] for row in rows] == ["digit-0001", "digit-0002", "digit-0003"]
    assert {frozenset(row) for row in rows} == {frozenset({"id", "image"})}
    assert all(row["image"].startswith("data:image/png;base64,iVBOR") for row in rows)
    assert max(len(row["image"]) for row in rows) < 3_000


def test_the_export_writes_pictures_tasks_and_truth(tmp_path: Path) -> None:
    assert export_digits(tmp_path / "digits") == 1797
    files = sorted(path.name for path in (tmp_path / "digits").iterdir())
    assert len([name for name in files if name.endswith(".png")]) == 1797
    assert [name for name in files if not name.endswith(".png")] == ["digits.csv", "truth.csv"]


def test_the_sentences_are_many_distinct_and_in_one_unicode_form() -> None:
    sentences = read_sentences()
    assert len(sentences) == 128
    assert len({sentence.text for sentence in sentences}) == 128
    for text in (text for s in sentences for text in (s.text, s.misspelled)):
        assert unicodedata.normalize("NFC", text) == text


def test_the_sentences_are_balanced_over_topics_and_sentiments() -> None:
    sentences = read_sentences()
    assert set(Counter(s.topic for s in sentences).values()) == {16}
    assert Counter(s.sentiment for s in sentences) == {"positive": 43, "negative": 45, "neutral": 40}


def test_half_of_the_sentences_come_with_a_mistake() -> None:
    with_mistake = [s for s in read_sentences() if s.misspelled]
    assert len(with_mistake) == 64
    assert all(s.misspelled != s.text for s in with_mistake)


def test_sheets_have_four_digits_whose_boxes_hold_their_ink() -> None:
    sheets = read_sheets()
    assert len(sheets) == 12
    assert {len(sheet.boxes) for sheet in sheets} == {4}
    for sheet in sheets:
        picture = Image.open(io.BytesIO(sheet.png)).convert("L")
        assert picture.size == (480, 360)
        for _truth, box in sheet.boxes:
            picture.paste(255, (box.left, box.top, box.left + box.width, box.top + box.height))
        assert min(picture.tobytes()) >= 153  # nothing dark lies outside


def test_named_sentences_say_where_their_names_are() -> None:
    first, *others = read_named_sentences()
    assert len(others) == 11
    assert [(label, first.text[start:end]) for label, start, end in first.names] == [
        ("person", "বেগম রোকেয়া"), ("place", "রংপুর"), ("place", "পায়রাবন্দ"),
    ]  # fmt: skip
    assert not any(sign in one.text for one in (first, *others) for sign in "[]|'\"")
