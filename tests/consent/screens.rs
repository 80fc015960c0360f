//! What the management commands show on terminals of different widths.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use support::{Program, Shown};

use crate::terminal::Terminal;
use crate::{undecided, words};

const WIDTHS: [u16; 3] = [60, 80, 120];

/// `toolkit`, with so many events in its queue, of which every third has failed. They began an hour apart, the last one at
/// 15:26 of 2026-11-23.
fn with_events(number: u64) -> Program {
    let toolkit = Program::new("toolkit");
    let id = "6a4548933ac442bb8aa05d773379f0a4";
    let lines = (0..number).map(|age| {
        let failed = age % 3 == 0;
        let event = json!({
            "v": 2, "session_id": id, "start_time_unix_ms": 1_795_447_574_939 - 3_600_000 * (number - 1 - age),
            "app": "toolkit", "version": "0.1.0", "os": "linux", "arch": "x86_64", "ci": false,
            "command": if age % 2 == 0 { vec!["run"] } else { vec!["remote", "add"] },
            "ending": if failed { "error" } else { "return" },
            "status": if failed { "failure" } else { "success" },
            "exit_code": i32::from(failed),
            "error_class": failed.then_some("ConnectionRefused"),
            "duration_us": 5_250 + age,
        });
        format!("{event}\n")
    });
    fs::create_dir_all(toolkit.telemetry_dir()).unwrap();
    fs::write(toolkit.file("queue.jsonl"), lines.collect::<String>()).unwrap();
    toolkit
}

fn show(program: &Program, args: &[&str]) -> Command {
    let mut command = undecided(program, &[&["telemetry", "show"], args].concat());
    command.env("TZ", "UTC0");
    command
}

#[track_caller]
fn on_screen(columns: u16, command: Command) -> String {
    let text = Terminal::start_wide(columns, command).finish().text;
    for line in text.lines() {
        assert!(line.chars().count() <= usize::from(columns), "{columns}: {text}");
    }
    text
}

#[test]
fn show_fits_the_screen_and_says_what_does_not() {
    let toolkit = with_events(30);
    for (columns, heading) in [
        (60, "STARTED COMMAND STATUS CLASS TIME"),
        (80, "STARTED COMMAND ENDING STATUS CODE CLASS TIME"),
        (120, "STARTED COMMAND ENDING STATUS CODE CLASS TIME"),
    ] {
        let text = on_screen(columns, show(&toolkit, &[]));
        let begins = "\
30 events are queued.

COMMAND     RUNS  FAILED  MEDIAN
remote add    15       5  5.2 ms
run           15       5  5.2 ms

";
        let text = text.strip_prefix(begins).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(text.lines().position(|line| line.is_empty()), Some(21), "{text}");
        let words = words(text);
        assert!(words.starts_with(heading), "{text}");
        assert!(words.contains("10 older events not shown: `toolkit telemetry show --limit 30`."), "{text}");
        assert_eq!(words.contains("Too narrow for ENDING, CODE."), columns == 60, "{text}");
    }
}

#[test]
fn show_has_a_limit() {
    let toolkit = with_events(5);
    let lines =
        |args: &[&str]| Shown::of(&mut show(&toolkit, args)).stdout.lines().map(str::to_owned).collect::<Vec<_>>();
    let events = |args: &[&str]| lines(args).iter().filter(|line| line.contains("  5.2 ms")).count();
    let summary = 2;
    for (args, shown) in [(&[][..], 5), (&["--limit", "2"], 2), (&["--limit", "0"], 0), (&["--limit", "50"], 5)] {
        assert_eq!(events(args), summary + shown, "{args:?}");
    }
    // The newest is the first. Of these five, the first and the fourth have failed.
    let statuses: Vec<bool> = lines(&[]).iter().skip(7).map(|line| line.contains("failure")).collect();
    assert_eq!(statuses, [false, true, false, false, true]);
    // As stored, oldest first; of a part, the newest.
    let [all, newest] = [lines(&["--json"]), lines(&["--json", "--limit", "2"])];
    assert_eq!((all.len(), &all[3..]), (5, &newest[..]));
    assert_eq!(show(&toolkit, &["--limit", "x"]).output().unwrap().status.code(), Some(2));
}

