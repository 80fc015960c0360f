//! What can be recorded of options, facts, phases and circumstances.

#[cfg(feature = "testing")]
use serde_json::Value;

use super::Disclosure;
use super::markdown::list;
use crate::declare::{Allowed, AllowedForm, Group, Lines, Recordable};
#[cfg(feature = "testing")]
use crate::event::Week;
use crate::text::Text;

impl Disclosure {
    /// The details of a group.
    pub(super) fn details_of(&self, group: Group) -> impl Iterator<Item = &Recordable> {
        self.details.iter().filter(move |recorded| recorded.group == group)
    }

    /// The meaning of a group's field; `None` if no event has it.
    #[inline(never)]
    pub(super) fn meaning(&self, group: Group) -> Option<&'static str> {
        self.details_of(group).next()?;
        Some(match group {
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

    /// How many different values options, facts and circumstances have, counting their absence.
    pub(super) fn count_details(&self) -> u64 {
        let mut product: u64 = 1;
        for Recordable { group, values, .. } in &self.details {
            let mut count: u64 = 1;
            for Allowed { form, labels } in values {
                let labels = labels.iter().count() as u32;
                count = count.saturating_add(match form {
                    AllowedForm::Many => 1_u64.checked_shl(labels).unwrap_or(u64::MAX),
                    _ => labels.into(),
                });
            }
            if *group != Group::Active {
                product = product.saturating_mul(count);
            }
        }
        product
    }

    /// The lists for people.
    pub(super) fn list_details(&self, out: &mut Text) {
        self.list_group(
            Group::Options,
            "\n### Options\n\nOnly options on the command line count, not defaults, variables or files. Of their values only \
             these are recorded:\n\n",
            out,
        );
        self.list_group(Group::Facts, "\n### Facts\n\n", out);
        let mut phases = Lines::default();
        for phase in self.details_of(Group::Phases) {
            phases.push(phase.name);
        }
        if !phases.is_empty() {
            out.put("\n### Phases\n\n");
            list(out, phases.iter());
        }
        self.list_group(Group::Context, "\n### Circumstances\n\n", out);
    }

    /// The values of each detail in a group, below a heading if there is any.
    #[inline(never)]
    fn list_group(&self, group: Group, mut heading: &str, out: &mut Text) {
        for Recordable { name, values, .. } in self.details_of(group) {
            for Allowed { form, labels } in values {
                let what = match form {
                    AllowedForm::Given => "only that it was given\n",
                    AllowedForm::Many => "any of ",
                    _ => "",
                };
                write!(out, "{heading}- `{name}`: {what}");
                if *form != AllowedForm::Given {
                    list(out, labels.iter());
                }
                heading = "";
            }
        }
    }

    /// Whether `value` is one that the field can have.
    #[cfg(feature = "testing")]
    pub(super) fn allows_details(&self, group: Group, value: &Value) -> bool {
        let Some(values) = value.as_object() else { return false };
        values.iter().all(|(name, value)| {
            self.details_of(group).any(|recorded| {
                recorded.name == name && recorded.values.iter().any(|allowed| is_allowed(allowed, value))
            })
        })
    }

    /// Each value that belongs to a closed set, as `name=value`.
    #[cfg(feature = "testing")]
    pub(super) fn values(&self) -> impl Iterator<Item = String> {
        self.details.iter().filter(|recorded| recorded.group != Group::Active).flat_map(|recorded| {
            let Recordable { group, name, values } = recorded;
            values
                .iter()
                .filter(|allowed| (*group, allowed.form) != (Group::Context, AllowedForm::Flag))
                .flat_map(|allowed| allowed.labels.iter())
                .map(move |label| format!("{}.{name}={label}", group.as_str()))
        })
    }
}

#[cfg(feature = "testing")]
fn is_allowed(allowed: &Allowed, value: &Value) -> bool {
    let is_label = |value: &Value| value.as_str().is_some_and(|word| allowed.labels.iter().any(|label| label == word));
    match allowed.form {
        AllowedForm::Given => *value == true,
        AllowedForm::Flag => value.is_boolean(),
        AllowedForm::One => is_label(value),
        AllowedForm::Many => value.as_array().is_some_and(|words| !words.is_empty() && words.iter().all(is_label)),
        AllowedForm::Time => value.as_u64().is_some_and(|micros| micros > 0),
        AllowedForm::Week => value.as_str().is_some_and(|week| week.len() == Week::LENGTH),
    }
}
