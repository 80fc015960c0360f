//! What can be recorded of options, facts and phases.

use std::fmt::{self, Formatter};

#[cfg(feature = "testing")]
use serde_json::Value;

use super::markdown::list;
#[cfg(feature = "testing")]
use crate::declare::ACTIVE_SINCE;
use crate::declare::{App, Declared, Form, Read, Sorted};
use crate::event::Group;
#[cfg(feature = "testing")]
use crate::event::Week;

/// The names, and the values of each, sorted by name.
#[derive(Debug, Default)]
pub(super) struct Details {
    /// An option of several commands may have different values there.
    pub(super) options: Vec<Recorded>,
    pub(super) facts: Sorted<(&'static str, Vec<&'static str>)>,
    pub(super) phases: Sorted<&'static str>,
    /// Those without values are flags.
    pub(super) context: Sorted<(&'static str, Option<Vec<&'static str>>)>,
    active: bool,
}

/// The values of one form that one option can have.
#[derive(Debug)]
pub(super) struct Recorded {
    pub(super) name: &'static str,
    pub(super) form: Allowed,
    pub(super) labels: Sorted<&'static str>,
}

/// The form of an option's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Allowed {
    Given,
    Flag,
    One,
    Many,
}

impl Details {
    pub(super) fn of(app: &App) -> Self {
        let mut all = Details::default();
        app.details.for_each(&mut |declared| match declared {
            Declared::Option(option) => {
                let form = match (option.read, option.form) {
                    (Read::Given, _) => Allowed::Given,
                    (_, Form::Flag) => Allowed::Flag,
                    (_, Form::One) => Allowed::One,
                    (_, Form::Many) => Allowed::Many,
                };
                let recorded = all.option(option.key(), form);
                option.labels.iter().for_each(|label| recorded.labels.insert(label));
            }
            Declared::Fact(fact) => all.facts.insert((fact.name, fact.labels.iter().collect())),
            Declared::Phase(name) => all.phases.insert(name),
            Declared::Circumstance(name, values) => all.context.insert((name, values)),
            Declared::Active => all.active = true,
        });
        all
    }

    /// The place of an option's values of this form.
    fn option(&mut self, name: &'static str, form: Allowed) -> &mut Recorded {
        let place = self.options.binary_search_by(|option| (option.name, option.form).cmp(&(name, form)));
        let position = place.unwrap_or_else(|position| {
            self.options.insert(position, Recorded { name, form, labels: Sorted::default() });
            position
        });
        &mut self.options[position]
    }

    /// The fields that events may have, each with its meaning.
    pub(super) fn fields(&self) -> impl Iterator<Item = (Group, &'static str)> {
        let meanings = [
            (
                Group::Options,
                !self.options.is_empty(),
                "The options that were given on the command line, from the list below, each with one of the values listed.",
            ),
            (Group::Facts, !self.facts.is_empty(), "What the program found out, from the list below."),
            (
                Group::Phases,
                !self.phases.is_empty(),
                "How long parts of the work took, from the list below, in microseconds.",
            ),
            (Group::Context, !self.context.is_empty(), "The circumstances of the run, from the list below."),
            (
                Group::Active,
                self.active,
                "Only in the first run of a calendar week: the week, and for how many weeks the user has agreed to this (`1`, `2-4`, `5-24` or `25+`). Nothing links it to another week.",
            ),
        ];
        meanings.into_iter().filter(|(_, is_there, _)| *is_there).map(|(group, _, meaning)| (group, meaning))
    }

    /// Whether `value` is one that the field can have.
    #[cfg(feature = "testing")]
    pub(super) fn allows(&self, group: Group, value: &Value) -> bool {
        let Some(values) = value.as_object() else { return false };
        values.iter().all(|(name, value)| match group {
            Group::Options => self
                .options
                .iter()
                .any(|option| option.name == name && option_allows(option.form, &option.labels, value)),
            Group::Facts => {
                let labels = self.facts.iter().find(|(fact, _)| fact == name).map(|(_, labels)| labels);
                labels.is_some_and(|labels| value.as_str().is_some_and(|value| labels.contains(&value)))
            }
            Group::Context => {
                let values =
                    self.context.iter().find(|(circumstance, _)| circumstance == name).map(|(_, values)| values);
                values.is_some_and(|values| match values {
                    Some(values) => value.as_str().is_some_and(|word| values.contains(&word)),
                    None => value.is_boolean(),
                })
            }
            Group::Active => {
                self.active
                    && match (name.as_str(), value.as_str()) {
                        ("week", Some(week)) => week.len() == Week::LENGTH,
                        ("since", Some(since)) => ACTIVE_SINCE.contains(&since),
                        _ => false,
                    }
            }
            Group::Phases => self.phases.has(&name.as_str()) && value.as_u64().is_some_and(|micros| micros > 0),
        })
    }

