use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

/// Stops the program with a signal, and tells what it printed last and its exit code.
fn stopped(signal: &str) -> (String, Option<i32>) {
    let mut ticker = Command::new(env!("CARGO_BIN_EXE_ticker"));
    let mut child = ticker.args(["run", "--every", "5"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut String::new()).unwrap();
    let killed = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    (rest.lines().last().unwrap().to_owned(), child.wait().unwrap().code())
}

#[test]
fn signals() {
    for (signal, expected) in [("-INT", 0), ("-TERM", 143)] {
        let (last, code) = stopped(signal);
        assert!(last.ends_with(" ticks"), "{last}");
        assert_eq!(code, Some(expected), "{signal}");
    }
}

#[test]
fn failures() {
    let output = Command::new(env!("CARGO_BIN_EXE_ticker")).args(["run", "--every", "0"]).output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("Error: cannot tick without a pause\n"));
    assert_eq!(output.status.code(), Some(1));
}
