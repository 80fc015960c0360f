//! The page of `show --html`, as a browser shows it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use support::{Reply, Sink, skip};

use crate::courier::Courier;

/// Shows a page in frames as wide as a phone and as a screen, and replaces itself by what it measured.
const MEASURE: &str = r#"<!doctype html>
<iframe src="page.html" style="width: 360px; height: 2000px; border: 0"></iframe>
<iframe src="page.html" style="width: 1200px; height: 2000px; border: 0"></iframe>
<script>
addEventListener("load", () => {
  const measured = [...document.querySelectorAll("iframe")].map(({ contentWindow: frame }) => {
    const page = frame.document;
    const shown = (element) => element.getBoundingClientRect().width > 0 && element.getBoundingClientRect().height > 0;
    return {
      cut_off: page.documentElement.scrollWidth - page.documentElement.clientWidth,
      text: page.body.innerText,
      color: frame.getComputedStyle(page.body).color,
      pictures: [...page.querySelectorAll("svg")].filter(shown).length,
      bars: [...page.querySelectorAll("svg rect, svg path")].filter(shown).length,
      loaded: frame.performance.getEntriesByType("resource").length,
      scripts: page.scripts.length,
    };
  });
  document.documentElement.innerHTML = "<pre></pre>";
  document.querySelector("pre").textContent = JSON.stringify(measured);
});
</script>
"#;

/// What a browser measures of the page, at both widths. `args` choose between light and dark.
fn measured(folder: &Path, args: &[&str]) -> Vec<Value> {
    let mut browser = Command::new("chromium");
    browser.args(["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--dump-dom"]);
    browser.arg(format!("--user-data-dir={}", folder.join("profile").display())).args(args).env("HOME", folder);
    browser.arg(format!("file://{}", folder.join("measure.html").display()));
    let output = browser.stderr(Stdio::null()).output().unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    let json = page.split_once("<pre>").and_then(|(_, rest)| rest.split_once("</pre>"));
    let (json, _) = json.unwrap_or_else(|| panic!("nothing was measured: {page}"));
    serde_json::from_str(json).unwrap()
}

#[test]
fn a_browser_shows_it_light_and_dark_at_any_width() {
    if Command::new("chromium").arg("--version").stdout(Stdio::null()).status().is_err() {
        return skip("the page of `show --html` in a browser", "`chromium` is missing");
    }
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(2);
    courier.deliver_and_wait(&sink);
    courier.queue(1);
    let page = courier.run(&["telemetry", "show", "--html"], "").output().unwrap().stdout;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("page.html"), page).unwrap();
    fs::write(folder.path().join("measure.html"), MEASURE).unwrap();

    let light = measured(folder.path(), &["--blink-settings=preferredColorScheme=1"]);
    let dark = measured(folder.path(), &["--blink-settings=preferredColorScheme=0"]);
    assert_ne!(light[0]["color"], dark[0]["color"]);
    for measured in light.iter().chain(&dark) {
        // Nobody has to scroll sideways.
        assert_eq!(measured["cut_off"], 0, "{measured}");
        let text = measured["text"].as_str().unwrap();
        for shown in ["3 events sent", "1 event on this machine", "remote", "127.0.0.1"] {
            assert!(text.contains(shown), "{shown:?} is missing: {text}");
        }
        assert!(measured["pictures"].as_u64() >= Some(1) && measured["bars"].as_u64() >= Some(1), "{measured}");
        // The page is all there is.
        assert_eq!((&measured["loaded"], &measured["scripts"]), (&Value::from(0), &Value::from(0)));
    }
}
