//! Types written by a `macro_rules` macro.

use clap::{Parser, Subcommand};
use telemetry_runtime::{CommandTree, telemetry_cli};

macro_rules! cli {
    ($name:ident, $nested:ty, $literal:literal, $expr:expr, $($variant:ident),*) => {
        #[telemetry_cli]
        #[derive(Debug, Parser)]
        enum $name {
            $($variant,)*
            #[command(subcommand)]
            Nested($nested),
            Field {
                #[command(subcommand)]
                below: Option<$nested>,
            },
            #[command(name = $literal)]
            Literal,
            #[command(name = $expr)]
            Expr,
        }
    };
}

cli!(Cli, Nested, "by-literal", concat!("by-", "expr"), FirstOne, SecondOne);

#[telemetry_cli]
#[derive(Debug, Subcommand)]
pub(super) enum Nested {
    Inside,
}

#[test]
fn the_tree_is_claps() {
    crate::assert_like_clap::<Cli>();
    assert_eq!(crate::names(Cli::COMMANDS), ["first-one", "second-one", "nested", "field", "by-literal", "by-expr"]);
}

macro_rules! dispatch {
    ($($(#[$attr:meta])* ($there:meta, $($module:ident)::*, $variant:ident))*) => {
        #[telemetry_cli]
        #[derive(Debug, Parser)]
        #[allow(non_camel_case_types)]
        enum Dispatch {
            $(
                #[cfg($there)]
                $(#[$attr])*
                $variant($($module::)*Opts),
            )*
        }
    };
}

dispatch! {
    #[command(subcommand)]
    (all(), one, one)
    /// Documented
    #[command(name = "renamed", alias = "other")]
    (all(), deeper::two, two)
    #[cfg_attr(all(), command(flatten))]
    (all(), three, three)
    #[telemetry(skip)]
    (not(any()), deeper::two, r#four)
    /// Its type does not exist
    (any(), five, five)
}

mod one {
    #[telemetry_runtime::telemetry_cli]
    #[derive(Debug, clap::Parser)]
    pub(super) enum Opts {
        Inner,
    }
}

mod deeper {
    pub(super) mod two {
        #[telemetry_runtime::telemetry_cli]
        #[derive(Debug, clap::Parser)]
        pub(crate) struct Opts {
            #[command(subcommand)]
            below: Option<crate::macro_made::one::Opts>,
        }
    }
}

mod three {
    #[telemetry_runtime::telemetry_cli]
    #[derive(Debug, clap::Subcommand)]
    pub(super) enum Opts {
        Spliced,
    }
}

#[test]
fn attributes_and_paths_that_a_macro_passes_on() {
    crate::assert_like_clap::<Dispatch>();
    assert_eq!(crate::names(Dispatch::COMMANDS), ["one", "renamed", "spliced", "four"]);
    assert!(crate::assert_path::<Dispatch>(&["bin", "renamed", "inner"]));
}

/// A whole item, a visibility, and attributes given as tokens.
macro_rules! with_telemetry {
    (struct $(#[$($attr:tt)*])* $vis:vis $name:ident $field:ident $ty:path) => {
        $(#[$($attr)*])*
        #[telemetry_cli]
        #[derive(Debug, clap::Args)]
        $vis struct $name {
            #[command(subcommand)]
            $vis $field: $ty,
        }
    };
    (item $item:item) => {
        #[telemetry_cli]
        $item
    };
}

with_telemetry! {
    item
    /// The root
    #[derive(Debug, Parser)]
    #[command(rename_all = "snake_case")]
    pub(super) enum Whole {
        FirstOne(Holder),
        #[command(subcommand)]
        SecondOne(Nested),
    }
}

with_telemetry!(struct #[allow(dead_code)] pub(super) Holder below Option<Nested>);

#[test]
fn a_whole_item() {
    crate::assert_like_clap::<Whole>();
    assert!(crate::assert_path::<Whole>(&["bin", "first_one", "inside"]));
}
