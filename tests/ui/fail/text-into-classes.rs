use telemetry_runtime::__private::ClassNode;
use telemetry_runtime::{ErrorClass, ErrorClassName};

struct Error;

impl ErrorClass for Error {
    const CLASSES: &'static [ClassNode] = &[ClassNode::name(String::leak(secret()))];

    fn error_class(&self) -> ErrorClassName {
        ErrorClassName::of::<Self>(0)
    }
}

fn secret() -> String {
    std::env::args().collect()
}

fn main() {
    let _ = Error;
}
