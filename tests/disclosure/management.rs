//! The management commands are no use of the program, unless its author says so.

use clap::{Args, CommandFactory, Parser, Subcommand};
use serde_json::{Value, json};
use telemetry_runtime::manage::{TelemetryCommand, TelemetryFlag};
use telemetry_runtime::testing::assert_allowlist;
use telemetry_runtime::{TelemetryApp, disclosure, telemetry_cli};

#[telemetry_cli]
#[derive(Parser)]
enum Silent {
    Build,
    #[command(subcommand)]
    Telemetry(TelemetryCommand),
}

#[telemetry_cli]
#[derive(Parser)]
enum Curious {
    Build,
    #[command(subcommand)]
    #[telemetry(record)]
    Telemetry(TelemetryCommand),
}

/// The commands are deeper, and at the level of others.
#[telemetry_cli]
#[derive(Parser)]
enum Nested {
    Data(Data),
    #[command(subcommand)]
    Settings(Settings),
}

#[telemetry_cli]
#[derive(Args)]
struct Data {
    #[command(subcommand)]
    command: Option<TelemetryCommand>,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Settings {
    Edit,
    #[command(flatten)]
    Telemetry(TelemetryCommand),
}

/// A flag adds no commands, so the command that has it is a use of the program.
#[telemetry_cli]
#[derive(Parser)]
enum Flagged {
    Build {
        #[command(flatten)]
        telemetry: TelemetryFlag,
    },
}

#[test]
fn management_is_disclosed_only_if_it_is_recorded() {
    assert_eq!(commands::<Silent>(), json!([[], ["build"]]));
    assert_eq!(commands::<Nested>(), json!([[], ["settings"], ["settings", "edit"]]));
    assert_eq!(commands::<Flagged>(), json!([[], ["build"]]));
    let recorded = commands::<Curious>();
    let recorded = recorded.as_array().unwrap();
    assert!(recorded.contains(&json!(["telemetry"])) && recorded.contains(&json!(["telemetry", "show"])));
    assert!(!recorded.contains(&json!(["telemetry", "disable"])));
}

/// The path to the commands does not depend on it.
#[test]
fn users_are_told_how_to_decide() {
    let tells = |text: String, commands: &str| assert!(text.contains(&format!("{commands} disable` turns")), "{text}");
    tells(disclosure::markdown::<Silent>(), " telemetry");
    tells(disclosure::markdown::<Curious>(), " telemetry");
    tells(disclosure::markdown::<Nested>(), " data");
}

#[test]
fn the_allowlist_knows_them() {
    assert_allowlist::<Silent>();
    assert_allowlist::<Curious>();
    assert_allowlist::<Nested>();
    assert_allowlist::<Flagged>();
}

fn commands<C: TelemetryApp>() -> Value {
    let schema: Value = serde_json::from_str(&disclosure::schema::<C>()).unwrap();
    schema["properties"]["command"]["enum"].clone()
}

// Everything that clap has for a subcommand works on the author's variant.
#[telemetry_cli(app = "dressed", bin = "dressed")]
#[derive(Parser)]
#[command(name = "dressed", subcommand_help_heading = "Tasks", next_display_order = 10)]
enum Dressed {
    /// Build everything
    #[command(display_order = 2)]
    Build,
    /// What we collect
    #[command(
        subcommand,
        name = "usage-data",
        visible_alias = "stats",
        long_about = "What we collect, and why,\nin the author's words",
        after_help = "Thank you.",
        subcommand_help_heading = "Your choices",
        display_order = 1
    )]
    Telemetry(TelemetryCommand),
}

#[telemetry_cli(app = "discreet", bin = "discreet")]
#[derive(Parser)]
#[command(name = "discreet")]
enum Discreet {
    Build,
    #[command(subcommand, hide = true)]
    Telemetry(TelemetryCommand),
}

#[telemetry_cli(app = "flat", bin = "flat")]
#[derive(Parser)]
#[command(name = "flat", mut_arg("telemetry", |flag| flag.help("What we collect").hide_possible_values(true)))]
struct DressedFlag {
    /// Say more
    #[arg(long, display_order = 2)]
    verbose: bool,
    #[command(flatten, next_help_heading = "Privacy", next_display_order = 1)]
    telemetry: TelemetryFlag,
}

#[telemetry_cli(app = "flat", bin = "flat")]
#[derive(Parser)]
#[command(name = "flat", mut_arg("telemetry", |flag| flag.long("stats").hide(true)))]
struct DiscreetFlag {
    #[command(flatten)]
    telemetry: TelemetryFlag,
}

fn help<C: CommandFactory>(args: &[&str]) -> String {
    let command = C::command();
    let name = command.get_name().to_owned();
    let asked = command.try_get_matches_from([&[&*name], args, &["--help"]].concat());
    asked.expect_err("clap shows the help").to_string()
}

#[test]
fn the_help_is_the_author_s() {
    let text = help::<Dressed>(&[]);
    let tasks = "Tasks:\n  usage-data  What we collect [alias: stats]\n  build       Build everything\n";
    assert!(text.contains(tasks), "{text}");
    for args in [["usage-data"], ["stats"]] {
        let text = help::<Dressed>(&args);
        assert!(text.starts_with("What we collect, and why,\nin the author's words\n\nUsage: "), "{text}");
        assert!(text.contains("\nYour choices:\n  status"), "{text}");
        assert!(text.ends_with("\nThank you.\n"), "{text}");
        let command = Dressed::try_parse_from([&["dressed"], &args[..], &["purge"]].concat());
        assert!(matches!(command, Ok(Dressed::Telemetry(_))));
    }
    let text = help::<DressedFlag>(&[]);
    assert!(text.ends_with("\nPrivacy:\n      --telemetry <COMMAND>  What we collect\n"), "{text}");

    for text in [help::<Discreet>(&[]), help::<DiscreetFlag>(&[])] {
        assert!(!text.contains("telemetry") && !text.contains("stats"), "{text}");
    }
    // What is hidden works.
    assert!(matches!(Discreet::try_parse_from(["discreet", "telemetry", "status"]), Ok(Discreet::Telemetry(_))));
    assert!(
        DiscreetFlag::try_parse_from(["flat", "--stats", "status"])
            .is_ok_and(|flat| flat.telemetry.command().is_some())
    );
}

/// Users are told how to decide by the names that there are, even if the help does not show them.
#[test]
fn the_disclosure_knows_the_author_s_names() {
    for (text, command) in [
        (disclosure::markdown::<Dressed>(), "dressed usage-data"),
        (disclosure::markdown::<Discreet>(), "discreet telemetry"),
        (disclosure::markdown::<DressedFlag>(), "flat --telemetry"),
        (disclosure::markdown::<DiscreetFlag>(), "flat --stats"),
    ] {
        assert!(text.contains(&format!("- `{command} disable` turns it off")), "{text}");
    }
    assert_allowlist::<Dressed>();
    assert_allowlist::<Discreet>();
    assert_allowlist::<DressedFlag>();
    assert_allowlist::<DiscreetFlag>();
}
