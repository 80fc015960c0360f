//! Writes the source of `plain`: that of `toolkit` without the lines that adopt telemetry.
//!
//! So the twins cannot drift apart, `toolkit` reads as a user would write it, and a difference between the two programs
//! is what the attributes cost. A `cfg_attr` on every attribute would need two builds: features are per package, not
//! per example.

use std::path::Path;
use std::{env, fs, io};

const FILES: [&str; 2] = ["main.rs", "commands.rs"];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=toolkit");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    let out = Path::new(&out).join("plain");
    fs::create_dir_all(&out)?;
    for file in FILES {
        let source = fs::read_to_string(Path::new("toolkit").join(file))?;
        let plain: String = source.lines().map(|line| format!("{}\n", without_telemetry(line))).collect();
        fs::write(out.join(file), plain)?;
    }
    Ok(())
}

/// Lines stay where they are, so that a panic is reported at the same line in both.
fn without_telemetry(line: &str) -> String {
    let code = line.trim_start();
    let adopts = code.contains("telemetry") && (code.starts_with("#[") || code.starts_with("use "));
    if adopts {
        return String::new();
    }
    // An included file cannot have docs of its own.
    line.replace(", ErrorClass)]", ")]").replace("//!", "//")
}
