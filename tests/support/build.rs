use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// What cargo has built.
#[derive(Debug)]
pub struct Built {
    /// By name.
    programs: BTreeMap<String, PathBuf>,
    /// By cargo's id of their package.
    libraries: BTreeMap<String, PathBuf>,
}

impl Built {
    /// The path of the program `name`.
    ///
    /// # Panics
    ///
    /// If it was not built.
    pub fn path(&self, name: &str) -> &Path {
        self.programs.get(name).unwrap_or_else(|| panic!("no program called {name} was built"))
    }

    /// The file of a package's library, `None` if it was not needed.
    pub fn library(&self, package_id: &str) -> Option<&Path> {
        self.libraries.get(package_id).map(PathBuf::as_path)
    }
}

/// All examples of the workspace, built once a process with the profile of the running test.
///
/// Cargo hands a test the programs of its own package only. Asking it for the others is right whatever was built before, and
/// whatever the target folder is called.
///
/// # Panics
///
/// If they do not build.
pub fn examples() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| build("examples", cargo_build().arg("--examples")))
}

/// The small CLIs in `tests/clis`.
///
/// # Panics
///
/// If they do not build.
pub fn clis() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| build("clis", cargo_build().args(CLIS.iter().flat_map(|name| ["--bin", name]))))
}

const CLIS: [&str; 6] = ["tally", "notes", "ticker", "mvre", "cargo-lines", "served"];

/// The examples that are measured, built for release.
///
/// Of their package alone: what the tests depend on would take longer to compile than to measure, and would turn on features
/// of what is measured.
///
/// # Panics
///
/// If they do not build.
pub fn release_examples() -> Built {
    released("release", &[])
}

/// The same, for another machine, whose name is one of `rustc --print target-list`.
///
/// # Panics
///
/// If they do not build.
pub fn release_examples_for(target: &str) -> Built {
    released("release", &["--target", target])
}

/// `plain`, `attributed` and the like are built as a user's program is, without the features that only tests need.
fn released(name: &str, args: &[&str]) -> Built {
    let release = |name: &str, targets: &[&str]| {
        build(name, cargo().args(["build", "--release", "--package", "telemetry-examples"]).args(targets).args(args))
    };
    let mut built = release(name, &["--bins"]);
    let measured = |(name, path): (&String, &PathBuf)| Some((name.strip_prefix("measured_")?.to_owned(), path.clone()));
    let measured: Vec<_> = built.programs.iter().filter_map(measured).collect();
    built.programs.extend(measured);
    built
}

/// The programs that can deliver: examples, and `courier`.
///
/// # Panics
///
/// If they do not build.
pub fn delivering() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut cargo = variant("delivering");
        cargo.args(examples_called(&["toolkit", "async_main"])).args(["--bin", "courier", "--bin", "soaked"]);
        build(
            "delivering",
            cargo.args(["--features", "telemetry-examples/html,telemetry-examples/otlp,telemetry-tests/otlp"]),
        )
    })
}

/// The programs of many endings, in which a panic does not unwind.
///
/// # Panics
///
/// If they do not build.
pub fn aborting() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut cargo = variant("aborting");
        cargo.args(["--bin", "endings", "--bin", "endings_plain"]);
        build("aborting", cargo.args(["--config", &format!("profile.{PROFILE}.panic='abort'")]))
    })
}

/// Examples as a distributor builds them who has decided for all users.
///
/// # Panics
///
/// If they do not build.
pub fn compiled_out() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut cargo = variant("compiled-out");
        cargo.args(examples_called(&["plain", "attributed", "quickstart", "async_main", "builder", "flat"]));
        // As in a release build, but the dependencies are those of the tests. With symbols, to be looked at, and without
        // debug information, which names source files.
        for package in ["telemetry-runtime", "telemetry-examples"] {
            for setting in ["opt-level=3", "debug=false", "strip=false"] {
                cargo.args(["--config", &format!("profile.{PROFILE}.package.{package}.{setting}")]);
            }
        }
        build("compiled-out", cargo.args(["--features", "telemetry-examples/off"]))
    })
}

/// The cargo that runs this, in this workspace.
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    cargo
}

