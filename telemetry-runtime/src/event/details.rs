//! What an event holds beyond a command and how it ended: recorded options, facts, the times of phases, circumstances,
//! and the mark of a week's first run.
//!
//! Few CLIs have any. So the code for them is reached only through function pointers that such a CLI sets, and no other
//! program contains it.

use super::read::ReadNames;
use super::week::Week;
use super::{CliCommandEvent, json};
use crate::declare::{Details, FactNode, Form, Group, Key, Labels, PhaseNode, RecordedOption, TelemetryApp};

/// One recorded option, fact, phase or circumstance.
pub(crate) struct Detail<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: Value<'a>,
}

/// The value of a [`Detail`]. Its texts are constants of the program that wrote the event.
pub(crate) enum Value<'a> {
    Flag(bool),
    Word(&'a str),
    /// Those of an option with several values.
    Words(Words<'a>),
    /// Microseconds.
    Time(u64),
}

/// Several words.
pub(crate) enum Words<'a> {
    /// Labels, and the set of those that are chosen.
    Chosen(Labels, u64),
    Read(ReadNames<'a>),
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        match self {
            Words::Chosen(labels, chosen) => labels.get(take_first(chosen)?),
            Words::Read(names) => names.next(),
        }
    }
}

/// Takes the lowest position out of a set.
fn take_first(set: &mut u64) -> Option<usize> {
    let first = set.trailing_zeros();
    *set &= set.checked_sub(1)?;
    Some(first as usize)
}

/// Is called with each detail of a group.
pub(crate) type Visitor<'a> = dyn FnMut(Detail<'_>) + 'a;

/// An option that the user gave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GivenOption {
    pub(crate) key: Key,
    form: Form,
    labels: Labels,
    /// The positions of the labels that apply. Never empty.
    chosen: u64,
}

impl GivenOption {
    pub(crate) fn new(option: &RecordedOption, chosen: u64) -> Self {
        GivenOption { key: option.key, form: option.form, labels: option.labels, chosen }
    }
}

/// What was found of one group in this run, and the code for it.
#[derive(Debug)]
pub(crate) struct Found<T> {
    found: T,
    visit: fn(&T, &mut Visitor<'_>),
    write: fn(&T, &mut Vec<u8>),
}

impl<T> Found<T> {
    pub(crate) fn visit(&self, visit: &mut Visitor<'_>) {
        (self.visit)(&self.found, visit);
    }

