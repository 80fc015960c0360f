//! What does not compile, and what the compiler says to it; and what compiles though it looks as if it might not.
//!
//! The messages are those of one compiler. `TRYBUILD=overwrite cargo test -p telemetry-tests --test ui` writes them
//! anew, to be read before they are committed.

use std::path::Path;
use std::process::Command;

const COMPILER: &str = "rustc 1.95.";

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    let compiler = rustc("--version");
    if !compiler.starts_with(COMPILER) {
        eprintln!("SKIPPED: what the compiler says is known for {COMPILER}*, this is {compiler}");
        return;
    }
    cases.compile_fail("ui/fail/*.rs");
    let http = cfg!(any(feature = "http", feature = "otlp"));
    if !http {
        cases.compile_fail("ui/fail-without-http/*.rs");
    }
    // With the library's sources at hand, the compiler quotes them where an evaluation ends in a panic.
    let sources = Path::new(rustc("--print=sysroot").trim()).join("lib/rustlib/src/rust/library");
    if sources.exists() {
        eprintln!("SKIPPED: what the compiler says about evaluations is known without the component rust-src");
        return;
    }
    cases.compile_fail("ui/fail-evaluated/*.rs");
    if http {
        cases.compile_fail("ui/fail-with-http/*.rs");
    }
}

fn rustc(arg: &str) -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg(arg).output().expect("rustc should run, it has built this");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
