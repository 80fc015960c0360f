//! Conditional compilation of variants, fields, attributes and derives.

// `all()` is a condition that holds on every machine.
#![allow(clippy::non_minimal_cfg)]

use clap::{Args, Parser, Subcommand};
use telemetry_runtime::{CommandTree, telemetry_cli};

#[telemetry_cli]
#[cfg_attr(all(), derive(Debug, Parser))]
#[cfg_attr(all(), command(rename_all = "snake_case"))]
enum Cli {
    #[cfg(any())]
    NotThere(does::not::Exist),
    #[cfg(all())]
    IsThere,
    #[cfg_attr(all(), command(name = "renamed"))]
    Conditional,
    #[cfg_attr(any(), command(name = "not-this"))]
    Unconditional,
    #[cfg_attr(all(), command(subcommand))]
    Nested(Nested),
    #[cfg_attr(all(), command(skip), allow(dead_code))]
    Skipped,
    #[cfg(any())]
    Twice,
    #[cfg(not(any()))]
    Twice {
        #[command(subcommand)]
        #[cfg(all())]
        below: Nested,
        #[command(subcommand)]
        #[cfg(any())]
        below: Missing,
    },
    Exclusive(Exclusive),
}

#[cfg_attr(all(), telemetry_cli)]
#[derive(Debug, Subcommand)]
enum Nested {
    #[cfg_attr(all(), telemetry(skip))]
    One,
    #[cfg_attr(any(), unknown)]
    Two,
}

#[cfg_attr(all(), derive(Debug, Args), telemetry_cli)]
struct Exclusive {
    #[cfg(any())]
    #[command(subcommand)]
    command: does::not::Exist,
    #[cfg(all())]
    #[command(subcommand)]
    command: Option<Nested>,
}

#[test]
fn the_tree_is_claps() {
    crate::assert_like_clap::<Cli>();
    assert_eq!(crate::names(Cli::COMMANDS), ["is_there", "renamed", "unconditional", "nested", "twice", "exclusive"]);
}

#[test]
fn paths() {
    for line in [&["bin", "twice", "two"][..], &["bin", "exclusive"], &["bin", "exclusive", "one"]] {
        assert!(crate::assert_path::<Cli>(line));
    }
}
