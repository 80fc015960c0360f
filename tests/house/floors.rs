//! The layers of the runtime: a module imports only from its own layer or a lower one.

use crate::source::{Crate, Finding};

/// The lowest layer: constants and the machine. Then: what is known and kept. All other modules are above.
const FLOORS: [&[&str]; 2] = [&["declare", "diagnostics", "json", "sys"], &["event", "queue", "wire"]];

/// These two import nothing else of the crate: callers pass in what they need.
const ALONE: [&str; 2] = ["declare", "sys"];

fn floor(module: &str) -> usize {
    FLOORS.iter().position(|floor| floor.contains(&module)).unwrap_or(FLOORS.len())
}

/// Modules that are listed here but do not exist.
pub(crate) fn missing(runtime: &Crate) -> Vec<Finding> {
    let is_missing = |name: &&&str| !runtime.modules.contains_key([(**name).to_owned()].as_slice());
    let missing = FLOORS.iter().copied().flatten().filter(is_missing);
    missing.map(|name| Finding::new("telemetry-runtime/src/lib.rs", format!("there is no module `{name}`"))).collect()
}

/// Imports from a layer above. `lib.rs` is a table of contents, and may name everything.
pub(crate) fn doors_upwards(runtime: &Crate) -> Vec<Finding> {
    let mut findings = Vec::new();
    for reference in &runtime.references {
        let Some(from) = reference.from.first() else { continue };
        for to in runtime.leads_through(reference).iter().filter_map(|module| module.first()).filter(|to| *to != from) {
            let path = reference.path.join("::");
            let text = if floor(to) > floor(from) {
                format!("`{from}` may not import `{to}`, which is on a floor above: `{path}`")
            } else if ALONE.contains(&from.as_str()) {
                format!("`{from}` may not import any other module: `{path}`")
            } else {
                continue;
            };
            findings.push(Finding::new(&reference.file, text));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::made_up;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        doors_upwards(&made_up(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn down_and_sideways_is_allowed() {
        let files = [
            ("lib.rs", "mod event; mod run; mod diagnostics; mod queue; pub use run::Run;"),
            ("event.rs", "use crate::diagnostics::say;"),
            ("queue.rs", "use crate::event;"),
            ("run.rs", "use crate::{event::Event, queue}; pub struct Run;"),
            ("diagnostics.rs", "use std::io; pub fn say() {}"),
        ];
        assert_eq!(found(&files), [""; 0]);
    }

    #[test]
    fn up_is_not() {
        let files = [
            ("lib.rs", "mod event; mod run; pub use run::Run; pub(crate) use run::Guard as Holder;"),
            ("event/mod.rs", "mod line;\nuse super::run;"),
            (
                "event/line.rs",
                "use std::{fmt, io};\n\
                 fn a() { crate::run::go() }\n\
                 fn b() { debug_assert!(super::super::run::is_on()) }\n\
                 use crate::Holder;\n\
                 use crate::{nothing, event as own};\n\
                 #[cfg(test)]\nuse crate::run as excepted;\n",
            ),
            ("run.rs", ""),
        ];
        assert_eq!(
            found(&files),
            [
                "event/mod.rs: `event` may not import `run`, which is on a floor above: `super::run`",
                "event/line.rs: `event` may not import `run`, which is on a floor above: `crate::run::go`",
                "event/line.rs: `event` may not import `run`, which is on a floor above: `super::super::run::is_on`",
                "event/line.rs: `event` may not import `run`, which is on a floor above: `crate::Holder`",
            ]
        );
    }

    #[test]
    fn the_lowest_modules_import_nothing() {
        let files = [
            ("lib.rs", "mod declare; mod sys; mod diagnostics;"),
            ("sys.rs", "mod unix { use crate::diagnostics::say; use crate::sys::clock; use super::clock as own; }"),
            ("declare.rs", "use crate::sys;"),
            ("diagnostics.rs", "use crate::sys::clock;"),
        ];
        assert_eq!(
            found(&files),
            [
                "declare.rs: `declare` may not import any other module: `crate::sys`",
                "sys.rs: `sys` may not import any other module: `crate::diagnostics::say`",
            ]
        );
    }

    #[test]
    fn a_re_export_counts_for_both_modules() {
        let files = [
            ("lib.rs", "mod declare; mod event; mod run;"),
            ("declare.rs", "use crate::event::Passed;"),
            ("event.rs", "pub use crate::run::Passed;"),
            ("run.rs", "pub struct Passed;"),
        ];
        assert_eq!(
            found(&files),
            [
                "declare.rs: `declare` may not import `event`, which is on a floor above: `crate::event::Passed`",
                "declare.rs: `declare` may not import `run`, which is on a floor above: `crate::event::Passed`",
                "event.rs: `event` may not import `run`, which is on a floor above: `crate::run::Passed`",
            ]
        );
    }

    #[test]
    fn exported_macros_live_where_they_are_written() {
        let files = [
            ("lib.rs", "mod declare; mod run;"),
            (
                "run.rs",
                "#[macro_export] macro_rules! class_of { () => { $crate::declare::X } }\n\
                 macro_rules! own { () => { crate::declare::X } }",
            ),
            (
                "declare.rs",
                "fn f() { crate::class_of!() }\n#[macro_export] macro_rules! outside { () => { $crate::run::X } }",
            ),
        ];
        assert_eq!(
            found(&files),
            ["declare.rs: `declare` may not import `run`, which is on a floor above: `crate::class_of`"]
        );
    }

    #[test]
    fn listed_modules_exist() {
        let missing = missing(&made_up(&[(
            "lib.rs",
            "mod event { } mod json { } mod sys { } mod declare { } mod wire { } mod queue { }",
        )]));
        assert_eq!(
            missing.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["telemetry-runtime/src/lib.rs: there is no module `diagnostics`"]
        );
    }
}
