//! The class of an error: a name from a set that the compiler knows. All that is ever recorded of an error.

use std::collections::BTreeSet;
use std::error::Error;

/// An error type whose values have a class: a name from a set that is part of the type.
///
/// The class is all that is ever recorded of an error. Derive this trait with
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

/// One entry of the set of classes of an error type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassNode {
    name: &'static str,
    classes: &'static [ClassNode],
}

impl ClassNode {
    /// A class.
    pub const fn name(name: &'static str) -> Self {
        ClassNode { name, classes: &[] }
    }

    /// All the classes of another type, in the place of this entry.
    pub const fn all(classes: &'static [ClassNode]) -> Self {
        ClassNode { name: "", classes }
    }

    /// Adds the names of this entry to `names`.
    pub(crate) fn collect(&self, names: &mut BTreeSet<&'static str>) {
        if !self.name.is_empty() {
            names.insert(self.name);
        }
        for class in self.classes {
            class.collect(names);
        }
    }
}

/// The class of one error, such as `NotFound`.
///
/// There is no way from a string to a class. A class is read from the constants of an [`ErrorClass`], which the compiler has
/// evaluated, so it cannot hold anything that exists only at run time.
///
/// ```
/// use telemetry_runtime::{ErrorClass, ErrorClassName};
///
/// let class: ErrorClassName = std::io::Error::from(std::io::ErrorKind::NotFound).error_class();
/// assert_eq!(class.as_str(), "NotFound");
/// ```
// The field is visible in `declare` alone: nowhere else can a class be made from a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorClassName(pub(super) &'static str);

impl ErrorClassName {
    /// The class of an error that nothing more is known about.
    pub const ERROR: ErrorClassName = ErrorClassName("Error");

    /// A panic.
    pub(crate) const PANIC: ErrorClassName = ErrorClassName("panic");

    /// An ending that left no trace.
    pub(crate) const ABANDONED: ErrorClassName = ErrorClassName("abandoned");

    pub(crate) const SIGINT: ErrorClassName = ErrorClassName("SIGINT");
    pub(crate) const SIGTERM: ErrorClassName = ErrorClassName("SIGTERM");
    pub(crate) const SIGHUP: ErrorClassName = ErrorClassName("SIGHUP");
    pub(crate) const SIGQUIT: ErrorClassName = ErrorClassName("SIGQUIT");

    /// The classes that belong to no error type: those of endings that main does not see.
    pub(crate) const FIXED: [ErrorClassName; 6] =
        [Self::ERROR, Self::PANIC, Self::SIGINT, Self::SIGTERM, Self::SIGHUP, Self::SIGQUIT];

    /// The class at `position` of `T`'s classes.
    ///
    /// `Error` when there is no such class, or when that entry stands for the classes of another type. A debug build
    /// panics then: generated code names no such position.
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

/// Asks one type whether an error is of it, and of which class.
pub(crate) type ClassOf = fn(&(dyn Error + 'static)) -> Option<ErrorClassName>;

/// One type in `errors(..)`. It is looked for behind the errors that hide their type, and its classes are known before any
/// error occurs.
#[derive(Debug, Clone, Copy)]
pub struct ListedError {
    pub(crate) class_of: ClassOf,
    pub(crate) classes: Classes,
}

/// The classes that errors of one type can have.
#[derive(Debug, Clone, Copy)]
pub enum Classes {
    /// A set of its own.
    Set(&'static [ClassNode]),
    /// The type's name. A function, because a constant cannot name a type yet.
    Name(fn() -> ErrorClassName),
}

/// The classes that main's errors can have, known before one occurs.
#[derive(Debug)]
pub struct MainErrors {
    pub returned: Classes,
    pub listed: &'static [ListedError],
}
