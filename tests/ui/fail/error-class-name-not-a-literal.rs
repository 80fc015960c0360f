use telemetry_runtime::ErrorClass;

const NAME: &str = "x";

#[derive(ErrorClass)]
#[error_class(name = NAME)]
struct Error;

fn main() {
    let _ = Error;
}
