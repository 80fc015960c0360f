use std::path::Path;

use crate::callgrind;
use crate::world::{OFF, ON, World};

/// The programs that are compared: without telemetry, with telemetry that is off, and on. Only the value of one variable
/// differs between their environments.
#[derive(Debug)]
pub(crate) struct Subjects([World; 3]);

impl Subjects {
    pub(crate) fn new(plain: &Path, attributed: &Path) -> Self {
        Subjects([(plain, OFF), (attributed, OFF), (attributed, ON)].map(|(program, enabled)| {
            let world = World::new(program.to_owned(), &[enabled]);
            // The first run that is recorded creates a folder; what counts is all the others.
            let status = world.run().status().expect("the program runs");
            assert!(status.success(), "{world:?}");
            assert_eq!(world.program.telemetry_dir().exists(), enabled == ON, "{world:?}");
            world
        }))
    }

    /// What `measure` makes of each of them.
    pub(crate) fn each<T>(&self, measure: impl Fn(&World) -> T) -> [T; 3] {
        self.0.each_ref().map(measure)
    }

    /// The instructions that a run of each executes; `None` without valgrind.
    pub(crate) fn instructions(&self) -> Option<[u64; 3]> {
        let [plain, off, on] = self.each(|world| callgrind::instructions_of(&|| world.run()));
        Some([plain?, off?, on?])
    }
}
