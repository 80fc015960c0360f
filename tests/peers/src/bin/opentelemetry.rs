//! opentelemetry-otlp, with its default features: one span, exported when the provider is shut down.

#[path = "../cli.rs"]
mod cli;

use clap::Parser;
use cli::Cli;
use opentelemetry::KeyValue;
use opentelemetry::trace::{Span, Tracer, TracerProvider};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::trace::SdkTracerProvider;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cli = Cli::parse();
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", cli::endpoint()))
        .build()?;
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).build();
    let mut span = provider.tracer("peer").start("cli_command");
    cli.work();
    span.set_attribute(KeyValue::new("command", cli.command()));
    span.set_attribute(KeyValue::new("process.exit.code", 0));
    span.end();
    // It fails if the endpoint does.
    let _ = provider.shutdown();
    Ok(())
}
