use std::process::{Command, Output};

fn tally(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tally")).args(args).output().unwrap()
}

#[test]
fn counts() {
    let output = tally(&["Cargo.toml", "Cargo.toml", "-t"]);
    let lines = include_str!("../Cargo.toml").lines().count();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{}\ttotal\n", 2 * lines));
}

#[test]
fn failures() {
    let output = tally(&["/nowhere"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("tally: No such file"));
    assert_eq!(tally(&["--pages"]).status.code(), Some(2));
}
