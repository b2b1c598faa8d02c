"""Sources of exchange rates, played on the loopback as their documents say."""

from __future__ import annotations

from tests.providers.played.server import Call, Contract, Reply

# The shape of https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml, with few currencies.
_ECB = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
<Cube><Cube time='{day}'>{rates}</Cube></Cube></gesmes:Envelope>"""


class RatesContract(Contract):
    """One address for each document; ``euro`` is what a euro is, ``dollar`` what a dollar is."""

    def __init__(self) -> None:
        super().__init__()
        self.day = "2026-11-02"
        self.euro = {"USD": "1.0870", "JPY": "166.90", "INR": "91.3190"}
        self.dollar = {"BDT": 121.57}

    def answer(self, call: Call) -> Reply:
        if call.path == "/eurofxref-daily.xml":
            cubes = "".join(f"<Cube currency='{code}' rate='{rate}'/>" for code, rate in self.euro.items())
            return Reply(body=_ECB.format(day=self.day, rates=cubes).encode())
        if call.path == "/latest":
            return Reply(body={"base": "USD", "updated": f"{self.day}T00:00:01Z", "rates": self.dollar})
        return Reply(status=404)
