//! Machines and what they run.
//!
//! Runs of one machine resemble each other: it has its own speed, fails more or less often, is used more or less, and
//! updates early, late or never. A test that takes runs for independent is misled by such a fleet as by a real one.

use super::plan::{Effect, Plan};
use super::program::{COMMANDS, Command, FAILURES, NO_COMMAND, PLANTED, PLATFORMS, Platform};
use super::random::Random;
use crate::run::{Active, Program, Run, Text, Value};
use crate::time::{self, MS_PER_HOUR};

/// Updates are installed this many days after a release, on average.
const UPDATE_DAYS: f64 = 5.0;

const MS_PER_DAY: u64 = 24 * MS_PER_HOUR;

/// The machines of a plan.
#[derive(Debug)]
pub struct Fleet<'a> {
    plan: &'a Plan,
    machines: Vec<Machine>,
    random: Random,
    /// Runs a day of a machine that is used as much as usual.
    rate: f64,
}

#[derive(Debug)]
struct Machine {
    platform: &'static Platform,
    /// When its user agreed, from 0. May be long ago.
    since: i64,
    /// How much it is used.
    activity: f64,
    slow: f64,
    frail: f64,
    is_ci: bool,
    agent: Option<&'static str>,
    /// The day on which each release is installed.
    updates: Vec<f64>,
    /// The last week that was marked.
    marked: Option<i64>,
}

impl<'a> Fleet<'a> {
    pub fn new(plan: &'a Plan) -> Self {
        let mut random = Random::new(plan.seed);
        let machines: Vec<_> = (0..plan.machines).map(|_| Machine::new(plan, &mut random)).collect();
        let days = |machine: &Machine| (plan.days - machine.since.max(0)) as f64;
        let usual: f64 = machines.iter().map(|machine| machine.activity * days(machine) * WEEKEND_AND_ALL).sum();
        Fleet { plan, machines, random, rate: plan.runs as f64 / usual }
    }

    /// The runs of all days, day by day: when they are received, and the runs.
    pub fn days(mut self) -> impl Iterator<Item = (u64, Vec<Run<'a>>)> {
        (0..self.plan.days).map(move |day| self.day(day))
    }

    fn day(&mut self, day: i64) -> (u64, Vec<Run<'a>>) {
        let date = self.plan.last_day - self.plan.days + 1 + day;
        let is_weekend = (date + 3).rem_euclid(7) >= 5;
        let rate = self.rate * if is_weekend { WEEKEND } else { 1.0 };
        let mut runs = Vec::new();
        for machine in &mut self.machines {
            if machine.since > day {
                continue;
            }
            for _ in 0..self.random.poisson(rate * machine.activity) {
                runs.push(machine.run(self.plan, day, date, &mut self.random));
            }
        }
        let received = u64::try_from(date).unwrap_or(0) * MS_PER_DAY + MS_PER_DAY - 1;
        // As a receiver sees them: in no order.
        runs.sort_by(|a, b| a.program.cmp(&b.program).then(a.session_id.cmp(&b.session_id)));
        (received, runs)
    }
}

/// What a day of a weekend is against another day.
const WEEKEND: f64 = 0.4;
const WEEKEND_AND_ALL: f64 = (5.0 + 2.0 * WEEKEND) / 7.0;

/// How many of a command's runs ask for its help.
const ASKS_FOR_HELP: f64 = 0.02;

/// Who types, and how often.
const AGENTS: [(Option<&str>, f64); 4] =
    [(None, 85.0), (Some("claude-code"), 8.0), (Some("cursor"), 4.0), (Some("codex"), 3.0)];

impl Machine {
    fn new(plan: &Plan, random: &mut Random) -> Self {
        let platform = random.pick(&PLATFORMS, |platform| platform.weight).unwrap_or(&PLATFORMS[0]);
        let since = if random.chance(0.67) {
            -(random.exponential(60.0) as i64)
        } else {
            (random.unit() * plan.days as f64) as i64
        };
        let is_ci = random.chance(0.05);
        let lag = UPDATE_DAYS * if random.chance(0.05) { 100.0 } else { random.log_normal(0.5) };
        Machine {
            platform,
            since,
            activity: random.log_normal(1.0),
            slow: platform.slow * random.log_normal(0.2),
            frail: random.log_normal(0.3),
            is_ci,
            agent: random.pick(&AGENTS, |agent| agent.1).and_then(|agent| agent.0),
            updates: plan.releases.iter().map(|release| release.day as f64 + random.exponential(lag)).collect(),
            marked: None,
        }
    }

    /// The newest release that is installed on a day. The first one was there from the beginning.
    fn release(&self, day: f64) -> usize {
        self.updates.iter().rposition(|installed| *installed <= day).unwrap_or(0)
    }

