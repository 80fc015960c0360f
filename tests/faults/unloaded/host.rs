//! A program that loads a library, uses it, closes it, and then ends. It does not know about telemetry.

#[cfg(unix)]
mod loading;

fn main() {
    #[cfg(unix)]
    loading::main();
    #[cfg(not(unix))]
    panic!("needs `dlopen`");
}
