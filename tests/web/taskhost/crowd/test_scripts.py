"""Templates with scripts of their own, written as requesters write them for MTurk, go on working."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.web.taskhost.crowd.pages import CrowdPages, crowd_pages

pytestmark = pytest.mark.browser

SCRIPT = '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>'


@pytest.fixture(scope="module")
def shown(chromium: Browser) -> Iterator[CrowdPages]:
    pages = crowd_pages(chromium)
    yield pages
    pages.context.close()


@pytest.fixture
def page(shown: CrowdPages) -> Iterator[Page]:
    page = shown.new_page()
    yield page
    page.close()
    errors, shown.errors[:] = list(shown.errors), []
    assert errors == []


def test_a_handler_stops_the_sending_says_why_and_fills_a_hidden_field(shown: CrowdPages, page: Page) -> None:
    shown.open(
        page,
        SCRIPT
        + """
<crowd-form>
  <div id="errorBox"></div>
  <crowd-checkbox name="a" value="yes">Yes</crowd-checkbox>
  <input type="hidden" name="count" id="count">
</crowd-form>
<script>
  document.querySelector('crowd-form').onsubmit = function (e) {
    const box = document.querySelector('crowd-checkbox');
    if (!box.checked) {
      e.preventDefault();
      errorBox.innerHTML = '<crowd-alert type="error">Tick it</crowd-alert>';
      return;
    }
    document.getElementById('count').value = JSON.stringify(box._submittableValue);
  };
</script>""",
    )
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("Tick it").wait_for()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Submit").click()
    assert shown.answer(page) == {"a": {"yes": True}, "count": '{"yes":true}'}


def test_a_button_of_the_page_asks_the_handler_too_and_returning_false_stops(
    shown: CrowdPages, page: Page
) -> None:
    shown.open(
        page,
        SCRIPT
        + """
<crowd-form><crowd-input name="note"></crowd-input><input type="hidden" name="extra">
<button type="button" id="send">Send</button></crowd-form>
<script>
  let asked = 0;
  document.querySelector('crowd-form').onsubmit = function () {
    document.querySelector('[name=extra]').value = String(asked += 1);
    if (asked === 1) return false;
  };
  document.getElementById('send').onclick = () => {
    document.querySelector('crowd-form').submit();
    if (asked === 1) document.querySelector('crowd-form').onsubmit({});
    document.querySelector('crowd-form').submit();
  };
</script>""",
    )
    page.get_by_label("note").fill("x")
    page.get_by_role("button", name="Send").click()
    assert shown.answer(page) == {"note": "x", "extra": "2"}


def test_a_handler_that_waits_sends_by_itself(shown: CrowdPages, page: Page) -> None:
    shown.open(
        page,
        SCRIPT
        + """
<crowd-form><crowd-input name="note" value="x"></crowd-input></crowd-form>
<script>
  document.querySelector('crowd-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    await new Promise((done) => setTimeout(done, 20));
    document.querySelector('crowd-input').value = 'waited';
    document.querySelector('crowd-form').submit();
  });
</script>""",
    )
    page.get_by_role("button", name="Submit").click()
    assert shown.answer(page) == {"note": "waited"}


def test_elements_are_there_for_the_scripts_behind_them_and_say_when_all_are_ready(
    shown: CrowdPages, page: Page
) -> None:
    shown.open(
        page,
        SCRIPT
        + """
<crowd-form><crowd-classifier name="mood" categories="['a']"></crowd-classifier></crowd-form>
<script>
  const seen = [typeof document.querySelector('crowd-classifier').shadowRoot];
  seen.push(document.querySelector('crowd-form').form.constructor.name);
  customElements.whenDefined('crowd-classifier').then(() => seen.push('defined'));
  document.addEventListener('DOMContentLoaded', () => {
    document.addEventListener('all-crowd-elements-ready', () => {
      const classifier = document.querySelector('crowd-classifier');
      seen.push(classifier.shadowRoot.querySelector('.category-picker-wrapper').children.length);
      classifier.categories = ['good', 'bad', 'unclear'];
      seen.push(classifier.shadowRoot.querySelector('.category-picker-wrapper').children.length);
      classifier.value = {label: 'bad'};
      seen.push(classifier.value.label);
      seen.push(JSON.parse(document.querySelector('crowd-form')._serializeForm().taskAnswers)[0].mood.label);
      window.seen = seen;
    });
  });
</script>""",
    )
    page.wait_for_function("() => window.seen")
    assert page.evaluate("window.seen") == ["object", "HTMLFormElement", "defined", 1, 3, "bad", "bad"]


def test_the_script_may_stand_at_the_end_and_elements_may_be_made_later(
    shown: CrowdPages, page: Page
) -> None:
    shown.open(
        page,
        f"""
