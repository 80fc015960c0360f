//! Who decides.

use std::ffi::OsString;
use std::fs;

use crate::{ASK, OPT_IN, OPT_OUT, Seen, decided, edited, program, put, run, sandbox, undecided};

/// One setting that can be made.
#[derive(Debug, Clone, Copy)]
enum Said<'a> {
    Variable(&'a str, &'a str),
    Policy(&'a str),
    Stored(&'a str),
}
use Said::{Policy, Stored, Variable};

/// Each source from the strongest to the weakest: its possible settings, and their effect.
const SOURCES: [&[(Said<'_>, &str)]; 5] = [
    &[(Variable("DO_NOT_TRACK", "1"), "off: DoNotTrack")],
    &[
        (Variable("CONSENT_TELEMETRY_ENABLED", "1"), "on: Variable"),
        (Variable("CONSENT_TELEMETRY_ENABLED", "0"), "off: Variable"),
    ],
    &[(Policy(r#"{"enabled": false}"#), "off: Policy")],
    &[(Variable("CI", "true"), "off: Ci")],
    &[(Stored("yes"), "on: Stored"), (Stored("no"), "off: Stored"), (Stored("told"), "on: Notice")],
];

#[test]
fn the_strongest_source_decides() {
    // All combinations: no setting or one of each source.
    let mut cases = vec![Vec::new()];
    for source in SOURCES {
        for case in cases.clone() {
            cases.extend(source.iter().map(|said| [&case[..], &[*said]].concat()));
        }
    }
    assert_eq!(cases.len(), 2 * 3 * 2 * 2 * 4);
    if !sandbox::is_permitted("a policy among other sources") {
        cases.retain(|case| !case.iter().any(|(said, _)| matches!(said, Policy(_))));
    }
    for case in cases {
        let expected = case.first().map_or("off: Nobody", |(_, outcome)| outcome);
        assert_eq!(decision(OPT_OUT, &case), expected, "{case:?}");
    }
}

/// What the program says about its decision, once it is checked that it acted on it.
#[track_caller]
fn decision(path: &str, case: &[(Said<'_>, &str)]) -> String {
    let program = program(path);
    let mut command = undecided(&program, &["run"]);
    command.env(program.variable("DEBUG"), "1");
    let mut etc = None;
    for (said, _) in case {
        match said {
            Variable(name, value) => drop(command.env(name, value)),
            Stored(word) => put(&program, decided(word).to_string()),
            Policy(text) => etc = Some(text),
        }
    }
    if let Some(policy) = etc {
        let etc = tempfile::tempdir().unwrap();
        fs::create_dir(etc.path().join("consent")).unwrap();
        fs::write(etc.path().join("consent/telemetry.json"), policy).unwrap();
        explained(run(&program, sandbox::with_etc(etc.path(), &command)))
    } else {
        explained(run(&program, command))
    }
}

#[track_caller]
fn explained(seen: Seen) -> String {
    let decision = seen.stderr.strip_prefix("consent: telemetry: ").and_then(|said| said.strip_suffix('\n'));
    let decision = decision.unwrap_or_else(|| panic!("{seen:?}"));
    assert_eq!(seen.events, usize::from(decision.starts_with("on")), "{seen:?}");
    assert_eq!((seen.code, &*seen.stdout), (Some(0), "done\n"));
    decision.to_owned()
}

/// What is not UTF-8 becomes something else that is no text either.
fn os_string(bytes: &[u8]) -> OsString {
    #[cfg(unix)]
    return std::os::unix::ffi::OsStringExt::from_vec(bytes.to_owned());
    #[cfg(windows)]
    return std::os::windows::ffi::OsStringExt::from_wide(
        &bytes.iter().map(|&byte| if byte.is_ascii() { byte.into() } else { 0xd800 }).collect::<Vec<u16>>(),
    );
}

#[test]
fn do_not_track_means_off_unless_it_clearly_says_no() {
    let cases: [(&[u8], bool); 16] = [
        (b"1", true),
        (b"true", true),
        (b"YES", true),
        (b"on", true),
        (b"junk", true),
        (b"00", true),
        (b"no!", true),
        (b"\xff", true),
        (b"0\xff", true),
        (b"0", false),
        (b"false", false),
        (b"FALSE", false),
        (b"no", false),
        (b" off ", false),
        (b"  ", false),
        (b"", false),
    ];
    for (value, off) in cases {
        let program = program(ASK);
        let mut command = undecided(&program, &["run"]);
        command.env("DO_NOT_TRACK", os_string(value)).env(program.variable("ENABLED"), "1");
        assert_eq!(run(&program, command).events, usize::from(!off), "{:?}", os_string(value));
    }
}

#[test]
fn the_variable_means_on_only_if_it_clearly_says_yes() {
    let cases: [(&[u8], bool); 13] = [
        (b"1", true),
        (b"true", true),
        (b"Yes", true),
        (b" ON ", true),
        (b"0", false),
        (b"false", false),
        (b"no", false),
        (b"off", false),
        (b"", false),
        (b"2", false),
        (b"junk", false),
        (b"\xff", false),
        (b"1\xff", false),
    ];
    for (value, on) in cases {
        let program = program(ASK);
        put(&program, decided("yes").to_string());
        let mut command = undecided(&program, &["run"]);
        command.env(program.variable("ENABLED"), os_string(value));
        assert_eq!(run(&program, command).events, usize::from(on), "{:?}", os_string(value));
    }
}

#[test]
fn a_ci_system_is_detected_by_its_variable() {
    let yes = (Stored("yes"), "");
    for (name, value, ci) in [
        ("CI", "true", true),
        ("CI", "1", true),
        ("CI", "woodpecker", true),
        ("GITHUB_ACTIONS", "true", true),
        ("GITLAB_CI", "true", true),
        ("TF_BUILD", "True", true),
        ("JENKINS_URL", "https://ci.example.com", true),
        ("BUILDKITE", "true", true),
        ("TEAMCITY_VERSION", "2026.1", true),
        ("CIRCLECI", "true", true),
        ("TRAVIS", "true", true),
        ("APPVEYOR", "True", true),
        ("CODEBUILD_BUILD_ID", "project:1", true),
        ("BITBUCKET_COMMIT", "0f96c7b", true),
        ("CI", "false", false),
        ("CI", "0", false),
        ("CI", "", false),
        ("GITHUB_ACTIONS", "", false),
        ("GITHUB_ACTION", "true", false),
    ] {
        let expected = if ci { "off: Ci" } else { "on: Stored" };
        assert_eq!(decision(ASK, &[(Variable(name, value), ""), yes]), expected, "{name}={value}");
    }
    // Builds set `CI=false` to make tools less strict. It is still CI.
    let case = [(Variable("CI", "false"), ""), (Variable("GITHUB_ACTIONS", "true"), ""), yes];
    assert_eq!(decision(ASK, &case), "off: Ci");
}

#[test]
fn an_event_says_whether_ci_ran_it() {
    let program = program(ASK);
    for (value, expected) in [("true", true), ("false", false)] {
        let mut command = undecided(&program, &["run"]);
        let (_, event) = program.event(command.env("CI", value).env(program.variable("ENABLED"), "1"));
        assert_eq!(event["ci"], expected);
    }
}

#[test]
fn a_policy_forbids_unless_it_clearly_allows() {
    if !sandbox::is_permitted("what a policy allows") {
        return;
    }
    let large = format!(r#"{{"enabled": true, "why": "{}"}}"#, "x".repeat(64 * 1024));
    for (policy, forbids) in [
        (r#"{"enabled": true}"#, false),
        (r#"{"enabled": true, "contact": "it@example.com"}"#, false),
        (r#"{"enabled": false}"#, true),
        (r#"{"enabled": 1}"#, true),
        ("{}", true),
        ("[]", true),
        ("", true),
        ("enabled = true", true),
        (&large, true),
    ] {
        let expected = if forbids { "off: Policy" } else { "on: Stored" };
        let name = &policy[..policy.len().min(40)];
        assert_eq!(decision(ASK, &[(Policy(policy), ""), (Stored("yes"), "")]), expected, "{name}");
    }
}

#[test]
fn a_policy_that_is_not_a_file_forbids_without_blocking() {
    if !sandbox::is_permitted("what stands in the place of a policy") {
        return;
    }
    let etc = tempfile::tempdir().unwrap();
    let app = etc.path().join("consent");
    let policy = app.join("telemetry.json");
    let events = || {
        let program = program(ASK);
        put(&program, decided("yes").to_string());
        run(&program, sandbox::with_etc(etc.path(), &undecided(&program, &["run"]))).events
    };
    assert_eq!(events(), 1, "no folder");
    fs::write(&app, "").unwrap();
    assert_eq!(events(), 1, "a file where the folder should be");
    fs::remove_file(&app).unwrap();
    fs::create_dir(&app).unwrap();
    assert_eq!(events(), 1, "an empty folder");
    fs::create_dir(&policy).unwrap();
    assert_eq!(events(), 0, "a folder");
    fs::remove_dir(&policy).unwrap();
    #[cfg(unix)]
    {
        crate::store::make_fifo(&policy);
        assert_eq!(events(), 0, "a FIFO");
        fs::remove_file(&policy).unwrap();
        std::os::unix::fs::symlink("/nowhere", &policy).unwrap();
        assert_eq!(events(), 0, "a link to nowhere");
    }
}

#[test]
fn a_stored_decision_is_read_by_the_programs_consent_mode() {
    for (path, word, expected) in [
        (ASK, "yes", "on: Stored"),
        (OPT_IN, "yes", "on: Stored"),
        (OPT_OUT, "yes", "on: Stored"),
        (ASK, "no", "off: Stored"),
        (OPT_IN, "no", "off: Stored"),
        (OPT_OUT, "no", "off: Stored"),
        // A notice shown by an earlier version is not an agreement.
        (ASK, "told", "off: Nobody"),
        (OPT_IN, "told", "off: Nobody"),
        (OPT_OUT, "told", "on: Notice"),
    ] {
        assert_eq!(decision(path, &[(Stored(word), "")]), expected, "{path} {word}");
    }
    for path in [ASK, OPT_IN, OPT_OUT] {
        assert_eq!(decision(path, &[]), "off: Nobody", "{path}");
    }
}

#[test]
fn a_yes_covers_only_what_was_disclosed() {
    let narrower = |word| edited(word, "fields", |fields| drop(fields.pop()));
    let wider = |word| edited(word, "fields", |fields| fields.push("hostname".into()));
    let elsewhere = |word| edited(word, "destinations", |hosts| *hosts = vec!["other.example.com".into()]);
    let everywhere = |word| edited(word, "destinations", |hosts| hosts.push("other.example.com".into()));
    // Only a build that can send has a destination.
    let moved = if cfg!(feature = "http") { "off: Outdated" } else { "on: Stored" };
    for (path, text, expected) in [
        (ASK, narrower("yes"), "off: Outdated"),
        (OPT_IN, narrower("yes"), "off: Outdated"),
        (OPT_OUT, narrower("told"), "off: Nobody"),
        (ASK, wider("yes"), "on: Stored"),
        (OPT_OUT, wider("told"), "on: Notice"),
        (ASK, elsewhere("yes"), moved),
        (ASK, everywhere("yes"), "on: Stored"),
        // A no is permanent.
        (ASK, narrower("no"), "off: Stored"),
        (ASK, elsewhere("no"), "off: Stored"),
        (ASK, r#"{"decision": "no"}"#.into(), "off: Stored"),
        (ASK, r#"{"decision": "yes"}"#.into(), "off: Outdated"),
    ] {
        let program = program(path);
        put(&program, &text);
        let mut command = undecided(&program, &["run"]);
        command.env(program.variable("DEBUG"), "1");
        assert_eq!(explained(run(&program, command)), expected, "{text}");
    }
}