    /// How many different values options and facts have, counting their absence.
    pub(super) fn count(&self) -> u128 {
        let mut product: u128 = 1;
        let mut times = |values: u128| product = product.saturating_mul(values.saturating_add(1));
        for forms in self.options.chunk_by(|one, other| one.name == other.name) {
            let values = forms.iter().map(|option| match option.form {
                Allowed::Many => 1_u128 << option.labels.len(),
                Allowed::Given | Allowed::Flag | Allowed::One => option.labels.len() as u128,
            });
            times(values.sum());
        }
        self.facts.iter().for_each(|(_, labels)| times(labels.len() as u128));
        self.context.iter().for_each(|(_, values)| times(values.as_ref().map_or(2, Vec::len) as u128));
        product
    }

    /// The lists for people.
    pub(super) fn markdown(&self, out: &mut Formatter<'_>) -> fmt::Result {
        if !self.options.is_empty() {
            writeln!(
                out,
                "\n### Options\n\nOnly options on the command line count, not defaults, variables or files. Of their values \
                 only these are recorded:\n"
            )?;
        }
        for Recorded { name, form, labels } in &self.options {
            match form {
                Allowed::Given => writeln!(out, "- `{name}`: only that it was given")?,
                Allowed::Flag | Allowed::One => {
                    write!(out, "- `{name}`: ")?;
                    list(out, &mut labels.iter().copied())?;
                }
                Allowed::Many => {
                    write!(out, "- `{name}`: any of ")?;
                    list(out, &mut labels.iter().copied())?;
                }
            }
        }
        if !self.facts.is_empty() {
            writeln!(out, "\n### Facts\n")?;
        }
        for (name, labels) in self.facts.iter() {
            write!(out, "- `{name}`: ")?;
            list(out, &mut labels.iter().copied())?;
        }
        if !self.phases.is_empty() {
            write!(out, "\n### Phases\n\n")?;
            list(out, &mut self.phases.iter().copied())?;
        }
        if !self.context.is_empty() {
            writeln!(out, "\n### Circumstances\n")?;
        }
        for (name, values) in self.context.iter() {
            write!(out, "- `{name}`: ")?;
            match values {
                Some(values) => list(out, &mut values.iter().copied())?,
                None => list(out, &mut ["true", "false"].into_iter())?,
            }
        }
        Ok(())
    }

    /// Each value that belongs to a closed set, as `name=value`.
    #[cfg(feature = "testing")]
    pub(super) fn values(&self) -> impl Iterator<Item = String> {
        let options = self.options.iter().flat_map(|Recorded { name, labels, .. }| {
            labels.iter().map(move |label| format!("options.{name}={label}"))
        });
        let facts = self.facts.iter();
        let facts = facts.flat_map(|(name, labels)| labels.iter().map(move |label| format!("facts.{name}={label}")));
        let context = self.context.iter();
        let context = context
            .flat_map(|(name, values)| values.iter().flatten().map(move |value| format!("context.{name}={value}")));
        options.chain(facts).chain(context)
    }
}

#[cfg(feature = "testing")]
fn option_allows(form: Allowed, labels: &[&str], value: &Value) -> bool {
    let is_label = |value: &Value| value.as_str().is_some_and(|word| labels.contains(&word));
    match form {
        Allowed::Given => *value == true,
        Allowed::Flag => value.is_boolean(),
        Allowed::One => is_label(value),
        Allowed::Many => value.as_array().is_some_and(|words| !words.is_empty() && words.iter().all(is_label)),
    }
}
