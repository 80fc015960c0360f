use std::process::{Command, Output};

fn cargo_lines(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-lines")).arg("lines").args(args).output().unwrap()
}

#[test]
fn counts() {
    let lines = include_str!("../src/main.rs").lines().count();
    assert_eq!(String::from_utf8(cargo_lines(&[]).stdout).unwrap(), format!("{lines}\n"));
    let files = String::from_utf8(cargo_lines(&["files"]).stdout).unwrap();
    assert_eq!(files, format!("{lines:>6}  ./src/main.rs\n"));
    assert_eq!(cargo_lines(&["check", "5"]).status.code(), Some(10));
}

#[test]
fn failures() {
    let output = cargo_lines(&["files", "--dir", "/nowhere"]);
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("Error: /nowhere is not the folder of a crate\n"));
    assert_eq!(output.status.code(), Some(1));
}
