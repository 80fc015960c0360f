//! Stores the user's decision: reads and writes `consent.json`.

use std::io::{self, ErrorKind};
use std::iter::Enumerate;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::declare::App;
use crate::declare::limits::SECONDS_PER_DAY;
use crate::event::{Timestamp, json};
use crate::json::flat;
use crate::sys::files::Anyones;
use crate::sys::folders::{self, NoFolder};
use crate::sys::{clock, files};
use crate::{disclosure, environment};

/// The file that holds the decision.
const FILE: &str = "consent.json";

/// A larger file was not written by us.
const MAX_BYTES: u64 = 64 * 1024;

/// The user's answer, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    /// No answer: a notice was shown (`consent = "opt-out"`).
    Told,
    /// No answer: the question was shown.
    Unanswered,
}

impl Answer {
    const ALL: [Answer; 4] = [Answer::Yes, Answer::No, Answer::Told, Answer::Unanswered];

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.as_str() == word)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Answer::Yes => "yes",
            Answer::No => "no",
            Answer::Told => "told",
            Answer::Unanswered => "unanswered",
        }
    }
}

/// How often the question is asked if nobody answers.
const TIMES_ASKED_MAX: u64 = 3;

/// How long to wait before asking again after an unanswered question.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(7 * SECONDS_PER_DAY);

/// A stored decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) answer: Answer,
    /// Whether everything collected now was disclosed when the decision was made. A new field or destination makes this
    /// false; a removed one does not.
    pub(crate) covers: bool,
    /// For [`Answer::Unanswered`]: how often the question was shown.
    times_asked: u64,
    /// When it was made, or when the question was last shown.
    pub(crate) decided_unix_ms: u64,
    /// When the user last said no; 0 if never. A later yes keeps it: it does not cover what began before.
    pub(crate) refused_unix_ms: u64,
}

impl Stored {
    /// Whether it is time to ask again. A time in the future was written before the clock was set back.
    fn may_ask_again(&self, now_unix_ms: u64) -> bool {
        let since = u128::from(now_unix_ms.abs_diff(self.decided_unix_ms));
        self.times_asked < TIMES_ASKED_MAX && since >= ASK_AGAIN_AFTER.as_millis()
    }
}

impl Stored {
    pub(crate) fn parse(app: &App, text: &str) -> Option<Self> {
        let mut decision = None;
        let mut fields = Listed::of(disclosure::fields(app));
        let mut destinations = Listed::of(disclosure::destinations(app));
        let (mut times_asked, mut decided_unix_ms, mut refused_unix_ms, mut details) = (0, 0, 0, 0);
        flat::entries(text, &mut |key, value| match key {
            // If the key occurs twice, a no wins.
            "decision" if decision != Some(Answer::No) => decision = Answer::parse(value),
            "fields" => fields.note(value),
            "destinations" => destinations.note(value),
            "details" => details = number(value).unwrap_or(0),
            "times_asked" => times_asked = number(value).unwrap_or(TIMES_ASKED_MAX),
            "decided_unix_ms" => decided_unix_ms = number(value).unwrap_or(0),
            "refused_unix_ms" => refused_unix_ms = number(value).unwrap_or(0),
            _ => {}
        })?;
        let covers = fields.count() == disclosure::fields_count(app)
            && destinations.count() == disclosure::destinations(app).count()
            && (details == app.details.fingerprint || covers_details(app, text));
        let answer = decision?;
        if answer == Answer::No {
            refused_unix_ms = decided_unix_ms;
        }
        Some(Stored { answer, covers, times_asked, decided_unix_ms, refused_unix_ms })
    }
}

/// Whether the file lists every option, fact and phase. Not asked as long as they are the same as when it was written.
fn covers_details(app: &App, text: &str) -> bool {
    let mut covers = true;
    app.details.for_each_agreed(&mut |agreed| {
        let mut is_listed = false;
        let entries = flat::entries(text, &mut |key, value| is_listed |= key == "fields" && value == agreed);
        covers &= is_listed && entries.is_some();
    });
    covers
}

/// Not inlined: there would be a copy for each key.
#[inline(never)]
fn number(value: &str) -> Option<u64> {
    value.parse().ok()
}

/// Which names of those that are collected now a file lists.
struct Listed<I> {
    names: Enumerate<I>,
    /// Those after the last one that was found. A file has them in this order, so the next is usually the first of these.
    rest: Enumerate<I>,
    /// A bit for each that is listed.
    found: u64,
}

impl<I: Iterator<Item = &'static str> + Clone> Listed<I> {
    fn of(names: I) -> Self {
        Listed { names: names.clone().enumerate(), rest: names.enumerate(), found: 0 }
    }

    #[inline(never)]
    fn note(&mut self, name: &str) {
        for _ in 0..2 {
            for (position, known) in self.rest.by_ref() {
                if known == name {
                    self.found |= 1 << position;
                    return;
                }
            }
            self.rest = self.names.clone();
        }
    }

    fn count(&self) -> usize {
        self.found.count_ones() as usize
    }
}

