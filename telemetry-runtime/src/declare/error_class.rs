//! The class of an error: a name from a set known at compile time, and the only thing ever recorded about an error.

use std::error::Error;

use super::labels::check_name;
use super::lines::{Lines, Pieces};

/// An error type whose values have a class: a name from a fixed set that belongs to the type.
///
/// The class is the only thing ever recorded about an error. Derive this trait with
/// [`#[derive(ErrorClass)]`](derive@crate::ErrorClass): the class is then the variant's name.
///
/// ```
/// use telemetry_runtime::ErrorClass;
///
/// #[derive(Debug, ErrorClass)]
/// enum BuildError {
///     MissingManifest,
///     Compile { file: String },
/// }
///
/// let error = BuildError::Compile { file: "secret.rs".to_owned() };
/// assert_eq!(error.error_class().as_str(), "Compile");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no error class",
    label = "add `#[derive(ErrorClass)]` to `{Self}`"
)]
pub trait ErrorClass {
    /// Every class that a value of this type can have.
    #[doc(hidden)]
    const CLASSES: &'static [ClassNode];

    /// The class of this value.
    fn error_class(&self) -> ErrorClassName;
}

/// One entry in an error type's set of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassNode {
    name: &'static str,
    classes: &'static [ClassNode],
}

impl ClassNode {
    /// A class.
    pub const fn name(name: &'static str) -> Self {
        check_name(name, "an error class must not contain quotes, backslashes or control characters");
        ClassNode { name, classes: &[] }
    }

    /// Several classes, separated by spaces: one text, since the dynamic linker would relocate each of many.
    pub(super) const fn names(names: &'static str) -> Self {
        ClassNode { name: names, classes: &[] }
    }

    /// All classes of another type.
    pub const fn all(classes: &'static [ClassNode]) -> Self {
        ClassNode { name: "", classes }
    }

    /// Adds this entry's class names to others that are in order.
    pub(crate) fn add_to(&self, all: &mut Lines) {
        for name in Pieces::new(self.name, b' ') {
            all.insert(name);
        }
        for class in self.classes {
            class.add_to(all);
        }
    }
}

/// The class of one error, such as `NotFound`.
///
/// It cannot be made from a string. Classes are read from the constants of an [`ErrorClass`], so they cannot hold
/// anything that exists only at run time.
///
/// ```
/// use telemetry_runtime::{ErrorClass, ErrorClassName};
///
/// let class: ErrorClassName = std::io::Error::from(std::io::ErrorKind::NotFound).error_class();
/// assert_eq!(class.as_str(), "NotFound");
/// ```
// The field is visible only in `declare`: nothing else can make a class from a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorClassName(pub(super) &'static str);

impl ErrorClassName {
    /// The class of an error of unknown type.
    pub const ERROR: ErrorClassName = ErrorClassName("Error");

    /// A panic.
    pub(crate) const PANIC: ErrorClassName = ErrorClassName("panic");

    /// The reader of the output is gone. Also the class of an [`io::Error`](std::io::Error) of that kind.
    pub(crate) const BROKEN_PIPE: ErrorClassName = ErrorClassName("BrokenPipe");

    /// A run that ended without a trace.
    pub(crate) const ABANDONED: ErrorClassName = ErrorClassName("abandoned");

    pub(crate) const SIGINT: ErrorClassName = ErrorClassName("SIGINT");
    pub(crate) const SIGTERM: ErrorClassName = ErrorClassName("SIGTERM");
    pub(crate) const SIGHUP: ErrorClassName = ErrorClassName("SIGHUP");
    pub(crate) const SIGQUIT: ErrorClassName = ErrorClassName("SIGQUIT");

    /// The classes that do not come from an error type in the program's code.
    pub(crate) const FIXED: [ErrorClassName; 7] =
        [Self::ERROR, Self::PANIC, Self::BROKEN_PIPE, Self::SIGINT, Self::SIGTERM, Self::SIGHUP, Self::SIGQUIT];

    /// The class at `position` in `T`'s classes.
    ///
    /// `Error` when there is no such class, or when the entry stands for the classes of another type. Generated code
    /// never passes such a position, so a debug build panics instead.
    #[doc(hidden)]
    pub fn of<T: ErrorClass + ?Sized>(position: usize) -> Self {
        match T::CLASSES.get(position) {
            Some(node) if !node.name.is_empty() => ErrorClassName(node.name),
            _ => {
                debug_assert!(false, "no error class at position {position}");
                Self::ERROR
            }
        }
    }

    /// The name itself.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// Returns the class of an error if it is of one particular type.
pub(crate) type ClassOf = fn(&(dyn Error + 'static)) -> Option<ErrorClassName>;

/// One type in `errors(..)`. Type-erased errors are searched for it, and its classes are known before any error occurs.
#[derive(Debug, Clone, Copy)]
pub struct ListedError {
    pub(crate) class_of: ClassOf,
    pub(crate) classes: Classes,
}

/// All classes that errors of one type can have.
#[derive(Debug, Clone, Copy)]
pub enum Classes {
    /// The classes of an [`ErrorClass`] type.
    Set(&'static [ClassNode]),
    /// The type's name. A function, because `type_name` is not a stable `const fn`.
    Name(fn() -> ErrorClassName),
}

/// All classes that main's errors can have, known before one occurs.
#[derive(Debug)]
pub struct MainErrors {
    pub returned: Classes,
    pub listed: &'static [ListedError],
}
