/// The keys in `line`, a JSON object without escaped quotes, in the order they are written.
pub fn keys(line: &str) -> Vec<&str> {
    let pieces: Vec<&str> = line.split('"').collect();
    let strings = pieces.iter().zip(&pieces[1..]).skip(1).step_by(2);
    strings.filter(|(_, behind)| behind.starts_with(':')).map(|(key, _)| *key).collect()
}
