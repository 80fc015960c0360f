use telemetry_runtime::ErrorClass;

#[derive(ErrorClass)]
enum Error {
    #[error_class(name = "not found")]
    NotFound,
}

fn main() {}
