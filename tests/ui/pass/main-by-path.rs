//! The CLI and the errors in other modules, the runtime under another name.

extern crate telemetry_runtime as other;

mod cli {
    pub mod types {
        #[crate::other::telemetry_cli(crate = crate::other)]
        #[derive(clap::Parser)]
        pub struct Cli<T: clap::Args = super::Empty> {
            #[command(flatten)]
            pub(crate) args: T,
        }
    }

    #[derive(clap::Args)]
    pub struct Empty {}

    #[derive(Debug, crate::other::ErrorClass)]
    #[error_class(crate = crate::other, name = "renamed")]
    pub struct Error;

    impl std::fmt::Display for Error {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("error")
        }
    }

    impl std::error::Error for Error {}
}

#[other::telemetry_main(cli::types::Cli<cli::Empty>, crate = crate::other, errors(cli::Error, std::fmt::Error,),)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cli = cli::types::Cli::<cli::Empty>::try_parse()?;
    let cli::Empty {} = cli.args;
    Ok(())
}
