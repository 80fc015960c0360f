/// The program of these tests. `$consent` is its consent mode.
macro_rules! program {
    ($consent:literal) => {
        use clap::Parser;
        use telemetry_runtime::{telemetry_cli, telemetry_main};

        #[cfg_attr(
            not(feature = "http"),
            telemetry_cli(
                app = "consent",
                consent = $consent,
                purpose = "To learn which commands fail.",
                contact = "telemetry@example.com",
                privacy_url = "https://example.com/privacy"
            )
        )]
        #[cfg_attr(
            feature = "http",
            telemetry_cli(
                app = "consent",
                consent = $consent,
                purpose = "To learn which commands fail.",
                contact = "telemetry@example.com",
                privacy_url = "https://example.com/privacy",
                endpoint = "https://collector.invalid/v1/events",
                protocol = "nemo"
            )
        )]
        #[derive(Parser)]
        #[command(name = "consent", version)]
        enum Cli {
            /// Do nothing
            Run,
            /// Show a line of the input
            Read,
            /// Run by a shell, and not recorded
            #[telemetry(skip)]
            Hook,
            /// Run by a shell before it shows its prompt
            #[telemetry(no_prompt)]
            Ps1,
        }

        #[telemetry_main]
        fn main(cli: Cli) -> std::io::Result<()> {
            match cli {
                Cli::Run | Cli::Hook | Cli::Ps1 => println!("done"),
                Cli::Read => {
                    let mut line = String::new();
                    std::io::stdin().read_line(&mut line)?;
                    println!("read {line:?}");
                }
            }
            Ok(())
        }
    };
}
