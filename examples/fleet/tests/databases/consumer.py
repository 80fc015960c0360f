"""Delivers to a URL, in OTLP, what a collector has put into Kafka. Ends with its standard input."""

import os
import sys
import threading
import urllib.request

import confluent_kafka

TOPIC = "otlp_spans"

broker, url = sys.argv[1:]


def end():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end, daemon=True).start()
consumer = confluent_kafka.Consumer(
    {
        "bootstrap.servers": broker,
        "group.id": "fleet",
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        # The topic may not be there yet.
        "topic.metadata.refresh.interval.ms": 200,
    }
)
consumer.subscribe([TOPIC])
while True:
    message = consumer.poll(1)
    if message is None or message.error():
        continue
    request = urllib.request.Request(url, message.value(), {"content-type": "application/x-protobuf"})
    with urllib.request.urlopen(request) as answer:
        answer.read()
    # Only now is it done: at least once.
    consumer.commit(message, asynchronous=False)
