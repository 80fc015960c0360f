use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One of the programs, before it is built.
#[derive(Debug)]
pub(crate) struct Source {
    name: &'static str,
    /// Its feature, and its file in `src/bin`.
    feature: &'static str,
    /// The crate whose version is shown.
    library: Option<&'static str>,
}

/// Without telemetry.
pub(crate) const PLAIN: Source = Source { name: "plain clap", feature: "plain", library: None };

/// The others, named after what they use.
pub(crate) const SOURCES: [Source; 7] = [
    Source { name: "telemetry-runtime", feature: "ours", library: Some("telemetry-runtime") },
    Source { name: "a child process per run", feature: "child", library: Some("ureq") },
    Source { name: "a blocking POST", feature: "post", library: Some("ureq") },
    Source { name: "sentry", feature: "sentry", library: Some("sentry") },
    Source { name: "opentelemetry-otlp", feature: "opentelemetry", library: Some("opentelemetry-otlp") },
    Source { name: "posthog-rs", feature: "posthog", library: Some("posthog-rs") },
    Source { name: "telemetry-kit", feature: "kit", library: Some("telemetry-kit") },
];

/// One of the programs.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) program: PathBuf,
    /// What it uses, with its version.
    pub(crate) library: String,
    /// Every crate in it.
    pub(crate) crates: BTreeSet<String>,
}

impl Source {
    /// Builds it with cargo, without what only the others need.
    pub(crate) fn build(&self) -> Peer {
        let options = ["--release", "--bin", self.feature, "--features", self.feature];
        let built = cargo("build").args(options).status().expect("cargo runs");
        assert!(built.success(), "{} does not build", self.name);
        let crates = crates(self.feature);
        let library = self.library.and_then(|library| crates.iter().find(|krate| is_called(krate, library)));
        Peer {
            name: self.name,
            program: env::current_exe().expect("this program has a path").with_file_name(self.feature),
            library: library.cloned().unwrap_or_default().replace(" v", " "),
            crates,
        }
    }
}

impl Peer {
    pub(crate) fn kib(&self) -> f64 {
        fs::metadata(&self.program).expect("the program was built").len() as f64 / 1024.0
    }

    /// A run that does almost nothing, and succeeds.
    pub(crate) fn run(&self, home: &Path, endpoint: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["run", "flow.yaml"]).env_clear().env("HOME", home);
        command.env("PEER_ENDPOINT", endpoint);
        command.env("PEER_TELEMETRY_ENABLED", "1").env("PEER_TELEMETRY_ENDPOINT", format!("{endpoint}/v1/events"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

fn is_called(krate: &str, name: &str) -> bool {
    krate.split(' ').next() == Some(name)
}

/// `name vVERSION` of every crate that is linked into a program or runs while it is built.
fn crates(feature: &str) -> BTreeSet<String> {
    let options = ["--features", feature, "--edges=normal", "--prefix=none", "--format={p}"];
    let output = cargo("tree").args(options).output().expect("cargo runs");
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    text.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
}

fn cargo(command: &str) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.arg(command).current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    cargo
}
