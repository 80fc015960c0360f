use telemetry_runtime::ErrorClass;

#[derive(ErrorClass)]
enum Error {
    #[error_class(skip)]
    NotFound,
}

fn main() {}
