//! What an event holds beyond a command and how it ended: recorded options, facts, the times of phases, circumstances,
//! and the mark of a week's first run.
//!
//! Few CLIs have any. So the code for them is reached only through function pointers that such a CLI sets, and no other
//! program contains it.

use std::io::Write;

use super::CliCommandEvent;
use super::week::Week;
use crate::declare::{Details, FactNode, Form, PhaseNode, RecordedOption, TelemetryApp};

/// One recorded option, fact, phase or circumstance.
pub(crate) struct Detail<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: Value<'a>,
}

/// The value of a [`Detail`]. Its texts are constants of the program that wrote the event.
pub(crate) enum Value<'a> {
    Flag(bool),
    Word(&'a str),
    /// The labels of an option with several values.
    Words(&'a mut dyn Iterator<Item = &'a str>),
    /// Microseconds.
    Time(u64),
}

/// Is called with each detail of a group.
pub(crate) type Visitor<'a> = dyn FnMut(Detail<'_>) + 'a;

/// The groups of details, each a field of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Options,
    Facts,
    Phases,
    Context,
    Active,
}

impl Group {
    pub(crate) const ALL: [Group; 5] = [Group::Options, Group::Facts, Group::Phases, Group::Context, Group::Active];

    /// The word before a detail's name, where groups are not nested.
    pub(crate) const fn singular(self) -> &'static str {
        match self {
            Group::Options => "option",
            Group::Facts => "fact",
            Group::Phases => "phase",
            Group::Context => "context",
            Group::Active => "active",
        }
    }

    /// The key in the event.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Group::Options => "options",
            Group::Facts => "facts",
            Group::Phases => "phases",
            Group::Context => "context",
            Group::Active => "active",
        }
    }
}

/// An option that the user gave, and the set of its labels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GivenOption {
    pub(crate) option: &'static RecordedOption,
    pub(crate) labels: u64,
}

