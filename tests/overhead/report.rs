use std::process::ExitCode;

/// A table, printed line by line, and whether everything in it is within its bar.
#[derive(Debug, Default)]
pub(crate) struct Report {
    exceeded: u32,
}

impl Report {
    /// A number for information.
    pub(crate) fn fact(&mut self, what: &str, value: &str) {
        println!("{what:<36}{value:>12}");
    }

    /// A number that must not exceed `max`.
    pub(crate) fn judged(&mut self, what: &str, value: f64, digits: usize, max: f64) {
        let verdict = if value <= max { "ok" } else { "TOO MUCH" };
        self.exceeded += u32::from(value > max);
        println!("{what:<36}{value:>12.digits$}   at most {max}: {verdict}");
    }

    /// A number that should not exceed `max`, but still does.
    pub(crate) fn wanted(&mut self, what: &str, value: f64, digits: usize, max: f64) {
        let verdict = if value <= max { "reached" } else { "not yet" };
        println!("{what:<36}{value:>12.digits$}   wanted {max}: {verdict}");
    }

    pub(crate) fn end(self) -> ExitCode {
        println!("{} over the bar", self.exceeded);
        if self.exceeded == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
