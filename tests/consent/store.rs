//! The file that holds the decision.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::Signal;
use serde_json::json;
use support::{Program, end_by, names, run_by, skip, started};

use crate::terminal::Terminal;
use crate::{ASK, OPT_OUT, decided, program, put, run, sandbox, silent, store, stored_word, undecided};

pub(crate) fn make_fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn a_decision_is_private() {
    let program = program(ASK);
    answer_yes(undecided(&program, &["run"]));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&store(&program)), 0o600);
    assert_eq!(mode(&program.telemetry_dir()), 0o700);
    // The file was written under another name, and renamed.
    program.take_events();
    assert_eq!(names(&program.telemetry_dir()), ["consent.json"]);
}

/// Answers the question that a run on a terminal is expected to ask.
#[track_caller]
fn answer_yes(command: Command) {
    let mut terminal = Terminal::start(command);
    terminal.wait_for("[y/N] ");
    terminal.press("y\n");
    assert_eq!(terminal.finish().status.code(), Some(0));
}

#[track_caller]
fn assert_not_asked(command: Command) {
    assert_eq!(Terminal::start(command).finish().text, "done\n");
}

#[test]
fn folders_follow_the_xdg_variables_if_they_are_absolute() {
    for (variables, expected) in [
        (&[][..], ".config/consent/telemetry/consent.json"),
        (&["XDG_CONFIG_HOME"], "XDG_CONFIG_HOME/consent/telemetry/consent.json"),
        (&["XDG_STATE_HOME"], ".config/consent/telemetry/consent.json"),
    ] {
        let program = program(ASK);
        let mut command = at_home(&program);
        for name in variables {
            command.env(name, program.home().join(name));
        }
        answer_yes(command);
        assert!(program.home().join(expected).is_file(), "{variables:?}");
    }
    let program = program(ASK);
    let mut command = at_home(&program);
    answer_yes({
        command.env("XDG_CONFIG_HOME", "relative").current_dir(program.home());
        command
    });
    assert!(program.home().join(".config/consent/telemetry/consent.json").is_file());
    assert!(!program.home().join("relative").exists());
}

/// A run with the default folders, not the one that tests use.
fn at_home(program: &Program) -> Command {
    let mut command = undecided(program, &["run"]);
    command.env_remove(program.variable("DIR"));
    command
}

