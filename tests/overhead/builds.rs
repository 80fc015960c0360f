//! Build times for users of the library: clean builds of a small CLI, without it and with each feature.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use support::cargo;

use crate::document::Table;
use crate::programs::target_dir;
use crate::{crates, usage};

/// The CLI's dependencies next to clap with derive: nothing of ours, or the runtime with these features.
const STEPS: [(&str, Option<&[&str]>); 4] =
    [("clap alone", None), ("no feature", Some(&[])), ("`http`", Some(&["http"])), ("`otlp`", Some(&["otlp"]))];

/// Crates that take fewer seconds do not get a row.
const NOTEWORTHY: f64 = 0.25;

/// Clean builds, on all processors.
pub(crate) fn clean() -> Table {
    let header = ["", "crates beyond clap", "dev s", "dev CPU s", "release s", "release CPU s"];
    let mut table = Table::new(header);
    for (name, features) in STEPS {
        let package = package(name, features);
        let crates = features.map_or(0, |features| beyond_clap(features).len());
        let [(dev, dev_cpu), (release, release_cpu)] =
            [&[][..], &["--release"]].map(|options| build(&package, options));
        let seconds = |time: Duration| format!("{:.1}", time.as_secs_f64());
        let [dev, dev_cpu, release, release_cpu] = [dev, dev_cpu, release, release_cpu].map(seconds);
        table.row([name.to_owned(), crates.to_string(), dev, dev_cpu, release, release_cpu]);
    }
    table
}

/// Each crate beyond clap, in a release build that compiles one at a time.
pub(crate) fn each_crate() -> Table {
    let mut table = Table::new(["crate", "comes with", "release s"]);
    let (name, features) = STEPS[3];
    let package = package(name, features);
    build(&package, &["--release", "--jobs=1", "--timings"]);
    let seconds = timings(&package.join("target/cargo-timings/cargo-timing.html"));
    let mut listed: Vec<String> = Vec::new();
    for (name, features) in STEPS.iter().filter_map(|&(name, features)| Some((name, features?))) {
        let mut added = beyond_clap(features);
        added.retain(|krate| !listed.contains(krate));
        let cost = |krate: &String| seconds.get(krate).copied().unwrap_or(0.0);
        added.sort_by(|a, b| cost(b).total_cmp(&cost(a)));
        let (long, short): (Vec<_>, Vec<_>) = added.iter().partition(|krate| cost(krate) >= NOTEWORTHY);
        for krate in long {
            table.row([krate.replace(" v", " "), name.to_owned(), format!("{:.1}", cost(krate))]);
        }
        let rest: f64 = short.iter().map(|krate| cost(krate)).sum();
        table.row([format!("{} others", short.len()), name.to_owned(), format!("{rest:.1}")]);
        listed.append(&mut added);
    }
    table
}

fn beyond_clap(features: &[&str]) -> Vec<String> {
    let options: Vec<&str> = features.iter().flat_map(|feature| ["--features", feature]).collect();
    crates::beyond_clap(&options)
}

/// A package of its own, like a user's.
fn package(name: &str, features: Option<&[&str]>) -> PathBuf {
    let package = target_dir().join("builds").join(name.replace(['`', ' '], ""));
    fs::create_dir_all(package.join("src")).expect("the target folder can be written");
    let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/../telemetry-runtime");
    let ours = features.map(|list| format!("telemetry-runtime = {{ path = \"{runtime}\", features = {list:?} }}\n"));
    fs::write(package.join("Cargo.toml"), format!("{MANIFEST}{}", ours.unwrap_or_default())).expect("as above");
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"), package.join("Cargo.lock"))
        .expect("there is a lock");
    let source = if features.is_some() { SOURCE.replace("//", "") } else { SOURCE.to_owned() };
    fs::write(package.join("src/main.rs"), source).expect("as above");
    package
}

const MANIFEST: &str = "[workspace]\n[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
                        [dependencies]\nclap = { version = \"4.5\", features = [\"derive\"] }\n";

/// The code after `//` is ours.
const SOURCE: &str = "//use telemetry_runtime::{telemetry_cli, telemetry_main};\n//#[telemetry_cli]\n\
                      #[derive(clap::Parser)]\nenum Cli {\n    Run { path: String },\n    List,\n}\n\
                      //#[telemetry_main(Cli)]\nfn main() {\n    use clap::Parser;\n    match Cli::parse() {\n\
                      Cli::Run { path } => println!(\"{path}\"),\n        Cli::List => {}\n    }\n}\n";

/// Builds everything from scratch. Returns wall-clock and CPU time.
fn build(package: &Path, options: &[&str]) -> (Duration, Duration) {
    let _ = fs::remove_dir_all(package.join("target"));
    let mut cargo: Command = cargo();
    cargo.current_dir(package).args(["build", "--offline"]).args(options).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let usage = usage::of(&mut cargo);
    assert!(usage.success, "{} does not build", package.display());
    (start.elapsed(), usage.processor)
}

/// Seconds by `name vVERSION`, for everything that is compiled and run for a crate, from cargo's report.
fn timings(report: &Path) -> BTreeMap<String, f64> {
    let text = fs::read_to_string(report).expect("cargo has written it");
    let (_, units) = text.split_once("const UNIT_DATA = ").expect("cargo's report lists what it has compiled");
    let units = serde_json::Deserializer::from_str(units).into_iter::<Vec<Value>>().next();
    let mut seconds = BTreeMap::new();
    for unit in units.expect("it is a list").expect("it is JSON") {
        let krate =
            format!("{} v{}", unit["name"].as_str().unwrap_or_default(), unit["version"].as_str().unwrap_or_default());
        *seconds.entry(krate).or_insert(0.0) += unit["duration"].as_f64().unwrap_or(0.0);
    }
    seconds
}
