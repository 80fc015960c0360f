//! The classes of std's and clap's error types.

use std::convert::Infallible;
use std::error::Error;
use std::{fmt, io};

use super::error_class::{ClassNode, ClassOf, ErrorClass, ErrorClassName};

/// Errors with a `#[non_exhaustive]` kind: each kind known on the MSRV is a class, and all others share one more.
macro_rules! classes_by_kind {
    ($error:ty, $kind:path { $($variant:ident)* } else $rest:literal) => {
        impl ErrorClass for $error {
            const CLASSES: &'static [ClassNode] = &[$(ClassNode::name(stringify!($variant)),)* ClassNode::name($rest)];

            fn error_class(&self) -> ErrorClassName {
                use $kind as Kind;
                match self.kind() {
                    $(Kind::$variant => ErrorClassName(stringify!($variant)),)*
                    _ => ErrorClassName($rest),
                }
            }
        }
    };
}

classes_by_kind! {
    io::Error, io::ErrorKind {
        NotFound PermissionDenied ConnectionRefused ConnectionReset HostUnreachable NetworkUnreachable ConnectionAborted
        NotConnected AddrInUse AddrNotAvailable NetworkDown BrokenPipe AlreadyExists WouldBlock NotADirectory IsADirectory
        DirectoryNotEmpty ReadOnlyFilesystem StaleNetworkFileHandle InvalidInput InvalidData TimedOut WriteZero StorageFull
        NotSeekable QuotaExceeded FileTooLarge ResourceBusy ExecutableFileBusy Deadlock CrossesDevices TooManyLinks
        ArgumentListTooLong Interrupted Unsupported UnexpectedEof OutOfMemory
    } else "Other"
}

classes_by_kind! {
    clap::Error, clap::error::ErrorKind {
        InvalidValue UnknownArgument InvalidSubcommand NoEquals ValueValidation TooManyValues TooFewValues
        WrongNumberOfValues ArgumentConflict MissingRequiredArgument MissingSubcommand InvalidUtf8
        DisplayHelpOnMissingArgumentOrSubcommand Io Format
    } else "Usage"
}

/// Errors without kinds: their one class is the type's name.
macro_rules! class_by_type {
    ($($error:ty => $name:literal)*) => {$(
        impl ErrorClass for $error {
            const CLASSES: &'static [ClassNode] = &[ClassNode::name($name)];

            fn error_class(&self) -> ErrorClassName {
                ErrorClassName($name)
            }
        }
    )*};
}

class_by_type! {
    std::num::ParseIntError => "ParseIntError"
    std::num::ParseFloatError => "ParseFloatError"
    std::num::TryFromIntError => "TryFromIntError"
    std::str::ParseBoolError => "ParseBoolError"
    std::str::Utf8Error => "Utf8Error"
    std::string::FromUtf8Error => "FromUtf8Error"
    std::char::ParseCharError => "ParseCharError"
    std::net::AddrParseError => "AddrParseError"
    std::env::VarError => "VarError"
    std::time::SystemTimeError => "SystemTimeError"
    fmt::Error => "FormatError"
}

impl ErrorClass for Infallible {
    const CLASSES: &'static [ClassNode] = &[];

    fn error_class(&self) -> ErrorClassName {
        match *self {}
    }
}

impl<E: ErrorClass + ?Sized> ErrorClass for Box<E> {
    const CLASSES: &'static [ClassNode] = E::CLASSES;

    fn error_class(&self) -> ErrorClassName {
        E::error_class(self)
    }
}

/// The types that every chain of sources is searched for. Two constants, so that a program contains the list of classes
/// only if it uses it.
macro_rules! standard {
    ($($error:ty)*) => {
        pub(crate) const STANDARD: &[ClassOf] = &[$(class_of::<$error>),*];

        /// All classes of these types.
        pub(crate) const STANDARD_CLASSES: &[ClassNode] = &[$(ClassNode::all(<$error>::CLASSES)),*];
    };
}

standard! {
    io::Error
    clap::Error
    std::num::ParseIntError
    std::num::ParseFloatError
    std::num::TryFromIntError
    std::str::ParseBoolError
    std::str::Utf8Error
    std::string::FromUtf8Error
    std::char::ParseCharError
    std::net::AddrParseError
    std::env::VarError
    std::time::SystemTimeError
    fmt::Error
}

/// The class of `error`, if its type is `E`.
pub(crate) fn class_of<E: ErrorClass + Error + 'static>(error: &(dyn Error + 'static)) -> Option<ErrorClassName> {
    downcast::<E>(error).map(E::error_class)
}

/// `error`, if it is an `E`, or one in a box: large errors are boxed, and a box passes its contents over as a source.
pub(crate) fn downcast<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    error.downcast_ref::<E>().or_else(|| error.downcast_ref::<Box<E>>().map(|boxed| &**boxed))
}
