//! The classes of std's and clap's error types.

use std::convert::Infallible;
use std::error::Error;
use std::{fmt, io};

use super::error_class::{ClassNode, ClassOf, ErrorClass, ErrorClassName};

/// The types that every chain of sources is searched for.
///
/// Those with a `#[non_exhaustive]` kind come first: each kind known on the MSRV is a class, and all others share one more.
/// The one class of the others is the type's name.
macro_rules! standard {
    (
        by kind { $($by_kind:ty, $kind:path { $($variant:ident)* } else $rest:literal;)* }
        by type { $($by_type:ty => $name:literal;)* }
    ) => {
        $(impl ErrorClass for $by_kind {
            const CLASSES: &'static [ClassNode] = &[ClassNode::names(concat!($(stringify!($variant), " ",)* $rest))];

            fn error_class(&self) -> ErrorClassName {
                use $kind as Kind;
                match self.kind() {
                    $(Kind::$variant => ErrorClassName(stringify!($variant)),)*
                    _ => ErrorClassName($rest),
                }
            }
        })*

        $(impl ErrorClass for $by_type {
            const CLASSES: &'static [ClassNode] = &[ClassNode::name($name)];

            fn error_class(&self) -> ErrorClassName {
                ErrorClassName($name)
            }
        })*

        pub(crate) const STANDARD: &[ClassOf] = &[$(class_of::<$by_kind>,)* $(class_of::<$by_type>),*];

        /// All classes of these types. A constant of its own, so that a program contains it only if it uses it.
        pub(crate) const STANDARD_CLASSES: ClassNode =
            ClassNode::names(concat!($($(stringify!($variant), " ",)* $rest, " ",)* $($name, " "),*));
    };
}

standard! {
    by kind {
        io::Error, io::ErrorKind {
            NotFound PermissionDenied ConnectionRefused ConnectionReset HostUnreachable NetworkUnreachable ConnectionAborted
            NotConnected AddrInUse AddrNotAvailable NetworkDown BrokenPipe AlreadyExists WouldBlock NotADirectory IsADirectory
            DirectoryNotEmpty ReadOnlyFilesystem StaleNetworkFileHandle InvalidInput InvalidData TimedOut WriteZero StorageFull
            NotSeekable QuotaExceeded FileTooLarge ResourceBusy ExecutableFileBusy Deadlock CrossesDevices TooManyLinks
            ArgumentListTooLong Interrupted Unsupported UnexpectedEof OutOfMemory
        } else "Other";
        clap::Error, clap::error::ErrorKind {
            InvalidValue UnknownArgument InvalidSubcommand NoEquals ValueValidation TooManyValues TooFewValues
            WrongNumberOfValues ArgumentConflict MissingRequiredArgument MissingSubcommand InvalidUtf8
            DisplayHelpOnMissingArgumentOrSubcommand Io Format
        } else "Usage";
    }
    by type {
        std::num::ParseIntError => "ParseIntError";
        std::num::ParseFloatError => "ParseFloatError";
        std::num::TryFromIntError => "TryFromIntError";
        std::str::ParseBoolError => "ParseBoolError";
        std::str::Utf8Error => "Utf8Error";
        std::string::FromUtf8Error => "FromUtf8Error";
        std::char::ParseCharError => "ParseCharError";
        std::net::AddrParseError => "AddrParseError";
        std::env::VarError => "VarError";
        std::time::SystemTimeError => "SystemTimeError";
        fmt::Error => "FormatError";
    }
}

/// All classes of clap's error type.
pub(crate) const CLAP_CLASSES: &[ClassNode] = <clap::Error as ErrorClass>::CLASSES;

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

/// The class of `error`, if its type is `E`.
pub(crate) fn class_of<E: ErrorClass + Error + 'static>(error: &(dyn Error + 'static)) -> Option<ErrorClassName> {
    downcast::<E>(error).map(E::error_class)
}

/// `error`, if it is an `E`, or one in a box: large errors are boxed, and a box passes its contents over as a source.
pub(crate) fn downcast<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    error.downcast_ref::<E>().or_else(|| error.downcast_ref::<Box<E>>().map(|boxed| &**boxed))
}
