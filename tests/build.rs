//! Writes the source of `endings_plain`: the source of `endings` without the lines that adopt telemetry, as the build
//! script of the examples does. Tells the tests which machine they are built for.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let program = Path::new("endings/program");
    println!("cargo::rerun-if-changed={}", program.display());
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    let out = Path::new(&out).join("endings_plain");
    fs::create_dir_all(&out)?;
    for file in fs::read_dir(program)? {
        let file = file?;
        let source = fs::read_to_string(file.path())?;
        let plain: String = source.lines().map(|line| format!("{}\n", without_telemetry(line))).collect();
        fs::write(out.join(file.file_name()), plain)?;
    }
    for name in ["TARGET", "HOST"] {
        println!("cargo::rustc-env=TELEMETRY_TESTS_{name}={}", env::var(name).map_err(io::Error::other)?);
    }
    Ok(())
}

/// Lines keep their numbers, so that a panic is reported at the same line in both.
fn without_telemetry(line: &str) -> String {
    let code = line.trim_start();
    let adopts = code.starts_with("telemetry_runtime::")
        || code.contains("telemetry") && (code.starts_with("#[") || code.starts_with("use "));
    // An included file cannot have inner doc comments.
    if adopts { String::new() } else { line.replace(", ErrorClass)]", ")]").replace("//!", "//") }
}
