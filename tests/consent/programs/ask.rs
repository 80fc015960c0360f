include!("program.rs");
program!("ask");
