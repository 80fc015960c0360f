//! The report: one HTML page without a script.

mod chart;
mod details;
mod format;
mod people;
mod period;
mod trouble;
mod usage;

use std::{panic, thread};

use askama::Template;

use self::details::Group;
use self::format::{count, ratio, share};
use self::people::People;
use self::period::Period;
use self::trouble::{Bar, Release};
use self::usage::CommandRow;
use crate::changes;
use crate::data::{Data, Outcome};
use crate::time;

#[derive(Debug, Template)]
#[template(path = "report.html")]
struct Page<'a> {
    app: &'a str,
    from: String,
    to: String,
    made: String,
    figures: Vec<(String, String)>,
    release: Release,
    runs_a_day: String,
    commands: Vec<CommandRow>,
    versions: String,
    new_commands: Option<String>,
    people: Option<People>,
    options: Vec<Group>,
    facts: Vec<Group>,
    context: Vec<Group>,
    phases: Vec<Bar>,
    errors: Vec<Bar>,
    platforms: Vec<Bar>,
    lost: String,
    ci: String,
}

/// The page about the runs of a program. `None` if there are none.
pub fn page(data: &Data, app: &str, made_unix_ms: u64) -> Option<String> {
    let period = Period::of(data)?;
    thread::scope(|scope| {
        // Half of the work.
        let changes = scope.spawn(|| changes::find(data));
        let people = people::people(data, &period);
        let lost: u64 = data.records.iter().map(|record| u64::from(record.dropped)).sum();
        let all = data.records.len() as u64;
        let page = Page {
            app,
            from: time::iso(period.first),
            to: time::iso(period.last),
            made: time::iso(time::day_of(made_unix_ms)),
            figures: figures(data, &period, people.as_ref()),
            runs_a_day: usage::runs_a_day(data, &period),
            commands: usage::commands(data, &period),
            versions: usage::versions(data, &period),
            new_commands: usage::new_commands(data, &period),
            people,
            options: details::options(data),
            facts: details::facts(data),
            context: details::context(data),
            phases: details::phases(data),
            errors: trouble::errors(data),
            platforms: trouble::platforms(data),
            lost: format!("{} ({} of all)", count(lost), share(lost, lost + all)),
            ci: in_ci(data),
            release: trouble::release(data, app, &changes.join().unwrap_or_else(|panic| panic::resume_unwind(panic))),
        };
        // Writing to memory cannot fail.
        page.render().ok()
    })
}

/// The figures at the head of the page.
fn figures(data: &Data, period: &Period, people: Option<&People>) -> Vec<(String, String)> {
    let all = data.records.len() as u64;
    let recent = || data.records.iter().filter(|record| period.is_recent(record));
    let recent_runs = recent().count() as u64;
    let days = u64::try_from((period.last - period.first + 1).min(7)).unwrap_or(1);
    let failed = data.records.iter().filter(|record| record.outcome == Outcome::Failure).count() as u64;
    let help = data.records.iter().filter(|record| data.is_help(record)).count() as u64;
    let newest = data.versions().last().map_or(0, |(version, _)| *version);
    let of_newest = recent().filter(|record| record.version == newest).count() as u64;
    let mut figures = vec![
        ("runs".to_owned(), count(all)),
        ("a day, last 7".to_owned(), count(recent_runs / days)),
        ("fail".to_owned(), share(failed, all)),
        (format!("run {}, last 7 days", data.texts.get(newest)), share(of_newest, recent_runs)),
        ("ask for help or version".to_owned(), share(help, all)),
    ];
    figures.extend(people.and_then(|people| Some(("active, last full week".to_owned(), people.active.clone()?))));
    figures
}

/// The share of runs in CI, as far as it is known.
fn in_ci(data: &Data) -> String {
    let known = data.records.iter().filter_map(|record| record.ci);
    let (all, ci) = known.fold((0, 0), |(all, ci), is_ci| (all + 1, ci + u64::from(is_ci)));
    if all == 0 { "unknown".to_owned() } else { format!("{:.1}%", 100.0 * ratio(ci, all)) }
}
