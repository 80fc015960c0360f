//! Lists and reads the files in the queue's folder. Changes none of them.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::{LIVE, LOST, LOST_TAKEN, OLD, REJECTED, SEALED_NEW, SENT, SENT_OLD, SPILL, STAMP, STATE};
use crate::declare::Sorted;
use crate::declare::limits::QUEUE_MAX_BYTES;
use crate::event::{self, Week};
use crate::sys::files;

/// The name of a sealed file: `sealed-N-OFFSET.jsonl`.
///
/// The name says how much of the file is delivered, so progress is recorded atomically, by a rename.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SealedName {
    /// Files sealed later have higher numbers.
    pub(super) number: u64,
    /// The number of bytes that are delivered.
    pub(super) offset: u64,
}

impl SealedName {
    pub(super) fn parse(name: &str) -> Option<Self> {
        let (number, offset) = name.strip_prefix("sealed-")?.strip_suffix(".jsonl")?.split_once('-')?;
        Some(SealedName { number: number.parse().ok()?, offset: offset.parse().ok()? })
    }

    pub(super) fn in_dir(&self, dir: &Path) -> PathBuf {
        dir.join(format!("sealed-{}-{}.jsonl", self.number, self.offset))
    }
}

/// Whether this is the name of a sealed file. For callers that do not need them in order, so that a program without
/// delivery does not contain the code that sorts.
pub(super) fn is_sealed(name: &OsStr) -> bool {
    let numbers = name.as_encoded_bytes().strip_prefix(b"sealed-").and_then(|rest| rest.strip_suffix(b".jsonl"));
    numbers.is_some_and(|numbers| numbers.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-'))
}

/// The sealed files in `dir`, oldest first.
pub(super) fn sealed(dir: &Path) -> io::Result<Sorted<SealedName>> {
    let mut sealed = Sorted::default();
    for name in files::names_in(dir)? {
        if let Some(name) = name.to_str().and_then(SealedName::parse) {
            sealed.insert(name);
        }
    }
    Ok(sealed)
}

/// Reads a file of the queue. Fails if it is larger than any file of ours.
#[inline(never)]
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    files::read(path, QUEUE_MAX_BYTES)
}

/// Every file in `dir` that says something about the user.
pub(crate) fn kept(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut kept = Vec::new();
    push_sorted(dir, is_kept, &mut kept)?;
    push_sorted(&running_dir(dir), is_run, &mut kept)?;
    Ok(kept)
}

fn is_kept(name: &OsStr) -> bool {
    let fixed = [OLD, LIVE, SPILL, LOST, LOST_TAKEN, SEALED_NEW, REJECTED, SENT_OLD, SENT, STATE, STAMP];
    is_sealed(name) || is_active_file(name) || fixed.iter().any(|fixed| name == *fixed)
}

/// Adds the files in `dir` with these names, in the order of their names.
fn push_sorted(dir: &Path, is_wanted: fn(&OsStr) -> bool, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut names = Sorted::default();
    for name in files::names_in(dir)? {
        if is_wanted(&name) {
            names.insert(name);
        }
    }
    for name in names.iter() {
        files.push(dir.join(name));
    }
    Ok(())
}

/// The folder with one file for each run that has not ended, named after its session id.
pub(crate) fn running_dir(dir: &Path) -> PathBuf {
    dir.join("running")
}

/// The name of the file that says that a week has its mark.
pub(crate) fn active_file(week: Week) -> String {
    format!("{ACTIVE}{week}")
}

const ACTIVE: &str = "active-";

pub(crate) fn is_active_file(name: &OsStr) -> bool {
    let week = name.as_encoded_bytes().strip_prefix(ACTIVE.as_bytes()).filter(|week| week.len() == Week::LENGTH);
    week.is_some_and(|week| week.iter().all(|byte| byte.is_ascii_digit() || b"-W".contains(byte)))
}

/// Whether this is the name of a run's file. Does not parse the id.
pub(super) fn is_run(name: &OsStr) -> bool {
    name.len() == uuid::fmt::Simple::LENGTH && name.as_encoded_bytes().iter().all(u8::is_ascii_hexdigit)
}

/// The files of runs that have not ended, with the session ids from their names.
pub(crate) fn runs(dir: &Path) -> io::Result<Vec<(PathBuf, Uuid)>> {
    let dir = running_dir(dir);
    let names = files::names_in(&dir)?;
    let id = |name: &OsStr| event::simple_uuid(name.to_str()?);
    Ok(names.iter().filter_map(|name| Some((dir.join(name), id(name)?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The user may have named the folder, and purge deletes files by their names.
    #[test]
    fn other_files_are_not_ours() {
        assert!(is_sealed("sealed-12-3456.jsonl".as_ref()) && is_active_file("active-2026-W48".as_ref()));
        for name in
            ["sealed-notes.jsonl", "sealed-1-2.json", "sealed.jsonl", "active-projects", "active-2026-W481", "run"]
        {
            assert!(!is_sealed(name.as_ref()) && !is_active_file(name.as_ref()) && !is_run(name.as_ref()), "{name}");
        }
    }
}
