//! The report as a page: its size, what it says, and that nothing in it can run.

// A helper that unwraps fails its test.
#![allow(clippy::unwrap_used)]

use fleet::data::Data;
use fleet::report;
use fleet::run::{Run, Value};
use fleet::simulate::{Fleet, Plan};

/// Of a page.
const MAX_BYTES: usize = 150_000;

fn runs(plan: &Plan) -> Vec<Run<'_>> {
    Fleet::new(plan).days().flat_map(|(_, runs)| runs).collect()
}

fn page(runs: Vec<Run<'_>>) -> String {
    report::page(&Data::of_runs(runs), "toolkit", 1_795_651_200_000).unwrap()
}

#[test]
fn the_page_says_everything_and_stays_small() {
    let mut plan = Plan::new("toolkit", 20_000, 60, 20_783);
    plan.changes = vec!["since=0.3.0,command=run,takes=2.1".parse().unwrap()];
    let runs = runs(&plan);
    // As in a real fleet, help is asked for with a command and without one.
    for command in ["", "run"] {
        assert!(runs.iter().any(|run| run.command == command && run.ending.as_deref() == Some("help")), "{command}");
    }
    let page = page(runs);
    assert!(page.len() < MAX_BYTES, "{} bytes", page.len());
    for part in [
        "What a release changed",
        "<b>toolkit run</b> takes 2.",
        "How this was found out",
        "at least 2 points and a factor of 1.25 in the share that fails, or of a factor of 1.25 and 1.0 ms in the median",
        "Runs a day, by version",
        "remote rename default_branch",
        "New commands",
        "Active machines by week",
        "do not tell how many machines come back",
        "Why runs fail",
        "ConfigInvalid",
        "linux arm64",
        "--release",
        "files-scanned",
        "claude-code",
        "run · resolve",
        "What this page cannot know",
        "Events lost before they were sent: ",
        "prefers-color-scheme:dark",
        "width=device-width",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("Events lost before they were sent: 0 "));
}

/// Many versions, many commands, a long time.
#[test]
fn a_large_fleet_has_a_small_page() {
    let mut plan = Plan::new("toolkit", 20_000, 400, 20_783);
    plan.releases = (0..40).map(|number| format!("1.{number}.0@{}", number * 10).parse().unwrap()).collect();
    let mut runs = runs(&plan);
    for (number, run) in runs.iter_mut().enumerate() {
        run.command = format!("{} number-{}", run.command, number % 500).into();
        run.options
            .push((format!("option-{}", number % 300).into(), Value::Word(format!("value-{}", number % 70).into())));
    }
    let page = page(runs);
    assert!(page.len() < MAX_BYTES, "{} bytes", page.len());
}

/// Whoever sends runs decides their texts.
#[test]
fn what_was_sent_cannot_run() {
    let evil = "<script>alert('\"&</script>";
    let plan = Plan::new("toolkit", 2_000, 10, 20_783);
    let mut runs = runs(&plan);
    for run in &mut runs {
        for text in [&mut run.command, &mut run.program.version, &mut run.program.os, &mut run.program.arch] {
            *text = evil.into();
        }
        run.error_class = Some(evil.into());
        run.status = "failure";
        for pairs in [&mut run.options, &mut run.facts, &mut run.context] {
            *pairs = vec![(evil.into(), Value::Word(evil.into()))];
        }
        run.phases = vec![(evil.into(), 1)];
    }
    let page = report::page(&Data::of_runs(runs), evil, 0).unwrap();
    assert!(page.contains("script") && !page.contains("<script"));
    // Nothing is loaded, and nothing is a link.
    for part in ["src=", "href=", "http:", "https:", "url(", "@import", "onload"] {
        assert!(!page.contains(part), "{part}");
    }
}

#[test]
fn no_runs_are_no_page_and_one_run_is_one() {
    assert_eq!(report::page(&Data::default(), "toolkit", 0), None);
    let plan = Plan::new("toolkit", 100, 3, 20_783);
    let mut runs = runs(&plan);
    runs.retain(|run| run.active.is_some());
    runs.truncate(1);
    let page = page(runs);
    assert!(page.contains("Nothing that the numbers are sure of."));
    // Its week is not over.
    assert!(page.contains("Active machines by week") && !page.contains("active, last full week"));
}
