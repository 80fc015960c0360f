use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process;

use clap::{Parser, ValueEnum};
use telemetry_runtime::{manage::TelemetryFlag, note_error, telemetry_cli, telemetry_main};

/// Count lines, words and bytes
#[telemetry_cli]
#[derive(Parser)]
#[command(version)]
struct Args {
    /// Files to read; the standard input without any
    files: Vec<PathBuf>,

    /// What to count
    #[arg(short, long, value_enum, default_value_t = Unit::Lines)]
    unit: Unit,

    /// Print the sum only
    #[arg(short, long)]
    total: bool,

    #[command(flatten)]
    telemetry: TelemetryFlag,
}

#[derive(Clone, Copy, ValueEnum)]
enum Unit {
    Lines,
    Words,
    Bytes,
}

#[telemetry_main(Args)]
fn main() {
    let args = Args::parse();
    if let Err(error) = run(&args) {
        note_error(&error);
        eprintln!("tally: {error}");
        process::exit(match error.kind() {
            io::ErrorKind::NotFound => 3,
            _ => 4,
        });
    }
}

fn run(args: &Args) -> io::Result<()> {
    if args.files.is_empty() {
        let mut text = Vec::new();
        io::stdin().read_to_end(&mut text)?;
        println!("{}", count(&text, args.unit));
        return Ok(());
    }
    let mut sum = 0;
    for file in &args.files {
        let count = count(&fs::read(file)?, args.unit);
        sum += count;
        if !args.total {
            println!("{count}\t{}", file.display());
        }
    }
    if args.total || args.files.len() > 1 {
        println!("{sum}\ttotal");
    }
    Ok(())
}

fn count(text: &[u8], unit: Unit) -> usize {
    match unit {
        Unit::Lines => text.iter().filter(|&&byte| byte == b'\n').count(),
        Unit::Words => text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count(),
        Unit::Bytes => text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_line() {
        use clap::CommandFactory;
        Args::command().debug_assert();
        let args = Args::parse_from(["tally", "-u", "words", "a", "b"]);
        assert_eq!(args.files.len(), 2);
        assert!(Args::try_parse_from(["tally", "-u", "pages"]).is_err());
    }

    #[test]
    fn units() {
        let text = b"one two\nthree\n";
        assert_eq!([Unit::Lines, Unit::Words, Unit::Bytes].map(|unit| count(text, unit)), [2, 3, 14]);
    }
}
