//! Figures for everybody: a page, JSON and CSV, without a small number in them.

mod suppress;
mod tables;

use std::fs;
use std::io;
use std::path::Path;

use askama::Template;
use serde_json::{Value as Json, json};

use self::suppress::suppress;
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

/// Writes `index.html`, `runs.json` and a CSV file for each table. Nothing in them is about fewer than `threshold` runs.
pub fn publish(data: &Data, app: &str, threshold: u64, dir: &Path) -> io::Result<()> {
    let days = || data.records.iter().map(|record| i64::from(record.day));
    let [from, to] = [days().min(), days().max()].map(|day| time::iso(day.unwrap_or(0)));
    let mut tables = tables::all(data);
    for table in &mut tables {
        table.rows = suppress(std::mem::take(&mut table.rows), threshold);
    }
    tables.retain(|table| !table.rows.is_empty());
    fs::create_dir_all(dir)?;
    for table in &tables {
        let head = csv::line(&[table.column.clone(), "runs".to_owned()]);
        let rows = table.rows.iter().map(|(name, runs)| csv::line(&[name.clone(), runs.to_string()]));
        fs::write(dir.join(format!("{}.csv", table.file)), head + &rows.collect::<String>())?;
    }
    fs::write(dir.join("runs.json"), document(app, &from, &to, threshold, &tables).to_string())?;
    let page = Page { app, from, to, threshold, tables: &tables };
    fs::write(dir.join("index.html"), page.render().map_err(io::Error::other)?)
}

fn document(app: &str, from: &str, to: &str, threshold: u64, tables: &[Table]) -> Json {
    let table = |table: &Table| {
        let rows: Vec<Json> = table.rows.iter().map(|(name, runs)| json!({ "name": name, "runs": runs })).collect();
        json!({ "table": table.title, "column": table.column, "rows": rows })
    };
    let tables: Vec<Json> = tables.iter().map(table).collect();
    json!({ "app": app, "from": from, "to": to, "threshold": threshold, "tables": tables })
}
