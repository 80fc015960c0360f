use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn notes(file: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_notes")).env("NOTES_FILE", file).args(args).output().unwrap()
}

#[test]
fn a_note_from_beginning_to_end() {
    let file = env::temp_dir().join(format!("notes-{}", std::process::id()));
    let shown = |args: &[&str]| String::from_utf8(notes(&file, args).stdout).unwrap();
    assert_eq!(shown(&["new", "buy", "milk"]), "1\n");
    assert_eq!(shown(&["add", "call home"]), "2\n");
    assert_eq!(shown(&["tag", "add", "2", "family"]), "");
    assert_eq!(shown(&["list"]), "  1  buy milk\n  2  call home #family\n");
    assert_eq!(shown(&["li", "--tag", "family"]), "  2  call home #family\n");
    assert_eq!(shown(&["remove", "1"]), "");
    assert_eq!(fs::read_to_string(&file).unwrap(), "call home\tfamily\n");
    let refused = notes(&file, &["tag", "remove", "1", "work"]);
    assert!(String::from_utf8(refused.stderr).unwrap().starts_with("Error: the note has no tag work\n"));
    assert_eq!(refused.status.code(), Some(1));
    fs::remove_file(&file).unwrap();
}
