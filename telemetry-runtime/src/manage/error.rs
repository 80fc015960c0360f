//! What a management command failed at, for the person who can mend it.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Debug, Display, Formatter};
use std::io;
use std::path::Path;

use crate::declare::{ClassNode, ErrorClass, ErrorClassName};

/// What failed, where, and what to do about it.
///
/// Shown in full by `Debug` too, since that is how Rust prints an error that `main` returns.
pub struct ManageError {
    what: String,
    remedy: Cow<'static, str>,
    cause: Option<io::Error>,
}

impl ManageError {
    pub(super) fn new(what: impl Into<String>, remedy: impl Into<Cow<'static, str>>) -> Self {
        ManageError { what: what.into(), remedy: remedy.into(), cause: None }
    }

    /// Something could not be done with a file or folder.
    pub(super) fn file(doing: &str, path: &Path, cause: io::Error) -> Self {
        let remedy = match cause.kind() {
            io::ErrorKind::PermissionDenied => "give yourself the right to write there, or delete it",
            io::ErrorKind::ReadOnlyFilesystem => "make the file system writable, or choose another folder",
            io::ErrorKind::StorageFull => "free some space on the disk",
            io::ErrorKind::IsADirectory | io::ErrorKind::InvalidInput => {
                "move away what stands there; it is no file of ours"
            }
            _ => "try again; if it fails again, delete it",
        };
        ManageError { what: format!("cannot {doing} {}", path.display()), remedy: remedy.into(), cause: Some(cause) }
    }
}

impl Display for ManageError {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.what)?;
        if let Some(cause) = &self.cause {
            write!(out, ": {cause}")?;
        }
        write!(out, "\n  {}", self.remedy)
    }
}

impl Debug for ManageError {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, out)
    }
}

impl Error for ManageError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // Shown already; who prints the chain would print it twice.
        None
    }
}

impl ErrorClass for ManageError {
    const CLASSES: &'static [ClassNode] = &[ClassNode::name("ManageError")];

    fn error_class(&self) -> ErrorClassName {
        ErrorClassName::of::<Self>(0)
    }
}
