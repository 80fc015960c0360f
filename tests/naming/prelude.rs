//! Names in a program that generated code must not trip over.

#![allow(dead_code, non_camel_case_types, unused_qualifications)]

use telemetry_runtime::{CommandTree, telemetry_cli};

type u64 = ();
type u16 = ();
type usize = ();
type App = ();
trait Into {}
trait Clone {}
trait IntoIterator {}
mod core {}
mod std {}
mod __telemetry {}
#[allow(unused_macros)]
macro_rules! env {
    () => {};
}

#[telemetry_cli(app = "shadow", purpose = "p", interval = "1h", abandoned, headers = { "x" = "y" })]
#[derive(clap::Parser)]
enum Cli {
    push,
    #[command(subcommand)]
    Self_(Sub),
}

#[telemetry_cli]
#[derive(clap::Subcommand)]
enum Sub {
    enter,
    #[command(name = { const N: &::core::primitive::str = "const-name"; N })]
    Const,
    Struct {
        #[command(subcommand)]
        path: self::inner::Below,
    },
}

mod inner {
    #[super::telemetry_cli]
    #[derive(clap::Subcommand)]
    pub(super) enum Below {
        command_path,
    }
}

#[telemetry_cli(command = built(), commands("push", names("enter")))]
struct Built;

#[allow(non_upper_case_globals)]
const names: &str = "names";

fn built() -> clap::Command {
    let named = clap::Command::new;
    named("shadow").subcommand(named("push")).subcommand(named(names).subcommand(named("enter")))
}

#[test]
fn shadowed_names() {
    crate::assert_like_clap::<Cli>();
    telemetry_runtime::testing::assert_allowlist::<Built>();
    assert_eq!(crate::names(Sub::COMMANDS), ["enter", "const-name", "struct"]);
}
