//! The long measurements for the tables of `docs/performance.md`.

use std::cell::LazyCell;
use std::process::ExitCode;

use crate::document::{self, Table};
use crate::programs::Programs;
use crate::report::Report;
use crate::{builds, commands, drain, runs};

/// Measures everything, or only the table called `only`.
pub(crate) fn measure(only: Option<&str>) -> ExitCode {
    let mut report = Report::default();
    // Built when a table needs them.
    let bare = LazyCell::new(|| Programs::with(None));
    let http = LazyCell::new(|| Programs::with(Some("http")));
    let otlp = LazyCell::new(|| Programs::with(Some("otlp")));

    let print = |name: &str, table: &mut dyn FnMut() -> Table| {
        let table = only.is_none_or(|only| only == name).then(table);
        table.inspect(|table| println!("{name}\n{table}"))
    };
    let measure = |name: &str, table: &mut dyn FnMut() -> Table| {
        if let Some(table) = print(name, table) {
            document::replace(&format!("overhead: {name}"), &table).expect("the documentation has a place for it");
        }
    };
    measure("sizes", &mut || sizes(&[("none", &*bare), ("http", &*http), ("otlp", &*otlp)]));
    measure("processes", &mut || runs::processes(&bare, &http, &Programs::at_a_fixed_address()));
    measure("queue", &mut || runs::queue(&bare));
    measure("parallel", &mut || runs::parallel(&bare));
    measure("drain", &mut || drain::drain(&otlp));
    measure("commands", &mut commands::runs);
    measure("command builds", &mut commands::builds);
    // Not in the documentation: it is there for its bar.
    print("option builds", &mut || commands::option_builds(&mut report));
    measure("builds", &mut builds::clean);
    measure("crates", &mut builds::each_crate);
    report.end()
}

fn sizes(builds: &[(&str, &Programs)]) -> Table {
    let header =
        ["feature", "plain KiB", "with the attributes", "with the management commands", "addresses", "functions"];
    let mut table = Table::new(header);
    for (feature, programs) in builds {
        let plain = programs.kib("plain");
        let added = |name| format!("{:+.0}", programs.kib(name) - plain);
        let loading = programs.loading("attributed").zip(programs.loading("plain"));
        let [addresses, functions] = [0, 1].map(|kind| {
            loading
                .map_or("–".to_owned(), |(with, without)| format!("{:+}", with[kind] as i64 - without[kind] as i64))
        });
        let sizes = [format!("{plain:.0}"), added("attributed"), added("managed")];
        let [plain, attributed, managed] = sizes;
        table.row([format!("`{feature}`"), plain, attributed, managed, addresses, functions]);
    }
    table
}
