//! The class of an error, derived from its type: what `#[telemetry_main]` records if main returns an error.

use std::error::Error as StdError;
use std::io::{self, ErrorKind};
use std::num::ParseIntError;
use std::sync::Arc;
use std::{char, env, fmt, net};

use anyhow::Context;
use eyre::WrapErr;
use telemetry_runtime::{ErrorClass, ErrorClassName, error_class_of};

/// The class of main's return value, as the attribute determines it.
macro_rules! class_of {
    ($returned:expr $(, $listed:ty)*) => {
        error_class_of!(&$returned; $($listed),*).map(ErrorClassName::as_str)
    };
}

/// Minimal error types.
macro_rules! errors {
    ($($name:ident)*) => {$(
        #[derive(Debug)]
        struct $name;

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("nothing to say")
            }
        }

        impl StdError for $name {}
    )*};
}

errors! { Plain Inner }

/// An error with a cause.
#[derive(Debug)]
struct Caused<E>(E);

impl<E> fmt::Display for Caused<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("caused")
    }
}

impl<E: StdError + 'static> StdError for Caused<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

#[derive(Debug, ErrorClass)]
#[allow(dead_code)]
enum Derived {
    Unit,
    Tuple(String, u8),
    Fields {
        path: String,
    },
    #[error_class(name = "renamed.by-hand")]
    Renamed,
    #[error_class(transparent)]
    Io(io::Error),
    #[error_class(transparent)]
    Nested {
        source: Box<Structure>,
    },
    r#Raw,
}

#[derive(Debug, ErrorClass)]
struct Structure;

#[derive(Debug, ErrorClass)]
#[error_class(name = "Named")]
struct NamedStructure {
    _text: &'static str,
}

#[derive(Debug, ErrorClass)]
#[error_class(transparent)]
struct Transparent<E>(E);

impl fmt::Display for Derived {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("derived")
    }
}

impl StdError for Derived {}

fn io_error() -> io::Error {
    ErrorKind::NotFound.into()
}

fn no_number() -> ParseIntError {
    "seven".parse::<u8>().expect_err("no number")
}

#[test]
fn values_that_are_not_errors_have_no_class() {
    assert_eq!(class_of!(()), None);
    assert_eq!(class_of!(std::process::ExitCode::from(7)), None);
    assert_eq!(class_of!(Ok::<(), Derived>(())), None);
    assert_eq!(class_of!(Ok::<u8, String>(1)), None);
    assert_eq!(class_of!(Some(1)), None);
}

#[test]
fn derived_classes_are_variant_names() {
    for (error, class) in [
        (Derived::Unit, "Unit"),
        (Derived::Tuple("text".to_owned(), 1), "Tuple"),
        (Derived::Fields { path: "/home/user".to_owned() }, "Fields"),
        (Derived::Renamed, "renamed.by-hand"),
        (Derived::Io(io_error()), "NotFound"),
        (Derived::Nested { source: Box::new(Structure) }, "Structure"),
        (Derived::Raw, "Raw"),
    ] {
        assert_eq!(error.error_class().as_str(), class);
        assert_eq!(class_of!(Err::<(), _>(error)), Some(class));
    }
    assert_eq!(class_of!(Err::<(), _>(Structure)), Some("Structure"));
    assert_eq!(class_of!(Err::<(), _>(NamedStructure { _text: "text" })), Some("Named"));
    assert_eq!(class_of!(Err::<(), _>(Transparent(Derived::Renamed))), Some("renamed.by-hand"));
    assert_eq!(class_of!(Err::<(), _>(Transparent(io_error()))), Some("NotFound"));
    assert_eq!(class_of!(Err::<(), _>(Box::new(Transparent(Box::new(Derived::Unit))))), Some("Unit"));
}

/// The set of classes is part of the type, so nothing else can be recorded.
#[test]
fn the_set_of_classes_is_constant() {
    let classes = format!("{:?}", const { Derived::CLASSES });
    for class in ["Unit", "Tuple", "Fields", "renamed.by-hand", "NotFound", "Structure", "Raw"] {
        // One text may list several.
        assert!(classes.split(['"', ' ']).any(|word| word == class), "{class}: {classes}");
    }
    assert_eq!(ErrorClassName::of::<Derived>(0).as_str(), "Unit");
    // Past the end, and at a transparent variant, which has no name of its own: a bug, which a debug build reports.
    for position in [99, 4] {
        let class = std::panic::catch_unwind(|| ErrorClassName::of::<Derived>(position).as_str());
        assert_eq!(class.ok(), if cfg!(debug_assertions) { None } else { Some("Error") });
    }
}

