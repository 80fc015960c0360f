//! What can be recorded of options, facts and phases.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Formatter};

use serde_json::{Value, json};

use super::markdown::list;
use crate::declare::{ACTIVE_SINCE, App, Declared, Form, Read};
use crate::event::Group;
#[cfg(any(test, feature = "testing"))]
use crate::event::Week;

/// The names, and the values of each. An option of several commands may have different values there.
#[derive(Debug, Default)]
pub(super) struct Details {
    options: BTreeMap<&'static str, BTreeMap<Allowed, BTreeSet<&'static str>>>,
    facts: BTreeMap<&'static str, Vec<&'static str>>,
    phases: BTreeSet<&'static str>,
    /// Those without values are flags.
    context: BTreeMap<&'static str, Option<Vec<&'static str>>>,
    active: bool,
}

/// The form of an option's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Allowed {
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
                let allowed = match (option.read, option.form) {
                    (Read::Given, _) => Allowed::Given,
                    (_, Form::Flag) => Allowed::Flag,
                    (_, Form::One) => Allowed::One,
                    (_, Form::Many) => Allowed::Many,
                };
                all.options.entry(option.key()).or_default().entry(allowed).or_default().extend(option.labels().iter());
            }
            Declared::Fact(fact) => {
                all.facts.insert(fact.key.name(), fact.labels.iter().collect());
            }
            Declared::Phase(name) => {
                all.phases.insert(name);
            }
            Declared::Circumstance(name, values) => {
                all.context.insert(name, values);
            }
            Declared::Active => all.active = true,
        });
        all
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

    /// The JSON Schema of a field.
    pub(super) fn schema(&self, group: Group) -> Value {
        let properties: BTreeMap<&str, Value> = match group {
            Group::Options => self.options.iter().map(|(name, forms)| (*name, option_schema(forms))).collect(),
            Group::Facts => self.facts.iter().map(|(name, labels)| (*name, json!({ "enum": labels }))).collect(),
            Group::Phases => {
                self.phases.iter().map(|name| (*name, json!({ "type": "integer", "minimum": 1 }))).collect()
            }
            Group::Context => {
                let schema = |values: &Option<Vec<&str>>| match values {
                    Some(values) => json!({ "enum": values }),
                    None => json!({ "type": "boolean" }),
                };
                self.context.iter().map(|(name, values)| (*name, schema(values))).collect()
            }
            Group::Active => BTreeMap::from([
                ("week", json!({ "type": "string", "pattern": "^[0-9]{4}-W[0-9]{2}$" })),
                ("since", json!({ "enum": ACTIVE_SINCE })),
            ]),
        };
        json!({ "type": "object", "properties": properties, "additionalProperties": false, "minProperties": 1 })
    }

    /// Whether `value` is one that the field can have.
    #[cfg(any(test, feature = "testing"))]
    pub(super) fn allows(&self, group: Group, value: &Value) -> bool {
        let Some(values) = value.as_object() else { return false };
        values.iter().all(|(name, value)| match group {
            Group::Options => self
                .options
                .get(name.as_str())
                .is_some_and(|forms| forms.iter().any(|(form, labels)| option_allows(*form, labels, value))),
            Group::Facts => {
                let labels = self.facts.get(name.as_str());
                labels.is_some_and(|labels| value.as_str().is_some_and(|value| labels.contains(&value)))
            }
            Group::Context => self.context.get(name.as_str()).is_some_and(|values| match values {
                Some(values) => value.as_str().is_some_and(|word| values.contains(&word)),
                None => value.is_boolean(),
            }),
            Group::Active => {
                self.active
                    && match (name.as_str(), value.as_str()) {
                        ("week", Some(week)) => week.len() == Week::LENGTH,
                        ("since", Some(since)) => ACTIVE_SINCE.contains(&since),
                        _ => false,
                    }
            }
            Group::Phases => self.phases.contains(name.as_str()) && value.as_u64().is_some_and(|micros| micros > 0),
        })
    }

    /// How many different values options and facts have, counting their absence.
    pub(super) fn count(&self) -> u128 {
        let options = self.options.values().map(|forms| {
            let values = forms.iter().map(|(form, labels)| match form {
                Allowed::Many => 1_u128 << labels.len(),
                Allowed::Given | Allowed::Flag | Allowed::One => labels.len() as u128,
            });
            values.sum::<u128>()
        });
        let facts = self.facts.values().map(|labels| labels.len() as u128);
        let context = self.context.values().map(|values| values.as_ref().map_or(2, Vec::len) as u128);
        options
            .chain(facts)
            .chain(context)
            .fold(1, |product: u128, values| product.saturating_mul(values.saturating_add(1)))
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
        for (name, forms) in &self.options {
            for (form, labels) in forms {
                match form {
                    Allowed::Given => writeln!(out, "- `{name}`: only that it was given")?,
                    Allowed::Flag | Allowed::One => {
                        write!(out, "- `{name}`: ")?;
                        list(out, labels.iter())?;
                    }
                    Allowed::Many => {
                        write!(out, "- `{name}`: any of ")?;
                        list(out, labels.iter())?;
                    }
                }
            }
        }
        if !self.facts.is_empty() {
            writeln!(out, "\n### Facts\n")?;
        }
        for (name, labels) in &self.facts {
            write!(out, "- `{name}`: ")?;
            list(out, labels.iter())?;
        }
        if !self.phases.is_empty() {
            write!(out, "\n### Phases\n\n")?;
            list(out, self.phases.iter())?;
        }
        if !self.context.is_empty() {
            writeln!(out, "\n### Circumstances\n")?;
        }
        for (name, values) in &self.context {
            write!(out, "- `{name}`: ")?;
            match values {
                Some(values) => list(out, values.iter())?,
                None => list(out, ["true", "false"].iter())?,
            }
        }
        Ok(())
    }

    /// Each value that belongs to a closed set, as `name=value`.
    #[cfg(feature = "testing")]
    pub(super) fn values(&self) -> impl Iterator<Item = String> {
        let options = self.options.iter().flat_map(|(name, forms)| {
            forms.values().flat_map(move |labels| labels.iter().map(move |label| format!("options.{name}={label}")))
        });
        let facts = self.facts.iter();
        let facts = facts.flat_map(|(name, labels)| labels.iter().map(move |label| format!("facts.{name}={label}")));
        let context = self.context.iter();
        let context = context
            .flat_map(|(name, values)| values.iter().flatten().map(move |value| format!("context.{name}={value}")));
        options.chain(facts).chain(context)
    }
}

fn option_schema(forms: &BTreeMap<Allowed, BTreeSet<&str>>) -> Value {
    let mut schemas = forms.iter().map(|(form, labels)| match form {
        Allowed::Given => json!({ "const": true }),
        Allowed::Flag => json!({ "type": "boolean" }),
        Allowed::One => json!({ "enum": labels }),
        Allowed::Many => json!({ "type": "array", "items": { "enum": labels }, "uniqueItems": true, "minItems": 1 }),
    });
    match (schemas.next(), forms.len()) {
        (Some(only), 1) => only,
        (first, _) => json!({ "anyOf": first.into_iter().chain(schemas).collect::<Vec<_>>() }),
    }
}

#[cfg(any(test, feature = "testing"))]
fn option_allows(form: Allowed, labels: &BTreeSet<&str>, value: &Value) -> bool {
    let is_label = |value: &Value| value.as_str().is_some_and(|word| labels.contains(word));
    match form {
        Allowed::Given => *value == true,
        Allowed::Flag => value.is_boolean(),
        Allowed::One => is_label(value),
        Allowed::Many => value.as_array().is_some_and(|words| !words.is_empty() && words.iter().all(is_label)),
    }
}
