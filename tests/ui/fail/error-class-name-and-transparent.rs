use telemetry_runtime::ErrorClass;

#[derive(ErrorClass)]
enum Error {
    #[error_class(name = "io", transparent)]
    Io(std::io::Error),
}

fn main() {}
