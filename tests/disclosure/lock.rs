//! `assert_disclosure`: changing what is collected means changing a file.

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::{Value, json};
use telemetry_runtime::testing::assert_disclosure;

use crate::cli::Cli;

const LOCK: &str = "disclosure/telemetry.lock.json";

#[test]
fn the_disclosure_is_reviewed() {
    assert_disclosure::<Cli>(LOCK);
}

/// The file in the source, changed by `change` and written to `dir`.
fn changed(dir: &Path, change: impl FnOnce(&mut Value)) -> PathBuf {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(LOCK)).unwrap();
    let mut lock = serde_json::from_str(&text).unwrap();
    change(&mut lock);
    let path = dir.join("telemetry.lock.json");
    fs::write(&path, lock.to_string()).unwrap();
    path
}

/// The message of the assertion about the file at `path`.
fn refusal(path: &Path) -> String {
    let panic = catch_unwind(|| assert_disclosure::<Cli>(path)).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

fn remove(list: &mut Value, entry: &str) {
    list.as_array_mut().unwrap().retain(|value| value != entry);
}

#[test]
fn every_difference_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = changed(dir.path(), |lock| {
        remove(&mut lock["commands"], "remote add");
        remove(&mut lock["error_classes"], "ByUs");
        remove(&mut lock["fields"], "ci");
        for (list, entry) in [("commands", "gone"), ("error_classes", "Gone"), ("destinations", "gone.example.com")] {
            lock[list].as_array_mut().unwrap().push(json!(entry));
        }
    });
    let refusal = refusal(&path);
    let differences: Vec<&str> = refusal.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    assert_eq!(
        differences,
        [
            "+ command `remote add`",
            "- command `gone`",
            "- destination `gone.example.com`",
            "+ error class `ByUs`",
            "- error class `Gone`",
            "+ field `ci` (users will be asked again)",
        ]
    );
    assert!(refusal.contains("TELEMETRY_DISCLOSURE=overwrite"), "{refusal}");
}

#[test]
fn order_and_formatting_of_the_file_do_not_matter() {
    let dir = tempfile::tempdir().unwrap();
    let path = changed(dir.path(), |lock| lock["commands"].as_array_mut().unwrap().reverse());
    assert_disclosure::<Cli>(path);
}

#[test]
fn a_missing_or_malformed_file_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("telemetry.lock.json");
    assert!(refusal(&path).contains("TELEMETRY_DISCLOSURE=overwrite"));
    fs::write(&path, "{}").unwrap();
    assert!(refusal(&path).contains("not a disclosure"));
}

#[test]
fn the_file_is_written_on_demand() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("telemetry.lock.json");
    // In another process, since the environment belongs to the whole process.
    let status = Command::new(env::current_exe().unwrap())
        .args(["--exact", "lock::writes_the_file", "--ignored"])
        .env("TELEMETRY_DISCLOSURE", "overwrite")
        .env("LOCK_TO_WRITE", &path)
        .output()
        .unwrap()
        .status;
    assert!(status.success());
    let checked_in = Path::new(env!("CARGO_MANIFEST_DIR")).join(LOCK);
    assert_eq!(fs::read_to_string(path).unwrap(), fs::read_to_string(checked_in).unwrap());
}

#[test]
#[ignore = "a part of the_file_is_written_on_demand"]
fn writes_the_file() {
    assert_disclosure::<Cli>(env::var_os("LOCK_TO_WRITE").expect("LOCK_TO_WRITE should be set"));
}
