//! The dashboard, whose queries run in ClickHouse, and configurations, of which only what they name can be checked here.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use fleet::simulate::{self, Fleet, Plan};
use fleet::{encode, time};
use prost::Message;
use serde_json::Value;
use support::python;

use crate::collector::Collector;
use crate::database::{Database, file};

/// The largest message that Kafka takes unless it is told otherwise.
const KAFKA_TAKES: usize = 1_000_000;

#[test]
fn every_query_of_the_dashboard_is_answered() {
    let Some(python) = python("the dashboard", &["chdb.session", "rotel"]) else { return };
    let today = time::today();
    let mut plan = Plan::new("toolkit", 5_000, 30, today);
    plan.releases = ["0.1.0@0", "0.2.0@14"].map(|release| release.parse().unwrap()).into();
    plan.changes = vec!["since=0.2.0,command=run,takes=2.1".parse().unwrap()];
    let database = Database::start(&python);
    let collector = Collector::to_clickhouse(&python, &database.url());
    database.wait_for(simulate::deliver(&plan, collector.address).unwrap());

    let text = fs::read_to_string(file("grafana/dashboards/cli-runs.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&text).unwrap();
    let (from, to) = (time::iso(today - 59), time::iso(today));
    // As Grafana replaces them.
    let replaced = |sql: &str| {
        let sql = sql.replace("${__from:date:YYYY-MM-DD}", &from).replace("${__to:date:YYYY-MM-DD}", &to);
        let sql = sql.replace("${app:sqlstring}", "'toolkit'");
        assert!(!sql.contains('$'), "{sql}");
        sql
    };
    let programs =
        dashboard["templating"]["list"].as_array().unwrap().iter().find(|variable| variable["name"] == "app");
    let sql = programs.unwrap()["query"].as_str().unwrap();
    // Nothing is replaced in it: its dollar is of a regular expression.
    assert_eq!(database.lines(sql), ["toolkit"]);

    let panels = dashboard["panels"].as_array().unwrap();
    let ids: BTreeSet<_> = panels.iter().map(|panel| panel["id"].as_u64()).collect();
    assert_eq!(ids.len(), panels.len());
    let mut asked = String::new();
    for panel in panels {
        let title = &panel["title"];
        let [target] = &panel["targets"].as_array().unwrap()[..] else { panic!("{title}") };
        let sql = replaced(target["rawSql"].as_str().unwrap());
        let rows = database.ask(&sql);
        assert!(!rows.is_empty(), "{title}");
        // What Grafana takes for the horizontal axis is there.
        let axis = if panel["type"] == "timeseries" {
            "time"
        } else {
            panel["options"]["xField"].as_str().unwrap_or_default()
        };
        assert!(axis.is_empty() || rows[0].get(axis).is_some(), "{title}");
        asked += &sql;
    }
    let readme = include_str!("../../README.md");
    let sql = "SELECT name FROM system.tables WHERE database = 'fleet' AND create_table_query LIKE '%{last:Date}%'";
    for view in database.lines(sql).iter().filter(|view| *view != "chosen") {
        assert!(asked.contains(&format!("fleet.{view}(")), "the dashboard does not show {view}");
        assert!(readme.contains(&format!("`{view}`")), "the README does not name {view}");
    }
}

#[test]
fn the_collectors_write_where_the_schema_reads() {
    let Some(python) = python("the configurations", &["yaml"]) else { return };
    let schema = fs::read_to_string(file("clickhouse/schema.sql")).unwrap();
    let mut topics = BTreeSet::new();
    for name in ["otelcol.yaml", "otelcol-to-kafka.yaml", "otelcol-from-kafka.yaml"] {
        let config = yaml(&python, &file("collector").join(name));
        let pipeline = &config["service"]["pipelines"]["traces"];
        for kind in ["receivers", "processors", "exporters"] {
            let used: BTreeSet<&str> = strings(&pipeline[kind]).collect();
            let defined: BTreeSet<&str> =
                config[kind].as_object().into_iter().flat_map(|map| map.keys()).map(String::as_str).collect();
            assert_eq!(used, defined, "{kind} of {name}");
        }
        let clickhouse = &config["exporters"]["clickhouse"];
        if !clickhouse.is_null() {
            let table = format!(
                "{}.{}",
                clickhouse["database"].as_str().unwrap(),
                clickhouse["traces_table_name"].as_str().unwrap()
            );
            assert!(schema.contains(&format!("CREATE TABLE IF NOT EXISTS {table} (")), "{name}");
            assert_eq!(clickhouse["create_schema"], false, "{name}");
        }
        let kafka = [&config["exporters"]["kafka"], &config["receivers"]["kafka"]];
        for traces in kafka.into_iter().map(|kafka| &kafka["traces"]).filter(|traces| !traces.is_null()) {
            assert_eq!(traces["encoding"], "otlp_proto", "{name}");
            topics.extend(traces["topic"].as_str().or(traces["topics"][0].as_str()).map(str::to_owned));
        }
        if let Some(max) = config["exporters"]["kafka"]["sending_queue"]["batch"]["max_size"].as_u64() {
            let bytes = message(usize::try_from(max).unwrap());
            assert!(bytes < KAFKA_TAKES, "{name}: {bytes}");
        }
        // Only these have spans of others.
        if let Some(conditions) = config["processors"]["filter/runs"]["traces"]["span"].as_array() {
            let status = format!("attributes[\"{}status\"] == nil", fleet::receive::NAMESPACE);
            assert_eq!(conditions, &[status], "{name}");
        }
    }
    let script = fs::read_to_string(file("collector/rotel.sh")).unwrap();
    assert_eq!(topics.len(), 1);
    assert!(script.contains(&format!("--kafka-exporter-traces-topic {}", topics.first().unwrap())));
}

#[test]
fn the_script_says_what_it_takes() {
    for args in [&[][..], &["postgres"]] {
        let output = Command::new(file("collector/rotel.sh")).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("rotel.sh clickhouse|kafka"));
    }
}

/// The bytes of a message with this many runs, of those that have the most details.
fn message(count: usize) -> usize {
    let plan = Plan::new("toolkit", 20_000, 30, 20_783);
    let mut runs: Vec<_> = Fleet::new(&plan).days().flat_map(|(_, runs)| runs).collect();
    let bytes = encode::request(&runs, "toolkit").encoded_len() / runs.len();
    assert!((450..550).contains(&bytes), "docs/fleet.md says that a run is half a kilobyte: {bytes}");
    runs.sort_by_key(|run| std::cmp::Reverse(run.options.len()));
    runs.truncate(count);
    encode::request(&runs, "toolkit").encoded_len()
}

#[test]
fn the_containers_are_given_files_that_are_there() {
    let Some(python) = python("the containers", &["yaml"]) else { return };
    let folder = file("");
    let main = yaml(&python, &folder.join("compose.yaml"));
    let kafka = yaml(&python, &folder.join("compose.kafka.yaml"));
    let mut given = 0;
    for compose in [&main, &kafka] {
        for (name, service) in compose["services"].as_object().unwrap() {
            for volume in strings(&service["volumes"]) {
                let source = volume.split(':').next().unwrap();
                if source.starts_with("./") {
                    assert!(folder.join(source).exists(), "{name}: {source}");
                    given += 1;
                } else {
                    assert!(compose["volumes"].get(source).is_some(), "{name}: {source}");
                }
            }
            // Only this machine reaches them.
            for port in strings(&service["ports"]) {
                assert!(port.starts_with("127.0.0.1:"), "{name}: {port}");
            }
        }
    }
    assert_eq!(given, 7);
    for path in ["datasources/clickhouse.yaml", "dashboards/fleet.yaml"] {
        assert_eq!(yaml(&python, &folder.join("grafana/provisioning").join(path))["apiVersion"], 1, "{path}");
    }
}

fn strings(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().map(|text| text.as_str().unwrap())
}

fn yaml(python: &Path, path: &Path) -> Value {
    let script = "import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)";
    let output = Command::new(python).args(["-c", script]).arg(path).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{}", path.display());
    serde_json::from_slice(&output.stdout).unwrap()
}
