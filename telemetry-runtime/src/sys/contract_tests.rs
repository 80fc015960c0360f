//! The contract of this module, tested on whatever system the tests run: the same tests for all.
//!
//! What only shows from outside a process is tested there: endings in `tests/endings`, the detached process in
//! `tests/delivery`, the terminal in `tests/consent`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::append::{AppendFile, Refusal, Rotation};
use super::clock::{Stopwatch, unix_ms};
use super::files::{self, Removable};
use super::{EXIT_CODES, LockNames, Owner, Process, nap, random, shared_byte, utc_offset_secs, visible_exit_code};

/// A folder that is removed at the end of a test.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("telemetry-sys-{test}-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        Folder(dir)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_parent_sees_a_part_of_the_exit_code() {
    for code in [0, 1, 255, 256, 257, -1, i32::MIN, i32::MAX] {
        let visible = visible_exit_code(code);
        assert!(EXIT_CODES.contains(&visible), "{code}: {visible}");
        assert_eq!(visible & 0xff, code & 0xff);
        assert_eq!(visible_exit_code(visible), visible);
    }
}

#[test]
fn local_time_is_at_most_a_day_off() {
    for time in [0, 1_800_000_000, i64::MAX] {
        assert!(utc_offset_secs(time).is_none_or(|offset| offset.abs() <= 24 * 60 * 60), "{time}");
    }
}

#[test]
fn the_process_that_began_the_run_may_finish_it() {
    assert!(Owner::this_process().may_finish_here());
}

/// Named by a variable when this program runs itself as a process that ends when its input does.
const CHILD: &str = "TELEMETRY_SYS_CHILD";

#[test]
fn a_process_is_running_until_it_ends() {
    if std::env::var_os(CHILD).is_some() {
        std::io::stdin().read_line(&mut String::new()).unwrap();
        return;
    }
    let Some(this) = Process::this() else { return };
    assert!(this.is_running());
    if let Some(start) = this.start {
        assert!(!Process { start: Some(start + 1), ..this }.is_running(), "another process had this id");
    }
    // Not a process: counts as running, so that its run is not reported.
    assert!(Process { pid: -1, start: None }.is_running());
    assert!(Process { pid: i64::MAX, start: None }.is_running());

    let name = "sys::contract_tests::a_process_is_running_until_it_ends";
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args([name, "--exact"]).env(CHILD, "1").stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = child.spawn().unwrap();
    let process = Process { pid: child.id().into(), start: None };
    assert!(process.is_running());
    drop(child.stdin.take());
    child.wait().unwrap();
    assert!(!process.is_running());
}

#[test]
fn shared_memory_begins_with_zero() {
    use std::sync::atomic::Ordering;

    if let Some(byte) = shared_byte() {
        assert_eq!(byte.load(Ordering::Acquire), 0);
        byte.store(7, Ordering::Release);
        assert_eq!(byte.load(Ordering::Acquire), 7);
        assert_eq!(shared_byte().unwrap().load(Ordering::Acquire), 0, "each has its own");
    }
}

#[test]
fn a_nap_takes_a_millisecond_at_least() {
    let watch = Stopwatch::start();
    (0..5).for_each(|_| nap());
    assert!(watch.elapsed() >= Duration::from_millis(4));
    assert!(unix_ms() > 1_700_000_000_000);
}

#[test]
fn random_bytes_differ() {
    assert_ne!(random::bytes().unwrap(), random::bytes().unwrap());
}

#[test]
fn a_file_is_replaced_as_a_whole() {
    let folder = Folder::new("replace");
    let path = folder.0.join("a/b/file");
    assert!(files::can_replace(&path));
    files::replace(&path, b"first").unwrap();
    files::replace(&path, b"second").unwrap();
    assert_eq!(files::read(&path, 6).unwrap(), b"second");
    assert!(files::read(&path, 5).is_err(), "longer than allowed");
    let dir = path.parent().unwrap();
    assert_eq!(names(dir), ["file"]);
    assert!(!files::can_replace(dir), "a folder");
    assert!(!files::can_replace(&path.join("below a file")));
    assert!(files::open(dir).is_err(), "a folder is no file");
    assert!(files::metadata(&path).is_ok_and(|file| file.size == 6));
}