#[test]
fn std_errors_have_their_kind_or_name() {
    for (kind, class) in [
        (ErrorKind::NotFound, "NotFound"),
        (ErrorKind::PermissionDenied, "PermissionDenied"),
        (ErrorKind::BrokenPipe, "BrokenPipe"),
        (ErrorKind::StorageFull, "StorageFull"),
        (ErrorKind::UnexpectedEof, "UnexpectedEof"),
        (ErrorKind::Other, "Other"),
    ] {
        assert_eq!(class_of!(Err::<(), _>(io::Error::from(kind))), Some(class));
    }
    assert_eq!(class_of!(Err::<(), _>(io::Error::other("/home/user"))), Some("Other"));
    // An OS error number without a kind in std.
    assert_eq!(class_of!(Err::<(), _>(io::Error::from_raw_os_error(133))), Some("Other"));

    assert_eq!(class_of!("seven".parse::<u8>()), Some("ParseIntError"));
    assert_eq!(class_of!("seven".parse::<f64>()), Some("ParseFloatError"));
    assert_eq!(class_of!("seven".parse::<bool>()), Some("ParseBoolError"));
    assert_eq!(class_of!("seven".parse::<char>()), Some("ParseCharError"));
    assert_eq!(class_of!("seven".parse::<net::IpAddr>()), Some("AddrParseError"));
    assert_eq!(class_of!(u8::try_from(300)), Some("TryFromIntError"));
    assert_eq!(class_of!(String::from_utf8(vec![0xff])), Some("FromUtf8Error"));
    assert_eq!(class_of!(env::var("SURELY_NOT_SET")), Some("VarError"));
    assert_eq!(class_of!(Err::<(), _>(fmt::Error)), Some("FormatError"));
    assert_eq!(class_of!(char::try_from(0xd800_u32)), Some("CharTryFromError"), "by its name, as any error");
}

#[test]
fn clap_errors_have_their_kind() {
    let command = || clap::Command::new("program").arg(clap::arg!(--number <N>).value_parser(clap::value_parser!(u8)));
    for (args, class) in [
        (&["program", "--number", "seven"][..], "ValueValidation"),
        (&["program", "--bogus"], "UnknownArgument"),
        (&["program", "--number"], "InvalidValue"),
        (&["program", "--help"], "Usage"),
    ] {
        assert_eq!(class_of!(command().try_get_matches_from(args)), Some(class));
    }
}

#[test]
fn other_errors_have_the_name_of_their_type() {
    struct Method;

    trait Fails {
        type Error;

        fn fail(&self) -> Result<(), Self::Error>;
        fn class(&self) -> Option<&'static str>;
    }

    impl Fails for Method {
        type Error = ();

        fn fail(&self) -> Result<(), ()> {
            Err(())
        }

        fn class(&self) -> Option<&'static str> {
            errors! { Local }
            class_of!(Err::<(), _>(Local))
        }
    }

    assert_eq!(class_of!(Err::<(), _>(Plain)), Some("Plain"));
    assert_eq!(class_of!(Err::<(), _>(Caused(Plain))), Some("Caused"));
    assert_eq!(class_of!(Err::<(), _>(Caused(Caused(Plain)))), Some("Caused"));
    assert_eq!(class_of!(Err::<(), _>(Box::new(Plain))), Some("Plain"));
    assert_eq!(class_of!(Err::<(), _>(Arc::new(Caused(Plain)))), Some("Caused"));
    assert_eq!(class_of!(Err::<(), _>(&Plain)), Some("Plain"));
    assert_eq!(Method.class(), Some("Local"), "its path begins with the impl");
    // A type that is not an error has no name worth recording.
    assert_eq!(class_of!(Method.fail()), Some("Error"));
    assert_eq!(class_of!(Err::<(), _>("a text of the user")), Some("Error"));
    assert_eq!(class_of!(Err::<(), _>("a text of the user".to_owned())), Some("Error"));
}

/// Error wrappers that hide the type, each around the same causes, with one or two layers of text.
macro_rules! hidden {
    ($($name:ident: $hide:expr, $text:expr;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn a_std_error_is_found_in_the_chain() {
                assert_eq!(class_of!($hide(io_error())), Some("NotFound"));
                assert_eq!(class_of!($hide(no_number())), Some("ParseIntError"));
                assert_eq!(class_of!($hide(Caused(Caused(io_error())))), Some("NotFound"));
            }

            #[test]
            fn a_listed_error_is_found_in_the_chain() {
                assert_eq!(class_of!($hide(Plain)), Some("Error"));
                assert_eq!(class_of!($hide(Plain), Inner), Some("Error"));
                assert_eq!(class_of!($hide(Plain), Inner, Plain), Some("Plain"));
                assert_eq!(class_of!($hide(Derived::Renamed), Derived), Some("renamed.by-hand"));
                assert_eq!(class_of!($hide(Derived::Io(io_error())), Derived), Some("NotFound"));
                assert_eq!(class_of!($hide(Caused(Inner)), Inner), Some("Inner"));
            }

            #[test]
            fn an_error_in_a_box_is_found_in_the_chain() {
                assert_eq!(class_of!($hide(Box::new(io_error()))), Some("NotFound"));
                assert_eq!(class_of!($hide(Box::new(Plain)), Plain), Some("Plain"));
                assert_eq!(class_of!($hide(Caused(Box::new(Derived::Renamed))), Derived), Some("renamed.by-hand"));
            }

            #[test]
            fn the_outermost_known_error_counts() {
                assert_eq!(class_of!($hide(Caused(Inner)), Inner, Caused<Inner>), Some("Caused"));
                assert_eq!(class_of!($hide(Caused(io_error())), Caused<io::Error>), Some("Caused"));
                assert_eq!(class_of!($hide(Caused(io_error())), Plain), Some("NotFound"));
            }

            #[test]
            fn an_error_made_from_text_has_no_class_of_its_own() {
                assert_eq!(class_of!($text), Some("Error"));
                assert_eq!(class_of!($text, Plain), Some("Error"));
            }
        }
    )*};
}

