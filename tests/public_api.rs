//! The public interface of `telemetry-runtime`, item by item, is the one in `telemetry-runtime/public-api.txt`. So it
//! changes only deliberately, and visibly in review.
//!
//! ```sh
//! TELEMETRY_PUBLIC_API=overwrite cargo test -p telemetry-tests --test public_api
//! ```
//!
//! All features but `off` are on. `#[doc(hidden)]` items are not public. Left out are blanket impls that every type has
//! (`impl<T> From<T> for T`) and auto traits (`Send`).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use serde_json::Value;
use support::cargo;

const PACKAGE: &str = "telemetry-runtime";

/// The version of rustdoc's JSON format that the crate `public-api` reads. It changes every few Rust releases.
const FORMAT: u64 = 57;

#[test]
fn the_public_interface_is_the_listed_one() {
    let Some(items) = public_items() else { return };
    let file = runtime().join("public-api.txt");
    if env::var_os("TELEMETRY_PUBLIC_API").is_some_and(|value| value == "overwrite") {
        return fs::write(file, items).expect("the file can be written");
    }
    let known = fs::read_to_string(file).expect("the file is there");
    let (known, items): (BTreeSet<_>, BTreeSet<_>) = (known.lines().collect(), items.lines().collect());
    let gone = known.difference(&items).map(|item| format!("- {item}\n"));
    let new = items.difference(&known).map(|item| format!("+ {item}\n"));
    let diff: String = gone.chain(new).collect();
    assert!(
        diff.is_empty(),
        "the public face is not that of public-api.txt (TELEMETRY_PUBLIC_API=overwrite makes it so):\n{diff}"
    );
}

/// One item per line. `None` if rustdoc has another format.
fn public_items() -> Option<String> {
    let json = rustdoc_json();
    let format = serde_json::from_slice::<Value>(&fs::read(&json).expect("rustdoc has written it"))
        .expect("it is JSON")["format_version"]
        .as_u64();
    if format != Some(FORMAT) {
        skipped(&format!("rustdoc's JSON has format {format:?}, and {FORMAT} is the one that can be read"));
        return None;
    }
    let items = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .expect("rustdoc's JSON can be read");
    Some(items.items().map(|item| format!("{item}\n")).collect())
}

/// Runs rustdoc on the runtime, with JSON output.
///
/// Not through cargo: the variable that enables unstable options must reach rustdoc only. If cargo saw it, build scripts
/// that look for it would run again, and half of the dependencies would be rebuilt.
fn rustdoc_json() -> PathBuf {
    let metadata = metadata();
    let package = metadata["packages"]
        .as_array()
        .and_then(|packages| packages.iter().find(|package| package["name"] == PACKAGE))
        .expect("it is a package of this workspace");
    let features = package["features"].as_object().expect("it has features").keys();
    let features: Vec<&str> = features.map(String::as_str).filter(|name| !["off", "default"].contains(name)).collect();
    let target = target_dir();
    let libraries = libraries(&features, &target);

    let mut rustdoc = Command::new(env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into()));
    rustdoc.env("RUSTC_BOOTSTRAP", "1").args(["-Z", "unstable-options", "--output-format", "json"]);
    rustdoc.args(["--edition", "2024", "--cap-lints", "allow", "--crate-name", "telemetry_runtime"]);
    rustdoc.arg(runtime().join("src/lib.rs")).current_dir(runtime());
    rustdoc.arg("--out-dir").arg(target.join("public-api"));
    rustdoc.arg("-L").arg(format!("dependency={}", target.join("debug/deps").display()));
    for feature in features {
        rustdoc.args(["--cfg", &format!("feature={feature:?}")]);
    }
    let node = metadata["resolve"]["nodes"]
        .as_array()
        .and_then(|nodes| nodes.iter().find(|node| node["id"] == package["id"]))
        .expect("its dependencies are resolved");
    for dependency in node["deps"].as_array().into_iter().flatten() {
        let (name, id) = (dependency["name"].as_str(), dependency["pkg"].as_str());
        // Dependencies for other systems have not been built.
        if let (Some(name), Some(library)) = (name, id.and_then(|id| libraries.get(id))) {
            rustdoc.args(["--extern", &format!("{name}={library}")]);
        }
    }
    for (name, field) in [("CARGO_PKG_NAME", "name"), ("CARGO_PKG_VERSION", "version")] {
        rustdoc.env(name, package[field].as_str().unwrap_or_default());
    }
    let output = rustdoc.stdin(Stdio::null()).output().expect("there is a rustdoc");
    assert!(output.status.success(), "rustdoc: {}", String::from_utf8_lossy(&output.stderr));
    target.join("public-api/telemetry_runtime.json")
}

fn metadata() -> Value {
    let output = cargo()
        .args(["metadata", "--format-version=1", "--all-features", "--offline"])
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo metadata failed");
    serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
}

/// Builds the runtime with these features. Returns the library file of each package.
fn libraries(features: &[&str], target: &Path) -> BTreeMap<String, String> {
    let output = cargo()
        .args(["build", "--lib", "--package", PACKAGE, "--features", &features.join(",")])
        .args(["--message-format=json-render-diagnostics", "--target-dir"])
        .arg(target)
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{PACKAGE} does not build");
    let messages = output.stdout.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    messages.filter_map(|message| library(&message)).collect()
}

/// The id of a package and its library file, if this cargo message has them.
fn library(message: &Value) -> Option<(String, String)> {
    let is_library = message["target"]["kind"].as_array()?.iter().any(|kind| kind == "lib" || kind == "proc-macro");
    let files = message["filenames"].as_array()?.iter().filter_map(Value::as_str);
    let is_rust_s = |file: &&str| ["rlib", "so", "dylib", "dll"].iter().any(|end| file.ends_with(&format!(".{end}")));
    let file = files.filter(|_| is_library).find(is_rust_s)?;
    Some((message["package_id"].as_str()?.to_owned(), file.to_owned()))
}

/// The target folder of the delivery tests, which has the same dependencies.
fn target_dir() -> PathBuf {
    let this_test = env::current_exe().expect("this program has a path");
    let target = this_test.ancestors().nth(3).expect("cargo puts tests three folders below the target folder");
    target.join("delivering")
}

fn runtime() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(PACKAGE)
}

/// Prints the skip past the test harness, which hides the output of passing tests. In CI a skip is a failure.
fn skipped(why: &str) {
    let _ = writeln!(io::stderr(), "\n  NOT TESTED: the public face: {why}\n");
    assert!(env::var_os("CI").is_none(), "not tested: {why}");
}