/// A flag has no options.
#[test]
fn a_flag_shows_all_events() {
    let flat = Program::new("flat");
    let toolkit = with_events(30);
    let lines = fs::read_to_string(toolkit.file("queue.jsonl")).unwrap();
    fs::create_dir_all(flat.telemetry_dir()).unwrap();
    fs::write(flat.file("queue.jsonl"), lines.replace("\"toolkit\"", "\"flat\"")).unwrap();
    let shown = Shown::of(&mut flat.undecided(["--telemetry", "show"])).stdout;
    assert!(shown.starts_with("30 events are queued.\n"), "{shown}");
    assert!(!shown.contains("not shown"), "{shown}");
}

#[test]
fn failures_have_a_colour_where_it_is_wanted() {
    let toolkit = with_events(3);
    for (variables, has_styles) in
        [(&[("TERM", "xterm")][..], true), (&[("TERM", "xterm"), ("NO_COLOR", "1")], false), (&[], false)]
    {
        let mut command = show(&toolkit, &[]);
        command.envs(variables.iter().copied());
        let text = Terminal::start_wide(100, command).finish().text;
        assert_eq!(text.contains("\x1b[31mfailure\x1b[0m"), has_styles, "{text}");
        assert_eq!(text.contains('\x1b'), has_styles, "{text}");
        assert!(!text.contains("\x1b[31msuccess"), "{text}");
    }
}

#[test]
fn status_fits_the_screen() {
    let toolkit = with_events(3);
    for columns in WIDTHS {
        let mut status = undecided(&toolkit, &["telemetry", "status"]);
        // Short, so that it fits, too.
        status.env_remove(toolkit.variable("DIR")).env("HOME", "/");
        let text = on_screen(columns, status);
        let words = words(&text);
        for said in [
            "Telemetry: off Decided by: the default, since nobody has decided Sent to: nobody; kept on this machine",
            "not set: DO_NOT_TRACK, TOOLKIT_TELEMETRY_ENABLED, TOOLKIT_TELEMETRY_DRY_RUN",
            "`toolkit telemetry enable` turns it on, `toolkit telemetry disable` turns it off for good",
        ] {
            assert!(words.contains(said), "{said}: {text}");
        }
    }
}

