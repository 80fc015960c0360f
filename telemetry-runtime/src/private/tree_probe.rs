//! Questions the generated code asks of the type system.
//!
//! An inherent item wins over a trait's item of the same name, but only where its `impl` applies. So `Probe::<T>::X` is
//! the inherent one if `T` has the trait asked for, else the fallback: a choice by type, without specialization.

use core::marker::PhantomData;
use core::ops::Deref;

use crate::declare::{CommandNode, CommandPath, CommandTree};

/// Has `T` commands below it? `TreeProbe::<T>::COMMANDS` is empty if it is not a [`CommandTree`].
#[derive(Debug)]
pub struct TreeProbe<T: ?Sized>(PhantomData<T>);

impl<T: CommandTree + ?Sized> TreeProbe<T> {
    pub const COMMANDS: &'static [CommandNode] = T::COMMANDS;
}

/// The answer of [`TreeProbe`] for all other types.
pub trait NotATree {
    const COMMANDS: &'static [CommandNode] = &[];
}

impl<T: ?Sized> NotATree for TreeProbe<T> {}

/// Which command does this value hold? None if its type is not a [`CommandTree`].
#[derive(Debug)]
pub struct ValueProbe<'a, T: ?Sized>(pub &'a T);

impl<T: CommandTree + ?Sized> ValueProbe<'_, T> {
    pub fn command_path(&self, path: &mut CommandPath) {
        self.0.command_path(path);
    }
}

/// The answer of [`ValueProbe`] for all other types.
pub trait NotATreeValue {
    fn command_path(&self, _path: &mut CommandPath) {}
}

impl<T: ?Sized> NotATreeValue for ValueProbe<'_, T> {}

/// Does the module import clap's `Parser`? Then the method `try_update_from` of this type is the one of that trait.
///
/// A call of `Cli::parse()`, for which the trait may have been imported, is one of an inherent function now. Without another
/// use, the import would be reported as unused.
#[derive(Debug, clap::Parser)]
pub struct ImportProbe;

/// The answer of [`ImportProbe`] in all other modules: method lookup dereferences only after it has tried the trait.
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
