//! What is simulated: a program, its releases, and what they change.

use std::str::FromStr;

use super::program::{COMMANDS, PLATFORMS};

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

impl Plan {
    /// Whether everything in it has an effect. The error says what has none, and what there is.
    pub(super) fn check(&self) -> Result<(), String> {
        let versions = || self.releases.iter().map(|release| release.version.as_str());
        let mut earlier = 0;
        for Release { version, day } in &self.releases {
            if *day < earlier || *day >= self.days {
                let last = self.days - 1;
                return Err(format!(
                    "the day of release {version} is {day}, and has to be one from {earlier} to {last}"
                ));
            }
            earlier = *day;
        }
        for Change { since, command, platform, .. } in &self.changes {
            known("release", since, versions())?;
            known("command", command, COMMANDS.iter().map(|command| command.name).filter(|name| !name.is_empty()))?;
            if let Some((os, arch)) = platform {
                let platforms: Vec<String> = PLATFORMS.iter().map(|it| format!("{}/{}", it.os, it.arch)).collect();
                known("platform", &format!("{os}/{arch}"), platforms.iter().map(String::as_str))?;
            }
        }
        Ok(())
    }
}

fn known<'a>(kind: &str, name: &str, mut all: impl Iterator<Item = &'a str> + Clone) -> Result<(), String> {
    if all.clone().any(|known| known == name) {
        return Ok(());
    }
    let first = all.next().unwrap_or_default().to_owned();
    let all = all.fold(first, |all, name| all + ", " + name);
    Err(format!("a change is about the {kind} `{name}`; there are {all}"))
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
            let number = |max: f64| match value.parse() {
                Ok(number) if (0.0..=max).contains(&number) => Ok(number),
                _ => Err(format!("`{key}` is a number from 0 to {max}, not `{value}`")),
            };
            match key {
                "since" => since = Some(value.to_owned()),
                "command" => command = Some(value.to_owned()),
                "platform" => {
                    let (os, arch) = value.split_once('/').ok_or("`platform` is OS/ARCH, such as linux/arm64")?;
                    platform = Some((os.to_owned(), arch.to_owned()));
                }
                "takes" => effect = Some(Effect::Takes(number(1_000.0)?)),
                "fails" => effect = Some(Effect::Fails(number(1.0)?)),
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
            ("since=1,command=run,takes=long", "`takes` is a number from 0 to 1000, not `long`"),
            ("since=1,command=run,fails=30", "`fails` is a number from 0 to 1, not `30`"),
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

    #[test]
    fn a_plan_without_effect_is_refused() {
        let with = |changes: &[&str], releases: &[&str]| {
            let mut plan = Plan::new("toolkit", 100, 30, 20_783);
            plan.changes = changes.iter().map(|change| change.parse().unwrap()).collect();
            if !releases.is_empty() {
                plan.releases = releases.iter().map(|release| release.parse().unwrap()).collect();
            }
            plan.check()
        };
        let right =
            ["since=0.3.0,command=run,platform=linux/arm64,fails=0.3", "since=0.2.0,command=remote add,takes=2"];
        assert_eq!(with(&right, &[]), Ok(()));
        assert_eq!(with(&["since=2.0,command=run,takes=2"], &["1.0@0", "2.0@29"]), Ok(()));
        for (change, why) in [
            ("since=9.9.9,command=run,takes=2", "the release `9.9.9`; there are 0.1.0, 0.2.0, 0.3.0"),
            ("since=0.3.0,command=rum,takes=2", "the command `rum`; there are run, info list-components, "),
            ("since=0.3.0,command=run,platform=linux/x86_64,takes=2", "`linux/x86_64`; there are linux/amd64, "),
        ] {
            let error = with(&[change], &[]).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
        for (releases, why) in [
            (&["1.0@30"], "release 1.0 is 30, and has to be one from 0 to 29"),
            (&["1.0@-1"], "release 1.0 is -1, and has to be one from 0 to 29"),
        ] {
            assert!(with(&[], releases).unwrap_err().contains(why));
        }
        assert!(
            with(&[], &["1.0@7", "1.1@3"]).unwrap_err().contains("release 1.1 is 3, and has to be one from 7 to 29")
        );
    }
}
