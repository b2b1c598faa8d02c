"""What the demo market's workers hand in: right as often as they are careful, wrong otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from random import Random

from tukro.demo.digits import read_digits
from tukro.demo.labelled import read_named_sentences, read_sheets
from tukro.demo.rows import truth_of_numbers
from tukro.demo.sentences import read_sentences
from tukro.questions.crowd import TASK_ANSWERS

Pairs = list[tuple[str, str]]
Row = Mapping[str, str]

_DIGITS = {digit.id: str(digit.truth) for digit in read_digits()}
_NUMBERS = truth_of_numbers()
_SENTENCES = {sentence.id: sentence for sentence in read_sentences()}
_SHEETS = {sheet.id: sheet for sheet in read_sheets()}
_NAMED = {one.id: one for one in read_named_sentences()}
_SENTIMENTS = ("positive", "negative", "neutral")


def _digit(row: Row, right: bool, chance: Random) -> Pairs:
    truth = _DIGITS[row["id"]]
    return [("digit", truth if right else chance.choice([d for d in "0123456789" if d != truth]))]


def _number(row: Row, right: bool, chance: Random) -> Pairs:
    truth = _NUMBERS[row["id"]]
    at = chance.randrange(len(truth))
    return [("number", truth if right else f"{truth[:at]}{(int(truth[at]) + 1) % 10}{truth[at + 1 :]}")]


def _sentiment(row: Row, right: bool, chance: Random) -> Pairs:
    truth = _SENTENCES[row["id"]].sentiment
    said = truth if right else chance.choice([s for s in _SENTIMENTS if s != truth])
    return [("sentiment", said), ("words", row["sentence"].rstrip("।!?").split()[-1])]


def _topic(row: Row, right: bool, chance: Random) -> Pairs:
    truth = _SENTENCES[row["id"]].topic
    topic = truth if right else chance.choice([one for one in _TOPICS if one != truth])
    word = row["sentence"].split()[0]
    return _crowd({"topic": {"label": f"{_TOPICS[topic]} / {topic}"}, "word": word})


def _spelling(row: Row, right: bool, chance: Random) -> Pairs:  # noqa: ARG001  # every answerer is called so
    sentence = _SENTENCES[row["id"]]
    wrong = set(sentence.misspelled.split()) - set(sentence.text.split())
    word = next(iter(sorted(wrong)), sentence.misspelled.split()[0])
    return [("wrong_word", word), ("corrected", sentence.text if right else sentence.misspelled)]


def _receipt(row: Row, right: bool, chance: Random) -> Pairs:
    lines = row["receipt"].splitlines()
    total = "".join(char for char in lines[-1] if char.isdigit())
    return [
        ("shop", lines[0]),
        ("date", lines[1]),
        ("total", total if right else str(int(total) + chance.choice([1, 10, 100]))),
    ]


def _place(row: Row, right: bool, chance: Random) -> Pairs:  # noqa: ARG001  # every answerer is called so
    name = "-".join(row["place"].lower().split()[:3])
    found = "ঠিকানার শেষে সরকারি নাম আছে, যোগাযোগের পাতায় ফোন নম্বরও মেলে।"
    return [
        ("site", f"https://{name}.example/" if right else "https://directory.example/list"),
        ("how_found", found if right else "প্রথম ফলাফল থেকে নিয়েছি।"),
    ]


def _hours(row: Row, right: bool, chance: Random) -> Pairs:  # noqa: ARG001  # every answerer is called so
    said = "ঠিক / right" if right else chance.choice(["ভুল / wrong", "জানা গেল না / could not find out"])
    return [("verdict", said), ("note", "প্রতিষ্ঠানের নিজের পাতায় সময়সূচি দেখেছি।")]


def _survey(row: Row, right: bool, chance: Random) -> Pairs:  # noqa: ARG001  # every answerer is called so
    return [
        ("age", str(chance.randint(18, 34))),
        ("device", "মোবাইল / phone"),
        ("uses", "ক্লাস / classes"),
        ("uses", "ভিডিও / videos"),
        ("trouble", chance.choice(_TROUBLES) if right else "নেটওয়ার্ক নেটওয়ার্ক নেটওয়ার্ক নেটওয়ার্ক"),
    ]


def _story(row: Row, right: bool, chance: Random) -> Pairs:  # noqa: ARG001  # every answerer is called so
    dish, story = chance.choice(_STORIES)
    return [("dish", dish), ("story", story if right else (story.split("।")[0] + "। ") * 8)]


def _prices(row: Row, right: bool, chance: Random) -> Pairs:  # noqa: ARG001  # every answerer is called so
    market = chance.choice(["মেছুয়া বাজার, ময়মনসিংহ সদর", "সাহেব বাজার, রাজশাহী", "লালবাজার, সিলেট", "নতুন বাজার, খুলনা"])
    coarse = chance.randint(52, 58)
    return [("market", market), ("coarse", str(coarse)), ("fine", str(coarse + chance.randint(14, 22)))]


def _idea(row: Row, right: bool, chance: Random) -> Pairs:  # noqa: ARG001  # every answerer is called so
    return [("idea", chance.choice(_IDEAS))]


def _boxes(row: Row, right: bool, chance: Random) -> Pairs:
    sheet = _SHEETS[row["id"]]
    drawn = sheet.boxes if right else sheet.boxes[:-1]  # one digit was overlooked
    boxes = [
        {
            "height": box.height + chance.randint(0, 4),
            "label": str(truth),
            "left": max(box.left - chance.randint(0, 3), 0),
            "top": max(box.top - chance.randint(0, 3), 0),
            "width": box.width + chance.randint(0, 4),
        }
        for truth, box in drawn
    ]
    size = {"height": 360, "width": 480}
    return _crowd({"digits": {"boundingBoxes": boxes, "inputImageProperties": size}})


def _names(row: Row, right: bool, chance: Random) -> Pairs:
    names = list(_NAMED[row["id"]].names)
    if not right:
        names.pop(chance.randrange(len(names)))
    entities = [{"endOffset": end, "label": label, "startOffset": start} for label, start, end in names]
    return _crowd({"names": {"entities": entities}})


def _crowd(answer: Mapping[str, object]) -> Pairs:
    """As crowd elements hand it in: a list with one object."""
    return [(TASK_ANSWERS, json.dumps([answer], ensure_ascii=False))]


ANSWERS: Mapping[str, Callable[[Row, bool, Random], Pairs]] = {
    "digits": _digit,
    "numbers": _number,
    "sentiment": _sentiment,
    "topics": _topic,
    "spelling": _spelling,
    "receipts": _receipt,
    "research": _place,
    "facts": _hours,
    "survey": _survey,
    "writing": _story,
    "prices": _prices,
    "ideas": _idea,
    "boxes": _boxes,
    "names": _names,
}

_TOPICS = {
    "market": "বাজার", "weather": "আবহাওয়া", "transport": "যাতায়াত", "food": "খাবার",
    "cricket": "ক্রিকেট", "school": "স্কুল", "health": "স্বাস্থ্য", "mobile": "মোবাইল",
}  # fmt: skip
_TROUBLES = (
    "সন্ধ্যার পর নেটওয়ার্ক খুব ধীর হয়ে যায়, তখন ক্লাসের ভিডিও বারবার থেমে যায়।",
    "ডেটার দাম বেশি, মাসের শেষে প্যাক কেনার টাকা থাকে না।",
    "ছোট পর্দায় অঙ্কের ছবি পড়তে কষ্ট হয়, চোখ ব্যথা করে।",
    "ঘরে একটাই ফোন, ছোট ভাইয়ের ক্লাসের সময় আমার পড়া হয় না।",
    "The signal drops whenever it rains, and lessons cannot be downloaded in advance.",
)
_STORIES = (
    (
        "চিতই পিঠা",
        "শীতের ভোরে আমার নানি মাটির চুলায় চিতই পিঠা বানান। চালের গুঁড়া কুসুম গরম পানিতে "
        "গুলে তিনি একটু নুন দেন, তারপর মাটির খোলায় ঢেলে ঢাকনা দিয়ে দেন। ধোঁয়ার গন্ধে "
        "আমাদের ঘুম ভাঙে। উঠানে পাটি পেতে সবাই গোল হয়ে বসি, কেউ খেজুরের গুড় দিয়ে খায়, কেউ "
        "শুঁটকির ভর্তা দিয়ে। নানি বলেন, পিঠা একা খেতে নেই, তাই পাশের বাড়ির বাচ্চারাও আসে। "
        "পৌষ মাসের শেষ দিনে দুধে ভিজিয়ে রাখা হয়, সারা রাত ভিজে সকালে নরম হয়ে যায়। শহরে "
        "দোকানে পিঠা পাওয়া যায়, কিন্তু সেই মাটির খোলার ঘ্রাণ থাকে না। আমার কাছে এই পিঠা "
        "মানে নানির হাত, কুয়াশা আর সবার একসঙ্গে বসে থাকা। এখন আমি নিজেও বানাতে শিখেছি, "
        "প্রথমটা সব সময় পুড়ে যায়, নানি হেসে বলেন ওটা চুলার ভাগ।",
    ),
    (
        "সাতকড়া দিয়ে গরুর মাংস",
        "সিলেটে মেহমান এলে সাতকড়া দিয়ে মাংস রান্না না হলে আপ্যায়ন পূর্ণ হয় না। সাতকড়া "
        "লেবুর মতো দেখতে, কিন্তু ভেতরের রস নয়, খোসাটাই রান্নায় লাগে। আমার আম্মা প্রথমে মাংস "
        "কষান পেঁয়াজ, আদা আর শুকনা মরিচ দিয়ে, শেষে পাতলা করে কাটা সাতকড়া ছেড়ে দেন। বেশি "
        "আগে দিলে তেতো হয়ে যায়, পরে দিলে গন্ধ বের হয় না, ঠিক সময়টা চিনতে আমার দুই বছর "
        "লেগেছে। ঈদের দিন দুপুরে সবাই এক থালায় ভাত নিয়ে বসে, তখন কারও মুখে কথা থাকে না। "
        "প্রবাসী মামারা যাওয়ার সময় শুকনা সাতকড়া নিয়ে যান, যেন লন্ডনের রান্নাঘরেও বাড়ির "
        "গন্ধ থাকে। আমার ভালো লাগে কারণ এই স্বাদ আর কোথাও পাই না, একটু টক, একটু তিতা, আর "
        "অনেকটা মায়া। বৃষ্টির দিনে গরম ভাতের সঙ্গে খেতে সবচেয়ে ভালো।",
    ),
)
_IDEAS = (
    "বইয়ের তাক মেঝে থেকে দুই হাত উঁচুতে বাঁশের মাচায় রাখা যায়, নিচে চুনের বাটি রাখলে "
    "স্যাঁতসেঁতে ভাব কমে। প্রতি শুক্রবার রোদে দেওয়ার পালা থাকুক।",
    "হাটের দিনে একটা ভ্যানগাড়িতে বই নিয়ে যাওয়া যায়। কৃষকেরা সদাই কিনতে এসে বই নেবেন, পরের "
    "হাটে ফেরত দেবেন, নাম লিখে রাখলেই চলবে।",
    "Let every pupil adopt one shelf: they dust it, mend torn pages with rice glue, and read "
    "one story aloud there on Thursdays.",
)