/// The profile that the running test was built with.
const PROFILE: &str = if cfg!(debug_assertions) { "dev" } else { "release" };

/// A build of the whole workspace, as `cargo test --workspace` does: with fewer packages cargo may choose fewer features, and
/// would build the dependencies once more.
fn cargo_build() -> Command {
    let mut cargo = cargo();
    cargo.args(["build", "--workspace", "--profile", PROFILE]);
    // What cargo builds without being told a target is for this machine.
    if TARGET != HOST {
        cargo.args(["--target", TARGET]);
    }
    if cfg!(feature = "exit-code") {
        cargo.args(["--features", "telemetry-tests/exit-code"]);
    }
    cargo
}

/// The machine that this test was built for, and the one that it was built on.
const TARGET: &str = env!("TELEMETRY_TESTS_TARGET");
const HOST: &str = env!("TELEMETRY_TESTS_HOST");

/// The variable for a folder with cargo's messages about each build, for a machine without cargo.
const BUILT: &str = "TELEMETRY_TESTS_BUILT";

/// A build with features or settings that the tests themselves are built without. Its programs go to a folder of their own:
/// in a common one each build would put its programs in the place of the other's. What they are made of is shared as far as
/// it is the same (an older cargo than 1.91 builds it once more).
fn variant(name: &str) -> Command {
    let build_dir = build_dir();
    let mut cargo = cargo_build();
    cargo.arg("--target-dir").arg(build_dir.join(name)).env("CARGO_BUILD_BUILD_DIR", build_dir);
    cargo
}

/// Where cargo has built the running test. In `CARGO_BUILD_BUILD_DIR` it shares the dependencies with another build.
///
/// # Panics
///
/// If it was not cargo.
pub fn build_dir() -> PathBuf {
    let this = std::env::current_exe().expect("this program has a path");
    // Not `CACHEDIR.TAG`: cargo does not write it into a folder that was there before.
    let build_dir = this.ancestors().find(|dir| dir.join(".rustc_info.json").exists());
    build_dir.expect("cargo keeps what it knows of the compiler in the folder").to_owned()
}

fn examples_called<'a>(names: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    names.iter().flat_map(|name| ["--example", name])
}

fn build(name: &str, cargo: &mut Command) -> Built {
    let messages = match std::env::var_os(BUILT) {
        Some(dir) => std::fs::read(Path::new(&dir).join(format!("{name}.json"))).expect("cargo's messages are there"),
        None => {
            cargo.arg("--message-format=json-render-diagnostics");
            let output = cargo.stderr(Stdio::inherit()).output().expect("cargo runs");
            assert!(output.status.success(), "this does not build: {cargo:?}");
            output.stdout
        }
    };
    let messages = messages.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    let messages: Vec<Value> = messages.collect();
    Built {
        programs: messages.iter().filter_map(program).collect(),
        libraries: messages.iter().filter_map(library).collect(),
    }
}

/// Name and path, if this is cargo's message about a program, or about a library that a program loads.
fn program(message: &Value) -> Option<(String, PathBuf)> {
    let target = &message["target"];
    let is_loaded = target["crate_types"].as_array()?.iter().any(|kind| kind == "cdylib");
    let loaded = || message["filenames"].as_array()?.iter().filter_map(Value::as_str).find(|file| is_dynamic(file));
    let path = if is_loaded { loaded() } else { message["executable"].as_str() };
    Some((target["name"].as_str()?.to_owned(), PathBuf::from(path?)))
}

/// A package's id and the file of its library, if this is cargo's message about one.
fn library(message: &Value) -> Option<(String, PathBuf)> {
    let is_library = message["target"]["kind"].as_array()?.iter().any(|kind| kind == "lib" || kind == "proc-macro");
    let files = message["filenames"].as_array()?.iter().filter_map(Value::as_str);
    let file = files.filter(|_| is_library).find(|file| file.ends_with(".rlib") || is_dynamic(file))?;
    Some((message["package_id"].as_str()?.to_owned(), PathBuf::from(file)))
}

/// Whether this is the file of a library that the loader loads.
fn is_dynamic(file: &str) -> bool {
    [".so", ".dylib", ".dll"].iter().any(|end| file.ends_with(end))
}
