//! What kind of error ended a run, as one of a set of names the compiler knows.

// Named by generated code only.
#[allow(missing_docs)]
pub(crate) mod probe;
mod standard;

use std::collections::BTreeSet;

/// An error type whose values have a class: a name from a set that is part of the type.
///
/// The class is all that is ever recorded of an error. Derive it with
/// [`#[derive(ErrorClass)]`](derive@crate::ErrorClass): the class is then the variant's name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no error class",
    label = "add `#[derive(ErrorClass)]` to `{Self}`"
)]
pub trait ErrorClass {
    /// Every class a value of this type can have.
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

    /// All the classes of another type, which stand in the place of this entry.
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

/// The class of one error.
///
/// There is no way from a string to a class: it is read from [`ErrorClass::CLASSES`], which the compiler has evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorClassName(&'static str);

impl ErrorClassName {
    /// The class of an error of which nothing more is known.
    pub const ERROR: ErrorClassName = ErrorClassName("Error");

    /// A panic.
    pub(crate) const PANIC: ErrorClassName = ErrorClassName("panic");

    /// An ending that left no trace.
    pub(crate) const ABANDONED: ErrorClassName = ErrorClassName("abandoned");

    /// The classes that no type of errors has: of endings that are none of main's.
    pub(crate) const FIXED: [ErrorClassName; 7] = [
        Self::ERROR,
        Self::PANIC,
        ErrorClassName("SIGINT"),
        ErrorClassName("SIGTERM"),
        ErrorClassName("SIGHUP"),
        ErrorClassName("SIGQUIT"),
        ErrorClassName("signal"),
    ];

    /// The signal that ended the process, by its name; one of [`Self::FIXED`].
    #[cfg(unix)]
    pub(crate) const fn of_signal(signal: std::ffi::c_int) -> Self {
        ErrorClassName(match signal {
            libc::SIGINT => "SIGINT",
            libc::SIGTERM => "SIGTERM",
            libc::SIGHUP => "SIGHUP",
            libc::SIGQUIT => "SIGQUIT",
            _ => "signal",
        })
    }

    /// The class at `position` of `T`'s classes.
    ///
    /// `Error` when there is no such class, or when that entry stands for the classes of another type.
    pub fn of<T: ErrorClass + ?Sized>(position: usize) -> Self {
        match T::CLASSES.get(position) {
            Some(node) if !node.name.is_empty() => ErrorClassName(node.name),
            _ => Self::ERROR,
        }
    }

    /// The name itself.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}
