use telemetry_runtime::ErrorClass;

#[derive(ErrorClass)]
enum Error {
    #[error_class(transparent)]
    Other(Other),
}

struct Other;

fn main() {}