    fn run<'a>(&mut self, plan: &'a Plan, day: i64, date: i64, random: &mut Random) -> Run<'a> {
        let hour = (14.0 + 3.5 * random.normal()).rem_euclid(24.0) as u64;
        let release = self.release(day as f64 + hour as f64 / 24.0);
        let command = random
            .pick(&COMMANDS, |command| if command.since <= release { command.weight } else { 0.0 })
            .unwrap_or(&COMMANDS[0]);
        let planted = |effect: fn(&Effect) -> Option<f64>| {
            let changes = plan.changes.iter().filter(|change| {
                let since = plan.releases.iter().position(|release| release.version == change.since);
                let here = change
                    .platform
                    .as_ref()
                    .is_none_or(|(os, arch)| os == self.platform.os && arch == self.platform.arch);
                change.command == command.name && since.is_some_and(|since| since <= release) && here
            });
            changes.filter_map(|change| effect(&change.effect)).next_back()
        };
        let takes = planted(|effect| if let Effect::Takes(times) = effect { Some(*times) } else { None });
        let fails = planted(|effect| if let Effect::Fails(share) = effect { Some(*share) } else { None });
        let program = Program {
            app: Text::Borrowed(&plan.app),
            version: plan.releases.get(release).map_or("", |release| &release.version).into(),
            os: self.platform.os.into(),
            arch: self.platform.arch.into(),
        };
        let start_unix_ms = u64::try_from(date).unwrap_or(0) * MS_PER_DAY + hour * MS_PER_HOUR;
        let mut run = Run::new(random.session(), start_unix_ms, program);
        run.ci = Some(self.is_ci);
        run.command = command.name.into();
        run.ending = Some("return".into());
        run.status = "success";
        run.exit_code = Some(0);
        run.context = vec![
            ("agent".into(), Value::Word(self.agent.unwrap_or("none").into())),
            ("interactive".into(), Value::Flag(self.agent.is_none() && !self.is_ci && random.chance(0.9))),
        ];
        run.active = self.mark(day, date);
        run.dropped = if random.chance(0.001) { 1 + random.next() % 5 } else { 0 };
        let micros = 1_000.0 * command.median_ms * random.log_normal(command.sigma) * self.slow * takes.unwrap_or(1.0);
        run.duration_us = Some(micros as u64);
        self.end(&mut run, command, fails, random);
        details(&mut run, random);
        run
    }

    /// How the run ends.
    fn end(&self, run: &mut Run<'_>, command: &Command, planted: Option<f64>, random: &mut Random) {
        let mut set = |ending: &'static str, status, code, class: Option<&'static str>| {
            run.ending = Some(ending.into());
            run.status = status;
            run.exit_code = Some(code);
            run.error_class = class.map(Text::Borrowed);
        };
        if command.name.is_empty() {
            if let Some((ending, status, code, class, _)) = random.pick(&NO_COMMAND, |it| it.4) {
                set(ending, status, *code, *class);
            }
        } else if random.chance(ASKS_FOR_HELP) {
            set("help", "success", 0, None);
            run.duration_us = Some(1_000);
        } else if planted.is_some_and(|share| random.chance(share)) {
            let (ending, code, class) = PLANTED;
            set(ending, "failure", code, Some(class));
        } else if random.chance((command.fails * self.frail).min(0.9)) {
            if let Some((ending, code, class, _)) = random.pick(&FAILURES, |it| it.3) {
                set(ending, "failure", *code, Some(class));
                if *ending == "usage" {
                    run.duration_us = Some(300);
                }
            }
        } else if random.chance(0.005) {
            set("signal", "interrupted", 130, None);
        }
    }

    /// The mark of the week's first run.
    fn mark(&mut self, day: i64, date: i64) -> Option<Active<'static>> {
        let week = time::monday(date);
        if self.marked.replace(week) == Some(week) {
            return None;
        }
        let since = match (day - self.since) / 7 {
            0 => "1",
            1..=3 => "2-4",
            4..=23 => "5-24",
            _ => "25+",
        };
        Some(Active { week: time::iso_week(date).into(), since: Some(since.into()) })
    }
}

/// Options, facts and phases of the command `run`, sorted by name as the runtime sends them. A command line that was refused,
/// or that asks for help, has none.
fn details(run: &mut Run<'_>, random: &mut Random) {
    if run.command != "run" || matches!(run.ending.as_deref(), Some("usage" | "help")) {
        return;
    }
    let mut option = |name: &'static str, probability: f64, values: &[(Value<'static>, f64)]| {
        let value = random.pick(values, |it| it.1);
        let value = value.filter(|_| random.chance(probability));
        run.options.extend(value.map(|(value, _)| (name.into(), value.clone())));
    };
    let word = |word: &'static str| Value::Word(word.into());
    option("format", 0.3, &[(word("json"), 8.0), (word("text"), 2.0)]);
    option("jobs", 0.2, &[(word("1-9"), 7.0), (word("10-99"), 3.0)]);
    option("release", 0.4, &[(Value::Flag(true), 1.0)]);
    option("target-dir", 0.01, &[(Value::Flag(true), 1.0)]);
    let hit = random.chance(0.7);
    let files =
        random.pick(&[("0", 1.0), ("1-9", 30.0), ("10-99", 50.0), ("100-999", 15.0), ("1000+", 4.0)], |it| it.1);
    run.facts.push(("cache".into(), word(if hit { "hit" } else { "miss" })));
    run.facts.extend(files.map(|(files, _)| ("files-scanned".into(), word(files))));
    let total = run.duration_us.unwrap_or(0);
    let resolve = (total as f64 * 0.2 * random.unit()) as u64;
    run.phases = vec![("build".into(), total - resolve), ("resolve".into(), resolve)];
}
