//! The public face of `telemetry-runtime`, item by item, as `telemetry-runtime/public-api.txt` has it: a change of it is made
//! on purpose, and seen in review.
//!
//! ```sh
//! TELEMETRY_PUBLIC_API=overwrite cargo test -p telemetry-tests --test public_api
//! ```
//!
//! All features but `off` are on. What is `#[doc(hidden)]` is not public. Left out are the traits that every type has
//! (`impl<T> From<T> for T`) and those that the compiler derives by itself (`Send`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use serde_json::Value;
use support::{build_dir, cargo, delivering, skip};

const PACKAGE: &str = "telemetry-runtime";

/// The format of rustdoc's JSON that the crate `public-api` reads. It changes every few releases of Rust.
const FORMAT: u64 = 57;

#[test]
fn the_public_face_changes_on_purpose_only() {
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

/// One on each line; `None` where rustdoc has another format.
fn public_items() -> Option<String> {
    let json = rustdoc_json();
    let format = serde_json::from_slice::<Value>(&fs::read(&json).expect("rustdoc has written it"))
        .expect("it is JSON")["format_version"]
        .as_u64();
    if format != Some(FORMAT) {
        skip(
            "the public face",
            &format!("rustdoc's JSON has format {format:?}, and {FORMAT} is the one that can be read"),
        );
        return None;
    }
    let items = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .expect("rustdoc's JSON can be read");
    Some(items.items().map(|item| format!("{item}\n")).collect())
}

/// Has rustdoc describe the runtime as JSON, with the dependencies of the programs that deliver: they have all its features.
///
/// Not through cargo: only rustdoc itself may have the variable that makes an unstable option of it available. Seen by cargo,
/// it would have build scripts run again that look for it, and half of the dependencies built once more.
fn rustdoc_json() -> PathBuf {
    let metadata = metadata();
    let package = metadata["packages"]
        .as_array()
        .and_then(|packages| packages.iter().find(|package| package["name"] == PACKAGE))
        .expect("it is a package of this workspace");
    let features = package["features"].as_object().expect("it has features").keys();
    let features: Vec<&str> = features.map(String::as_str).filter(|name| !["off", "default"].contains(name)).collect();
    let out = build_dir().join("public-api");

    let mut rustdoc = Command::new(env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into()));
    rustdoc.env("RUSTC_BOOTSTRAP", "1").args(["-Z", "unstable-options", "--output-format", "json"]);
    rustdoc.args(["--edition", "2024", "--cap-lints", "allow", "--crate-name", "telemetry_runtime"]);
    rustdoc.arg(runtime().join("src/lib.rs")).current_dir(runtime());
    rustdoc.arg("--out-dir").arg(&out);
    for feature in features {
        rustdoc.args(["--cfg", &format!("feature={feature:?}")]);
    }
    let node = metadata["resolve"]["nodes"]
        .as_array()
        .and_then(|nodes| nodes.iter().find(|node| node["id"] == package["id"]))
        .expect("its dependencies are resolved");
    let mut folders = BTreeSet::new();
    for dependency in node["deps"].as_array().into_iter().flatten() {
        let (name, id) = (dependency["name"].as_str(), dependency["pkg"].as_str());
        // What is needed on other systems only has not been built.
        if let (Some(name), Some(library)) = (name, id.and_then(|id| delivering().library(id))) {
            rustdoc.arg("--extern").arg(format!("{name}={}", library.display()));
            folders.extend(library.parent());
        }
    }
    for folder in folders {
        rustdoc.arg("-L").arg(format!("dependency={}", folder.display()));
    }
    for (name, field) in [("CARGO_PKG_NAME", "name"), ("CARGO_PKG_VERSION", "version")] {
        rustdoc.env(name, package[field].as_str().unwrap_or_default());
    }
    let output = rustdoc.stdin(Stdio::null()).output().expect("there is a rustdoc");
    assert!(output.status.success(), "rustdoc: {}", String::from_utf8_lossy(&output.stderr));
    out.join("telemetry_runtime.json")
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

fn runtime() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(PACKAGE)
}
