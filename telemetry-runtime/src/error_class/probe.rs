//! The class of whatever `main` returns, by what its type can tell.
//!
//! A method call tries the receiver's type first and dereferences it step by step. So of traits implemented for
//! `&&&Probe`, `&&Probe`, `&Probe` and `Probe`, a call on `&&&&Probe` takes the first whose bounds hold: a choice by type,
//! without specialization, made where the macro stands and the type is known.

use std::convert::Infallible;
use std::error::Error;
use std::marker::PhantomData;

use super::{ClassNode, ErrorClass, ErrorClassName};
use crate::invocation;

/// Asks one type whether an error is of it, and of which class.
type ClassOf = fn(&(dyn Error + 'static)) -> Option<ErrorClassName>;

/// One type that stands in `errors(..)`: it is looked for in the errors that hide their type, and its classes are known
/// before any error occurs.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    class_of: ClassOf,
    pub(crate) classes: Classes,
}

/// The classes that errors of one type can have.
#[derive(Debug, Clone, Copy)]
pub enum Classes {
    /// A set of its own.
    Set(&'static [ClassNode]),
    /// The type's name, which the compiler does not yet tell to constants.
    Name(fn() -> ErrorClassName),
}

/// How does `T` stand in `errors(..)`? `ListedProbe::<T>::LISTED`: with classes of its own.
#[derive(Debug)]
pub struct ListedProbe<T>(PhantomData<T>);

impl<T: ErrorClass + Error + 'static> ListedProbe<T> {
    pub const LISTED: Listed = Listed { class_of: of::<T>, classes: Classes::Set(T::CLASSES) };
}

/// The answer of [`ListedProbe`] for all other errors: with its name.
pub trait ListedByName {
    const LISTED: Listed;
}

impl<T: Error + 'static> ListedByName for ListedProbe<T> {
    const LISTED: Listed = Listed { class_of: name_of::<T>, classes: Classes::Name(ErrorClassName::of_type::<T>) };
}

/// What main returned.
#[derive(Debug)]
pub struct ReturnProbe<'a, R>(pub &'a R);

impl<'a, T, E> ReturnProbe<'a, Result<T, E>> {
    pub fn error(&self) -> Option<ErrorProbe<'a, E>> {
        self.0.as_ref().err().map(ErrorProbe)
    }
}

/// The answer of [`ReturnProbe`] for everything but a `Result`.
pub trait NoError {
    fn error(&self) -> Option<ErrorProbe<'static, Infallible>> {
        None
    }
}

impl<R> NoError for ReturnProbe<'_, R> {}

/// An error whose class is wanted.
#[derive(Debug)]
pub struct ErrorProbe<'a, E: ?Sized>(pub &'a E);

/// First choice: the type has classes.
pub trait ByClass {
    fn class(&self, listed: &[Listed]) -> ErrorClassName;
}

impl<E: ErrorClass + ?Sized> ByClass for &&&&ErrorProbe<'_, E> {
    fn class(&self, _listed: &[Listed]) -> ErrorClassName {
        self.0.error_class()
    }
}

/// Second choice: the type is an error, its name is the class.
pub trait ByName {
    fn class(&self, listed: &[Listed]) -> ErrorClassName;
}

impl<E: Error> ByName for &&&ErrorProbe<'_, E> {
    fn class(&self, _listed: &[Listed]) -> ErrorClassName {
        ErrorClassName::of_type::<E>()
    }
}

/// Third choice: the type hides an error (`anyhow::Error`, `eyre::Report`, `miette::Report`, `Box<dyn Error>`).
pub trait BySource {
    fn class(&self, listed: &[Listed]) -> ErrorClassName;
}

impl<E: AsRef<dyn Error + 'static> + ?Sized> BySource for &&ErrorProbe<'_, E> {
    fn class(&self, listed: &[Listed]) -> ErrorClassName {
        along_sources(self.0.as_ref(), listed)
    }
}

/// The same for `Box<dyn Error + Send + Sync>`, which is another type.
pub trait BySharedSource {
    fn class(&self, listed: &[Listed]) -> ErrorClassName;
}

