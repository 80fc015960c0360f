//! Generated code finds its names by absolute paths.
//!
//! clap's does not, so there is no type here that derives clap's traits.
#![no_implicit_prelude]

#[::telemetry_runtime::telemetry_cli(root, app = "x", purpose = "y", headers = { "a" = "b" })]
#[allow(dead_code)]
enum Cli {
    Unit,
    Payload(u8),
    Fields { a: u8 },
}

#[::telemetry_runtime::telemetry_cli]
#[allow(dead_code)]
struct Args {
    a: u8,
}

#[derive(::telemetry_runtime::ErrorClass)]
#[allow(dead_code)]
enum Error {
    A,
    #[error_class(transparent)]
    B(::std::io::Error),
}

#[::telemetry_runtime::telemetry_cli(command = ::clap::Command::new("x"), commands("a"("b"), #[cfg(all())] "c"))]
#[allow(dead_code)]
struct Built;

#[::telemetry_runtime::telemetry_main(Cli)]
fn main() {}
