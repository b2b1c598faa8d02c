"""The model itself, and its word for one shape."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore.loaders import Loader

Shape = Mapping[str, Any]


@cache
def service_model() -> Mapping[str, Any]:
    """The machine-readable model of the service, of the version that this wire speaks."""
    model: Mapping[str, Any] = Loader().load_service_model("mturk", "service-2", api_version="2017-01-17")
    return model


def operation_names() -> frozenset[str]:
    return frozenset(service_model()["operations"])
