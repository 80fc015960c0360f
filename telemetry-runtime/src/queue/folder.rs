//! The files of the queue, oldest lines first.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::{LIVE, OLD, SPILL};
use crate::declare::limits::QUEUE_MAX_BYTES;
use crate::sys::files;

/// A sealed file, known by its name: `sealed-N-OFFSET.jsonl`.
///
/// The name tells how much of it is delivered, so one rename is all it takes to note that, at once and never by half.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SealedName {
    /// The younger, the greater.
    pub(super) number: u64,
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

/// Is this the name of a sealed file? Enough for those who do not care for their order, and do without the code that sorts.
pub(super) fn is_sealed(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| SealedName::parse(name).is_some())
}

/// The sealed files in `dir`, oldest first.
pub(super) fn sealed(dir: &Path) -> io::Result<Vec<SealedName>> {
    let names = files::names_in(dir)?;
    let mut names: Vec<SealedName> = names.iter().filter_map(|name| SealedName::parse(name.to_str()?)).collect();
    names.sort();
    Ok(names)
}

/// What is left to deliver in each file of `dir`, oldest lines first. A file that moves away meanwhile is missing.
pub(super) fn undelivered(dir: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut contents: Vec<Vec<u8>> = Vec::new();
    for name in sealed(dir)? {
        if let Ok(mut bytes) = read(&name.in_dir(dir)) {
            let delivered = usize::try_from(name.offset).unwrap_or(usize::MAX).min(bytes.len());
            contents.push(bytes.split_off(delivered));
        }
    }
    contents.extend([OLD, LIVE, SPILL].iter().filter_map(|name| read(&dir.join(name)).ok()));
    Ok(contents)
}

/// Reads a file of the queue. None of ours is larger than the limit.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    files::read(path, QUEUE_MAX_BYTES)
}

/// The folder of the files of runs that have not ended, each named after its session id.
pub(crate) fn running_dir(dir: &Path) -> PathBuf {
    dir.join("running")
}

/// Is this the name of a run's file? The id itself is parsed by those who need it.
pub(super) fn is_run(name: &OsStr) -> bool {
    name.len() == uuid::fmt::Simple::LENGTH && name.as_encoded_bytes().iter().all(u8::is_ascii_hexdigit)
}

/// The files of runs that have not ended, with the ids that they are named after.
pub(crate) fn runs(dir: &Path) -> io::Result<Vec<(PathBuf, Uuid)>> {
    let dir = running_dir(dir);
    let names = files::names_in(&dir)?;
    let id = |name: &OsStr| Uuid::parse_str(name.to_str().filter(|_| is_run(name))?).ok();
    Ok(names.iter().filter_map(|name| Some((dir.join(name), id(name)?))).collect())
}
