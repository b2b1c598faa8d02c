"""SQS queues and SNS topics: Amazon's, or of any service that speaks as they do (settings *_ENDPOINT).

Requests go to the endpoint of the settings, or to Amazon's of the region that the destination names: never to
a host that a requester wrote. Credentials are the operator's, found as boto3 finds them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, NoCredentialsError
from django.conf import settings

from tukro.notices.channels.faults import NotTaken, Unreachable
from tukro.notices.rules.destinations import region_of

Service = Literal["sqs", "sns"]

_CONFIG = Config(connect_timeout=3, read_timeout=7, retries={"total_max_attempts": 1})  # we retry ourselves
_clients: dict[tuple[Service, str, str], Any] = {}
_making = threading.Lock()  # making a client is not safe in two threads at once; using one is


def send_to_queue(queue_url: str, text: str, *, task_id: str, document_id: str) -> None:
    """One message. Raises Unreachable and NotTaken."""
    client = _client("sqs", region_of(queue_url), settings.SQS_ENDPOINT)
    _call(
        client.send_message,
        QueueUrl=queue_url,
        MessageBody=text,
        **_kept_in_order(queue_url, task_id, document_id),
    )


def publish(topic_arn: str, text: str, *, subject: str, task_id: str, document_id: str) -> None:
    """One publication. Raises Unreachable and NotTaken."""
    client = _client("sns", region_of(topic_arn), settings.SNS_ENDPOINT)
    _call(
        client.publish,
        TopicArn=topic_arn,
        Message=text,
        Subject=subject,
        **_kept_in_order(topic_arn, task_id, document_id),
    )


def _kept_in_order(destination: str, task_id: str, document_id: str) -> dict[str, str]:
    """What makes a FIFO queue or topic keep a task's documents in order and drop those that it has had."""
    if not destination.endswith(".fifo"):
        return {}
    return {"MessageGroupId": task_id, "MessageDeduplicationId": document_id}


def _call(operation: Callable[..., object], **members: str) -> None:
    try:
        operation(**members)
    except ClientError as refusal:
        raise NotTaken(str(refusal)) from refusal
    except NoCredentialsError as fault:
        raise NotTaken("this installation has no AWS credentials") from fault
    except (HTTPClientError, OSError) as fault:
        raise Unreachable("no answer in time") from fault
    except BotoCoreError as fault:
        raise Unreachable(str(fault)) from fault


def _client(service: Service, region: str, endpoint: str) -> Any:
    wanted = (service, region, endpoint)
    with _making:
        if wanted not in _clients:
            _clients[wanted] = boto3.client(
                service, region_name=region, endpoint_url=endpoint or None, config=_CONFIG
            )
        return _clients[wanted]
