//! Crates as authors write them: no lint fires in them, their binaries can be told apart, and their tests are not runs.
//!
//! Each test writes a workspace of its own below the target folder, because it tests editions, versions and package names.
//! The sources are the files beside this one.

#[cfg(unix)]
#[path = "../consent/terminal.rs"]
#[allow(dead_code)]
mod terminal;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

#[cfg(unix)]
use serde_json::Value;
use serde_json::json;
use support::{Program, build_dir, cargo, facts, skip};

/// The attributes do not make rustc's or clippy's default lints fire, in any edition.
#[test]
fn no_lint_fires_on_generated_code() {
    if !cargo().args(["clippy", "--version"]).output().is_ok_and(|output| output.status.success()) {
        skip("lints on generated code", "clippy is missing (`rustup component add clippy`)");
        return;
    }
    let mut workspace = Workspace::new("lints");
    for edition in ["2021", "2024"] {
        let name = format!("edition-{edition}");
        workspace.package(&name, "1.0.0", edition, "", "[[bin]]\nname = \"shapes\"\npath = \"{sources}/shapes.rs\"\n");
    }
    let output = workspace.cargo(&["clippy", "--quiet", "--all-targets", "--", "-D", "warnings", "-D", "clippy::all"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The app name and version in events: from the binary, or in a library from the keys; clap may override the version.
#[test]
fn binaries_are_told_apart() {
    let mut workspace = Workspace::new("binaries");
    workspace.package("app-cli", "0.0.1", "2024", "", "[lib]\npath = \"{sources}/library.rs\"\n");
    workspace.package(
        "app",
        "7.2.0",
        "2024",
        "app-cli = { path = \"../app-cli\" }\n",
        "[[bin]]\nname = \"app\"\npath = \"{sources}/of_library.rs\"\n",
    );
    workspace.package(
        "twins",
        "0.3.0",
        "2021",
        "",
        "[[bin]]\nname = \"castor\"\npath = \"{sources}/twin.rs\"\n\n[[bin]]\nname = \"pollux\"\npath = \"{sources}/twin.rs\"\n\n\
         [[bin]]\nname = \"leda\"\npath = \"{sources}/versioned.rs\"\n",
    );
    let output = workspace.cargo(&["build", "--quiet"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (name, version) in [("app", "7.2.0"), ("castor", "0.3.0"), ("pollux", "0.3.0"), ("leda", "2.0.0")] {
        let program = Program::at(workspace.program(name), name);
        let (_, event) = program.event(&mut program.recorded(["run"]));
        assert_eq!([&event["app"], &event["version"]], [&json!(name), &json!(version)]);
    }
    // The library's printer notes the error, whoever exits.
    let app = Program::at(workspace.program("app"), "app");
    let (output, event) = app.event(&mut app.recorded(["read", "/nowhere"]));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: No such file"), "{output:?}");
    assert_eq!(facts(&event), json!([["read"], "failure", 3, "NotFound"]));
}

/// The tests of an author parse, too. They ask nobody and leave nothing, on a terminal or where everything is recorded.
#[cfg(unix)]
#[test]
fn the_tests_of_an_author_are_not_runs() {
    let mut workspace = Workspace::new("tests");
    workspace.package(
        "tested",
        "1.0.0",
        "2024",
        "",
        "[[bin]]\nname = \"tested\"\npath = \"{sources}/unit_tests.rs\"\n",
    );
    workspace.package(
        "app-cli",
        "1.0.0",
        "2024",
        "",
        "[lib]\npath = \"{sources}/library.rs\"\n\n\
         [[test]]\nname = \"library_tests\"\npath = \"{sources}/library_tests.rs\"\n",
    );
    let output = workspace.cargo(&["test", "--quiet", "--no-run", "--message-format=json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (test, name, passed) in [("tested", "tested", 4), ("library_tests", "app", 1)] {
        let (_, path) = tests(&output.stdout).find(|(name, _)| name == test).expect("the test was built");
        assert_no_run(&Program::at(path, name), &format!("{passed} passed; 0 failed"));
    }
}

/// Neither are the tests of the examples.
#[cfg(unix)]
#[test]
fn the_tests_of_the_examples_are_not_runs() {
    let mut cargo = cargo();
    cargo.args(["test", "--package", "telemetry-examples", "--no-run", "--quiet", "--message-format=json"]);
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut tested: Vec<String> = Vec::new();
    for (name, path) in tests(&output.stdout) {
        assert_no_run(&Program::at(path, &name), "test result: ok");
        tested.push(name);
    }
    for example in ["quickstart", "toolkit", "exit_by_itself", "telemetry_examples"] {
        assert!(tested.iter().any(|name| name == example), "{example} in {tested:?}");
    }
}

/// Runs tests as from an author's keyboard, to whom nothing was ever shown, and then where everything is recorded.
#[cfg(unix)]
#[track_caller]
fn assert_no_run(tests: &Program, passed: &str) {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("examples");
    let mut undecided = tests.undecided([] as [&str; 0]);
    undecided.current_dir(&package).env("CARGO_MANIFEST_DIR", &package);
    let screen = terminal::Terminal::start(undecided).finish();
    assert!(screen.text.contains(passed), "{}", screen.text);
    assert!(!screen.text.contains("[y/N]"), "{}", screen.text);
    let mut recorded = tests.recorded([] as [&str; 0]);
    let output = recorded.current_dir(&package).env("CARGO_MANIFEST_DIR", &package).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains(passed), "{output:?}");
    assert_eq!(support::names(tests.home()), [] as [&str; 0], "{tests:?}");
}

/// The tests that cargo has built and told in JSON, by name.
#[cfg(unix)]
fn tests(messages: &[u8]) -> impl Iterator<Item = (String, PathBuf)> {
    let messages = messages.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let built = messages.filter(|message| message["profile"]["test"] == true);
    built.filter_map(|message| {
        Some((message["target"]["name"].as_str()?.to_owned(), message["executable"].as_str()?.into()))
    })
}

/// That of the dependencies of the tests, which are compiled once for both.
const PROFILE: &str = "[profile.dev.package.\"*\"]\ndebug = false\n";

/// A cargo workspace below the target folder.
struct Workspace {
    dir: PathBuf,
    members: Vec<String>,
}

impl Workspace {
    fn new(name: &str) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("adopters").join(name);
        fs::create_dir_all(&dir).unwrap();
        Workspace { dir, members: Vec::new() }
    }

    /// Adds a package. In `targets`, `{sources}` stands for the folder of this file.
    fn package(&mut self, name: &str, version: &str, edition: &str, dependencies: &str, targets: &str) {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let runtime = tests.parent().unwrap().join("telemetry-runtime");
        let targets = targets.replace("{sources}", tests.join("adopters").to_str().unwrap());
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = {version:?}\nedition = {edition:?}\npublish = false\n\n\
             [dependencies]\nclap = {{ version = \"4.5\", features = [\"derive\"] }}\n\
             telemetry-runtime = {{ path = {runtime:?} }}\n{dependencies}\n{targets}"
        );
        fs::create_dir_all(self.dir.join(name)).unwrap();
        write(&self.dir.join(name).join("Cargo.toml"), &manifest);
        self.members.push(name.to_owned());
    }

    /// Runs cargo on all packages, with the versions locked by this workspace.
    fn cargo(&self, args: &[&str]) -> Output {
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {:?}\n\n{PROFILE}", self.members);
        write(&self.dir.join("Cargo.toml"), &manifest);
        let locked = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        fs::copy(locked, self.dir.join("Cargo.lock")).unwrap();
        let mut cargo = cargo();
        cargo.current_dir(&self.dir).env("CARGO_TARGET_DIR", self.target()).env("CARGO_NET_OFFLINE", "true");
        cargo.env("CARGO_BUILD_BUILD_DIR", build_dir());
        cargo.args(args).output().unwrap()
    }

    fn target(&self) -> PathBuf {
        self.dir.join("target")
    }

    fn program(&self, name: &str) -> PathBuf {
        self.target().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}

/// Writes a file only if it changes, so that cargo does not rebuild.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::write(path, text).unwrap();
}
