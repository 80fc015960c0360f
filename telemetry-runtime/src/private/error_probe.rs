//! Finds the error class of whatever `main` returns, in the best way that its type allows.
//!
//! A method call tries the receiver's type first and then dereferences it step by step. So if traits are implemented
//! for `&&&Probe`, `&&Probe`, `&Probe` and `Probe`, a call on `&&&&Probe` uses the first one whose bounds hold: a
//! choice by type, without specialization. It is made where the macro is expanded, since the concrete type is known
//! there.

use std::convert::Infallible;
use std::error::Error;
use std::marker::PhantomData;

use crate::declare::{Classes, ErrorClass, ErrorClassName, ListedError, class_of, downcast};
use crate::run::{Returned, class_along_sources};

/// The entry for `T` in `errors(..)`: `ListedProbe::<T>::LISTED` has the classes of an [`ErrorClass`] type.
#[derive(Debug)]
pub struct ListedProbe<T>(PhantomData<T>);

impl<T: ErrorClass + Error + 'static> ListedProbe<T> {
    pub const LISTED: ListedError = ListedError { class_of: class_of::<T>, classes: Classes::Set(T::CLASSES) };
}

/// [`ListedProbe`]'s fallback for all other errors: the class is the type's name.
pub trait ListedByName {
    const LISTED: ListedError;
}

impl<T: Error + 'static> ListedByName for ListedProbe<T> {
    const LISTED: ListedError =
        ListedError { class_of: name_of::<T>, classes: Classes::Name(ErrorClassName::of_type::<T>) };
}

fn name_of<E: Error + 'static>(error: &(dyn Error + 'static)) -> Option<ErrorClassName> {
    downcast::<E>(error).map(|_| ErrorClassName::of_type::<E>())
}

/// What main returned.
#[derive(Debug)]
pub struct ReturnProbe<'a, R>(pub &'a R);

impl<'a, T, E> ReturnProbe<'a, Result<T, E>> {
    pub fn error(&self) -> Option<ErrorProbe<'a, E>> {
        self.0.as_ref().err().map(ErrorProbe)
    }
}

/// [`ReturnProbe`]'s fallback for everything but a `Result`.
pub trait NoError {
    fn error(&self) -> Option<ErrorProbe<'static, Infallible>> {
        None
    }
}

impl<R> NoError for ReturnProbe<'_, R> {}

/// An error whose class is to be found.
#[derive(Debug)]
pub struct ErrorProbe<'a, E: ?Sized>(pub &'a E);

/// First choice: the type has classes.
pub trait ByClass {
    fn class(&self, listed: &[ListedError]) -> ErrorClassName;
}

impl<E: ErrorClass + ?Sized> ByClass for &&&&ErrorProbe<'_, E> {
    fn class(&self, _listed: &[ListedError]) -> ErrorClassName {
        self.0.error_class()
    }
}

/// Second choice: the type is an error, and its name is the class.
pub trait ByName {
    fn class(&self, listed: &[ListedError]) -> ErrorClassName;
}

impl<E: Error> ByName for &&&ErrorProbe<'_, E> {
    fn class(&self, _listed: &[ListedError]) -> ErrorClassName {
        ErrorClassName::of_type::<E>()
    }
}

/// Third choice: the type hides an error (`anyhow::Error`, `eyre::Report`, `miette::Report`, `Box<dyn Error>`).
pub trait BySource {
    fn class(&self, listed: &[ListedError]) -> ErrorClassName;
}

impl<E: AsRef<dyn Error + 'static> + ?Sized> BySource for &&ErrorProbe<'_, E> {
    fn class(&self, listed: &[ListedError]) -> ErrorClassName {
        class_along_sources(self.0.as_ref(), listed)
    }
}

/// Like [`BySource`], for `Box<dyn Error + Send + Sync>`, which is a different type.
pub trait BySharedSource {
    fn class(&self, listed: &[ListedError]) -> ErrorClassName;
}

impl<E: AsRef<dyn Error + Send + Sync + 'static> + ?Sized> BySharedSource for &ErrorProbe<'_, E> {
    fn class(&self, listed: &[ListedError]) -> ErrorClassName {
        class_along_sources(self.0.as_ref(), listed)
    }
}

/// Last choice: nothing is known about the type.
pub trait Unknown {
    fn class(&self, listed: &[ListedError]) -> ErrorClassName;
}

impl<E: ?Sized> Unknown for ErrorProbe<'_, E> {
    fn class(&self, _listed: &[ListedError]) -> ErrorClassName {
        ErrorClassName::ERROR
    }
}

impl<T, E> Returned<Result<T, E>> {
    pub fn error(&self) -> TypeProbe<E> {
        TypeProbe(PhantomData)
    }
}

/// [`Returned`]'s fallback for everything but a `Result`.
pub trait ReturnsNoError {
    fn error(&self) -> TypeProbe<Infallible> {
        TypeProbe(PhantomData)
    }
}

impl<R> ReturnsNoError for Returned<R> {}

/// An error type whose classes are to be found.
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

/// Second choice: the type is an error, and its name is the class.
pub trait HasName {
    fn classes(&self) -> Classes;
}

impl<E: Error> HasName for &TypeProbe<E> {
    fn classes(&self) -> Classes {
        Classes::Name(ErrorClassName::of_type::<E>)
    }
}

/// Last choice: the error hides its type, so it can only have the classes of the listed and the standard types.
pub trait HidesType {
    fn classes(&self) -> Classes;
}

impl<E> HidesType for TypeProbe<E> {
    fn classes(&self) -> Classes {
        Classes::Set(&[])
    }
}

/// The class of the error that main returned, if it returned one.
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

/// All classes that main's errors can have, known before one occurs.
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
