//! A cargo plugin. For `cargo hello greet`, cargo runs `cargo-hello hello greet`; this is recorded as `greet`.
//!
//! ```sh
//! CARGO_PLUGIN_TELEMETRY_ENABLED=1 CARGO_PLUGIN_TELEMETRY_ENDPOINT=stdout cargo run --example cargo_plugin -- hello greet you
//! ```

use clap::{Args, Parser, Subcommand, ValueEnum};
use telemetry_runtime::{telemetry_cli, telemetry_main};

// A plugin in a package of its own needs no key: its binary is called `cargo-hello`.
#[telemetry_cli(app = "cargo_plugin")]
#[derive(Parser)]
#[command(name = "cargo", bin_name = "cargo")]
enum Cargo {
    /// Say hello
    #[telemetry(transparent)]
    #[command(version)]
    Hello(Hello),
}

#[telemetry_cli]
#[derive(Args)]
struct Hello {
    #[command(subcommand)]
    command: Command,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Command {
    /// Greet somebody
    Greet {
        name: String,
        #[arg(long, value_enum, default_value = "english")]
        language: Language,
    },
    /// List the languages that it speaks
    Languages,
}

#[derive(Clone, Copy, ValueEnum)]
enum Language {
    English,
    Greek,
}

#[telemetry_main]
fn main(Cargo::Hello(hello): Cargo) {
    match hello.command {
        Command::Greet { name, language: Language::English } => println!("Hello, {name}!"),
        Command::Greet { name, language: Language::Greek } => println!("Γειά σου, {name}!"),
        Command::Languages => println!("english, greek"),
    }
}