/// Sizes and times for people, numbers for programs.
#[test]
fn status_of_what_is_queued_and_delivered() {
    let toolkit = with_events(30);
    let state = json!({
        "v": 1, "delivered": 340, "last_success_unix_ms": 1,
        "last_error": { "unix_ms": 1, "text": "HTTP 503\u{1b}[31m" },
        "dropped": { "full": 2, "old": 1 },
        "refusal": { "session_id": "a", "days": 2, "unix_ms": 1 },
    });
    fs::write(toolkit.file("delivery.json"), state.to_string()).unwrap();
    fs::write(toolkit.file("consent.json"), "not a decision").unwrap();
    let status = |args: &[&str]| {
        let args = [&["telemetry", "status"], args].concat();
        let shown = Shown::of(toolkit.recorded(&args).env(toolkit.variable("ENDPOINT"), ""));
        assert_eq!(shown.status.code(), Some(0));
        shown.stdout
    };
    let text = status(&[]);
    for line in [
        "Telemetry:     on\nDecided by:    the variable TOOLKIT_TELEMETRY_ENABLED\n",
        "\nQueue:         30 events, 8 KiB, the oldest from ",
        "\nDelivered:     340 events, the last ",
        "\nDropped:       3 events: 2 without room in the queue, 1 too old\n",
        "consent.json is not used: it holds no decision, or is another user's\n",
        "days ago: HTTP 503[31m\n",
        "\nProblem:       the receiver has refused the oldest events on 2 days; soon they are given up\n",
        "\nNext:          unset TOOLKIT_TELEMETRY_ENABLED for your stored decision to count\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let json: Value = serde_json::from_str(&status(&["--json"])).unwrap();
    for (key, value) in [
        ("queued_events", json!(30)),
        ("delivered_events", json!(340)),
        ("dropped_events", json!(3)),
        ("last_delivery", json!("1970-01-01T00:00:00.001Z")),
        ("enabled", json!(true)),
    ] {
        assert_eq!(json[key], value, "{key}");
    }
    assert_eq!(json["queued_bytes"], fs::metadata(toolkit.file("queue.jsonl")).unwrap().len());
}

/// Every command that there is, by the name that it has here.
#[test]
fn status_says_what_to_type_next() {
    for (variables, said) in [
        (&[("DO_NOT_TRACK", "1")][..], "unset DO_NOT_TRACK to decide otherwise"),
        (&[("CI", "1")], "set TOOLKIT_TELEMETRY_ENABLED=1 to turn it on in CI"),
    ] {
        let toolkit = Program::new("toolkit");
        let text = Shown::of(toolkit.undecided(["telemetry", "status"]).envs(variables.iter().copied())).stdout;
        assert!(text.ends_with(&format!("\nNext:          {said}\n")), "{text}");
    }
    for (program, prefix) in [("toolkit", &["telemetry"][..]), ("flat", &["--telemetry"])] {
        for (decision, next) in [("enable", ["show", "disable"]), ("disable", ["enable", ""])] {
            let program = Program::new(program);
            let run = |word| Shown::of(&mut program.undecided([prefix, &[word]].concat())).stdout;
            run(decision);
            let text = run("status");
            let (_, told) = text.split_once("\nNext: ").unwrap();
            let name = program.path().file_name().unwrap().to_str().unwrap();
            for word in next.iter().filter(|word| !word.is_empty()) {
                assert!(told.contains(&format!("`{name} {} {word}` ", prefix[0])), "{text}");
            }
        }
    }
}

/// Whatever is in a variable, nothing but text reaches the terminal.
#[test]
fn control_characters_are_escaped() {
    let toolkit = Program::new("toolkit");
    let dir = toolkit.home().join("a\u{1b}]0;title\u{7}b");
    for (args, code) in [(["telemetry", "status"], 0), (["telemetry", "purge"], 0), (["telemetry", "enable"], 1)] {
        fs::create_dir_all(&dir).unwrap();
        if code == 1 {
            fs::create_dir_all(dir.join("consent.json")).unwrap();
        }
        let mut command = toolkit.undecided(args);
        command.env(toolkit.variable("DIR"), &dir).env("TERM", "xterm").env("NO_COLOR", "1");
        let screen = Terminal::start_wide(120, command).finish();
        assert_eq!(screen.status.code(), Some(code), "{}", screen.text);
        assert!(!screen.text.contains(['\u{1b}', '\u{7}']), "{:?}", screen.text);
        assert_eq!(screen.text.contains("a\\u{1b}]0;title\\u{7}b"), args[1] != "purge", "{}", screen.text);
    }
}

#[test]
fn the_disclosure_is_text_on_a_terminal_and_markdown_elsewhere() {
    let toolkit = Program::new("toolkit");
    let markdown = Shown::of(&mut undecided(&toolkit, &["telemetry", "disclosure"])).stdout;
    assert!(markdown.starts_with("# Telemetry of toolkit\n"), "{markdown}");
    let plain = |text: &str| words(text).replace(['`', '#', '|', '<', '>'], "");
    for columns in WIDTHS {
        let text = on_screen(columns, undecided(&toolkit, &["telemetry", "disclosure"]));
        assert!(text.starts_with("Telemetry of toolkit\n"), "{text}");
        assert!(!text.contains(['#', '|']), "{text}");
        assert!(text.contains("\n  ci                  Whether the program ran"), "{text}");
        assert!(text.contains("\n- Of the command line (clap): ArgumentConflict,"), "{text}");
        // Commands can be copied.
        for command in ["`toolkit telemetry disable`", "`TOOLKIT_TELEMETRY_ENABLED=0`"] {
            assert!(text.contains(command), "{text}");
        }
        // Nothing is left out but the head of the table.
        let all = words(&plain(&markdown)).replace(" field meaning --- --- ", " ");
        assert_eq!(plain(&text), all);
    }
}
