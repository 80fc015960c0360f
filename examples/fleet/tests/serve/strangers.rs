//! Whoever knows the address can send any text. In a page it is a text.

use fleet::run::{Run, Value};

use crate::client::{body, run, runs};
use crate::server::{Home, fleet};

const EVIL: &str = "<script>alert('\"&</script>";

/// A run of ten days ago, in a week that is over.
fn evil(mut run: Run<'static>) -> Run<'static> {
    run.start_unix_ms -= 10 * 24 * fleet::time::MS_PER_HOUR;
    let program = &mut run.program;
    for text in [&mut program.app, &mut program.version, &mut program.os, &mut program.arch, &mut run.command] {
        *text = EVIL.into();
    }
    (run.status, run.error_class) = ("failure", Some(EVIL.into()));
    for pairs in [&mut run.options, &mut run.facts, &mut run.context] {
        *pairs = vec![(EVIL.into(), Value::Word(EVIL.into()))];
    }
    run.phases = vec![(EVIL.into(), 1)];
    run
}

#[test]
fn a_text_cannot_become_a_script() {
    let home = Home::new();
    let server = home.serve(&[]);
    assert!(body(&[evil(run(0))]).windows(EVIL.len()).any(|window| window == EVIL.as_bytes()));
    assert_eq!(server.client().deliver(&runs(0..60).into_iter().map(evil).collect::<Vec<_>>()).unwrap().status, 200);
    assert!(server.stop().success());
    let public = home.data().with_file_name("public");
    let report = fleet(&home.data()).args(["report", "--data"]).arg(home.data()).output().unwrap();
    assert!(report.status.success(), "{}", String::from_utf8_lossy(&report.stderr));
    let mut publish = fleet(&home.data());
    publish.args(["publish", "--threshold", "1", "--data"]).arg(home.data()).arg("--out").arg(&public);
    assert!(publish.status().unwrap().success());
    let published = std::fs::read_to_string(public.join("index.html")).unwrap();
    for page in [String::from_utf8(report.stdout).unwrap(), published] {
        let shown = page.replace("&#60;", "&lt;").matches("&lt;script").count();
        assert!(shown > 5 && !page.to_lowercase().contains("<script"), "{shown} in {page}");
    }
}
