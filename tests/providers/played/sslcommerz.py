"""SSLCommerz as its documents describe it: sessions, IPN with its hash, validation, queries, refunds."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any
from urllib.parse import urlencode

from tests.providers.played.server import Call, Contract, Reply

STORE, PASSWORD = "tukro_store", "tukro@ssl"


class SslCommerzContract(Contract):
    def __init__(self) -> None:
        super().__init__()
        self.asked_for: dict[str, dict[str, str]] = {}  # by tran_id
        self.tries: dict[str, list[dict[str, Any]]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self._numbers = itertools.count(1)

    def answer(self, call: Call) -> Reply:
        given = call.form if call.method == "POST" else call.query
        if (given.get("store_id"), given.get("store_passwd")) != (STORE, PASSWORD):
            return Reply(200, {"APIConnect": "INVALID_REQUEST", "status": "FAILED", "failedreason": "Store"})
        match call.path:
            case "/gwprocess/v4/api.php":
                return self._open(given)
            case "/validator/api/validationserverAPI.php":
                return self._validate(given["val_id"])
            case "/validator/api/merchantTransIDvalidationAPI.php":
                return self._query(given)
            case _:
                return Reply(404)

    def pay(
        self, tran_id: str, *, status: str = "VALID", amount: str = "", risk: str = "0"
    ) -> dict[str, str]:
        """A payer's try on their page; what is told of it by IPN comes back."""
        asked, number = self.asked_for[tran_id], next(self._numbers)
        made = {
            "tran_id": tran_id,
            "val_id": f"VAL{number}",
            "bank_tran_id": f"BANK{number}",
            "status": status,
            "amount": amount or asked["total_amount"],
            "currency": "BDT",
            "currency_type": asked["currency"],
            "currency_amount": amount or asked["total_amount"],
            "risk_level": risk,
        }
        self.tries.setdefault(tran_id, []).append(dict(made))
        return made

    def hook(
        self, told: dict[str, str], *, covers: str = "", password: str = PASSWORD
    ) -> tuple[bytes, dict[str, str]]:
        """The IPN, with the hash over the fields that it names itself."""
        named = covers or ",".join(sorted(told))
        hashed = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
        covered = {**{name: told[name] for name in named.split(",")}, "store_passwd": hashed}
        text = "&".join(f"{name}={covered[name]}" for name in sorted(covered))
        sign = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        return urlencode({**told, "verify_key": named, "verify_sign": sign}).encode(), {}

    def _open(self, given: dict[str, str]) -> Reply:
        needed = ("tran_id", "total_amount", "currency", "success_url", "cus_name", "cus_email", "cus_phone")
        if not all(given.get(name) for name in needed):
            return Reply(200, {"status": "FAILED", "failedreason": "Missing"})
        self.asked_for[given["tran_id"]] = given
        key = f"SESSION{next(self._numbers)}"
        return Reply(
            200,
            {"status": "SUCCESS", "sessionkey": key, "GatewayPageURL": f"https://ssl.example/{key}"},
        )

    def _validate(self, val_id: str) -> Reply:
        for each in (each for tries in self.tries.values() for each in tries):
            if each["val_id"] == val_id and each["status"] in ("VALID", "VALIDATED"):
                each["status"] = "VALIDATED" if each["status"] == "VALID" else each["status"]
                return Reply(200, each)
        return Reply(200, {"status": "INVALID_TRANSACTION"})

    def _query(self, given: dict[str, str]) -> Reply:
        if "refund_ref_id" in given:
            made = self.refunds.get(given["refund_ref_id"])
            return Reply(200, {"APIConnect": "DONE", **(made or {"status": "unknown"})})
        if "bank_tran_id" in given:
            ref = f"REFUND{next(self._numbers)}"
            self.refunds[ref] = {"status": "processing", "refund_ref_id": ref, **given}
            self.refunds[ref]["status"] = "processing"
            return Reply(200, {"APIConnect": "DONE", "status": "success", "refund_ref_id": ref})
        tries = self.tries.get(given["tran_id"], [])
        return Reply(200, {"APIConnect": "DONE", "no_of_trans_found": len(tries), "element": tries})
