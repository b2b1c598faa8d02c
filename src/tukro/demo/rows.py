"""The rows that fill the demo market's projects, from the digits, the sentences and a few lists."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping

from tukro.demo.digits import Digit, data_url, png_of, read_digits
from tukro.demo.labelled import read_named_sentences, read_sheets
from tukro.demo.sentences import read_sentences

Row = Mapping[str, str]


def csv_of(rows: Iterable[Row]) -> bytes:
    """The file that a requester uploads."""
    rows = list(rows)
    text = io.StringIO(newline="")
    file = csv.DictWriter(text, fieldnames=list(rows[0]))
    file.writeheader()
    file.writerows(rows)
    return text.getvalue().encode("utf-8")


def digit_rows(first: int = 1, count: int = 60) -> list[Row]:
    digits = list(read_digits(limit=first + count - 1))[first - 1 :]
    return [{"id": digit.id, "image": data_url(png_of([digit]))} for digit in digits]


def number_rows(count: int = 20, length: int = 8) -> list[Row]:
    """Numbers of ``length`` digits, each written by many hands; ``truth_of_numbers`` knows them."""
    return [
        {"id": f"number-{no:03}", "image": data_url(png_of(strip))} for no, strip in _strips(count, length)
    ]


def truth_of_numbers(count: int = 20, length: int = 8) -> dict[str, str]:
    """What stands on each picture of ``number_rows``."""
    return {
        f"number-{no:03}": "".join(str(digit.truth) for digit in strip)
        for no, strip in _strips(count, length)
    }


def sentiment_rows() -> list[Row]:
    return [{"id": s.id, "topic": s.topic, "sentence": s.text} for s in read_sentences()]


def topic_rows() -> list[Row]:
    """Every third sentence, without its topic: that is what is asked."""
    return [{"id": s.id, "sentence": s.text} for s in read_sentences()[::3]]


def spelling_rows() -> list[Row]:
    return [{"id": s.id, "sentence": s.misspelled} for s in read_sentences() if s.misspelled]


def reading_rows() -> list[Row]:
    return [{"id": s.id, "sentence": s.text} for s in read_sentences()[::8]]


def sheet_rows() -> list[Row]:
    return [{"id": sheet.id, "image": data_url(sheet.png)} for sheet in read_sheets()]


def named_rows() -> list[Row]:
    return [{"id": one.id, "sentence": one.text} for one in read_named_sentences()]


def receipt_rows() -> list[Row]:
    return [{"id": f"receipt-{no:02}", "receipt": text} for no, text in enumerate(_RECEIPTS, start=1)]


def place_rows() -> list[Row]:
    return [{"place": place, "district": district} for place, district in _PLACES]


def hours_rows() -> list[Row]:
    return [{"place": place, "claim": claim} for place, claim in _CLAIMS]


def _strips(count: int, length: int) -> list[tuple[int, list[Digit]]]:
    # The second half of the set, so that nobody meets the same pictures in two projects.
    digits = list(read_digits(limit=900 + count * length))[900:]
    return [(no + 1, digits[no * length : (no + 1) * length]) for no in range(count)]


_RECEIPTS = (
    "রহমান স্টোর, নেত্রকোনা\n০৩/১১/২০২৬\nচাল ৫ কেজি ৩৭৫\nডাল ১ কেজি ১৩০\nমোট ৫০৫ টাকা",
    "মায়ের দোয়া ফার্মেসি\n১২/১০/২০২৬\nপ্যারাসিটামল ২ পাতা ২৪\nওরস্যালাইন ৫টি ৩০\nমোট ৫৪ টাকা",
    "সবুজ নার্সারি, যশোর\n২১/০৯/২০২৬\nআমের চারা ২টি ৩০০\nটব ৪টি ২৪০\nমোট ৫৪০ টাকা",
    "ভাই ভাই হার্ডওয়্যার\n০৭/১১/২০২৬\nপেরেক ১ কেজি ১৮০\nরং ১ কৌটা ৪২০\nমোট ৬০০ টাকা",
    "New Light Electric, Sylhet\n14/10/2026\nLED bulb x3 450\nWire 10 m 350\nTotal 800 Tk",
    "চাঁদনী বস্ত্রালয়\n৩০/১০/২০২৬\nলুঙ্গি ১টি ৬৫০\nগামছা ২টি ২৪০\nমোট ৮৯০ টাকা",
    "আদর্শ লাইব্রেরি, বগুড়া\n০১/১১/২০২৬\nখাতা ৬টি ২৪০\nকলম ১০টি ১০০\nমোট ৩৪০ টাকা",
    "পদ্মা মাছের আড়ত\n০৯/১১/২০২৬\nরুই ৩ কেজি ১০৫০\nবরফ ৫০\nমোট ১১০০ টাকা",
    "Hill View Restaurant, Bandarban\n18/10/2026\nRice and fish x2 360\nTea x2 40\nTotal 400 Tk",
    "মধুবন মিষ্টান্ন\n১৬/০৯/২০২৬\nরসগোল্লা ১ কেজি ৩২০\nদই ১ হাঁড়ি ২৫০\nমোট ৫৭০ টাকা",
    "তিস্তা কৃষি ঘর\n২৫/১০/২০২৬\nইউরিয়া ১০ কেজি ২৭০\nধানের বীজ ২ কেজি ১৬০\nমোট ৪৩০ টাকা",
    "স্মৃতি স্টুডিও, খুলনা\n০৪/১১/২০২৬\nপাসপোর্ট ছবি ৮ কপি ১২০\nলেমিনেটিং ২টি ৬০\nমোট ১৮০ টাকা",
)

_PLACES = (
    ("Rangpur Public Library", "Rangpur"),
    ("Varendra Research Museum", "Rajshahi"),
    ("Shahjalal University of Science and Technology", "Sylhet"),
    ("Khulna Medical College Hospital", "Khulna"),
    ("Bangladesh Rice Research Institute", "Gazipur"),
    ("Mymensingh Museum", "Mymensingh"),
    ("Chattogram Port Authority", "Chattogram"),
    ("Barishal Divisional Government Public Library", "Barishal"),
    ("Bangladesh National Botanical Garden", "Dhaka"),
    ("Cumilla Victoria College", "Cumilla"),
)

_CLAIMS = (
    ("জাতীয় জাদুঘর, শাহবাগ", "বৃহস্পতিবার বন্ধ থাকে"),
    ("লালবাগ কেল্লা", "রবিবার পুরো দিন বন্ধ থাকে"),
    ("বাংলা একাডেমি", "ফেব্রুয়ারি মাসে বইমেলা হয়"),
    ("মিরপুর চিড়িয়াখানা", "রবিবার বন্ধ থাকে"),
    ("কমলাপুর স্টেশন", "টিকিট কাউন্টার সকাল আটটায় খোলে"),
    ("জাতীয় চিড়িয়াখানা", "শিশুদের টিকিট লাগে না"),
    ("আহসান মঞ্জিল", "বৃহস্পতিবার বন্ধ থাকে"),
    ("সোনারগাঁ লোকশিল্প জাদুঘর", "বুধবার ও বৃহস্পতিবার বন্ধ থাকে"),
)

ROWS: Mapping[str, Callable[[], list[Row]]] = {
    "digit": digit_rows,
    "number": number_rows,
    "sentiment": sentiment_rows,
    "topics": topic_rows,
    "spelling": spelling_rows,
    "reading": reading_rows,
    "receipt": receipt_rows,
    "place": place_rows,
    "hours": hours_rows,
    "sheet": sheet_rows,
    "named": named_rows,
}
