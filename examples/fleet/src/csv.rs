//! Comma-separated values, by RFC 4180.

/// One line. What a spreadsheet would take for a formula gets an apostrophe: the texts come from whoever sends runs.
pub fn line(fields: &[String]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    fields.join(",") + "\r\n"
}

fn quoted(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t']) && field.parse::<f64>().is_err();
    let field = if is_formula { format!("'{field}") } else { field.to_owned() };
    if field.contains([',', '"', '\r', '\n']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

#[cfg(test)]
mod tests {
    #[test]
    fn fields_are_quoted() {
        let line = |fields: &[&str]| super::line(&fields.iter().map(|&field| field.to_owned()).collect::<Vec<_>>());
        assert_eq!(line(&["a", "b c", "-1.5", ""]), "a,b c,-1.5,\r\n");
        assert_eq!(line(&["a,b", "say \"hi\"", "two\nlines"]), "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\r\n");
        assert_eq!(line(&["=1+1", "@x", "-x"]), "'=1+1,'@x,'-x\r\n");
    }
}