    /// Appends the group as a field to an object that is not closed.
    pub(super) fn write(&self, line: &mut Vec<u8>) {
        (self.write)(&self.found, line);
    }
}

/// The options that the user gave.
pub(crate) type GivenOptions = Found<Vec<GivenOption>>;

impl GivenOptions {
    pub(crate) fn new(found: Vec<GivenOption>) -> Self {
        let visit = |given: &Vec<GivenOption>, visit: &mut Visitor<'_>| each_option(given, visit);
        let write = |given: &Vec<GivenOption>, line: &mut Vec<u8>| {
            write_group(line, Group::Options.as_str(), |object| write_options(object, given));
        };
        Found { found, visit, write }
    }
}

fn write_options(object: &mut Object<'_>, given: &[GivenOption]) {
    for &GivenOption { key, form, labels, mut chosen } in given {
        match form {
            Form::Flag | Form::One => {
                if let Some(json) = labels.json(chosen.trailing_zeros() as usize) {
                    object.add_constants(key, json);
                }
            }
            Form::Many => object.add_array(key, std::iter::from_fn(|| labels.json(take_first(&mut chosen)?))),
        }
    }
}

fn each_option(given: &[GivenOption], mut visit: impl FnMut(Detail<'_>)) {
    for &GivenOption { key, form, labels, chosen } in given {
        let label = labels.get(chosen.trailing_zeros() as usize);
        let value = match (form, label) {
            (Form::Flag, label) => Value::Flag(label == Some("true")),
            (Form::One, Some(label)) => Value::Word(label),
            (Form::One, None) => continue,
            (Form::Many, _) => Value::Words(Words::Chosen(labels, chosen)),
        };
        visit(Detail { name: key.name(), value });
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
        let visit = |found: &Vec<_>, visit: &mut Visitor<'_>| each_circumstance(found, visit);
        let write = |found: &Vec<_>, line: &mut Vec<u8>| {
            write_group(line, Group::Context.as_str(), |object| each_circumstance(found, |detail| object.add(detail)));
        };
        Found { found, visit, write }
    }
}

fn each_circumstance(found: &[(&'static str, Circumstance)], mut visit: impl FnMut(Detail<'_>)) {
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
        let visit = |mark: &Mark, visit: &mut Visitor<'_>| each_of_mark(mark, visit);
        let write = |mark: &Mark, line: &mut Vec<u8>| {
            write_group(line, Group::Active.as_str(), |object| each_of_mark(mark, |detail| object.add(detail)));
        };
        Found { found: Mark { week: week.to_string(), since }, visit, write }
    }
}

fn each_of_mark(mark: &Mark, mut visit: impl FnMut(Detail<'_>)) {
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
}

impl Measures {
    /// `None` if `C` lists none.
    pub(crate) const fn of<C: TelemetryApp>() -> Option<&'static Self> {
        const CODE: &Measures = &Measures { visit: visit_measures, write: write_measures };
        if C::FACTS.is_empty() && C::PHASES.is_empty() { None } else { Some(CODE) }
    }

    pub(crate) fn visit(&self, details: &Details, group: Group, visit: &mut Visitor<'_>) {
        (self.visit)(details, group, visit);
    }

    /// Appends the fields `facts` and `phases` to an object that is not closed. Does not allocate if there is room for
    /// `measures_max_bytes` of `details`.
    pub(super) fn write(&self, details: &Details, line: &mut Vec<u8>) {
        (self.write)(details, line);
    }
}

fn visit_measures(details: &Details, group: Group, visit: &mut Visitor<'_>) {
    match group {
        Group::Options | Group::Context | Group::Active => {}
        Group::Facts => each_fact(details.facts, visit),
        Group::Phases => each_phase(details.phases, visit),
    }
}

fn write_measures(details: &Details, line: &mut Vec<u8>) {
    write_group(line, Group::Facts.as_str(), |object| {
        for FactNode { key, labels, slot, .. } in details.facts {
            if let Some(json) = slot().position().and_then(|position| labels.json(position)) {
                object.add_constants(*key, json);
            }
        }
    });
    if !details.phases.is_empty() {
        write_group(line, Group::Phases.as_str(), |object| each_phase(details.phases, |detail| object.add(detail)));
    }
}

fn each_fact(facts: &[FactNode], mut visit: impl FnMut(Detail<'_>)) {
    for FactNode { key, labels, slot, .. } in facts {
        if let Some(label) = slot().position().and_then(|position| labels.get(position)) {
            visit(Detail { name: key.name(), value: Value::Word(label) });
        }
    }
}

fn each_phase(phases: &[PhaseNode], mut visit: impl FnMut(Detail<'_>)) {
    for PhaseNode { names, slots } in phases {
        for (name, slot) in names.iter().zip(slots()) {
            if let Some(micros) = slot.micros() {
                visit(Detail { name, value: Value::Time(micros) });
            }
        }
    }
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
        let details = &self.root.app.details;
        let mut sum = details.measures_max_bytes + around * details.measures_count();
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
fn write_group(line: &mut Vec<u8>, group: &str, add_all: impl FnOnce(&mut Object<'_>)) {
    let before = line.len();
    json::key(line, group);
    let start = line.len();
    add_all(&mut Object(line));
    if line.len() == start {
        line.truncate(before);
    } else {
        json::open(line, start);
        line.push(b'}');
    }
}

/// An object whose first field has a comma, too.
struct Object<'a>(&'a mut Vec<u8>);

impl Object<'_> {
    fn add(&mut self, Detail { name, value }: Detail<'_>) {
        json::key(self.0, name);
        match value {
            Value::Flag(flag) => json::flag(self.0, flag),
            Value::Word(word) => json::text(self.0, word),
            Value::Words(words) => json::texts(self.0, words),
            Value::Time(micros) => json::unsigned(self.0, micros),
        }
    }

    /// Most details are a constant name and value.
    fn add_constants(&mut self, key: Key, json: &[u8]) {
        self.0.extend_from_slice(key.json().as_bytes());
        self.0.extend_from_slice(json);
    }

    fn add_array(&mut self, key: Key, values: impl Iterator<Item = &'static [u8]>) {
        self.0.extend_from_slice(key.json().as_bytes());
        json::array(self.0, values);
    }
}
