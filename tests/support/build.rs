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
