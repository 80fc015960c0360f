//! What does not compile, and what the compiler says to it; and what compiles though it looks as if it might not.
//!
//! A sample is a program, named after the mistake; beside it stands what the compiler says. Those in `pass` are examples of this
//! package, so they are compiled with it. The endpoints in `fail-with-http` need a sender: `--features http` has them compiled
//! in the place of all others.
//!
//! The messages are those of one compiler. `TRYBUILD=overwrite cargo test -p telemetry-ui-tests` writes them anew, to be read
//! before they are committed.
//!
//! The samples are a package of their own because trybuild compiles whatever their package depends on.

use std::path::Path;
use std::process::Command;

use support::{Shown, examples, names, skip};

const COMPILER: &str = "rustc 1.95.";

/// The folders whose mistakes are found in the evaluation of a constant.
const EVALUATED: [&str; 2] = ["fail-evaluated", "fail-with-http"];

#[test]
fn mistakes_are_explained() {
    let compiler = rustc("--version");
    if !compiler.starts_with(COMPILER) {
        skip("what the compiler says", &format!("it is known for {COMPILER}*, and this is {compiler}"));
        return;
    }
    // With the feature, only what differs: the rest takes as long again, and says the same.
    let mut folders = if cfg!(feature = "http") {
        vec!["fail-with-http"]
    } else {
        vec!["fail", "fail-without-http", "fail-evaluated"]
    };
    // With the library's sources at hand, the compiler quotes them where an evaluation ends in a panic.
    let sources = Path::new(rustc("--print=sysroot").trim()).join("lib/rustlib/src/rust/library");
    if sources.exists() {
        skip("what the compiler says about evaluations", "it is known without the component rust-src");
        folders.retain(|folder| !EVALUATED.contains(folder));
    }
    // All of them at once, and nothing that must compile: `trybuild` then calls cargo once, and only to check.
    let cases = trybuild::TestCases::new();
    for folder in folders {
        cases.compile_fail(format!("{folder}/*.rs"));
    }
}

#[test]
fn what_looks_like_a_mistake_and_is_none_runs() {
    let samples = names(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pass"));
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
