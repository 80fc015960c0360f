//! The classes of every form of error type.

#![allow(dead_code)]

use std::io;
use telemetry_runtime::ErrorClass;

#[derive(ErrorClass)]
#[allow(non_camel_case_types)]
enum Error<T> {
    Unit,
    r#raw,
    Tuple(u8, String),
    Named {
        text: String,
    },
    #[error_class(name = "http.not-found")]
    Renamed(T),
    #[error_class(transparent)]
    Io(io::Error),
    #[error_class(transparent)]
    Source {
        source: Box<Inner>,
    },
    #[error_class(transparent)]
    Generic(Wrapper<T>),
}

#[derive(ErrorClass)]
enum Inner {
    First,
    Second,
}

#[derive(ErrorClass)]
#[error_class(transparent)]
struct Wrapper<T>(T);

#[derive(ErrorClass)]
#[error_class(transparent)]
struct Kind {
    kind: Inner,
}

#[derive(ErrorClass)]
struct Borrowed<'a>(&'a str);

#[derive(ErrorClass)]
#[error_class(name = "Other")]
struct Named;

#[derive(ErrorClass)]
enum Never {}

fn class(error: impl ErrorClass) -> &'static str {
    error.error_class().as_str()
}

fn main() {
    type E = Error<Inner>;
    assert_eq!(class(E::Unit), "Unit");
    assert_eq!(class(E::r#raw), "raw");
    assert_eq!(class(E::Tuple(1, "secret".into())), "Tuple");
    assert_eq!(class(E::Named { text: "secret".into() }), "Named");
    assert_eq!(class(E::Renamed(Inner::First)), "http.not-found");
    assert_eq!(class(E::Io(io::ErrorKind::NotFound.into())), "NotFound");
    assert_eq!(class(E::Source { source: Box::new(Inner::First) }), "First");
    assert_eq!(class(E::Generic(Wrapper(Inner::Second))), "Second");
    assert_eq!(class(Kind { kind: Inner::Second }), "Second");
    assert_eq!(class(Borrowed("secret")), "Borrowed");
    assert_eq!(class(Named), "Other");
    assert_eq!(E::CLASSES.len(), 8);
    assert_eq!(Never::CLASSES.len(), 0);
}
