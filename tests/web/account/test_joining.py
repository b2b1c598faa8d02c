"""Joining, statement by statement of the two source documents (ids as in the mission)."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from tests import cast, make
from tests.make import NOW
from tests.notices.telling import tell_all
from tests.web.joining import CONTACT, PASSWORD, link_in, register, signed_in, verified_user, visitor
from tukro.notices.models import Mail
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.actions.joining import approve_worker, change_review_mode, refuse_worker
from tukro.people.models import ContactDetails, Requester, ReviewMode, User, Worker, WorkerState

pytestmark = pytest.mark.django_db

PROMISES = {"country": "BD", "one_account": "on", "rules": "on"}


@pytest.fixture(autouse=True)
def mails_are_rows(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tukro.notices.channels.outbox.OutboxBackend"


def ready(email: str = "rahima@example.org") -> Client:
    """Someone who is through the second step."""
    user = verified_user(email)
    details = Contact("Rahima Khatun", "House 12", "1216", "Dhaka", "BD")
    save_contact(user=user, contact=details, now=NOW)
    return signed_in(user)


def test_s0_28_the_site_opens_in_any_browser() -> None:
    answer = visitor().get("/")
    assert answer.status_code == 200
    assert 'name="viewport"' in answer.content.decode()


def test_s0_29_s1_32_the_landing_page_calls_to_register_for_free() -> None:
    page = visitor().get("/").content.decode()
    assert 'href="/account/signup/">Register for free</a>' in page


def test_s0_30_two_choices_create_tasks_and_make_money() -> None:
    page = visitor().get("/").content.decode()
    assert "<h2>Make money</h2>" in page
    assert "<h2>Create tasks</h2>" in page


def test_s0_31_s0_32_request_a_worker_account_leads_a_stranger_to_sign_in() -> None:
    answer = visitor().get("/account/worker")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/account/worker")


def test_s0_33_the_sign_in_page_offers_to_create_an_account_and_keeps_the_goal() -> None:
    page = visitor().get("/account/login/?next=/account/worker").content.decode()
    assert 'href="/account/signup/?next=%2Faccount%2Fworker">Create your account</a>' in page


def test_s1_33_s1_34_the_form_makes_a_user_who_cannot_sign_in_and_sends_a_mail() -> None:
    client = visitor("bn")
    register(client)
    user = User.objects.get(email="rahima@example.org")
    assert user.language == "bn"
    mail = Mail.objects.get(to="rahima@example.org")
    assert mail.sent_at is None
    assert client.get("/account/contact").status_code == 302
    answer = visitor().post("/account/login/", {"login": "rahima@example.org", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/account/confirm-email/")


def test_s1_35_s1_36_s1_37_the_link_opens_the_second_step_which_says_that_the_profile_is_active() -> None:
    client = visitor()
    answer = client.get(register(client))
    assert (answer.status_code, answer["Location"]) == (302, "/account/welcome")
    page = client.get("/account/welcome").content.decode()
    assert "Your profile is active." in page
    assert 'name="full_name"' in page


def test_s1_36_in_another_browser_the_link_says_so_and_asks_to_sign_in_first() -> None:
    link = register(visitor())
    other = visitor()
    answer = other.get(link, follow=True)
    assert "Your profile is active." in answer.content.decode()
    answer = other.post(
        "/account/login/?next=/account/welcome", {"login": "rahima@example.org", "password": PASSWORD}
    )
    assert answer["Location"] == "/account/welcome"


def test_the_goal_is_kept_when_the_mail_is_opened_in_another_browser() -> None:
    link = register(visitor(), next="/projects?q=digits&sort=reward")
    other = visitor()
    step = other.get(link)["Location"]
    answer = other.post(step, {"login": "rahima@example.org", "password": PASSWORD})
    assert answer["Location"] == "/account/welcome?next=/projects%3Fq%3Ddigits%26sort%3Dreward"
    assert other.post(answer["Location"], CONTACT)["Location"] == "/projects?q=digits&sort=reward"


def test_the_goal_is_kept_when_the_link_is_too_old_and_another_is_asked_for() -> None:
    link = register(visitor(), next="/projects")
    other = visitor()
    path, _, query = link.partition("?")
    page = other.get(f"{path[:-2]}x/?{query}").content.decode()
    assert '<input type="hidden" name="next" value="/projects">' in page
    cache.clear()  # a second mail is sent only minutes later
    other.post("/account/confirm-email-again", {"email": "rahima@example.org", "next": "/projects"})
    again = link_in(Mail.objects.latest("id"))
    assert again.endswith("?then=/projects")
    assert Mail.objects.count() == 2


def test_a_forged_goal_is_no_part_of_the_mail_or_of_the_way() -> None:
    link = register(visitor(), next="https://evil.example/")
    assert "?" not in link
    assert "evil" not in visitor().get(f"{link}?then=//evil.example/")["Location"]


def test_the_goal_waits_until_the_worker_account_is_there() -> None:
    client = signed_in(verified_user())
    step = client.get("/projects?q=digits")["Location"]
    assert step == "/account/worker?next=/projects%3Fq%3Ddigits"
    contact = client.get(step)["Location"]
    back = client.post(contact, CONTACT)["Location"]
    assert back == step
    wanted = client.post(back, {"country": "BD", "one_account": "on", "rules": "on"})["Location"]
    assert wanted == "/projects?q=digits"


@pytest.mark.parametrize(
    ("languages", "country"),
    [
        ("bn-BD,bn;q=0.9,en-US;q=0.8", "BD"),
        ("en-IN,hi;q=0.5", "IN"),
        ("en-US,en;q=0.9,bn;q=0.8", "BD"),
        ("en-US,en;q=0.9", ""),
        ("zz-ZZ,x;q=y", ""),
    ],
)
def test_the_likely_country_of_somebody_new_is_chosen_beforehand(languages: str, country: str) -> None:
    client = Client(headers={"accept-language": languages})
    client.force_login(verified_user())
    assert client.get("/account/welcome").context["form"]["country"].value() == country


def test_nobodys_country_is_guessed_once_they_have_told_it() -> None:
    client = ready()
    page = client.get("/account/contact", headers={"accept-language": "en-IN"})
    assert page.context["form"]["country"].value() == "BD"


def test_s1_38_contact_details_are_saved_and_the_pages_speak_as_chosen() -> None:
    client = visitor()
    client.get(register(client))
    answer = client.post("/account/welcome", CONTACT)
    assert (answer.status_code, answer["Location"]) == (302, "/account/choose")
    user = User.objects.get(email="rahima@example.org")
    details = ContactDetails.objects.get(user=user)
    assert (details.full_name, details.address, details.postal_code, details.city, details.country) == (
        "রহিমা খাতুন",
        "বাড়ি ১২, রোড ৫, মিরপুর",
        "1216",
        "ঢাকা",
        "BD",
    )
    assert (user.language, user.digits, user.time_zone) == ("bn", "native", "Asia/Dhaka")
    assert client.get("/account/contact")["Content-Language"] == "bn"


def test_s1_38_contact_details_can_be_changed_under_account() -> None:
    client = ready()
    assert "Contact details" in client.get("/account/").content.decode()
    answer = client.post("/account/contact", {**CONTACT, "city": "Khulna", "language": "en"}, follow=True)
    assert "Your contact details are saved." in answer.content.decode()
    assert ContactDetails.objects.get().city == "Khulna"


def test_s0_34_s0_35_the_goal_waits_behind_the_second_step() -> None:
    client = visitor()
    link = register(client, next="/account/worker")
    assert client.get(link)["Location"] == "/account/worker"
    step = client.get("/account/worker")["Location"]
    assert step == "/account/welcome?next=/account/worker"
    assert client.post(step, CONTACT)["Location"] == "/account/worker"
    assert client.get("/account/worker").status_code == 200


def test_s1_39_s1_53_without_review_first_work_starts_at_once() -> None:
    client = ready()
    answer = client.post("/account/worker", PROMISES)
    assert (answer.status_code, answer["Location"]) == (302, "/projects")
    assert Worker.objects.get().state == WorkerState.ACTIVE


def test_s0_36_with_review_first_the_account_waits() -> None:
    change_review_mode(by=cast.shirin().actor, mode=ReviewMode.BEFORE_FIRST_TASK, now=NOW)
    client = ready()
    answer = client.post("/account/worker", PROMISES, follow=True)
    assert Worker.objects.get().state == WorkerState.PENDING
    assert "We are looking at it" in answer.content.decode()
    assert client.get("/account/start")["Location"] == "/account/worker"


@pytest.mark.django_db(transaction=True)
def test_s0_37_s0_38_s0_39_approval_is_told_by_mail_which_names_the_dashboard() -> None:
    change_review_mode(by=cast.shirin().actor, mode=ReviewMode.BEFORE_FIRST_TASK, now=NOW)
    client = ready()
    client.post("/account/worker", PROMISES)
    approve_worker(by=make.staff().actor, worker_id=Worker.objects.get().public_id, now=NOW)
    tell_all()
    mail = Mail.objects.get(to="rahima@example.org")
    assert mail.subject == "Your worker account is approved"
    assert link_in(mail) == "/dashboard"
    assert client.get("/account/start")["Location"] == "/projects"


@pytest.mark.django_db(transaction=True)
def test_s0_36_a_refused_person_reads_the_reason_by_mail_and_on_the_page_and_may_ask_again() -> None:
    client = ready()
    client.post("/account/worker", PROMISES)
    worker = Worker.objects.get()
    refuse_worker(by=cast.shirin().actor, worker_id=worker.public_id, reason="Two accounts", now=NOW)
    tell_all()
    assert "Two accounts" in Mail.objects.get(to="rahima@example.org").text
    assert "Two accounts" in client.get("/account/worker").content.decode()
    answer = client.post("/account/worker?again=1", PROMISES)
    assert answer["Location"] == "/account/worker"
    worker.refresh_from_db()
    assert worker.state == WorkerState.PENDING


def test_s0_31_create_tasks_makes_a_requester_under_a_name() -> None:
    client = ready("karim@example.org")
    answer = client.post("/account/requester", {"name": "Karim  Studio"})
    assert (answer.status_code, answer["Location"]) == (302, "/requester/")
    assert Requester.objects.get().name == "Karim Studio"


def test_s1_30_one_person_one_account_is_promised() -> None:
    answer = ready().post("/account/worker", {"country": "BD", "rules": "on"})
    assert answer.status_code == 422
    assert "Please confirm that this is your only account." in answer.content.decode()
    assert not Worker.objects.exists()


def test_one_person_may_be_both() -> None:
    client = ready()
    client.post("/account/worker", PROMISES)
    client.post("/account/requester", {"name": "Rahima"})
    user = User.objects.get(email="rahima@example.org")
    assert (user.worker.state, user.requester.name) == ("active", "Rahima")


def test_an_address_that_is_known_gets_a_mail_and_the_page_says_nothing_else() -> None:
    verified_user()
    client = visitor()
    known = client.post("/account/signup/", {"email": "rahima@example.org", "password1": PASSWORD})
    new = visitor().post("/account/signup/", {"email": "new@example.org", "password1": PASSWORD})
    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])
    assert Mail.objects.get(to="rahima@example.org").subject == "You already have an account"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"email": "not an address"}, "Enter a valid email address."),
        ({"email": f"a@ex{'ä' * 60}.de"}, "Enter a valid email address."),  # too long for the net's names
        ({"email": f"{'a' * 250}@example.org"}, "at most 254 characters (it has 262)"),
        ({"password1": "12345"}, "This password is too short. It needs at least 8 characters."),
        ({"password1": "password"}, "This password is too common."),
        ({"email": ""}, "This field is required."),
    ],
)
def test_a_faulty_registration_is_explained_and_makes_nobody(fault: dict[str, str], words: str) -> None:
    form = {"email": "rahima@example.org", "password1": PASSWORD, **fault}
    answer = visitor().post("/account/signup/", form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"full_name": "12345"}, "Please write it in letters."),
        ({"full_name": " \u200b "}, "This field is required."),
        ({"country": "XX"}, "Select a valid choice."),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice."),
        ({"postal_code": "<b>"}, "A postal code has letters, digits, spaces and hyphens only."),
        ({"address": "x" * 301}, "at most 300 characters"),
    ],
)
def test_faulty_contact_details_are_explained_and_not_saved(fault: dict[str, str], words: str) -> None:
    client = signed_in(verified_user())
    answer = client.post("/account/welcome", {**CONTACT, **fault})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ContactDetails.objects.exists()


def test_markup_in_a_name_is_shown_as_text() -> None:
    client = ready()
    client.post("/account/contact", {**CONTACT, "full_name": "<script>alert(1)</script>", "language": "en"})
    page = client.get("/account/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


def test_a_forged_link_says_so_and_offers_a_new_mail() -> None:
    answer = visitor().get("/account/confirm-email/forged:link:here/")
    assert answer.status_code == 410
    page = answer.content.decode()
    assert "This link does not work" in page
    assert 'action="/account/confirm-email-again"' in page


def test_a_link_that_was_used_before_leads_on_whoever_is_signed_in() -> None:
    client = visitor()
    link = register(client)
    client.get(link)
    answer = client.get(link)
    page = answer.content.decode()
    assert (answer.status_code, "Your profile is active" in page) == (410, True)
    assert ('href="/account/start"' in page, "This link does not work" in page) == (True, False)


def test_an_expired_link_says_so(settings: Settings) -> None:
    link = register(visitor())
    settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = -1
    answer = visitor().get(link)
    assert answer.status_code == 410


def test_a_new_mail_can_be_asked_for_and_strangers_learn_nothing() -> None:
    register(visitor())
    Mail.objects.all().delete()
    known = visitor().post("/account/confirm-email-again", {"email": "Rahima@example.org"})
    unknown = visitor().post("/account/confirm-email-again", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    # Within three minutes of the first mail no second one is sent: the first link still works.
    assert [mail.to for mail in Mail.objects.all()] == []


def test_the_page_that_waits_for_the_mail_shows_its_address_known_or_not_and_asks_for_it_no_more() -> None:
    verified_user("known@example.org")
    for email in ("new@example.org", "known@example.org"):
        client = visitor()
        client.post("/account/signup/", {"email": email, "password1": PASSWORD})
        for _loaded_again in range(2):
            page = client.get("/account/confirm-email/").content.decode()
            assert f"<strong>{email}</strong>" in page
            assert 'href="/account/signup/">Register again with the right address</a>' in page
        assert f'value="{email}"' in client.get("/account/confirm-email-again").content.decode()
    assert "Register again" not in visitor().get("/account/confirm-email/").content.decode()


def test_asking_too_often_answers_429(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "verify_again": "1/m/ip"}
    client = visitor()
    answers = [client.post("/account/confirm-email-again", {"email": "a@example.org"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 429]


def test_guessing_passwords_is_stopped_for_the_account() -> None:
    verified_user()
    client = visitor()
    wrong = {"login": "rahima@example.org", "password": "wrong"}
    texts = [client.post("/account/login/", wrong).content.decode() for _ in range(6)]
    assert "The e-mail address or the password is not right." in texts[4]
    assert "Too many wrong passwords." in texts[5]
    right = client.post("/account/login/", {"login": "rahima@example.org", "password": PASSWORD})
    assert right.status_code == 422


def test_the_way_back_never_leads_out_of_the_house() -> None:
    client = signed_in(verified_user())
    for outside in ("https://evil.example/", "//evil.example/", "\\\\evil.example", "javascript:alert(1)"):
        answer = client.post("/account/welcome", {**CONTACT, "next": outside})
        assert answer["Location"] == "/account/choose"


def test_staff_have_their_own_side_and_others_do_not_see_it() -> None:
    assert signed_in(cast.shirin()).get("/account/start")["Location"] == "/staff/"
    assert signed_in(make.user()).get("/account/start")["Location"] == "/account/welcome"