/// The file that holds the decision.
#[derive(Debug)]
pub(crate) struct Store<'a> {
    app: &'a App,
    path: PathBuf,
}

impl<'a> Store<'a> {
    /// Fails if the user has no home folder.
    pub(crate) fn of(app: &'a App) -> Result<Self, NoFolder> {
        Ok(Store { app, path: folders::below(environment::config_dir_to_read(app)?, [FILE]) })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The decision. `None` if it is missing or malformed: the user then counts as never asked.
    ///
    /// A decision that this process may not read (written under `sudo`, for example) counts as a no, since it may be
    /// one. Of somebody else's file, only a no counts.
    pub(crate) fn load(&self) -> Option<Stored> {
        match files::read_anyones(&self.path, MAX_BYTES) {
            Ok(Anyones { bytes, is_ours }) => {
                let stored = Stored::parse(self.app, std::str::from_utf8(&bytes).ok()?)?;
                (is_ours || stored.answer == Answer::No).then_some(stored)
            }
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                let answer = Answer::No;
                Some(Stored { answer, covers: false, times_asked: 0, decided_unix_ms: 0, refused_unix_ms: 0 })
            }
            Err(_) => None,
        }
    }

    /// Deletes a decision, unless it is a no. This needs no space on the disk.
    pub(crate) fn withdraw(&self) -> io::Result<()> {
        if self.load().is_none_or(|stored| stored.answer == Answer::No) {
            return Ok(());
        }
        files::remove(&self.path)
    }

    /// Whether the file exists but does not hold a decision.
    pub(crate) fn holds_something_else(&self) -> bool {
        files::metadata(&self.path).is_ok() && self.load().is_none()
    }

    /// Whether the question may be asked now: not soon after one that was not answered.
    pub(super) fn may_ask(&self) -> bool {
        match self.load() {
            Some(stored) if stored.answer == Answer::Unanswered => stored.may_ask_again(clock::unix_ms()),
            _ => true,
        }
    }

    /// Whether a decision could be stored. Changes nothing on disk.
    pub(crate) fn can_save(&self) -> bool {
        environment::config_dir(self.app).is_ok() && files::can_replace(&self.path)
    }

    /// Stores a decision and reads it back. Fails if the file does not hold it then.
    pub(crate) fn save(&self, answer: Answer) -> io::Result<()> {
        let earlier = self.load();
        let refused_unix_ms = earlier.map_or(0, |earlier| earlier.refused_unix_ms);
        let times_asked = match answer {
            Answer::Unanswered => 1 + earlier.map_or(0, |earlier| earlier.times_asked),
            Answer::Yes | Answer::No | Answer::Told => 0,
        };
        environment::config_dir(self.app)?;
        files::replace(&self.path, &contents(self.app, answer, times_asked, refused_unix_ms))?;
        match self.load() {
            Some(stored) if stored.answer == answer && stored.covers => Ok(()),
            _ => Err(ErrorKind::InvalidData.into()),
        }
    }
}

/// The contents of the file. Its texts are constants of the program that need no escaping: words, names of fields and
/// hosts.
fn contents(app: &App, answer: Answer, times_asked: u64, refused_unix_ms: u64) -> Vec<u8> {
    let now_unix_ms = clock::unix_ms();
    let mut file = Vec::new();
    put_number(&mut file, "v", 1);
    json::open(&mut file, 0);
    put_text(&mut file, "decision", answer.as_str());
    put_text(&mut file, "decided_at", std::str::from_utf8(&Timestamp(now_unix_ms).text()).unwrap_or_default());
    put_number(&mut file, "decided_unix_ms", now_unix_ms);
    if answer == Answer::Unanswered {
        put_number(&mut file, "times_asked", times_asked);
    }
    if answer != Answer::No && refused_unix_ms != 0 {
        put_number(&mut file, "refused_unix_ms", refused_unix_ms);
    }
    if !app.details.is_empty() {
        put_number(&mut file, "details", app.details.fingerprint);
    }
    json::key(&mut file, "fields");
    let fields = file.len();
    for name in disclosure::fields(app) {
        json::item(&mut file, name);
    }
    app.details.for_each_agreed(&mut |agreed| json::item(&mut file, agreed));
    json::close_array(&mut file, fields);
    json::key(&mut file, "destinations");
    json::texts(&mut file, disclosure::destinations(app));
    file.extend_from_slice(b"}\n");
    file
}

#[inline(never)]
fn put_text(file: &mut Vec<u8>, key: &str, text: &str) {
    json::key(file, key);
    json::text(file, text);
}

#[inline(never)]
fn put_number(file: &mut Vec<u8>, key: &str, number: u64) {
    json::key(file, key);
    json::unsigned(file, number);
}
