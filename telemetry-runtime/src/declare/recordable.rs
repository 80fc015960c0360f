//! Every detail that can be recorded, with its values.

use super::context::ACTIVE_SINCE;
use super::declared::Declared;
use super::group::Group;
use super::lines::Lines;
use super::options::{Form, Read};

/// What can be recorded under one name.
#[derive(Debug)]
pub(crate) struct Recordable {
    pub(crate) group: Group,
    pub(crate) name: &'static str,
    /// In order, each once. More than one if an option of several commands has values of different forms there.
    pub(crate) values: Vec<Allowed>,
}

/// The values of one form that a detail can have.
#[derive(Debug)]
pub(crate) struct Allowed {
    pub(crate) form: AllowedForm,
    pub(crate) labels: Lines,
}

/// The form of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AllowedForm {
    /// `true`
    Given,
    Flag,
    /// One of the labels.
    One,
    /// A list of labels.
    Many,
    /// Microseconds.
    Time,
    /// A calendar week.
    Week,
}

/// Adds `declared` to `all`, which is ordered by group and name.
pub(super) fn add(declared: Declared, all: &mut Vec<Recordable>) {
    match declared {
        Declared::Option(option) => {
            let form = match (option.read, option.form) {
                (Read::Given, _) => AllowedForm::Given,
                (_, Form::Flag) => AllowedForm::Flag,
                (_, Form::One) => AllowedForm::One,
                (_, Form::Many) => AllowedForm::Many,
            };
            // The option may belong to several commands, each with labels of its own.
            let labels = labels(all, Group::Options, option.key(), form);
            for label in option.labels.iter() {
                labels.insert(label);
            }
        }
        Declared::Fact(fact) => {
            let labels = labels(all, Group::Facts, fact.key.name(), AllowedForm::One);
            *labels = Lines::default();
            for label in fact.labels.iter() {
                labels.push(label);
            }
        }
        Declared::Phase(name) => {
            labels(all, Group::Phases, name, AllowedForm::Time);
        }
        Declared::Circumstance(name, values) => {
            let form = if values.is_some() { AllowedForm::One } else { AllowedForm::Flag };
            let labels = labels(all, Group::Context, name, form);
            for label in values.unwrap_or_else(|| vec!["true", "false"]) {
                labels.push(label);
            }
        }
        // The last group, whose names are not in order.
        Declared::Active => {
            let mut since = Lines::default();
            for label in ACTIVE_SINCE {
                since.push(label);
            }
            for (name, form, labels) in
                [("week", AllowedForm::Week, Lines::default()), ("since", AllowedForm::One, since)]
            {
                all.push(Recordable { group: Group::Active, name, values: vec![Allowed { form, labels }] });
            }
        }
    }
}

/// The labels of this detail in this form, which is added if it is not there.
fn labels<'a>(all: &'a mut Vec<Recordable>, group: Group, name: &'static str, form: AllowedForm) -> &'a mut Lines {
    let place = match all.binary_search_by_key(&(group, name), |recorded| (recorded.group, recorded.name)) {
        Ok(place) => place,
        Err(place) => {
            all.insert(place, Recordable { group, name, values: Vec::new() });
            place
        }
    };
    let values = &mut all[place].values;
    let place = match values.binary_search_by_key(&form, |allowed| allowed.form) {
        Ok(place) => place,
        Err(place) => {
            values.insert(place, Allowed { form, labels: Lines::default() });
            place
        }
    };
    &mut values[place].labels
}
