//! Lets generated code choose by whether a type implements `CommandTree`, and whether a module imports clap's `Parser`.
//!
//! An inherent item takes precedence over a trait's item of the same name, but only where its `impl` applies. So
//! `Probe::<T>::X` is the inherent item if `T` implements the trait, and otherwise the trait's fallback: a choice by
//! type, without specialization.

use core::marker::PhantomData;
use core::ops::Deref;

use crate::declare::{CommandNode, CommandPath, CommandTree, Flag, RecordedOptions, note_uninstrumented};

/// What `T` declares: `TreeProbe::<T>::COMMANDS` and `OPTIONS` are empty, and `FLAG` is `None`, if `T` is not a [`CommandTree`].
#[derive(Debug)]
pub struct TreeProbe<T: ?Sized>(PhantomData<T>);

impl<T: CommandTree + ?Sized> TreeProbe<T> {
    pub const COMMANDS: &'static [CommandNode] = T::COMMANDS;
    pub const OPTIONS: RecordedOptions = T::OPTIONS;
    pub const FLAG: Option<Flag> = T::FLAG;
}

/// [`TreeProbe`]'s fallback for all other types.
pub trait NotATree {
    const COMMANDS: &'static [CommandNode] = &[];
    const OPTIONS: RecordedOptions = RecordedOptions::NONE;
    const FLAG: Option<Flag> = None;
}

impl<T: ?Sized> NotATree for TreeProbe<T> {}

/// The command that a value holds: `command_path` does nothing if its type is not a [`CommandTree`].
#[derive(Debug)]
pub struct ValueProbe<'a, T: ?Sized>(pub &'a T);

impl<T: CommandTree + ?Sized> ValueProbe<'_, T> {
    pub fn command_path(&self, path: &mut CommandPath) {
        self.0.command_path(path);
    }
}

/// [`ValueProbe`]'s fallback for all other types.
pub trait NotATreeValue {
    fn command_path(&self, path: &mut CommandPath);
}

impl<T: ?Sized> NotATreeValue for ValueProbe<'_, T> {
    fn command_path(&self, path: &mut CommandPath) {
        note_uninstrumented::<T>(*path);
    }
}

/// Counts as a use of clap's `Parser` in modules that import it: there, this type's `try_update_from` is the trait's
/// method.
///
/// Such an import is often there only for `Cli::parse()`, which now calls an inherent function instead. Without another
/// use, the compiler would report the import as unused.
#[derive(Debug, clap::Parser)]
pub struct ImportProbe;

/// [`ImportProbe`]'s fallback in all other modules: method lookup dereferences only after it has tried the trait.
#[derive(Debug)]
pub struct ParserNotImported;

impl ParserNotImported {
    pub fn try_update_from<I>(&self, _args: I) {}
}

impl Deref for ImportProbe {
    type Target = ParserNotImported;

    fn deref(&self) -> &ParserNotImported {
        &ParserNotImported
    }
}
