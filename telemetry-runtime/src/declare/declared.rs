//! What a CLI declares to record beyond a command and how it ended.

use super::facts::FactNode;
use super::labels::Labels;
use super::options::{Read, RecordedOption};

/// One detail that a CLI declares.
#[derive(Debug, Clone)]
pub(super) enum Declared {
    Option(RecordedOption),
    Fact(&'static FactNode),
    Phase(&'static str),
    /// Its name and values; `true` and `false` if there are none.
    Circumstance(&'static str, Option<Vec<&'static str>>),
    /// The mark of a week's first run.
    Active,
}

impl Declared {
    /// What users agree to. Of a number, the ranges are part of it. Names that a closed set gains are not, as with
    /// commands.
    pub(super) fn agreed(self) -> String {
        match self {
            Declared::Option(option) => match (option.read, option.key()) {
                (Read::Values(..) | Read::Flag, key) => format!("options.{key}"),
                (Read::Given, key) => format!("options.{key}?"),
                (Read::Count(_) | Read::Number(..), key) => format!("options.{key}={}", ranges(option.labels)),
            },
            Declared::Fact(fact) => match (fact.is_number, fact.key.name()) {
                (false, key) => format!("facts.{key}"),
                (true, key) => format!("facts.{key}={}", ranges(fact.labels)),
            },
            Declared::Phase(name) => format!("phases.{name}"),
            Declared::Circumstance(name, _) => format!("context.{name}"),
            Declared::Active => "active".to_owned(),
        }
    }
}

fn ranges(labels: Labels) -> String {
    labels.iter().collect::<Vec<_>>().join("|")
}
