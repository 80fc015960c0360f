//! Builds the program under test by running cargo.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// Builds the binary `name` of the package under test with cargo, and returns its path.
///
/// For [`assert_no_leak`](super::assert_no_leak) in the unit tests of a package without a library. In an integration test,
/// `env!("CARGO_BIN_EXE_my-program")` is the path of the binary, which cargo has already built.
///
/// The binary is built in the dev profile for the target of the test, with the package's default features, whatever
/// features the test was built with.
///
/// ```no_run
/// # use clap::Parser;
/// # use telemetry_runtime::telemetry_cli;
/// # #[telemetry_cli]
/// # #[derive(Parser)]
/// # struct Cli {}
/// #[test]
/// fn nothing_typed_is_recorded() {
///     let binary = telemetry_runtime::testing::build_binary("my-program");
///     telemetry_runtime::testing::assert_no_leak::<Cli>(binary);
/// }
/// # fn main() {}
/// ```
///
/// # Panics
///
/// When the test is not run by cargo, or when the package has no binary of this name or does not build.
#[allow(clippy::panic)]
#[track_caller]
pub fn build_binary(name: &str) -> PathBuf {
    match try_build(name) {
        Ok(path) => path,
        Err(problem) => panic!("the binary `{name}` cannot be built: {problem}"),
    }
}

fn try_build(name: &str) -> Result<PathBuf, String> {
    let package = env::var_os("CARGO_MANIFEST_DIR").ok_or("CARGO_MANIFEST_DIR is not set; run the test with cargo")?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet", "--message-format=json-render-diagnostics", "--bin", name, "--manifest-path"]);
    cargo.arg(Path::new(&package).join("Cargo.toml")).stdin(Stdio::null()).stderr(Stdio::inherit());
    if let Some(target) = target() {
        cargo.args(["--target", &target]);
    }
    let output = cargo.output().map_err(|error| format!("cargo cannot be run: {error}"))?;
    if !output.status.success() {
        return Err("see cargo's messages".to_owned());
    }
    let messages = output.stdout.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    executable(name, messages).ok_or_else(|| "cargo did not report its path".to_owned())
}

/// The target that cargo was told to build this test for, from its path: `target/<target>/<profile>/deps/<test>`.
/// `None` if it was told none.
fn target() -> Option<String> {
    let test = env::current_exe().ok()?;
    let name = test.ancestors().nth(3)?.file_name()?.to_str()?;
    // Such as `x86_64-unknown-linux-musl`, or `i686-pc-windows-gnu`.
    let architecture = if env::consts::ARCH == "x86" { "i" } else { env::consts::ARCH };
    (name.starts_with(architecture) && name.contains('-')).then(|| name.to_owned())
}

/// The path of the binary `name`, from cargo's messages.
fn executable(name: &str, mut messages: impl Iterator<Item = Value>) -> Option<PathBuf> {
    messages.find_map(|message| {
        let is_it = message["target"]["name"] == name && message["target"]["kind"][0] == "bin";
        message["executable"].as_str().filter(|_| is_it).map(PathBuf::from)
    })
}