<crowd-form id="f"><crowd-input name="first"></crowd-input><p id="more"></p></crowd-form>
<script>
  document.querySelector('crowd-input').value = 'early';
  const second = document.createElement('crowd-checkbox');
  second.setAttribute('name', 'later');
  second.checked = true;
  document.getElementById('more').append(second);
</script>
{SCRIPT}
<script>
  const third = document.createElement('crowd-text-area');
  third.name = 'third';
  third.setAttribute('name', 'third');
  third.value = 'made\\nlate';
  document.getElementById('f').append(third);
  document.querySelector('crowd-form').form.insertAdjacentHTML('beforeend', '<input name="last" value="4">');
</script>""",
    )
    page.get_by_role("button", name="Submit").click()
    assert shown.answer(page) == {
        "first": "early",
        "later": {"on": True},
        "third": "made\nlate",
        "last": "4",
    }


def test_plain_fields_answer_beside_the_elements(shown: CrowdPages, page: Page) -> None:
    shown.open(
        page,
        SCRIPT
        + """
<crowd-form>
  <input name="empty"><input name="number" type="number" value="3"><textarea name="text">a
b</textarea>
  <select name="one"><option>x</option><option selected>y</option></select>
  <select name="many" multiple><option selected>1</option><option selected>2</option><option>3</select>
  <input type="radio" name="r" value="a"><input type="radio" name="r" value="b" checked>
  <input type="checkbox" name="c" value="c1" checked><input type="checkbox" name="c" value="c2">
  <input type="checkbox" name="plain"><input name="off" value="x" disabled>
  <crowd-input name="gone" value="x" disabled></crowd-input>
  <crowd-slider name="how" min="1" max="5" value="2"></crowd-slider>
  <input name="same" value="1"><input name="same" value="2">
  <form><input name="inner" value="i"></form>
  <button name="verdict" value="skip">Skip</button>
</crowd-form>""",
    )
    page.get_by_role("button", name="Skip").click()
    assert shown.answer(page) == {
        "number": "3",
        "text": "a\nb",
        "one": "y",
        "many": ["1", "2"],
        "r": {"a": False, "b": True},
        "c": {"c1": True, "c2": False},
        "plain": {"on": False},
        "how": 2,
        "same": ["1", "2"],
        "inner": "i",
        "verdict": "skip",
    }


def test_enter_hands_in_and_needed_plain_fields_hold_it_back(shown: CrowdPages, page: Page) -> None:
    shown.open(
        page,
        SCRIPT
        + '<crowd-form><label>Code <input name="code" required></label><crowd-input name="n" label="N">'
        "</crowd-input></crowd-form>",
    )
    page.get_by_label("N", exact=True).fill("1")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "code"
    page.get_by_label("Code").fill("7")
    page.keyboard.press("Enter")
    assert shown.answer(page) == {"code": "7", "n": "1"}


def test_a_preview_hands_nothing_in(shown: CrowdPages, page: Page) -> None:
    shown.open(
        page,
        SCRIPT + '<crowd-form><crowd-input name="n" value="1"></crowd-input>'
        '<crowd-button form-action="submit">Send</crowd-button></crowd-form>',
        assignment_id="ASSIGNMENT_ID_NOT_AVAILABLE",
    )
    page.get_by_text("Accept the task to hand in an answer").wait_for()
    assert page.get_by_role("button", name="Send").is_disabled()
    page.evaluate("document.querySelector('crowd-form').submit()")
    assert shown.handed_in == []


RELAXED = {
    "['a', 'b']": ["a", "b"],
    '["a", "b",]': ["a", "b"],
    "[a b, c]": ["a b", "c"],
    "a, b": ["a", "b"],
    "[]": [],
    "": None,
    "[{name: 'Gore', parentName: \"Violence\",}, ]": [{"name": "Gore", "parentName": "Violence"}],
    "{text: 'None \\'of\\' these', n: -1.5, yes: true, no: False, nothing: None}": {
        "text": "None 'of' these",
        "n": -1.5,
        "yes": True,
        "no": False,
        "nothing": None,
    },
    '{"__proto__": {"x": 1}, "u": "\\u0995"}': {"__proto__": {"x": 1}, "u": "ক"},
    "{u: '\\u0995\\n'}": {"u": "ক\n"},
    "['open": None,
    "{a}": None,
    "[1 2, 3": None,
}


def test_attributes_are_read_as_templates_write_them(shown: CrowdPages, page: Page) -> None:
    shown.open(page, SCRIPT + "<crowd-form><crowd-classifier name='a'></crowd-classifier></crowd-form>")
    read = """text => {
      const element = document.querySelector("crowd-classifier");
      element.setAttribute("categories", text);
      return JSON.stringify(element.take("categories"));
    }"""
    found = {text: json.loads(page.evaluate(read, text)) for text in RELAXED}
    assert found == RELAXED
