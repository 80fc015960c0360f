// A class is read from constants; there is no way to it from a text.
use telemetry_runtime::{ErrorClass, ErrorClassName};

struct Error(String);

impl ErrorClass for Error {
    const CLASSES: &'static [telemetry_runtime::__private::ClassNode] = &[];

    fn error_class(&self) -> ErrorClassName {
        ErrorClassName(String::leak(self.0.clone()))
    }
}

fn main() {
    let leaked: &'static str = String::leak(String::from("secret"));
    let _: ErrorClassName = leaked.into();
    let _ = ErrorClassName::new(leaked);
    let _ = Error(String::new());
}
