use telemetry_runtime::ErrorClass;

#[derive(ErrorClass)]
#[error_class(name = "error")]
enum Error {
    NotFound,
}

fn main() {}
