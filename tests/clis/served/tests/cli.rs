use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

fn served() -> Command {
    Command::new(env!("CARGO_BIN_EXE_served"))
}

#[test]
fn serves() {
    let mut child = served().args(["serve", ".", "-p", "0"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let address = url.trim().trim_start_matches("http://").trim_end_matches('/');
    for (name, expected) in [("Cargo.toml", include_str!("../Cargo.toml")), ("nothing", "not here\n")] {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET /{name} HTTP/1.1\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(answer.split_once("\r\n\r\n").unwrap().1, expected);
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn failures() {
    let output = served().args(["list", "/nowhere"]).output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("served: No such file"));
    assert_eq!(output.status.code(), Some(1));
}
