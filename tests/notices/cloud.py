"""A cloud of our own on this machine: SQS and SNS over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from tests.ports import free_port


@dataclass(frozen=True)
class Cloud:
    """A cloud of our own, and what a requester does there."""

    url: str
    sqs: Any
    sns: Any

    def queue(self, name: str, **attributes: str) -> str:
        made: str = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return made

    def messages(self, queue_url: str) -> list[str]:
        """All bodies, in the order in which they came; they are taken away."""
        bodies: list[str] = []
        while batch := self.sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
            for each in batch:
                bodies.append(each["Body"])
                self.sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=each["ReceiptHandle"])
        return bodies

    def topic_into(self, queue_url: str, name: str) -> str:
        """A topic that hands on to a queue."""
        arn: str = self.sns.create_topic(Name=name)["TopicArn"]
        attributes = self.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
        queue_arn = attributes["Attributes"]["QueueArn"]
        self.sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)
        return arn


@contextmanager
def cloud_server() -> Iterator[str]:
    """The address of a cloud that runs inside the block."""
    port = free_port()
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    running.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        running.stop()


def cloud_at(url: str) -> Cloud:
    """What a requester sees of it; credentials are found in the environment."""
    return Cloud(
        url,
        sqs=boto3.client("sqs", region_name="us-east-1", endpoint_url=url),
        sns=boto3.client("sns", region_name="us-east-1", endpoint_url=url),
    )
