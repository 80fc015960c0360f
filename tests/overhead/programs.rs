use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::cargo;

/// The examples, built for release with one feature, in a target folder of their own: in a shared one, each build would
/// overwrite the programs of the other.
#[derive(Debug)]
pub(crate) struct Programs {
    folder: PathBuf,
}

impl Programs {
    pub(crate) fn with(feature: Option<&str>) -> Self {
        let target = target_dir().join(format!("overhead-{}", feature.unwrap_or("bare")));
        let mut cargo = cargo();
        cargo.args(["build", "--release", "--package", "telemetry-examples"]);
        cargo.args(["--bin", "measured_plain", "--bin", "measured_attributed", "--bin", "measured_managed"]);
        if let Some(feature) = feature {
            cargo.args(["--features", &format!("telemetry-examples/{feature}")]);
        }
        if feature == Some("otlp") {
            cargo.args(["--package", env!("CARGO_PKG_NAME"), "--bin", "courier", "--features", "telemetry-tests/otlp"]);
        }
        run(cargo.arg("--target-dir").arg(&target));
        // By itself: the features of what the tests of examples need are those of every example in the same build.
        let mut cargo = support::cargo();
        cargo.args(["build", "--release", "--package", "telemetry-examples", "--example", "toolkit"]);
        if let Some(feature) = feature {
            cargo.args(["--features", &format!("telemetry-examples/{feature}")]);
        }
        run(cargo.arg("--target-dir").arg(&target));
        Programs { folder: target.join("release") }
    }

    /// With feature `http`, and linked at a fixed address, as few programs are: nothing in them is relocated at startup.
    pub(crate) fn at_a_fixed_address() -> Self {
        let target = target_dir().join("overhead-fixed");
        for example in ["plain", "attributed"] {
            let mut cargo = cargo();
            let bin = format!("measured_{example}");
            cargo.args(["rustc", "--release", "--package", "telemetry-examples", "--bin", &bin]);
            cargo.args(["--features", "telemetry-examples/http", "--target-dir"]).arg(&target);
            run(cargo.args(["--", "-C", "relocation-model=static"]));
        }
        Programs { folder: target.join("release") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        match name {
            "plain" | "attributed" | "managed" => self.folder.join(format!("measured_{name}")),
            example => self.folder.join("examples").join(example),
        }
    }

    /// A program that delivers: an example, or the test program that sends OTLP.
    pub(crate) fn delivering(&self, app: &str) -> PathBuf {
        if app == "courier" { self.folder.join(app) } else { self.path("attributed") }
    }

    /// The work of the dynamic linker before a program begins: addresses to relocate, functions to look up. `None` without
    /// readelf.
    pub(crate) fn loading(&self, name: &str) -> Option<[usize; 2]> {
        let output = Command::new("readelf").arg("--relocs").arg("--wide").arg(self.path(name)).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout);
        Some(["R_X86_64_RELATIVE", "@GLIBC"].map(|kind| text.lines().filter(|line| line.contains(kind)).count()))
    }

    /// The size of a program, in KiB.
    pub(crate) fn kib(&self, name: &str) -> f64 {
        super::kib(&self.path(name))
    }
}

fn run(cargo: &mut Command) {
    let built = cargo.stderr(Stdio::inherit()).status().expect("cargo runs");
    assert!(built.success(), "the examples do not build");
}

/// Where cargo put this program.
pub(crate) fn target_dir() -> PathBuf {
    let this = std::env::current_exe().expect("this program has a path");
    this.ancestors().nth(2).map(Path::to_owned).expect("cargo puts programs two folders below its own")
}
