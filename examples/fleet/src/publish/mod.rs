//! Figures for everybody: a page, JSON and CSV, without a small number in them.

mod suppress;
mod tables;

use std::fs;
use std::io;
use std::path::Path;

use askama::Template;
use serde_json::{Value as Json, json};

use self::tables::Table;
use crate::csv;
use crate::data::Data;
use crate::time;

#[derive(Debug, Template)]
#[template(path = "public.html")]
struct Page<'a> {
    app: &'a str,
    from: String,
    to: String,
    threshold: u64,
    tables: &'a [Table],
}

const PAGE: &str = "index.html";
const DOCUMENT: &str = "runs.json";

/// The first and the last day that can be published: those of the calendar weeks that are completely within the last `days`,
/// and over. What is left of a week would be the difference to the next edition.
pub fn whole_weeks(today: i64, days: u16) -> (i64, i64) {
    let first = today - i64::from(days) + 1;
    (time::monday(first + 6), time::monday(today) - 1)
}

/// Writes `index.html`, `runs.json` and a CSV file for each table, instead of those of an earlier edition. No row in them is
/// about fewer than `threshold` runs, and one that was merged cannot be calculated from the sums of other tables. That holds for one edition: two that share a
/// part of their days, and whose rest is small, tell about the rest.
pub fn publish(data: &Data, app: &str, threshold: u64, dir: &Path) -> io::Result<()> {
    let days = || data.records.iter().map(|record| i64::from(record.day));
    let from = time::iso(time::monday(days().min().unwrap_or(0)));
    let to = time::iso(time::monday(days().max().unwrap_or(0)) + 6);
    let tables = tables::all(data, threshold);
    let page = Page { app, from: from.clone(), to: to.clone(), threshold, tables: &tables };
    let mut files = Vec::new();
    for table in &tables {
        let head = csv::line(&[table.column.clone(), "runs".to_owned()]);
        let rows = table.rows.iter().map(|(name, runs)| csv::line(&[name.clone(), runs.to_string()]));
        files.push((format!("{}.csv", table.file), head + &rows.collect::<String>()));
    }
    files.push((DOCUMENT.to_owned(), document(app, &from, &to, threshold, &tables).to_string()));
    files.push((PAGE.to_owned(), page.render().map_err(io::Error::other)?));
    fs::create_dir_all(dir)?;
    replace_all(dir, &files)?;
    remove_earlier(dir, &files)
}

/// Puts the files, each a name and a text, in the place of earlier ones. If one of them cannot be written, the earlier ones
/// stay.
fn replace_all(dir: &Path, files: &[(String, String)]) -> io::Result<()> {
    let new = |name: &str| dir.join(format!("{name}.new"));
    let written = files.iter().try_for_each(|(name, text)| fs::write(new(name), text));
    if let Err(error) = written {
        files.iter().for_each(|(name, _)| drop(fs::remove_file(new(name))));
        return Err(error);
    }
    files.iter().try_for_each(|(name, _)| fs::rename(new(name), dir.join(name)))
}

/// Removes the tables of an earlier edition that are not among `files`. Nothing else in the folder is touched.
fn remove_earlier(dir: &Path, files: &[(String, String)]) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        let Some(name) = name.to_str() else { continue };
        let is_table = name.strip_suffix(".csv").is_some_and(tables::is_file);
        if is_table && !files.iter().any(|(file, _)| file == name) {
            fs::remove_file(dir.join(name))?;
        }
    }
    Ok(())
}

