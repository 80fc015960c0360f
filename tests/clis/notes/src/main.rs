mod cli;
mod store;

use anyhow::Result;
use clap::Parser;

use cli::{Cli, Command, TagCommand};
use store::Store;

#[telemetry_runtime::telemetry_main(Cli)]
fn main() -> Result<()> {
    let cli = Cli::parse();
    let mut store = Store::open(&cli.file)?;
    match cli.command {
        Command::Add { text } => println!("{}", store.add(text.join(" "))?),
        Command::List { tag } => {
            for (number, note) in store.notes().filter(|(_, note)| tag.as_ref().is_none_or(|tag| note.has(tag))) {
                println!("{number:>3}  {note}");
            }
        }
        Command::Remove { number } => store.remove(number)?,
        Command::Tag(TagCommand::Add { number, tag }) => store.note(number)?.tag(tag),
        Command::Tag(TagCommand::Remove { number, tag }) => store.note(number)?.untag(&tag)?,
        Command::Telemetry(command) => return Ok(command.run::<Cli>()?),
    }
    store.save()
}