/// What is wrong, and how to set it up: in a home, or in place of the decision.
type Disorder = (&'static str, fn(&Path));

/// Everything that can be in place of a decision and is not one.
const NO_DECISIONS: [Disorder; 11] = [
    ("empty", |file| write(file, "")),
    ("no JSON", |file| write(file, "yes")),
    ("torn", |file| write(file, &decided("yes").to_string()[..100])),
    ("not UTF-8", |file| write(file, b"{\"decision\": \"\xff\"}")),
    ("a list", |file| write(file, r#"["yes"]"#)),
    ("another word", |file| write(file, decided("maybe").to_string())),
    ("a flag", |file| write(file, r#"{"decision": true}"#)),
    ("large", |file| write(file, format!("{}{}", decided("yes"), " ".repeat(64 * 1024)))),
    ("deep", |file| write(file, "[".repeat(60 * 1024))),
    ("a FIFO", make_fifo),
    ("a link to nowhere", |file| symlink(elsewhere(file), file).unwrap()),
];

fn write(file: &Path, text: impl AsRef<[u8]>) {
    fs::write(file, text).unwrap();
}

/// A file above the folder of the decision.
fn elsewhere(file: &Path) -> PathBuf {
    file.ancestors().nth(2).unwrap().join("elsewhere")
}

/// A program that finds the work of `make` in place of its decision.
fn without_decision(path: &str, make: fn(&Path)) -> Program {
    let program = program(path);
    fs::create_dir(program.telemetry_dir()).unwrap();
    make(&store(&program));
    program
}

#[test]
fn a_malformed_decision_counts_as_undecided() {
    for (what, make) in NO_DECISIONS {
        for path in [ASK, OPT_OUT] {
            let program = without_decision(path, make);
            assert_eq!(run(&program, undecided(&program, &["run"])), silent(0), "{what}");
            assert_eq!(names(&program.telemetry_dir()), ["consent.json"], "{what}");
        }
    }
}

#[test]
fn a_decision_replaces_a_malformed_one() {
    for (what, make) in NO_DECISIONS {
        let program = without_decision(ASK, make);
        answer_yes(undecided(&program, &["run"]));
        assert!(fs::symlink_metadata(store(&program)).unwrap().is_file(), "{what}");
        assert_eq!(stored_word(&program).unwrap(), "yes", "{what}");
        assert_eq!(program.take_events().len(), 1, "{what}");
    }
}

/// As tools do that keep all settings in one place: the file is read and replaced where it is, and the link stays.
#[test]
fn a_link_to_a_decision_is_followed() {
    let program = Program::new("toolkit");
    let target = program.home().join("settings.json");
    write(&target, decided("no").to_string());
    fs::create_dir(program.telemetry_dir()).unwrap();
    symlink(&target, store(&program)).unwrap();
    let run = |args: &[&str]| undecided(&program, args).output().unwrap();
    assert!(run(&["run"]).status.success());
    assert_eq!(program.take_events().len(), 0);
    assert!(run(&["telemetry", "enable"]).status.success());
    assert_eq!(stored_word(&program).unwrap(), "yes");
    assert!(fs::read_to_string(&target).unwrap().contains("\"yes\""));
    assert!(fs::symlink_metadata(store(&program)).unwrap().is_symlink());
    run(&["run"]);
    assert_eq!(program.take_events().len(), 1);
}

/// As after `sudo`, in a folder that belongs to the user.
#[test]
fn an_unreadable_decision_is_a_no() {
    for path in [ASK, OPT_OUT] {
        let program = program(path);
        put(&program, decided("no").to_string());
        let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        mode(&store(&program), 0o600);
        mode(&program.telemetry_dir(), 0o777);
        mode(program.home(), 0o777);
        let somebody_else = || {
            let mut command = Command::new("/usr/bin/setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
            run_by(command, &undecided(&program, &["run"]))
        };
        let output = somebody_else().output();
        if !output.is_ok_and(|output| output.status.success()) {
            skip("a decision of another user", "`setpriv` is missing, or not permitted here");
            return;
        }
        assert_not_asked(somebody_else());
        assert_eq!(stored_word(&program).unwrap(), "no");
        assert_eq!(names(&program.telemetry_dir()), ["consent.json"]);
    }
}

#[test]
fn a_yes_does_not_revive_a_run_that_a_no_stopped() {
    let program = Program::new("toolkit");
    let command = |args: &[&str]| {
        let mut command = program.undecided(args);
        command.env(program.variable("ENDPOINT"), "");
        command
    };
    let decide = |decision| assert!(command(&["telemetry", decision]).output().unwrap().status.success());
    decide("enable");
    program.take_events();
    let under_way = started(&mut command(&["-v", "sleep", "60"]));
    decide("disable");
    end_by(under_way, Signal::TERM.as_raw());
    assert!(program.file("queue.jsonl").exists(), "it has not been under way");
    decide("enable");
    let events = program.take_events();
    assert!(events.iter().all(|event| event["command"] != json!(["sleep"])), "{events:?}");
}

/// Without a place for the answer nobody is asked: they would be asked on every run.
#[test]
fn without_a_home_telemetry_is_off() {
    for path in [ASK, OPT_OUT] {
        for home in [None, Some(""), Some("home"), Some("/dev/null")] {
            for enabled in [None, Some("1")] {
                let program = program(path);
                let command = || {
                    let mut command = at_home(&program);
                    command.env_remove("HOME").current_dir(program.home());
                    command.envs(home.map(|home| ("HOME", home)));
                    command.envs(enabled.map(|enabled| (program.variable("ENABLED"), enabled)));
                    command
                };
                assert_eq!(run(&program, command()), silent(0), "{home:?}");
                assert_not_asked(command());
                assert_eq!(names(program.home()), Vec::<String>::new(), "{home:?}");
            }
        }
    }
}

#[test]
fn without_a_place_for_the_decision_telemetry_is_off() {
    let in_the_way: [Disorder; 3] = [
        ("a file for a folder", |home| write(&home.join(".config"), "")),
        ("a link to nowhere", |home| symlink("/proc/nowhere", home.join(".config")).unwrap()),
        ("a folder for the file", |home| {
            fs::create_dir_all(home.join(".config/consent/telemetry/consent.json")).unwrap();
        }),
    ];
    for path in [ASK, OPT_OUT] {
        for (what, make) in in_the_way {
            let program = program(path);
            make(program.home());
            assert_eq!(run(&program, at_home(&program)), silent(0), "{what}");
            assert_not_asked(at_home(&program));
            assert_eq!(names(program.home()), [".config"], "{what}");
        }
    }
}

#[test]
fn with_a_read_only_home_telemetry_is_off() {
    if !sandbox::is_permitted("a home that cannot be written to") {
        return;
    }
    for path in [ASK, OPT_OUT] {
        let program = program(path);
        let mut command = at_home(&program);
        assert_eq!(run(&program, sandbox::read_only(program.home(), &command)), silent(0));
        assert_not_asked(sandbox::read_only(program.home(), &command));
        command.env(program.variable("ENABLED"), "1");
        assert_eq!(run(&program, sandbox::read_only(program.home(), &command)), silent(0));
        assert_eq!(names(program.home()), Vec::<String>::new());
    }
}
