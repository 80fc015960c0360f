//! Generated programs with many commands, with and without telemetry.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use support::cargo;

use crate::programs::target_dir;
use crate::usage;

/// Commands per level.
const WIDTH: usize = 10;

/// A generated program, with and without telemetry.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) plain: PathBuf,
    pub(crate) attributed: PathBuf,
    /// The command line of its last command.
    pub(crate) args: Vec<String>,
}

/// A tree of `depth` levels: ten commands, a hundred, a thousand.
pub(crate) fn build(depth: u32) -> Tree {
    let package = package(depth, Arguments::Few);
    let [plain, attributed] = ADOPTED.map(|feature| {
        run_cargo(&package, feature, &["build", "--release"]);
        // The next tree overwrites it.
        let kept = package.join(if feature.is_empty() { "plain" } else { feature });
        fs::copy(target(feature).join("release/tree"), &kept).expect("the program was built");
        kept
    });
    Tree { plain, attributed, args: (1..=depth as usize).map(|level| format!("c{}", "9".repeat(level))).collect() }
}

/// What cargo takes for a tree alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seconds {
    pub(crate) elapsed: f64,
    /// On all processors. Depends less on what else runs.
    pub(crate) processor: f64,
}

/// With each of two sets of features.
pub(crate) fn build_seconds(depth: u32, arguments: Arguments, features: [&str; 2], command: &[&str]) -> [Seconds; 2] {
    let package = package(depth, arguments);
    features.map(|features| {
        run_cargo(&package, features, command);
        // For cargo, it has changed.
        fs::write(package.join("src/main.rs"), source(depth, arguments)).expect("the target folder can be written");
        let start = Instant::now();
        let processor = run_cargo(&package, features, command).as_secs_f64();
        Seconds { elapsed: start.elapsed().as_secs_f64(), processor }
    })
}

/// The features of the package: none, or the one that adopts telemetry.
pub(crate) const ADOPTED: [&str; 2] = ["", "telemetry"];

/// Telemetry without recorded options, and with.
pub(crate) const RECORDED: [&str; 2] = ["telemetry", "telemetry,record"];

/// What the commands at the deepest level take.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Arguments {
    Few,
    /// Ten, each of which can be recorded.
    Ten,
}

fn package(depth: u32, arguments: Arguments) -> PathBuf {
    let name = match arguments {
        Arguments::Few => format!("trees/{depth}"),
        Arguments::Ten => format!("trees/{depth}-ten"),
    };
    let package = target_dir().join(name);
    fs::create_dir_all(package.join("src")).expect("the target folder can be written");
    fs::write(package.join("Cargo.toml"), MANIFEST).expect("the target folder can be written");
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"), package.join("Cargo.lock"))
        .expect("there is a lock");
    fs::write(package.join("src/main.rs"), source(depth, arguments)).expect("the target folder can be written");
    package
}

fn target(features: &str) -> PathBuf {
    target_dir().join(format!("trees/target-{}", features.replace(',', "-")))
}

/// Returns the CPU time.
fn run_cargo(package: &Path, features: &str, command: &[&str]) -> Duration {
    let mut cargo = cargo();
    // Otherwise the second build would have nothing to do.
    cargo.env("CARGO_INCREMENTAL", "0");
    cargo.current_dir(package).args(command).args(["--offline", "--features", features]);
    cargo.arg("--target-dir").arg(target(features)).stdout(Stdio::null()).stderr(Stdio::null());
    let usage = usage::of(&mut cargo);
    assert!(usage.success, "{} does not build", package.display());
    usage.processor
}

const MANIFEST: &str = concat!(
    "[workspace]\n[package]\nname = \"tree\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    "[features]\ntelemetry = [\"dep:telemetry-runtime\"]\nrecord = []\n[profile.release]\nstrip = true\n",
    "[dependencies]\nclap = { version = \"4.5\", features = [\"derive\"] }\n",
    "telemetry-runtime = { path = \"",
    env!("CARGO_MANIFEST_DIR"),
    "/../telemetry-runtime\", optional = true }\n"
);

fn source(depth: u32, arguments: Arguments) -> String {
    let mut source = String::from("use clap::{Parser, Subcommand};\n");
    source += "#[cfg(feature = \"telemetry\")]\nuse telemetry_runtime::{telemetry_cli, telemetry_main};\n";
    source += "#[cfg_attr(feature = \"telemetry\", telemetry_cli(app = \"toolkit\"))]\n#[derive(Parser)]\n";
    source += "struct Cli {\n#[command(subcommand)]\ncommand: Level,\n}\n";
    if matches!(arguments, Arguments::Ten) {
        source += "#[cfg_attr(feature = \"telemetry\", telemetry_cli)]\n#[derive(Clone, clap::ValueEnum)]\n";
        source += "enum Format { Json, Text, Yaml }\n";
    }
    add_level(&mut source, "", depth, arguments);
    source += "#[cfg(feature = \"telemetry\")]\n#[telemetry_main]\nfn main(cli: Cli) { std::hint::black_box(&cli.command); }\n";
    source += "#[cfg(not(feature = \"telemetry\"))]\nfn main() { std::hint::black_box(&Cli::parse().command); }\n";
    source
}

/// The commands below the one called `name`. All names differ, because the compiler merges identical tables.
fn add_level(source: &mut String, name: &str, depth: u32, arguments: Arguments) {
    *source += "#[cfg_attr(feature = \"telemetry\", telemetry_cli)]\n#[derive(Subcommand)]\n#[allow(dead_code)]\n";
    let _ = writeln!(source, "enum Level{name} {{");
    for number in 0..WIDTH {
        let _ = match (depth, arguments) {
            (1, Arguments::Few) => writeln!(source, "C{name}{number} {{ path: Option<String> }},"),
            (1, Arguments::Ten) => {
                let _ = writeln!(source, "C{name}{number} {{");
                add_ten(source);
                writeln!(source, "}},")
            }
            _ => writeln!(source, "#[command(subcommand)]\nC{name}{number}(Level{name}{number}),"),
        };
    }
    *source += "}\n";
    if depth > 1 {
        for number in 0..WIDTH {
            add_level(source, &format!("{name}{number}"), depth - 1, arguments);
        }
    }
}

/// Arguments of every kind that can be recorded.
fn add_ten(source: &mut String) {
    const TEN: [(&str, &str, &str); 10] = [
        ("release", "bool", "record"),
        ("offline", "bool", "record"),
        ("locked", "bool", "record"),
        ("format", "Option<Format>", "record"),
        ("emit", "Vec<Format>", "record"),
        ("target_dir", "Option<std::path::PathBuf>", "record(given)"),
        ("profile", "Option<String>", "record(given)"),
        ("features", "Vec<String>", "record(count(1, 2, 10))"),
        ("jobs", "Option<u32>", "record(buckets(1, 2, 10, 100))"),
        ("limit", "Option<u64>", "record(buckets(1, 10, 100, 1_000))"),
    ];
    for (name, ty, key) in TEN {
        let _ = writeln!(source, "#[arg(long)]\n#[cfg_attr(feature = \"record\", telemetry({key}))]\n{name}: {ty},");
    }
}
