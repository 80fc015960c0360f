//! Costs by number of commands.

use std::fs;

use crate::document::{self, Table};
use crate::plot::{self, Bar};
use crate::report::Report;
use crate::trees::Arguments;
use crate::world::{OFF, ON, World, micros};
use crate::{callgrind, trees};

/// How much longer recorded options may take to compile.
const MAX_RATIO_OF_BUILDS: f64 = 1.3;

/// The cost of a run of a program with many commands.
pub(crate) fn runs() -> Table {
    let mut table = Table::new(["commands", "plain", "off", "on", "off adds", "on adds", "added KiB"]);
    let mut bars = Vec::new();
    for depth in 1..=3 {
        let tree = trees::build(depth);
        let worlds = [
            World::new(tree.plain, &[]),
            World::new(tree.attributed.clone(), &[OFF]),
            World::new(tree.attributed, &[ON]),
        ];
        let counts: Option<Vec<u64>> = worlds
            .iter()
            .map(|world| {
                micros(world.command(&tree.args));
                callgrind::instructions_of(&|| world.command(&tree.args))
            })
            .collect();
        let Some(counts) = counts else { continue };
        let commands = 10_usize.pow(depth);
        let added = |count: u64| format!("{:+}", count as i64 - counts[0] as i64);
        let kib = super::kib(worlds[2].program.path()) - super::kib(worlds[0].program.path());
        let [plain, off, on] = [0, 1, 2].map(|index| counts[index].to_string());
        table.row([commands.to_string(), plain, off, on, added(counts[1]), added(counts[2]), format!("{kib:+.0}")]);
        for (kind, count) in [(0, counts[0]), (1, counts[2])] {
            let kinds = ["plain", "telemetry on"];
            bars.push(Bar { name: format!("{commands} commands, {}", kinds[kind]), value: count as f64 / 1e3, kind });
        }
    }
    let title = "Instructions of a run by the commands that the program has, thousands";
    let plot = plot::bars(title, "", &["plain clap", "telemetry on"], 10.0, &bars);
    fs::write(document::path("commands.svg"), plot).expect("the documentation can be written");
    table
}

/// The build time of the largest of these programs, once its dependencies are built.
pub(crate) fn builds() -> Table {
    let mut table = Table::new(["1,000 commands", "plain s", "with the attributes s"]);
    for (name, options) in [
        ("`cargo check`", &["check"][..]),
        ("`cargo build`", &["build"]),
        // With more units, it takes half or twice as long, depending on how they are split.
        (
            "`cargo build --release`, one codegen unit",
            &["build", "--release", "--config=profile.release.codegen-units=1"],
        ),
    ] {
        let seconds = trees::build_seconds(3, Arguments::Few, trees::ADOPTED, options);
        let [plain, attributed] = seconds.map(|seconds| format!("{:.1}", seconds.elapsed));
        table.row([name.to_owned(), plain, attributed]);
    }
    table
}

/// The same with ten arguments of each command, of which none or all are recorded. In CPU time, for the sake of the bar.
/// Only what the front end does, where constants are evaluated: to generate code for ten thousand arguments takes minutes,
/// nearly all of them for clap.
pub(crate) fn option_builds(report: &mut Report) -> Table {
    let mut table = Table::new(["1,000 commands with ten options each", "attributed CPU s", "recorded CPU s", "ratio"]);
    let seconds = trees::build_seconds(3, Arguments::Ten, trees::RECORDED, &["check"]);
    let [without, recorded] = seconds.map(|seconds| seconds.processor);
    report.judged("CPU time of options in `cargo check`", recorded / without, 2, MAX_RATIO_OF_BUILDS);
    let ratio = format!("{:.2}", recorded / without);
    table.row(["`cargo check`".to_owned(), format!("{without:.1}"), format!("{recorded:.1}"), ratio]);
    table
}
