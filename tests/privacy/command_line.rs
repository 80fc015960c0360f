use std::ffi::OsString;

use support::Random;

use crate::CANARY;

/// What a user can type for `toolkit`. Each `{}` is user text.
const FORMS: [&str; 44] = [
    "run {}",
    "run --name {}",
    "run {} --name={}",
    "start {}",
    "--output {} run {}",
    "--output={} -v info list-components",
    "info list-components --filter {}",
    "info list-channels --filter={}",
    "info channels",
    "info {}",
    "remote",
    "remote add {} {}",
    "remote add {}",
    "remote add -- {} {}",
    "remote add {} {} {}",
    "remote rename default_branch {} {}",
    "remote rename tag {} {}",
    "remote rename {}",
    "remote {}",
    "fail {}",
    "fail",
    "panic {}",
    "panic",
    "exit 0",
    "exit 3",
    "exit {}",
    "quit 4",
    "quit {}",
    "sleep 0",
    "sleep {}",
    "{}",
    "{} {} --{}={} -{}",
    "{} info channels",
    "run info",
    "--output remote run add",
    "--{} remote add",
    "--{}={}",
    "-{}",
    "remote add --{}",
    "help {}",
    "help remote {}",
    "help remote add",
    "--help",
    "--version",
];

/// Extra arguments for a command line.
const STRAYS: [&str; 12] =
    ["{}", "--{}", "--{}={}", "-v", "--help", "-V", "--", "--output", "--name", "--filter={}", "info", "remote"];

/// Endings of user text: none, or one made to break out of JSON or of a line.
const TAILS: [&str; 7] = ["", "", "", "\"],\"command\":[\"", "\n{\"v\":1}\n", "\\u0000", " é 🦀"];

/// One random command line.
#[derive(Debug)]
pub(crate) struct CommandLine {
    /// The name that the program is called by. Only Unix lets the caller choose it.
    #[cfg(unix)]
    pub(crate) program: OsString,
    pub(crate) args: Vec<OsString>,
}

impl CommandLine {
    pub(crate) fn random(random: &mut Random) -> Self {
        let mut args: Vec<OsString> = random.pick(&FORMS).split(' ').map(|word| with_canaries(word, random)).collect();
        for _ in 0..random.below(3) {
            let stray = with_canaries(random.pick(&STRAYS), random);
            args.insert(random.below(args.len() + 1), stray);
        }
        if random.below(4) == 0 {
            args.remove(random.below(args.len()));
        }
        CommandLine {
            #[cfg(unix)]
            program: with_canaries("/{}/{}", random),
            args,
        }
    }
}

fn with_canaries(word: &str, random: &mut Random) -> OsString {
    let mut filled = OsString::new();
    for (position, piece) in word.split("{}").enumerate() {
        if position > 0 {
            filled.push(canary(random));
        }
        filled.push(piece);
    }
    filled
}

fn canary(random: &mut Random) -> OsString {
    let mut canary = OsString::from(if random.below(4) == 0 { CANARY.to_uppercase() } else { CANARY.to_owned() });
    canary.push(random.pick(&TAILS));
    #[cfg(unix)]
    if random.below(8) == 0 {
        use std::os::unix::ffi::OsStrExt;

        canary.push(std::ffi::OsStr::from_bytes(b"\xff\xfe"));
    }
    #[cfg(windows)]
    if random.below(8) == 0 {
        use std::os::windows::ffi::OsStringExt;

        canary.push(OsString::from_wide(&[0xd800]));
    }
    canary
}
