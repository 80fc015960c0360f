//! Samples that must not compile, with the compiler's messages, and unusual ones that must.
//!
//! The samples are in `ui`: one program each, named after the mistake, with the message beside it. Those in `ui/pass` are
//! examples of this package, so they are compiled with it.
//!
//! The messages are those of one compiler version. `TRYBUILD=overwrite cargo test -p telemetry-tests --test ui` rewrites
//! them; review the diff before you commit it.

use std::path::Path;
use std::process::Command;

use support::{Shown, examples, names, skip};

const COMPILER: &str = "rustc 1.95.";

#[test]
fn mistakes_are_explained() {
    let compiler = rustc("--version");
    if !compiler.starts_with(COMPILER) {
        skip("what the compiler says", &format!("it is known for {COMPILER}*, and this is {compiler}"));
        return;
    }
    // All at once, and without samples that must compile: `trybuild` then calls cargo only once, and only to check.
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/fail/*.rs");
    let http = cfg!(any(feature = "http", feature = "otlp"));
    if !http {
        cases.compile_fail("ui/fail-without-http/*.rs");
    }
    // If the standard library's sources are installed, the compiler quotes them when an evaluation panics.
    let sources = Path::new(rustc("--print=sysroot").trim()).join("lib/rustlib/src/rust/library");
    if sources.exists() {
        skip("what the compiler says about evaluations", "it is known without the component rust-src");
        return;
    }
    cases.compile_fail("ui/fail-evaluated/*.rs");
    if http {
        cases.compile_fail("ui/fail-with-http/*.rs");
    }
}

#[test]
fn valid_samples_run() {
    let samples = names(&Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/pass"));
    assert!(!samples.is_empty());
    for sample in samples {
        let name = sample.strip_suffix(".rs").expect("a sample is a source file");
        let shown = Shown::of(Command::new(examples().path(&format!("pass-{name}"))).env_clear());
        assert!(shown.status.success(), "{name}: {shown:?}");
    }
}

fn rustc(arg: &str) -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg(arg).output().expect("rustc should run, it has built this");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
