use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// How the examples are built.
#[derive(Debug, Clone, Copy)]
pub enum Profile {
    Dev,
    Release,
    /// `Dev`, but a panic does not unwind.
    Abort,
}

impl Profile {
    /// The profile that the running test was built with.
    fn current() -> Self {
        if cfg!(debug_assertions) { Profile::Dev } else { Profile::Release }
    }

    fn name(self) -> &'static str {
        match self {
            Profile::Dev => "dev",
            Profile::Release => "release",
            Profile::Abort => "abort",
        }
    }
}

/// The programs of the examples package, by name.
#[derive(Debug)]
pub struct Examples(BTreeMap<String, PathBuf>);

impl Examples {
    /// The examples, built once a process with the profile of the running test.
    ///
    /// Cargo hands a test the programs of its own package only. Asking it for the others is right whatever was
    /// built before, and whatever the target folder is called.
    pub fn get() -> &'static Examples {
        static EXAMPLES: OnceLock<Examples> = OnceLock::new();
        EXAMPLES.get_or_init(|| Examples::build(Profile::current()))
    }

    /// Has cargo build them.
    ///
    /// # Panics
    ///
    /// When they do not build.
    pub fn build(profile: Profile) -> Examples {
        // The whole workspace, as `cargo test --workspace` does: with fewer packages cargo may choose fewer features, and
        // would build the dependencies once more.
        let output = cargo()
            .args(["build", "--workspace", "--examples", "--message-format=json-render-diagnostics"])
            .args(["--profile", profile.name()])
            .stderr(Stdio::inherit())
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "the examples do not build");
        let messages = output.stdout.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
        Examples(messages.filter_map(|message| executable(&message)).collect())
    }

    /// The path of the example `name`.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub fn path(&self, name: &str) -> &Path {
        self.0.get(name).unwrap_or_else(|| panic!("no example is called {name}"))
    }
}

/// The programs that can deliver, by name, built once a process: examples, and programs of the package of tests.
///
/// They have features that the tests themselves are built without, and so a target folder of their own: in a common one
/// each build would put its programs in the place of the other's.
///
/// # Panics
///
/// When they do not build.
pub fn delivering() -> &'static Examples {
    static PROGRAMS: OnceLock<Examples> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        let this_test = std::env::current_exe().expect("this program has a path");
        let target = this_test.ancestors().nth(3).expect("cargo puts tests three folders below the target folder");
        let output = cargo()
            .args(["build", "--package", "telemetry-examples", "--package", env!("CARGO_PKG_NAME")])
            .args(["--example", "toolkit", "--example", "async_main", "--bin", "courier"])
            .args(["--features", "telemetry-examples/otlp,telemetry-tests/otlp"])
            .args(["--profile", Profile::current().name(), "--message-format=json-render-diagnostics"])
            .arg("--target-dir")
            .arg(target.join("delivering"))
            .stderr(Stdio::inherit())
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "the programs that deliver do not build");
        let messages = output.stdout.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
        Examples(messages.filter_map(|message| program(&message)).collect())
    })
}

/// Has cargo build the program `name` of the package of tests, and tells where it is.
///
/// # Panics
///
/// When it does not build.
pub fn build_program(name: &str, profile: Profile) -> PathBuf {
    let output = cargo()
        .args(["build", "--package", env!("CARGO_PKG_NAME"), "--bin", name, "--profile", profile.name()])
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{name} does not build");
    let mut messages = output.stdout.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    messages
        .find_map(|message: Value| Some(PathBuf::from(message["executable"].as_str()?)))
        .expect("a program was built")
}

/// The cargo that runs this, in this workspace.
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    cargo
}

/// Name and path, if this is cargo's message about a program of an example.
fn executable(message: &Value) -> Option<(String, PathBuf)> {
    let target = &message["target"];
    let is_example = target["kind"].as_array()?.iter().any(|kind| kind == "example");
    let path = message["executable"].as_str()?;
    is_example.then(|| Some((target["name"].as_str()?.to_owned(), PathBuf::from(path))))?
}

/// Name and path, if this is cargo's message about any program.
fn program(message: &Value) -> Option<(String, PathBuf)> {
    Some((message["target"]["name"].as_str()?.to_owned(), PathBuf::from(message["executable"].as_str()?)))
}
