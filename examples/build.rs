//! Writes the sources of `toolkit`'s twins: the same program without some of the lines that adopt telemetry.
//!
//! `plain` has none of them. `attributed` has the attributes, but not the management commands. `managed` has all, to be
//! built as another program. So the twins cannot drift apart, `toolkit` reads as an author would write it, and the
//! difference between two programs is the cost of these lines.
//! A `cfg_attr` on every attribute would need several builds: features are per package, not per example.

use std::path::Path;
use std::{env, fs, io};

const FILES: [&str; 2] = ["main.rs", "commands.rs"];

/// Whether a twin lacks this line.
type Lacks = fn(&str) -> bool;

const TWINS: [(&str, Lacks); 3] = [
    ("plain", |code| code.to_lowercase().contains("telemetry")),
    ("attributed", |code| code.contains("Telemetry")),
    ("managed", |_| false),
];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=toolkit");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    for (name, lacks) in TWINS {
        let out = Path::new(&out).join(name);
        fs::create_dir_all(&out)?;
        for file in FILES {
            let source = fs::read_to_string(Path::new("toolkit").join(file))?;
            fs::write(out.join(file), twin(&source, lacks))?;
        }
    }
    Ok(())
}

/// Lines keep their numbers, so that a panic is reported at the same line in all of them.
fn twin(source: &str, lacks: Lacks) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in source.lines() {
        if !line.trim_start().starts_with("//") && lacks(line) {
            // The docs and attributes above a command belong to it.
            lines.iter_mut().rev().take_while(|above| is_attached(above)).for_each(String::clear);
            lines.push(String::new());
        } else {
            // An included file cannot have inner doc comments.
            lines.push(line.replace("//!", "//"));
        }
    }
    let twin = lines.join("\n");
    if twin.contains("telemetry_runtime") { twin } else { twin.replace(", ErrorClass)]", ")]") }
}

fn is_attached(line: &str) -> bool {
    let code = line.trim_start();
    line.starts_with(' ') && (code.starts_with("///") || code.starts_with("#["))
}
