//! The user's decision, as it is kept.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::app::App;
use crate::{disclosure, files, identity, settings};

/// The file that holds the decision.
const FILE: &str = "consent.json";

/// A larger file is none of ours.
const MAX_BYTES: u64 = 64 * 1024;

/// What the user has said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    /// Nothing: a notice was shown (`consent = "opt-out"`).
    Told,
}

impl Answer {
    const ALL: [(Answer, &str); 3] = [(Answer::Yes, "yes"), (Answer::No, "no"), (Answer::Told, "told")];

    pub(crate) fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(answer, _)| *answer == self).map_or("", |(_, word)| word)
    }
}

/// A decision, and what was disclosed when it was made.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) answer: Answer,
    fields: Value,
    destinations: Value,
}

impl Stored {
    /// Was all of what is collected now, and where it goes, disclosed then? A name that is missing widens the
    /// disclosure, one that is there for nothing does not.
    pub(crate) fn covers(&self, app: &App) -> bool {
        let holds = |list: &Value, name: &str| list.as_array().is_some_and(|list| list.iter().any(|item| item == name));
        disclosure::fields().all(|field| holds(&self.fields, field))
            && disclosure::destination(app).is_none_or(|host| holds(&self.destinations, host))
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut json: Value = serde_json::from_slice(bytes).ok()?;
        let word = json.get("decision")?.as_str()?;
        let (answer, _) = Answer::ALL.into_iter().find(|(_, name)| *name == word)?;
        Some(Stored {
            answer,
            fields: json.get_mut("fields").map(Value::take).unwrap_or_default(),
            destinations: json.get_mut("destinations").map(Value::take).unwrap_or_default(),
        })
    }
}

/// Where the decision is kept.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
}

impl Store {
    /// `None` where the user has no home.
    pub(crate) fn of(app: &App) -> Option<Self> {
        Some(Store { path: settings::config_dir(app)?.join(FILE) })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The decision; `None` if there is none, or none that can be read: the user then counts as never asked.
    pub(crate) fn load(&self) -> Option<Stored> {
        Stored::parse(&files::read(&self.path, MAX_BYTES).ok()?)
    }

    /// Keeps a decision. It is read back: a decision that the disk has not taken is none.
    pub(crate) fn save(&self, app: &App, answer: Answer) -> io::Result<()> {
        let fields: Vec<&str> = disclosure::fields().collect();
        let destinations: Vec<&str> = disclosure::destination(app).into_iter().collect();
        let json = json!({
            "v": 1,
            "decision": answer.as_str(),
            "decided_at_unix_ms": identity::unix_ms(),
            "fields": fields,
            "destinations": destinations,
        });
        files::replace(&self.path, format!("{json:#}\n").as_bytes())?;
        match self.load() {
            Some(stored) if stored.answer == answer && stored.covers(app) => Ok(()),
            _ => Err(ErrorKind::InvalidData.into()),
        }
    }
}
