include!("program.rs");
program!("opt-in");
