use std::process::{Command, Output};

fn mvre(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mvre")).args(args).output().unwrap()
}

#[test]
fn names() {
    for (args, expected) in [
        (&["-n", "case", "lower", "A/B"][..], "A/B -> A/b\n"),
        (&["case", "upper", "-n", "a/b"], "a/b -> a/B\n"),
        (&["sub", "b", "x", "-n", "abc"], "abc -> axc\n"),
    ] {
        assert_eq!(String::from_utf8(mvre(args).stdout).unwrap(), expected);
    }
}

#[test]
fn failures() {
    let output = mvre(&["case", "lower", "/nowhere/A"]);
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("mvre: No such file"));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(mvre(&["case"]).status.code(), Some(2));
}