fn document(app: &str, from: &str, to: &str, threshold: u64, tables: &[Table]) -> Json {
    let table = |table: &Table| {
        let rows: Vec<Json> = table.rows.iter().map(|(name, runs)| json!({ "name": name, "runs": runs })).collect();
        json!({ "table": table.title, "column": table.column, "rows": rows })
    };
    let tables: Vec<Json> = tables.iter().map(table).collect();
    json!({ "app": app, "from": from, "to": to, "threshold": threshold, "tables": tables })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Program, Run, Value};

    fn run(command: &'static str, number: u64, option: Option<(&'static str, &'static str)>) -> Run<'static> {
        let session = [number.to_be_bytes(), [0; 8]].concat().try_into().unwrap();
        let mut run = Run::new(session, 0, Program::default());
        run.command = command.into();
        run.options = option.map(|(name, value)| (name.into(), Value::Word(value.into()))).into_iter().collect();
        run
    }

    fn rows(tables: &[Table], title: &str) -> Option<Vec<(String, u64)>> {
        tables.iter().find(|table| table.title == title).map(|table| table.rows.clone())
    }

    /// The rest holds two commands, one of 110 runs and one of 3. A table whose sum is 110 would tell of the 3.
    #[test]
    fn no_table_tells_what_another_one_hides() {
        let json = |is_given: bool| is_given.then_some(("format", "json"));
        let large = (0..200).map(|number| run("large", number, json(number < 50)));
        let merged = (0..110).map(|number| run("merged", 1_000 + number, json(number < 55)));
        let rare = (0..3).map(|number| run("rare", 2_000 + number, None));
        let data = Data::of_runs(large.chain(merged).chain(rare));
        let tables = tables::all(&data, 50);
        let row = |name: &str, runs| (name.to_owned(), runs);
        assert_eq!(rows(&tables, "Commands"), Some(vec![row("large", 200), row("(other)", 113)]));
        assert_eq!(rows(&tables, "large --format"), Some(vec![row("json", 50), row("(not given)", 150)]));
        assert_eq!(rows(&tables, "merged --format"), None);
        // Every sum is that of all runs, or of a row that is told.
        let sums = tables.iter().map(|table| table.rows.iter().map(|(_, runs)| runs).sum::<u64>());
        assert!(sums.clone().all(|sum| [313, 200].contains(&sum)), "{:?}", sums.collect::<Vec<_>>());
    }

    /// That somebody gave an option is not told, either.
    #[test]
    fn a_rare_option_has_no_table() {
        let data =
            Data::of_runs((0..500).map(|number| run("build", number, Some(("rare", "x")).filter(|_| number < 3))));
        assert_eq!(rows(&tables::all(&data, 50), "build --rare"), None);
        assert_eq!(rows(&tables::all(&data, 2), "build --rare").map(|rows| rows.len()), Some(2));
    }

    #[test]
    fn only_completed_weeks_are_published() {
        // Thursday, 26 November 2026; its week began on the 23rd.
        let today = 20_783;
        for (days, first, last) in [
            (60, "2026-09-28", "2026-11-22"),
            (59, "2026-10-05", "2026-11-22"),
            (11, "2026-11-16", "2026-11-22"),
            // Less than a week and the days since: nothing.
            (10, "2026-11-23", "2026-11-22"),
        ] {
            let (from, to) = whole_weeks(today, days);
            assert_eq!((time::iso(from).as_str(), time::iso(to).as_str()), (first, last), "{days}");
        }
        // Four weeks, every fourth Monday: no day is in two editions, and none is in none.
        assert_eq!(whole_weeks(20_780, 29), (20_780 - 28, 20_780 - 1));
        // On a Sunday that day's week is not over.
        assert_eq!(time::iso(whole_weeks(20_786, 60).1), "2026-11-22");
    }

    #[test]
    fn nothing_is_left_of_an_earlier_edition() {
        let dir = tempfile::tempdir().unwrap();
        let files = || {
            let entries = fs::read_dir(dir.path()).unwrap();
            let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        };
        for name in ["notes.csv", "option-a.csv", "CNAME"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let option = |number: u64| Some(("format", if number < 100 { "json" } else { "text" }));
        let with = Data::of_runs((0..200).map(|number| run("build", number, option(number))));
        publish(&with, "tool", 50, dir.path()).unwrap();
        assert!(files().contains(&"option-1.csv".to_owned()), "{:?}", files());
        let without = Data::of_runs((0..200).map(|number| run("build", number, None)));
        publish(&without, "tool", 50, dir.path()).unwrap();
        let expected = [
            "CNAME",
            "commands.csv",
            "index.html",
            "notes.csv",
            "option-a.csv",
            "platforms.csv",
            "runs.json",
            "versions.csv",
            "weeks.csv",
        ];
        assert_eq!(files(), expected);
    }

    #[test]
    fn an_edition_that_cannot_be_written_leaves_the_earlier_one() {
        let dir = tempfile::tempdir().unwrap();
        let data = |runs| Data::of_runs((0..runs).map(|number| run("build", number, None)));
        publish(&data(200), "tool", 50, dir.path()).unwrap();
        let before = fs::read_to_string(dir.path().join("commands.csv")).unwrap();
        // As on a full disk: the last file cannot be written.
        fs::create_dir(dir.path().join("index.html.new")).unwrap();
        publish(&data(300), "tool", 50, dir.path()).unwrap_err();
        assert_eq!(fs::read_to_string(dir.path().join("commands.csv")).unwrap(), before);
        assert!(dir.path().join("index.html").exists() && !dir.path().join("commands.csv.new").exists());
    }
}
