//! What is simulated: a program, its releases, and what they change.

use std::str::FromStr;

/// A fleet. The same plan gives the same runs.
#[derive(Debug, Clone)]
pub struct Plan {
    pub app: String,
    pub seed: u64,
    /// How many runs, roughly.
    pub runs: u64,
    /// How many machines there are at the end. At the beginning there are two thirds of them.
    pub machines: u64,
    /// The last day, in days since 1970.
    pub last_day: i64,
    pub days: i64,
    pub releases: Vec<Release>,
    pub changes: Vec<Change>,
}

/// A version, and the day on which it was released, from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    pub version: String,
    pub day: i64,
}

/// Something that a release changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The first version that has it. Later ones have it, too.
    pub since: String,
    pub command: String,
    /// `None` for all.
    pub platform: Option<(String, String)>,
    pub effect: Effect,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Runs take this many times as long.
    Takes(f64),
    /// This share of runs fails.
    Fails(f64),
}

impl Plan {
    /// Three releases over the days, without changes.
    pub fn new(app: &str, runs: u64, days: i64, last_day: i64) -> Self {
        let release = |version: &str, day| Release { version: version.to_owned(), day };
        Plan {
            app: app.to_owned(),
            seed: 1,
            runs,
            machines: (runs / 25).max(20),
            last_day,
            days,
            releases: vec![release("0.1.0", 0), release("0.2.0", days / 3), release("0.3.0", days * 3 / 4)],
            changes: Vec::new(),
        }
    }
}

impl FromStr for Release {
    type Err = String;

    /// Such as `1.2.0@14`.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('@').filter(|(version, _)| !version.is_empty());
        let (version, day) = parts.ok_or("expected VERSION@DAY, such as 1.2.0@14")?;
        let day = day.parse().map_err(|_| format!("the day `{day}` is not a number"))?;
        Ok(Release { version: version.to_owned(), day })
    }
}

impl FromStr for Change {
    type Err = String;

    /// Such as `since=0.3.0,command=run,takes=2.1` or `since=0.3.0,command=run,platform=linux/arm64,fails=0.3`.
    fn from_str(text: &str) -> Result<Self, String> {
        const KEYS: &str = "`since`, `command`, `platform`, and `takes` or `fails`";
        let (mut since, mut command, mut platform, mut effect) = (None, None, None, None);
        for entry in text.split(',') {
            let (key, value) =
                entry.split_once('=').ok_or(format!("`{entry}` is not KEY=VALUE; the keys are {KEYS}"))?;
            let number = || match value.parse() {
                Ok(number) if number >= 0.0 => Ok(number),
                _ => Err(format!("`{value}` is not a number")),
            };
            match key {
                "since" => since = Some(value.to_owned()),
                "command" => command = Some(value.to_owned()),
                "platform" => {
                    let (os, arch) = value.split_once('/').ok_or("`platform` is OS/ARCH, such as linux/arm64")?;
                    platform = Some((os.to_owned(), arch.to_owned()));
                }
                "takes" => effect = Some(Effect::Takes(number()?)),
                "fails" => effect = Some(Effect::Fails(number()?)),
                _ => return Err(format!("unknown key `{key}`; the keys are {KEYS}")),
            }
        }
        match (since, command, effect) {
            (Some(since), Some(command), Some(effect)) => Ok(Change { since, command, platform, effect }),
            _ => Err("a change needs `since`, `command`, and `takes` or `fails`".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_written_as_keys_and_values() {
        let change: Change = "since=0.3.0,command=remote add,platform=linux/arm64,fails=0.3".parse().unwrap();
        assert_eq!((change.since.as_str(), change.command.as_str()), ("0.3.0", "remote add"));
        assert_eq!(change.platform, Some(("linux".to_owned(), "arm64".to_owned())));
        assert_eq!(change.effect, Effect::Fails(0.3));
        for (wrong, why) in [
            ("since=1", "a change needs"),
            ("since=1,command=run,takes=long", "not a number"),
            ("since=1,command=run,platform=linux,takes=2", "OS/ARCH"),
            ("when=1", "unknown key `when`"),
            ("run", "not KEY=VALUE"),
        ] {
            let error = wrong.parse::<Change>().unwrap_err();
            assert!(error.contains(why), "{error}");
        }
        assert_eq!("1.2.0@14".parse(), Ok(Release { version: "1.2.0".to_owned(), day: 14 }));
        assert!("1.2.0".parse::<Release>().is_err());
    }
}
