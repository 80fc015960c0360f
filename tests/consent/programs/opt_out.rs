include!("program.rs");
program!("opt-out");
