//! Types that a `macro_rules` macro writes.

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
enum Nested {
    Inside,
}

#[test]
fn the_tree_is_claps() {
    crate::assert_like_clap::<Cli>();
    assert_eq!(crate::names(Cli::COMMANDS), ["first-one", "second-one", "nested", "field", "by-literal", "by-expr"]);
}
