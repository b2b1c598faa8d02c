"""What a requester's server needs to give codes to workers: the secret, and lines of a program."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from tukro.campaigns.models import Project
from tukro.questions import codes
from tukro.questions.proof import CODES, Kind

_TUKRO_PYTHON = """import hashlib, hmac

SECRET = "{secret}"

def code(campaign, worker, key):
    text = "".join(f"{{len(one)}}:{{one}}" for one in (campaign, worker, key))
    return "tk-" + hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()[:20]
"""
_TUKRO_PHP = """<?php
$secret = "{secret}";

function code($campaign, $worker, $key) {{
    global $secret;
    $text = "";
    foreach ([$campaign, $worker, $key] as $one) $text .= strlen($one) . ":" . $one;
    return "tk-" . substr(hash_hmac("sha256", $text, $secret), 0, 20);
}}
"""
_MW_PYTHON = """import hashlib

SECRET = "{secret}"

def code(campaign, worker):
    return "mw-" + hashlib.sha256((campaign + worker + SECRET).encode()).hexdigest()
"""
_MW_PHP = """<?php
$secret = "{secret}";

function code($campaign, $worker) {{
    global $secret;
    return "mw-" . hash("sha256", $campaign . $worker . $secret);
}}
"""


@dataclass(frozen=True, slots=True)
class CodeLines:
    """The link to send workers to, the secret, and lines by language."""

    link: str
    secret: str
    lines: list[tuple[str, str]]


def code_lines(project: Project) -> CodeLines | None:
    """None when the project asks for no code."""
    kinds = {Kind(field["kind"]) for field in project.proof} & CODES
    if not kinds:
        return None
    secret = codes.secret_of_project(settings.SECRET_KEY, project.public_id)
    lines = []
    if Kind.CODE in kinds:
        lines += [("Python", _TUKRO_PYTHON), ("PHP", _TUKRO_PHP)]
    if Kind.MW_CODE in kinds:
        lines += [("Python, VCODE", _MW_PYTHON), ("PHP, VCODE", _MW_PHP)]
    link = "https://example.org/task?campaign={{CAMP_ID}}&worker={{MW_ID}}&key={{RAND_KEY}}"
    return CodeLines(link, secret, [(name, text.format(secret=secret)) for name, text in lines])
