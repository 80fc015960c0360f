use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{value_parser, Arg, ArgAction, ArgMatches, Command};
use telemetry_runtime::{note_error, telemetry_cli, telemetry_main};

#[telemetry_cli(command = cli(), commands("case"("lower", "upper"), "replace"))]
struct Mvre;

fn cli() -> Command {
    let files = Arg::new("files").required(true).num_args(1..).value_parser(value_parser!(PathBuf));
    Command::new("mvre")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Rename many files")
        .subcommand_required(true)
        .arg(Arg::new("dry-run").short('n').long("dry-run").global(true).action(ArgAction::SetTrue))
        .subcommand(
            Command::new("case")
                .about("Change the case of names")
                .subcommand_required(true)
                .subcommand(Command::new("lower").about("To lower case").arg(files.clone()))
                .subcommand(Command::new("upper").about("To upper case").arg(files.clone())),
        )
        .subcommand(
            Command::new("replace")
                .about("Replace a part of names")
                .alias("sub")
                .arg(Arg::new("from").required(true))
                .arg(Arg::new("to").required(true))
                .arg(files),
        )
}

#[telemetry_main(Mvre)]
fn main() -> ExitCode {
    let matches = Mvre::get_matches();
    match run(&matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            note_error(&error);
            eprintln!("mvre: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(matches: &ArgMatches) -> std::io::Result<()> {
    match matches.subcommand() {
        Some(("case", below)) => match below.subcommand() {
            Some(("upper", args)) => rename(args, str::to_uppercase),
            Some((_, args)) => rename(args, str::to_lowercase),
            None => unreachable!("clap requires one"),
        },
        Some((_, args)) => {
            let text = |id: &str| args.get_one::<String>(id).expect("clap requires it").clone();
            let (from, to) = (text("from"), text("to"));
            rename(args, |name| name.replace(&from, &to))
        }
        None => unreachable!("clap requires one"),
    }
}

fn rename(args: &ArgMatches, change: impl Fn(&str) -> String) -> std::io::Result<()> {
    for file in args.get_many::<PathBuf>("files").expect("clap requires it") {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let renamed = file.parent().unwrap_or(Path::new("")).join(change(&name));
        println!("{} -> {}", file.display(), renamed.display());
        if !args.get_flag("dry-run") {
            fs::rename(file, renamed)?;
        }
    }
    Ok(())
}

#[test]
fn command_line() {
    cli().debug_assert();
}