/// What was found of one group in this run, and the code for it.
#[derive(Debug)]
pub(crate) struct Found<T> {
    group: Group,
    found: T,
    visit: fn(&T, &mut Visitor<'_>),
    write: fn(&Self, &mut Vec<u8>),
}

impl<T> Found<T> {
    fn with(group: Group, found: T, visit: fn(&T, &mut Visitor<'_>)) -> Self {
        let write = |this: &Self, line: &mut Vec<u8>| write_group(line, this.group, &|visit| this.visit(visit));
        Found { group, found, visit, write }
    }

    pub(crate) fn visit(&self, visit: &mut Visitor<'_>) {
        (self.visit)(&self.found, visit);
    }

    /// Appends the group as a field to an object that is not closed.
    pub(super) fn write(&self, line: &mut Vec<u8>) {
        (self.write)(self, line);
    }
}

/// The options that the user gave.
pub(crate) type GivenOptions = Found<Vec<GivenOption>>;

impl GivenOptions {
    pub(crate) fn new(given: Vec<GivenOption>) -> Self {
        Found::with(Group::Options, given, |given, visit| visit_options(given, visit))
    }
}

fn visit_options(given: &[GivenOption], visit: &mut Visitor<'_>) {
    for GivenOption { option, labels } in given {
        let chosen = |position: usize| labels & (1 << position) != 0;
        let mut chosen =
            option.labels.iter().copied().enumerate().filter(|(position, _)| chosen(*position)).map(|(_, label)| label);
        let value = match option.form {
            Form::Flag => Value::Flag(chosen.next() == Some("true")),
            Form::One => match chosen.next() {
                Some(label) => Value::Word(label),
                None => continue,
            },
            Form::Many => Value::Words(&mut chosen),
        };
        visit(Detail { name: option.key, value });
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Circumstance {
    Flag(bool),
    Word(&'static str),
}

/// The circumstances of a run, by name.
pub(crate) type RunContext = Found<Vec<(&'static str, Circumstance)>>;

impl RunContext {
    pub(crate) fn new(found: Vec<(&'static str, Circumstance)>) -> Self {
        Found::with(Group::Context, found, |found, visit| visit_context(found, visit))
    }
}

fn visit_context(found: &[(&'static str, Circumstance)], visit: &mut Visitor<'_>) {
    for (name, circumstance) in found {
        let value = match circumstance {
            Circumstance::Flag(flag) => Value::Flag(*flag),
            Circumstance::Word(word) => Value::Word(word),
        };
        visit(Detail { name, value });
    }
}

/// What the mark of a week's first run says.
#[derive(Debug)]
pub(crate) struct Mark {
    week: String,
    since: Option<&'static str>,
}

/// The mark of a week's first run.
pub(crate) type ActiveWeek = Found<Mark>;

impl ActiveWeek {
    pub(crate) fn new(week: Week, since: Option<&'static str>) -> Self {
        Found::with(Group::Active, Mark { week: week.to_string(), since }, visit_mark)
    }
}

fn visit_mark(mark: &Mark, visit: &mut Visitor<'_>) {
    visit(Detail { name: "week", value: Value::Word(&mark.week) });
    if let Some(since) = mark.since {
        visit(Detail { name: "since", value: Value::Word(since) });
    }
}

/// What a CLI measures itself: facts, and the times of phases.
#[derive(Debug)]
pub(crate) struct Measures {
    visit: fn(&Details, Group, &mut Visitor<'_>),
    write: fn(&Details, &mut Vec<u8>),
    max_bytes: fn(&Details) -> usize,
}

impl Measures {
    /// `None` if `C` lists none.
    pub(crate) const fn of<C: TelemetryApp>() -> Option<&'static Self> {
        const CODE: &Measures =
            &Measures { visit: visit_measures, write: write_measures, max_bytes: measures_max_bytes };
        if C::FACTS.is_empty() && C::PHASES.is_empty() { None } else { Some(CODE) }
    }

    pub(crate) fn visit(&self, details: &Details, group: Group, visit: &mut Visitor<'_>) {
        (self.visit)(details, group, visit);
    }

    /// Appends the fields `facts` and `phases` to an object that is not closed. Does not allocate if there is room for
    /// [`Self::max_bytes`].
    pub(super) fn write(&self, details: &Details, line: &mut Vec<u8>) {
        (self.write)(details, line);
    }

    pub(crate) fn max_bytes(&self, details: &Details) -> usize {
        (self.max_bytes)(details)
    }
}

fn visit_measures(details: &Details, group: Group, visit: &mut Visitor<'_>) {
    match group {
        Group::Options | Group::Context | Group::Active => {}
        Group::Facts => {
            for FactNode { name, labels, slot } in details.facts {
                if let Some(label) = slot().position().and_then(|position| labels.get(position)) {
                    visit(Detail { name, value: Value::Word(label) });
                }
            }
        }
        Group::Phases => {
            for PhaseNode { names, slots } in details.phases {
                for (name, slot) in names.iter().zip(slots()) {
                    if let Some(micros) = slot.micros() {
                        visit(Detail { name, value: Value::Time(micros) });
                    }
                }
            }
        }
    }
}

fn write_measures(details: &Details, line: &mut Vec<u8>) {
    for group in [Group::Facts, Group::Phases] {
        write_group(line, group, &|visit| visit_measures(details, group, visit));
    }
}

fn measures_max_bytes(details: &Details) -> usize {
    /// Quotes, a colon and a comma.
    const AROUND: usize = 8;
    /// Of a number.
    const DIGITS: usize = 20;
    let longest = |labels: &[&str]| labels.iter().map(|label| label.len()).max().unwrap_or(0);
    let facts = details.facts.iter().map(|fact| fact.name.len() + longest(fact.labels) + AROUND);
    let phases = details.phases.iter().flat_map(|node| node.names).map(|name| name.len() + DIGITS + AROUND);
    let groups = Group::ALL.iter().map(|group| group.as_str().len() + AROUND);
    facts.chain(phases).chain(groups).sum()
}

impl CliCommandEvent {
    /// Calls `visit` with each detail of a group.
    pub(crate) fn visit_details(&self, group: Group, visit: &mut Visitor<'_>) {
        match (group, self.options, self.context, self.active) {
            (Group::Options, Some(options), ..) => options.visit(visit),
            (Group::Context, _, Some(context), _) => context.visit(visit),
            (Group::Active, .., Some(active)) => active.visit(visit),
            _ => {
                if let Some(measures) = self.measures {
                    measures.visit(&self.root.app.details, group, visit);
                }
            }
        }
    }

    /// The maximum length of all details, where each stands by itself with at most `around` bytes around it.
    pub(crate) fn details_max_bytes(&self, around: usize) -> usize {
        let mut sum = self.measures.map_or(0, |measures| {
            measures.max_bytes(&self.root.app.details) + around * self.root.app.details.measures_count()
        });
        for group in [Group::Options, Group::Context, Group::Active] {
            self.visit_details(group, &mut |Detail { name, value }| {
                let value = match value {
                    Value::Word(word) => word.len(),
                    Value::Words(words) => words.map(|word| word.len() + 1).sum(),
                    Value::Flag(_) | Value::Time(_) => 20,
                };
                sum += name.len() + value + around;
            });
        }
        sum
    }
}

/// Appends a group as a field, unless it is empty.
fn write_group(line: &mut Vec<u8>, group: Group, each: &dyn Fn(&mut Visitor<'_>)) {
    let before = line.len();
    line.extend_from_slice(b",\"");
    line.extend_from_slice(group.as_str().as_bytes());
    line.extend_from_slice(b"\":{");
    let mut comma: &[u8] = b"";
    each(&mut |Detail { name, value }| {
        line.extend_from_slice(comma);
        comma = b",";
        write_text(line, name);
        line.push(b':');
        match value {
            Value::Flag(flag) => line.extend_from_slice(if flag { b"true" } else { b"false" }),
            Value::Word(word) => write_text(line, word),
            Value::Words(words) => {
                line.push(b'[');
                let mut comma: &[u8] = b"";
                for word in words {
                    line.extend_from_slice(comma);
                    comma = b",";
                    write_text(line, word);
                }
                line.push(b']');
            }
            // Writing to memory cannot fail.
            Value::Time(micros) => drop(write!(line, "{micros}")),
        }
    });
    if comma.is_empty() {
        line.truncate(before);
    } else {
        line.push(b'}');
    }
}

fn write_text(line: &mut Vec<u8>, text: &str) {
    // Writing to memory cannot fail.
    let _ = serde_json::to_writer(line, text);
}
