//! The class of whatever `main` returns, by what its type can tell.
//!
//! A method call tries the receiver's type first and dereferences it step by step. So of traits implemented for
//! `&&&Probe`, `&&Probe`, `&Probe` and `Probe`, a call on `&&&&Probe` takes the first whose bounds hold: a choice by type,
//! without specialization, made where the macro stands and the type is known.

use std::convert::Infallible;
use std::error::Error;

use super::{ErrorClass, ErrorClassName};

/// Asks one type of [`#[telemetry_main(errors(..))]`](crate::telemetry_main) whether an error is of it, and of which class.
pub type Listed = fn(&(dyn Error + 'static)) -> Option<ErrorClassName>;

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
    std::iter::successors(Some(error), |&error| error.source())
        .take(MAX_SOURCES)
        .find_map(|error| listed.iter().chain(STANDARD).find_map(|ask| ask(error)))
        .unwrap_or(ErrorClassName::ERROR)
}

/// The types that are looked for in any chain.
const STANDARD: &[Listed] = &[
    of::<std::io::Error>,
    of::<clap::Error>,
    of::<std::num::ParseIntError>,
    of::<std::num::ParseFloatError>,
    of::<std::num::TryFromIntError>,
    of::<std::str::ParseBoolError>,
    of::<std::str::Utf8Error>,
    of::<std::string::FromUtf8Error>,
    of::<std::char::ParseCharError>,
    of::<std::net::AddrParseError>,
    of::<std::env::VarError>,
    of::<std::time::SystemTimeError>,
    of::<std::fmt::Error>,
];

fn of<E: ErrorClass + Error + 'static>(error: &(dyn Error + 'static)) -> Option<ErrorClassName> {
    error.downcast_ref::<E>().map(E::error_class)
}

impl ErrorClassName {
    /// The type's name, without its path and its parameters.
    fn of_type<E: ?Sized>() -> Self {
        let name = std::any::type_name::<E>();
        let name = name.split_once('<').map_or(name, |(name, _)| name);
        ErrorClassName(name.rsplit_once("::").map_or(name, |(_, name)| name))
    }
}

/// The class of the error in what main returned, if it returned one.
#[doc(hidden)]
#[macro_export]
macro_rules! error_class_of {
    ($returned:expr; $($listed:ty),* $(,)?) => {{
        #[allow(unused_imports)]
        use $crate::__private::{ByClass as _, ByName as _, BySharedSource as _, BySource as _, NoError as _, Unknown as _};
        let __listed: &[$crate::__private::Listed] = &[$(
            |__error: &(dyn ::core::error::Error + 'static)| match __error.downcast_ref::<$listed>() {
                ::core::option::Option::Some(__error) => ::core::option::Option::Some(
                    (&&&&&$crate::__private::ErrorProbe(__error)).class(&[]),
                ),
                ::core::option::Option::None => ::core::option::Option::None,
            }
        ),*];
        match $crate::__private::ReturnProbe($returned).error() {
            ::core::option::Option::Some(__probe) => ::core::option::Option::Some((&&&&&__probe).class(__listed)),
            ::core::option::Option::None => ::core::option::Option::None,
        }
    }};
}