#[test]
fn folders_are_created_up_to_a_limit() {
    let folder = Folder::new("folders");
    let deep = |count: usize| (0..count).fold(folder.0.join("deep"), |dir, _| dir.join("er"));
    assert!(files::create_dir(&deep(files::MISSING_FOLDERS_MAX)).is_err());
    assert_eq!(names(&folder.0), [""; 0], "and none then");
    files::create_dir(&deep(files::MISSING_FOLDERS_MAX - 1)).unwrap();
    files::create_dir(&deep(files::MISSING_FOLDERS_MAX)).unwrap();
    assert!(files::names_in(&folder.0.join("missing")).unwrap().is_empty());
}

/// Removing succeeds once, which is how it is decided who reports a run.
#[test]
fn a_file_is_removed_once_even_while_it_is_open() {
    let folder = Folder::new("remove");
    let path = folder.0.join("file");
    drop(files::create_new(&path).unwrap());
    assert!(files::create_new(&path).is_err());
    let open = files::open(&path).unwrap();
    let removable = Removable::new(&path).unwrap();
    removable.remove().unwrap();
    assert_eq!(removable.remove().unwrap_err().kind(), std::io::ErrorKind::NotFound);
    assert_eq!(files::remove(&path).unwrap_err().kind(), std::io::ErrorKind::NotFound);
    drop(files::create_new(&path).unwrap());
    drop(open);
    assert_eq!(names(&folder.0), ["file"]);
}

#[test]
fn lines_are_appended_up_to_a_limit_and_rotated() {
    let folder = Folder::new("append");
    let file = AppendFile::new(&folder.0.join("new"), "lines").unwrap();
    assert_eq!(file.append(b"one\n", 8).unwrap(), 0);
    assert_eq!(file.append(b"two\n", 8).unwrap(), 4);
    assert!(matches!(file.append(b"three\n", 8), Err(Refusal::Full)));
    let rotation = Rotation { lock: LockNames::new("lock", "held"), renamed_to: "old", needed: 6, max_bytes: 8 };
    file.rotate(rotation, |_| panic!("nothing is replaced")).unwrap();
    file.rotate(rotation, |_| panic!("there is room")).unwrap_err();
    file.append(b"three\n", 8).unwrap();
    file.append_beside("other", b"four\n", 8).unwrap();
    (0..4).for_each(|_| file.grow_beside("count", 3).unwrap());
    let mut replaced = Vec::new();
    file.rotate(rotation, |piece| replaced.extend_from_slice(piece)).unwrap();
    assert_eq!(replaced, b"one\ntwo\n");
    let read = |name| String::from_utf8(fs::read(folder.0.join("new").join(name)).unwrap()).unwrap();
    assert_eq!([read("old"), read("other"), read("count")], ["three\n", "four\n", "..."]);
}

#[test]
fn a_torn_line_is_ended() {
    let folder = Folder::new("torn");
    fs::write(folder.0.join("lines"), "one\ntw").unwrap();
    AppendFile::new(&folder.0, "lines").unwrap().append(b"three\n", 100).unwrap();
    assert_eq!(fs::read_to_string(folder.0.join("lines")).unwrap(), "one\ntw\nthree\n");
}

#[test]
fn nothing_but_a_file_is_appended_to() {
    let folder = Folder::new("no-file");
    fs::create_dir(folder.0.join("lines")).unwrap();
    assert!(AppendFile::new(&folder.0, "lines").unwrap().append(b"one\n", 100).is_err());
    assert_eq!(names(&folder.0), ["lines"]);
}

/// The names of what is in a folder.
fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
