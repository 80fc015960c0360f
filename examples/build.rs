//! Writes the sources of twins, to measure them side by side: the same program without some of the lines that adopt telemetry.
//!
//! So twins cannot drift apart, the program reads as an author would write it, and the difference between two programs is the
//! cost of these lines. A `cfg_attr` on every attribute would need several builds: features are per package, not per example.

use std::path::Path;
use std::{env, fs, io};

/// A program and its twins.
struct Program {
    folder: &'static str,
    files: &'static [&'static str],
    twins: &'static [Twin],
}

struct Twin {
    name: &'static str,
    /// What it lacks within a line.
    without: &'static str,
    /// Whether it then lacks the line.
    lacks: fn(&str) -> bool,
}

const PROGRAMS: [Program; 2] = [
    Program {
        folder: "toolkit",
        files: &["main.rs", "commands.rs"],
        twins: &[
            Twin { name: "plain", without: ", ErrorClass", lacks: |code| adopts(code) },
            // Without the management commands.
            Twin { name: "attributed", without: "", lacks: |code| code.contains("Telemetry") },
            Twin { name: "managed", without: "", lacks: |_| false },
        ],
    },
    Program {
        folder: "measured/detailed",
        files: &["main.rs", "facts.rs"],
        twins: &[
            Twin { name: "detailed_plain", without: "", lacks: |code| adopts(code) || details(code) },
            Twin { name: "detailed_attributed", without: FACTS, lacks: details },
            Twin { name: "detailed", without: "", lacks: |_| false },
        ],
    },
];

const FACTS: &str = ", facts(Cache, Encoding, FilesScanned, Matches, Outcome)";

fn main() -> io::Result<()> {
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    for Program { folder, files, twins } in PROGRAMS {
        println!("cargo::rerun-if-changed={folder}");
        for twin in twins {
            let out = Path::new(&out).join(twin.name);
            fs::create_dir_all(&out)?;
            for file in files {
                let source = fs::read_to_string(Path::new(folder).join(file))?;
                fs::write(out.join(file), twin.source(&source))?;
            }
        }
    }
    Ok(())
}

/// Whether a line adopts telemetry.
fn adopts(code: &str) -> bool {
    code.to_lowercase().contains("telemetry")
}

/// Whether a line records an option or facts.
fn details(code: &str) -> bool {
    code.contains("#[telemetry(record") || code.contains("facts")
}

impl Twin {
    /// Lines keep their numbers, so that a panic is reported at the same line in all of them.
    fn source(&self, source: &str) -> String {
        let mut lines: Vec<String> = Vec::new();
        for line in source.lines() {
            let line = if self.without.is_empty() { line.to_owned() } else { line.replace(self.without, "") };
            if !line.trim_start().starts_with("//") && (self.lacks)(&line) {
                // The docs and attributes above a command belong to it, but not those above an attribute.
                if !is_attached(&line) {
                    lines.iter_mut().rev().take_while(|above| is_attached(above)).for_each(String::clear);
                }
                lines.push(String::new());
            } else {
                // An included file cannot have inner doc comments.
                lines.push(line.replace("//!", "//"));
            }
        }
        lines.join("\n")
    }
}

fn is_attached(line: &str) -> bool {
    let code = line.trim_start();
    line.starts_with(' ') && (code.starts_with("///") || code.starts_with("#["))
}
