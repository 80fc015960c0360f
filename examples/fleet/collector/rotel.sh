#!/bin/sh
# The collector rotel, without containers: `pip install rotel`, then `rotel.sh clickhouse` or `rotel.sh kafka`.
#
# It answers a program before the database or the queue has its runs: what it holds when it is killed is lost. Where this
# matters, otelcol.yaml is the one to use.
set -eu

usage() {
    echo "usage: $0 clickhouse|kafka [OPTIONS OF ROTEL]" >&2
    exit 2
}

to=${1-}
[ $# -gt 0 ] && shift
case $to in
    # Version 0.0.1a15 loses the resource (program, version, system) of spans where it splits a batch, so a batch must hold
    # everything that arrives in its time.
    clickhouse) set -- --batch-max-size 200000 --batch-timeout 1s \
        --exporter clickhouse --clickhouse-exporter-database fleet --clickhouse-exporter-async-insert false \
        --clickhouse-exporter-endpoint "${CLICKHOUSE:-http://127.0.0.1:8123}" "$@" ;;
    # A message for each request: a batch would be larger than Kafka takes.
    kafka) set -- --disable-batching \
        --exporter kafka --kafka-exporter-format protobuf --kafka-exporter-traces-topic otlp_spans --kafka-exporter-acks all \
        --kafka-exporter-brokers "${KAFKA:-127.0.0.1:9092}" "$@" ;;
    *) usage ;;
esac

agent=$("${PYTHON:-python3}" -c 'import os, rotel; print(os.path.join(os.path.dirname(rotel.__file__), "rotel-agent"))')
exec "$agent" start --otlp-http-endpoint "${LISTEN:-127.0.0.1:4318}" --otlp-grpc-endpoint "${LISTEN_GRPC:-127.0.0.1:4317}" "$@"
