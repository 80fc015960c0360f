//! Commands that are recorded without their names: the commands below take their place.

use std::collections::BTreeSet;

use clap::{Args, Parser, Subcommand};
use telemetry_runtime::{TelemetryApp, disclosure, telemetry_cli};

#[telemetry_cli]
#[derive(Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo")]
enum Cargo {
    #[telemetry(transparent)]
    Hello(Hello),
    /// Its own name may return below it.
    #[telemetry(transparent)]
    #[command(subcommand)]
    Again(Again),
    #[telemetry(transparent)]
    Fields {
        #[command(flatten)]
        hello: Other,
    },
    #[telemetry(transparent)]
    Unit,
    #[telemetry(transparent, skip)]
    #[command(subcommand)]
    Quiet(Quiet),
    #[telemetry(transparent, opaque)]
    #[command(subcommand)]
    Foreign(Foreign),
    Plain,
}

#[telemetry_cli]
#[derive(Debug, Args)]
struct Hello {
    #[command(subcommand)]
    command: Greeting,
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum Greeting {
    Greet,
    /// Below another one.
    #[telemetry(transparent)]
    #[command(subcommand)]
    Inner(Inner),
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum Inner {
    Deep,
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum Again {
    Again,
}

#[telemetry_cli]
#[derive(Debug, Args)]
struct Other {
    #[command(subcommand)]
    command: Option<OtherCommand>,
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum OtherCommand {
    Wave,
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum Quiet {
    Secret,
}

#[derive(Debug, Subcommand)]
enum Foreign {
    Hidden,
}

#[test]
fn clap_still_finds_them_by_name() {
    crate::assert_like_clap::<Cargo>();
    for line in [&["hello", "inner", "deep"][..], &["fields"], &["fields", "wave"], &["unit"], &["quiet", "secret"]] {
        let line: Vec<_> = ["cargo"].iter().chain(line).collect();
        assert!(crate::assert_path::<Cargo>(&line), "{line:?}");
    }
}

/// Every path that an event of `C` can hold, from its schema.
fn disclosed<C: TelemetryApp>() -> BTreeSet<String> {
    let schema: serde_json::Value = serde_json::from_str(&disclosure::schema::<C>()).unwrap();
    let paths = schema["properties"]["command"]["enum"].as_array().unwrap().iter();
    let path = |path: &serde_json::Value| {
        let names: Vec<_> = path.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        names.join(" ")
    };
    paths.map(path).collect()
}

#[test]
fn their_names_are_not_disclosed() {
    assert_eq!(disclosed::<Cargo>(), ["", "again", "deep", "greet", "plain", "wave"].map(str::to_owned).into());
    let text = disclosure::markdown::<Cargo>();
    assert!(text.contains("`greet`") && !text.contains("hello"), "{text}");
}

/// Nine commands deep, of which eight are recorded.
#[telemetry_cli]
#[derive(Debug, Parser)]
enum L1 {
    #[telemetry(transparent)]
    #[command(subcommand)]
    Plugin(L2),
}

macro_rules! levels {
    ($($level:ident $next:ident,)*) => {$(
        #[telemetry_cli]
        #[derive(Debug, Subcommand)]
        enum $level {
            #[command(subcommand)]
            $next($next),
        }
    )*};
}

levels! { L2 L3, L3 L4, L4 L5, L5 L6, L6 L7, L7 L8, L8 L9, }

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum L9 {
    Last,
}

#[test]
fn a_transparent_command_adds_no_depth() {
    crate::assert_like_clap::<L1>();
    assert!(disclosed::<L1>().contains("l3 l4 l5 l6 l7 l8 l9 last"));
}
