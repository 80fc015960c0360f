//! Type parameters, lifetimes and const parameters.

use std::marker::PhantomData;

use clap::{Args, Parser, Subcommand};
use telemetry_runtime::{CommandTree, telemetry_cli};

#[telemetry_cli]
#[derive(Debug, Parser)]
struct Cli<T: Subcommand> {
    #[arg(long)]
    verbose: bool,
    #[command(subcommand)]
    command: Option<Generic<T, Plain>>,
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum Generic<T, A>
where
    T: Subcommand,
    A: Args,
{
    #[command(subcommand)]
    Sub(T),
    #[command(subcommand)]
    Boxed(Box<T>),
    #[command(flatten)]
    Flat(T),
    Args(A),
    #[command(name = Self::NAME)]
    Constant,
    Fields {
        #[command(subcommand)]
        below: Option<T>,
        #[command(flatten)]
        args: A,
    },
}

impl<T: Subcommand, A: Args> Generic<T, A> {
    const NAME: &'static str = "by-self";
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum Leaf {
    First,
    Second,
}

#[derive(Debug, Args)]
struct Plain {
    #[arg(long)]
    plain: bool,
}

#[test]
fn parameters_that_hold_subcommands() {
    crate::assert_like_clap::<Cli<Leaf>>();
    for line in [&["bin"][..], &["bin", "second"], &["bin", "boxed", "first"], &["bin", "fields", "--plain", "second"]]
    {
        assert!(crate::assert_path::<Cli<Leaf>>(line));
    }
}

/// clap cannot build values that borrow, so a lifetime belongs to a skipped type or is `'static`.
#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum Lifetime<'a, const N: usize = 1> {
    Plain,
    #[command(subcommand)]
    Nested(Leaf),
    #[command(skip)]
    #[allow(dead_code)]
    Borrowed(&'a [u8; N]),
}

#[telemetry_cli]
#[derive(Debug, Parser)]
struct LifetimeRoot<'a> {
    #[arg(skip)]
    #[allow(dead_code)]
    marker: PhantomData<&'a ()>,
    #[command(subcommand)]
    command: Lifetime<'a, 2>,
}

#[test]
fn lifetimes_and_constants() {
    crate::assert_like_clap::<LifetimeRoot<'_>>();
    assert_eq!(Lifetime::<'_, 3>::COMMANDS.len(), 2);
}
