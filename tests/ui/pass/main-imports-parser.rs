//! An import of `Parser` that is there for `Cli::parse()` alone still counts as used, in whatever form; none is needed.
#![deny(warnings)]

mod cli {
    #[telemetry_runtime::telemetry_cli]
    #[derive(clap::Parser)]
    pub struct Cli {}

    impl Cli {
        /// What a program may call its own.
        pub fn try_update_from(&self) {}
    }
}

mod unnamed {
    use clap::Parser as _;

    #[telemetry_runtime::telemetry_main(crate::cli::Cli)]
    pub fn main() {
        crate::cli::Cli::parse();
    }
}

mod renamed {
    use clap::Parser as ClapParser;
    use telemetry_runtime::telemetry_main;

    #[telemetry_main(crate::cli::Cli)]
    pub fn main() {
        let _ = crate::cli::Cli::try_parse();
    }
}

mod without {
    #[telemetry_runtime::telemetry_main(crate::cli::Cli)]
    pub fn main() {
        crate::cli::Cli::parse().try_update_from();
    }
}

use clap::Parser;

#[telemetry_runtime::telemetry_main(cli::Cli)]
fn main() {
    cli::Cli::parse();
    if std::env::args().count() > 1 {
        unnamed::main();
        renamed::main();
        without::main();
    }
}