impl<E: AsRef<dyn Error + Send + Sync + 'static> + ?Sized> BySharedSource for &ErrorProbe<'_, E> {
    fn class(&self, listed: &[Listed]) -> ErrorClassName {
        along_sources(self.0.as_ref(), listed)
    }
}

/// Last choice: nothing is known.
pub trait Unknown {
    fn class(&self, listed: &[Listed]) -> ErrorClassName;
}

impl<E: ?Sized> Unknown for ErrorProbe<'_, E> {
    fn class(&self, _listed: &[Listed]) -> ErrorClassName {
        ErrorClassName::ERROR
    }
}

/// More sources than this are no chain but a circle.
const MAX_SOURCES: usize = 32;

/// The class of the outermost error in the chain that is of a listed type, or of one of the standard ones.
fn along_sources(error: &(dyn Error + 'static), listed: &[Listed]) -> ErrorClassName {
    let asked = || listed.iter().chain(invocation::listed_errors()).map(|listed| listed.class_of);
    std::iter::successors(Some(error), |&error| error.source())
        .take(MAX_SOURCES)
        .find_map(|error| asked().chain(STANDARD.iter().copied()).find_map(|class_of| class_of(error)))
        .unwrap_or(ErrorClassName::ERROR)
}

/// The types that are looked for in any chain. Two constants, so that a program which does not ask for the classes does
/// not contain them.
macro_rules! standard {
    ($($error:ty)*) => {
        const STANDARD: &[ClassOf] = &[$(of::<$error>),*];

        /// All the classes of the types that are looked for in any chain.
        pub(crate) const STANDARD_CLASSES: &[ClassNode] = &[$(ClassNode::all(<$error>::CLASSES)),*];
    };
}

standard! {
    std::io::Error
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
    std::fmt::Error
}

fn of<E: ErrorClass + Error + 'static>(error: &(dyn Error + 'static)) -> Option<ErrorClassName> {
    error.downcast_ref::<E>().map(E::error_class)
}

fn name_of<E: Error + 'static>(error: &(dyn Error + 'static)) -> Option<ErrorClassName> {
    error.is::<E>().then(ErrorClassName::of_type::<E>)
}

/// What is known of the errors of main before one occurs.
#[derive(Debug)]
pub struct MainErrors {
    pub returned: Classes,
    pub listed: &'static [Listed],
}

/// What main returns, before it has.
#[derive(Debug)]
pub struct Returned<R>(pub(crate) PhantomData<fn() -> R>);

impl<T, E> Returned<Result<T, E>> {
    pub fn error(&self) -> TypeProbe<E> {
        TypeProbe(PhantomData)
    }
}

/// The answer of [`Returned`] for everything but a `Result`.
pub trait ReturnsNoError {
    fn error(&self) -> TypeProbe<Infallible> {
        TypeProbe(PhantomData)
    }
}

impl<R> ReturnsNoError for Returned<R> {}

/// A type of errors whose classes are wanted.
#[derive(Debug)]
pub struct TypeProbe<E>(PhantomData<fn() -> E>);

/// First choice: the type has classes.
pub trait HasClasses {
    fn classes(&self) -> Classes;
}

impl<E: ErrorClass> HasClasses for &&TypeProbe<E> {
    fn classes(&self) -> Classes {
        Classes::Set(E::CLASSES)
    }
}

/// Second choice: the type is an error, its name is the class.
pub trait HasName {
    fn classes(&self) -> Classes;
}

impl<E: Error> HasName for &TypeProbe<E> {
    fn classes(&self) -> Classes {
        Classes::Name(ErrorClassName::of_type::<E>)
    }
}

/// Last choice: the error hides its type, and is looked for among the listed and the standard ones.
pub trait HidesType {
    fn classes(&self) -> Classes;
}

impl<E> HidesType for TypeProbe<E> {
    fn classes(&self) -> Classes {
        Classes::Set(&[])
    }
}

