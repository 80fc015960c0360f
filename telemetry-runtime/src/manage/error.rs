//! Why a management command failed, for the person who can fix it.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Arguments, Debug, Display, Formatter};
use std::io;
use std::path::{Path, PathBuf};

use crate::declare::{ClassNode, ErrorClass, ErrorClassName};
use crate::screen::printable;

/// Why a [`TelemetryCommand`](super::TelemetryCommand) failed.
///
/// `Display` says what failed, where, and what to do about it, on two lines. `Debug` shows the same text and the cause, since
/// that is how Rust prints an error that `main` returns. The cause, an [`io::Error`], is the [`source`](Error::source).
///
/// ```
/// use telemetry_runtime::manage::ManageError;
///
/// fn report(error: &ManageError) {
///     match error {
///         ManageError::File { path, .. } => eprintln!("look at {}: {error}", path.display()),
///         error => eprintln!("{error}"),
///     }
/// }
/// ```
#[non_exhaustive]
pub enum ManageError {
    /// A file or folder could not be read, written or deleted.
    #[non_exhaustive]
    File {
        /// What was to be done with it, as in `save your decision in`.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// Standard output could not be written to. A closed pipe (`| head`) is not an error.
    #[non_exhaustive]
    Output {
        /// The error of the operating system.
        source: io::Error,
    },
    /// The command cannot be carried out: for example, telemetry is off, there is no home folder, or the receiver did not
    /// accept the events.
    #[non_exhaustive]
    Refused {
        /// What failed, and why.
        what: String,
        /// What to do about it.
        remedy: Cow<'static, str>,
    },
}

/// The result of a command, or of a step of it. The error is boxed, since every step passes it on.
pub(super) type Done<T = ()> = Result<T, Box<ManageError>>;

impl ManageError {
    #[inline(never)]
    pub(super) fn refused(what: Arguments<'_>, remedy: Arguments<'_>) -> Box<Self> {
        Box::new(ManageError::Refused { what: what.to_string(), remedy: remedy.to_string().into() })
    }

    #[inline(never)]
    pub(super) fn file(doing: &'static str, path: &Path, source: io::Error) -> Box<Self> {
        Box::new(ManageError::File { doing, path: path.to_owned(), source })
    }

    fn remedy(&self) -> &str {
        match self {
            ManageError::File { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied => "check the permissions, or delete it",
                io::ErrorKind::ReadOnlyFilesystem => "make the file system writable, or choose another folder",
                io::ErrorKind::StorageFull => "free some disk space",
                io::ErrorKind::IsADirectory | io::ErrorKind::InvalidInput => {
                    "something else is in its place; move it away"
                }
                _ => "try again; if it fails again, delete it",
            },
            ManageError::Output { .. } => "check where the output goes",
            ManageError::Refused { remedy, .. } => remedy,
        }
    }
}

impl Display for ManageError {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            ManageError::File { doing, path, .. } => write!(out, "cannot {doing} {}", printable(path))?,
            ManageError::Output { .. } => out.write_str("cannot write to standard output")?,
            ManageError::Refused { what, .. } => write!(out, "{}", printable(what))?,
        }
        write!(out, "\n  {}", self.remedy())
    }
}

impl Debug for ManageError {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, out)?;
        match self.source() {
            Some(source) => write!(out, "\n  cause: {source}"),
            None => Ok(()),
        }
    }
}

impl Error for ManageError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            ManageError::File { source, .. } | ManageError::Output { source } => Some(source),
            ManageError::Refused { .. } => None,
        }
    }
}

impl ErrorClass for ManageError {
    const CLASSES: &'static [ClassNode] = &[ClassNode::name("ManageError")];

    fn error_class(&self) -> ErrorClassName {
        ErrorClassName::of::<Self>(0)
    }
}
