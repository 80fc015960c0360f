// The names of a tree are constants also where the trait is implemented by hand.
use telemetry_runtime::CommandTree;
use telemetry_runtime::__private::{CommandNode, CommandPath};

struct Cli;

impl CommandTree for Cli {
    const COMMANDS: &'static [CommandNode] = &[CommandNode::command(String::leak(secret()), &[])];

    fn command_path(&self, path: &mut CommandPath) {
        path.push(0);
    }
}

fn secret() -> String {
    std::env::args().collect()
}

fn main() {
    let _ = Cli;
}
