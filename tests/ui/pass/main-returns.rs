//! Every type that main can return.

#![allow(unused_qualifications)]

use clap::Parser;
use std::error::Error;
use std::process::{ExitCode, Termination};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Debug, Parser)]
struct Cli;

#[derive(Debug)]
struct Own;

impl Termination for Own {
    fn report(self) -> ExitCode {
        ExitCode::SUCCESS
    }
}

macro_rules! mains {
    ($($name:ident: $($returns:ty)? = $body:expr;)*) => {$(
        mod $name {
            use super::*;

            #[telemetry_runtime::telemetry_main]
            pub(crate) fn main(_cli: Cli) $(-> $returns)? {
                $body
            }
        }
    )*};
}

mains! {
    nothing: = ();
    unit: () = ();
    code: ExitCode = ExitCode::SUCCESS;
    result: Result<(), std::io::Error> = Ok(());
    result_code: Result<ExitCode, std::fmt::Error> = Ok(ExitCode::SUCCESS);
    boxed: Result<(), Box<dyn Error>> = Ok(());
    boxed_sync: Result<(), Box<dyn Error + Send + Sync>> = Ok(());
    text: Result<(), String> = Ok(());
    own: Own = Own;
    own_result: Result<Own, std::fmt::Error> = Ok(Own);
    hidden: impl Termination + use<> = Own;
    generic: std::result::Result<Own, std::convert::Infallible> = Ok(Own);
}

mod never {
    use super::Cli;

    #[telemetry_runtime::telemetry_main]
    pub(crate) fn main(_: Cli) -> ! {
        std::process::exit(0)
    }
}

mod never_result {
    #[telemetry_runtime::telemetry_main(super::Cli)]
    pub(crate) fn main() -> Result<std::convert::Infallible, super::Own> {
        Err(super::Own)
    }
}

fn main() {
    type Main = fn() -> ExitCode;
    let mains: [Main; 14] = [
        nothing::main,
        unit::main,
        code::main,
        result::main,
        result_code::main,
        boxed::main,
        boxed_sync::main,
        text::main,
        own::main,
        own_result::main,
        hidden::main,
        generic::main,
        never::main,
        never_result::main,
    ];
    assert_eq!(mains.len(), 14);
}
