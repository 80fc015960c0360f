use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

use clap::Parser;
use telemetry_runtime::{note_error, telemetry_cli, telemetry_main};

/// Serve a folder over HTTP
#[telemetry_cli(abandoned)]
#[derive(Parser)]
#[command(version)]
enum Served {
    /// Serve until killed
    Serve {
        folder: PathBuf,
        /// 0 for any that is free
        #[arg(short, long, default_value_t = 8080)]
        port: u16,
    },
    /// List what would be served
    List { folder: PathBuf },
}

#[telemetry_main(Served)]
fn main() {
    let result = match Served::parse() {
        Served::Serve { folder, port } => serve(folder, port),
        Served::List { folder } => list(&folder),
    };
    if let Err(error) = result {
        note_error(&error);
        eprintln!("served: {error}");
        std::process::exit(1);
    }
}

fn serve(folder: PathBuf, port: u16) -> Result<(), Box<dyn Error>> {
    if !folder.is_dir() {
        return Err("not a folder".into());
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    println!("http://{}/", listener.local_addr()?);
    for stream in listener.incoming() {
        let (stream, folder) = (stream?, folder.clone());
        thread::spawn(move || {
            if let Err(error) = answer(stream, &folder) {
                eprintln!("served: {error}");
            }
        });
    }
    Ok(())
}

fn answer(mut stream: TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut request = String::new();
    BufReader::new(&stream).read_line(&mut request)?;
    let name = request.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
    // No folder below this one, and none above.
    let content = if name.contains('/') || name == ".." { None } else { fs::read(folder.join(name)).ok() };
    let (status, body) = match content {
        Some(content) => ("200 OK", content),
        None => ("404 Not Found", b"not here\n".to_vec()),
    };
    write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len())?;
    stream.write_all(&body)
}

fn list(folder: &Path) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        println!("/{}", entry?.file_name().to_string_lossy());
    }
    Ok(())
}