impl ErrorClassName {
    /// The type's name, without its path and its parameters.
    pub(crate) fn of_type<E: ?Sized>() -> Self {
        ErrorClassName(short_name(std::any::type_name::<E>()))
    }
}

/// What may stand before a type's path: pointers, which are errors where what they point to is one.
const PREFIXES: [&str; 4] = ["&", "alloc::boxed::Box<", "alloc::sync::Arc<", "dyn "];

/// `Name` of `path::to::Name<of, parameters>`. The path may have parameters, too: `<a::Type as a::Trait>::method::Name`.
fn short_name(mut name: &'static str) -> &'static str {
    while let Some(inner) = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        name = inner;
    }
    let (mut start, mut depth, mut before) = (0, 0, 0);
    for (index, byte) in name.bytes().enumerate() {
        match byte {
            b'<' => depth += 1,
            // Not the arrow of `fn(A) -> B`.
            b'>' if depth > 0 && before != b'-' => depth -= 1,
            b':' if depth == 0 => start = index + 1,
            // The end of a pointer's parameters, and of the `Name` in `dyn Name + Send`.
            b'>' | b',' | b' ' if depth == 0 => break,
            _ => {}
        }
        before = byte;
    }
    let name = name.get(start..).unwrap_or_default();
    let end = name.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(name.len());
    name.get(..end).filter(|name| !name.is_empty()).unwrap_or("Error")
}

/// The class of the error in what main returned, if it returned one.
#[doc(hidden)]
#[macro_export]
macro_rules! error_class_of {
    ($returned:expr; $($listed:ty),* $(,)?) => {{
        #[allow(unused_imports)]
        use $crate::__private::{
            ByClass as _, ByName as _, BySharedSource as _, BySource as _, ListedByName as _, NoError as _, Unknown as _,
        };
        match $crate::__private::ReturnProbe($returned).error() {
            ::core::option::Option::Some(__probe) => ::core::option::Option::Some(
                (&&&&&__probe).class(const { &[$($crate::__private::ListedProbe::<$listed>::LISTED),*] }),
            ),
            ::core::option::Option::None => ::core::option::Option::None,
        }
    }};
}

/// What is known of the errors of main before one occurs.
#[doc(hidden)]
#[macro_export]
macro_rules! errors_of_main {
    ($returned:expr; $($listed:ty),* $(,)?) => {{
        #[allow(unused_imports)]
        use $crate::__private::{HasClasses as _, HasName as _, HidesType as _, ListedByName as _, ReturnsNoError as _};
        $crate::__private::MainErrors {
            returned: (&&&$returned.error()).classes(),
            listed: const { &[$($crate::__private::ListedProbe::<$listed>::LISTED),*] },
        }
    }};
}

#[cfg(test)]
mod tests {
    use super::short_name;

    #[test]
    fn names_are_short() {
        for (name, short) in [
            ("Plain", "Plain"),
            ("a::b::Error", "Error"),
            ("a::Wrapper<b::Inner>", "Wrapper"),
            ("a::Wrapper<fn(b::Inner) -> u8>", "Wrapper"),
            ("a::Wrapper<b::Inner, alloc::vec::Vec<u8>>", "Wrapper"),
            ("<a::Type as a::Trait>::method::Local", "Local"),
            ("<a::Type<u8> as a::Trait<fn() -> u8>>::method::Local<u8>", "Local"),
            ("a::<impl a::Type>::method::Local", "Local"),
            ("a::f::{{closure}}::Local", "Local"),
            ("&a::Error", "Error"),
            ("alloc::boxed::Box<a::Io>", "Io"),
            ("alloc::sync::Arc<alloc::boxed::Box<a::Wrapper<b::Inner>>>", "Wrapper"),
            ("alloc::sync::Arc<dyn core::error::Error + core::marker::Send>", "Error"),
            ("alloc::sync::Arc<dyn a::Failure<u8>>", "Failure"),
            ("(a::Error, b::Error)", "Error"),
            ("", "Error"),
        ] {
            assert_eq!(short_name(name), short, "{name}");
        }
    }
}
