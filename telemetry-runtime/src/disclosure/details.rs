//! What can be recorded of options, facts, phases and circumstances.

#[cfg(feature = "testing")]
use serde_json::Value;

use super::markdown::list;
#[cfg(feature = "testing")]
use crate::declare::ACTIVE_SINCE;
use crate::declare::{App, Declared, Form, Read};
use crate::event::Group;
#[cfg(feature = "testing")]
use crate::event::Week;
use crate::text::Text;

/// Everything that can be recorded beyond the fields of every event.
#[derive(Debug, Default)]
pub(super) struct Details {
    /// By group, name and form. An option of several commands may have different values there.
    all: Vec<Recorded>,
    active: bool,
}

/// The values of one form that a detail can have.
#[derive(Debug)]
pub(super) struct Recorded {
    group: Group,
    pub(super) name: &'static str,
    pub(super) form: Allowed,
    pub(super) labels: Vec<&'static str>,
}

/// The form of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Allowed {
    Given,
    Flag,
    One,
    Many,
    Time,
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
                let labels = all.labels(Group::Options, option.key(), form);
                for label in option.labels.iter() {
                    if let Err(place) = labels.binary_search(&label) {
                        labels.insert(place, label);
                    }
                }
            }
            Declared::Fact(fact) => {
                let labels = all.labels(Group::Facts, fact.key.name(), Allowed::One);
                labels.clear();
                labels.extend(fact.labels.iter());
            }
            Declared::Phase(name) => {
                all.labels(Group::Phases, name, Allowed::Time);
            }
            Declared::Circumstance(name, Some(values)) => *all.labels(Group::Context, name, Allowed::One) = values,
            Declared::Circumstance(name, None) => {
                *all.labels(Group::Context, name, Allowed::Flag) = vec!["true", "false"];
            }
            Declared::Active => all.active = true,
        });
        all
    }

    /// The labels of this detail, which is added if it is not there.
    #[inline(never)]
    fn labels(&mut self, group: Group, name: &'static str, form: Allowed) -> &mut Vec<&'static str> {
        let key = (group as usize, name, form);
        let place = self.all.partition_point(|other| (other.group as usize, other.name, other.form) < key);
        if self.all.get(place).is_none_or(|other| (other.group as usize, other.name, other.form) != key) {
            self.all.insert(place, Recorded { group, name, form, labels: Vec::new() });
        }
        &mut self.all[place].labels
    }

    /// The details of a group.
    #[inline(never)]
    pub(super) fn of_group(&self, group: Group) -> &[Recorded] {
        let start = self.all.partition_point(|other| (other.group as usize) < group as usize);
        let end = self.all.partition_point(|other| other.group as usize <= group as usize);
        &self.all[start..end]
    }

    /// The meaning of a group's field; `None` if no event has it.
    pub(super) fn meaning(&self, group: Group) -> Option<&'static str> {
        let has = if group == Group::Active { self.active } else { !self.of_group(group).is_empty() };
        has.then_some(match group {
            Group::Options => {
                "The options that were given on the command line, from the list below, each with one of the values listed."
            }
            Group::Facts => "What the program found out, from the list below.",
            Group::Phases => "How long parts of the work took, from the list below, in microseconds.",
            Group::Context => "The circumstances of the run, from the list below.",
            Group::Active => {
                "Only in the first run of a calendar week: the week, and for how many weeks the user has agreed to this (`1`, \
                 `2-4`, `5-24` or `25+`). Nothing links it to another week."
            }
        })
    }

    /// Whether `value` is one that the field can have.
    #[cfg(feature = "testing")]
    pub(super) fn allows(&self, group: Group, value: &Value) -> bool {
        let Some(values) = value.as_object() else { return false };
        values.iter().all(|(name, value)| match group {
            Group::Active => {
                self.active
                    && match (name.as_str(), value.as_str()) {
                        ("week", Some(week)) => week.len() == Week::LENGTH,
                        ("since", Some(since)) => ACTIVE_SINCE.contains(&since),
                        _ => false,
                    }
            }
            _ => self.of_group(group).iter().any(|recorded| recorded.name == name && recorded.allows(value)),
        })
    }

    /// How many different values options, facts and circumstances have, counting their absence.
    pub(super) fn count(&self) -> u64 {
        let mut product: u64 = 1;
        for forms in self.all.chunk_by(|one, other| (one.group, one.name) == (other.group, other.name)) {
            let mut values: u64 = 1;
            for Recorded { form, labels, .. } in forms {
                let labels = labels.len() as u32;
                values = values.saturating_add(match form {
                    Allowed::Many => 1_u64.checked_shl(labels).unwrap_or(u64::MAX),
                    Allowed::Given | Allowed::Flag | Allowed::One => labels.into(),
                    Allowed::Time => 0,
                });
            }
            product = product.saturating_mul(values);
        }
        product
    }

    /// The lists for people.
    pub(super) fn markdown(&self, out: &mut Text) {
        for (group, heading) in [
            (
                Group::Options,
                "\n### Options\n\nOnly options on the command line count, not defaults, variables or files. Of their values \
                 only these are recorded:\n\n",
            ),
            (Group::Facts, "\n### Facts\n\n"),
            (Group::Phases, "\n### Phases\n\n"),
            (Group::Context, "\n### Circumstances\n\n"),
        ] {
            let details = self.of_group(group);
            if !details.is_empty() {
                out.put(heading);
            }
            if group == Group::Phases && !details.is_empty() {
                list(out, &details.iter().map(|phase| phase.name).collect::<Vec<_>>());
                continue;
            }
            for Recorded { name, form, labels, .. } in details {
                write!(out, "- `{name}`: ");
                match form {
                    Allowed::Given => out.put("only that it was given\n"),
                    Allowed::Many => {
                        out.put("any of ");
                        list(out, labels);
                    }
                    Allowed::Flag | Allowed::One | Allowed::Time => list(out, labels),
                }
            }
        }
    }

    /// Each value that belongs to a closed set, as `name=value`.
    #[cfg(feature = "testing")]
    pub(super) fn values(&self) -> impl Iterator<Item = String> {
        self.all.iter().filter(|recorded| (recorded.group, recorded.form) != (Group::Context, Allowed::Flag)).flat_map(
            |Recorded { group, name, labels, .. }| {
                labels.iter().map(move |label| format!("{}.{name}={label}", group.as_str()))
            },
        )
    }
}

#[cfg(feature = "testing")]
impl Recorded {
    fn allows(&self, value: &Value) -> bool {
        let is_label = |value: &Value| value.as_str().is_some_and(|word| self.labels.contains(&word));
        match self.form {
            Allowed::Given => *value == true,
            Allowed::Flag => value.is_boolean(),
            Allowed::One => is_label(value),
            Allowed::Many => value.as_array().is_some_and(|words| !words.is_empty() && words.iter().all(is_label)),
            Allowed::Time => value.as_u64().is_some_and(|micros| micros > 0),
        }
    }
}
