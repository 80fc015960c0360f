//! How clap derives the name of a command from an identifier.

use heck::{ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::Ident;
use syn::ext::IdentExt;

/// The values of clap's `rename_all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Casing {
    Camel,
    Kebab,
    Pascal,
    ScreamingSnake,
    Snake,
    Lower,
    Upper,
    Verbatim,
}

impl Casing {
    /// The casing that clap takes `value` for. clap normalizes it first: `SCREAMING_SNAKE` and `screaming-snake-case` are the same.
    pub(crate) fn parse(value: &str) -> Option<Self> {
        Some(match value.to_upper_camel_case().to_lowercase().as_str() {
            "camel" | "camelcase" => Casing::Camel,
            "kebab" | "kebabcase" => Casing::Kebab,
            "pascal" | "pascalcase" => Casing::Pascal,
            "screamingsnake" | "screamingsnakecase" => Casing::ScreamingSnake,
            "snake" | "snakecase" => Casing::Snake,
            "lower" | "lowercase" => Casing::Lower,
            "upper" | "uppercase" => Casing::Upper,
            "verbatim" | "verbatimcase" => Casing::Verbatim,
            _ => return None,
        })
    }

    pub(crate) fn apply(self, ident: &Ident) -> String {
        let name = ident.unraw().to_string();
        match self {
            Casing::Camel => name.to_lower_camel_case(),
            Casing::Kebab => name.to_kebab_case(),
            Casing::Pascal => name.to_upper_camel_case(),
            Casing::ScreamingSnake => name.to_shouty_snake_case(),
            Casing::Snake => name.to_snake_case(),
            Casing::Lower => name.to_snake_case().replace('_', ""),
            Casing::Upper => name.to_shouty_snake_case().replace('_', ""),
            Casing::Verbatim => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::format_ident;

    #[test]
    fn kebab_knows_acronyms_and_digits() {
        for (ident, name) in [
            ("HTTPServer", "http-server"),
            ("IOError2Go", "io-error2-go"),
            ("Http2Server", "http2-server"),
            ("S3Sync", "s3-sync"),
            ("V1_2", "v1-2"),
            ("SCREAMING_IDENT", "screaming-ident"),
            ("r#type", "type"),
            ("A_", "a"),
            ("__Lead", "lead"),
            ("Émile", "émile"),
            ("ΣΑΣ", "σας"),
        ] {
            assert_eq!(Casing::Kebab.apply(&format_ident!("{ident}")), name);
        }
    }

    #[test]
    fn every_casing_has_its_spellings() {
        for (value, name) in [
            ("camelCase", "twoWords"),
            ("kebab-case", "two-words"),
            ("PascalCase", "TwoWords"),
            ("SCREAMING_SNAKE_CASE", "TWO_WORDS"),
            ("screaming-snake", "TWO_WORDS"),
            ("snake_case", "two_words"),
            ("lower", "twowords"),
            ("UPPER", "TWOWORDS"),
            ("Verbatim", "TwoWords"),
        ] {
            let casing = Casing::parse(value).unwrap();
            assert_eq!(casing.apply(&format_ident!("TwoWords")), name);
        }
        assert_eq!(Casing::parse("train-case"), None);
    }
}
