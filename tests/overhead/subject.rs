use std::path::Path;

use crate::callgrind;
use crate::world::{OFF, ON, World};

/// The programs to compare: without telemetry, with telemetry off, and with telemetry on. Their environments differ in one
/// variable only.
#[derive(Debug)]
pub(crate) struct Subjects([World; 3]);

impl Subjects {
    pub(crate) fn new(plain: &Path, attributed: &Path) -> Self {
        Subjects([(plain, OFF), (attributed, OFF), (attributed, ON)].map(|(program, enabled)| {
            let world = World::new(program.to_owned(), &[enabled]);
            // The first recorded run creates a folder; all others are measured.
            let status = world.run().status().expect("the program runs");
            assert!(status.success(), "{world:?}");
            assert_eq!(world.program.telemetry_dir().exists(), enabled == ON, "{world:?}");
            world
        }))
    }

    /// The result of `measure` for each.
    pub(crate) fn each<T>(&self, measure: impl Fn(&World) -> T) -> [T; 3] {
        self.0.each_ref().map(measure)
    }

    /// The instructions of a run of each; `None` without valgrind.
    pub(crate) fn instructions(&self) -> Option<[u64; 3]> {
        let [plain, off, on] = self.each(|world| callgrind::instructions_of(&|| world.run()));
        Some([plain?, off?, on?])
    }
}