fn hide_in_anyhow(error: impl StdError + Send + Sync + 'static) -> anyhow::Result<()> {
    Context::context(Context::context(Err(error), "first"), "second")
}

fn hide_in_eyre(error: impl StdError + Send + Sync + 'static) -> eyre::Result<()> {
    Err(error).wrap_err("first").wrap_err("second")
}

fn hide_in_a_box(error: impl StdError + 'static) -> Result<(), Box<dyn StdError>> {
    Err(error.into())
}

fn hide_in_a_shared_box(error: impl StdError + Send + Sync + 'static) -> Result<(), Box<dyn StdError + Send + Sync>> {
    Err(error.into())
}

hidden! {
    in_anyhow: hide_in_anyhow, Err::<(), _>(anyhow::anyhow!("a text of the user"));
    in_eyre: hide_in_eyre, Err::<(), _>(eyre::eyre!("a text of the user"));
    in_a_box: hide_in_a_box, Err::<(), Box<dyn StdError>>("a text of the user".into());
    in_a_shared_box: hide_in_a_shared_box, Err::<(), Box<dyn StdError + Send + Sync>>("a text of the user".into());
}

mod in_miette {
    use miette::{Diagnostic, IntoDiagnostic, WrapErr};

    use super::*;

    impl Diagnostic for Plain {}
    impl Diagnostic for Derived {}
    impl<E: StdError + 'static> Diagnostic for Caused<E> {}

    fn hide(error: impl Diagnostic + Send + Sync + 'static) -> miette::Result<()> {
        Err(miette::Report::new(error)).wrap_err("first").wrap_err("second")
    }

    #[test]
    fn a_diagnostic_is_found() {
        assert_eq!(class_of!(hide(Caused(Caused(io_error())))), Some("NotFound"));
        assert_eq!(class_of!(hide(Plain)), Some("Error"));
        assert_eq!(class_of!(hide(Plain), Inner, Plain), Some("Plain"));
        assert_eq!(class_of!(hide(Derived::Renamed), Derived), Some("renamed.by-hand"));
        assert_eq!(class_of!(hide(Caused(Inner)), Inner), Some("Inner"));
        assert_eq!(class_of!(hide(Caused(Inner)), Inner, Caused<Inner>), Some("Caused"));
        assert_eq!(class_of!(Err::<(), _>(miette::miette!("a text of the user"))), Some("Error"));
    }

    /// `into_diagnostic` leaves its error out of the chain, and shows only that error's causes.
    #[test]
    fn into_diagnostic_hides_all_but_the_cause() {
        assert_eq!(class_of!(Err::<(), _>(io_error()).into_diagnostic()), Some("Error"));
        assert_eq!(class_of!(Err::<(), _>(Caused(io_error())).into_diagnostic()), Some("NotFound"));
        assert_eq!(class_of!(Err::<(), _>(Caused(Inner)).into_diagnostic(), Inner, Caused<Inner>), Some("Inner"));
    }
}

/// A chain of causes that leads back to itself.
#[test]
fn a_cyclic_chain_ends() {
    #[derive(Debug)]
    struct Circle;

    impl fmt::Display for Circle {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("circle")
        }
    }

    impl StdError for Circle {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&Circle)
        }
    }

    assert_eq!(class_of!(hide_in_a_box(Circle)), Some("Error"));
}

/// They are recognized by the traits they implement, so nobody pays for crates they do not use.
#[test]
fn error_crates_are_not_dependencies() {
    if cfg!(windows) {
        // The dependencies are the same, and under Wine there is no cargo.
        return;
    }
    let tree = support::cargo()
        .args([
            "tree",
            "--offline",
            "--package",
            "telemetry-runtime",
            "--edges",
            "normal,no-proc-macro",
            "--all-features",
        ])
        .args(["--prefix", "none", "--format", "{p}"])
        .output()
        .expect("cargo runs");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).expect("names are text");
    assert!(tree.starts_with("telemetry-runtime "));
    for name in ["anyhow ", "eyre ", "color-eyre ", "miette "] {
        assert!(!tree.lines().any(|line| line.starts_with(name)), "{name}");
    }
}
