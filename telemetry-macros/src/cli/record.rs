//! The key `record` of a field: `record`, `record(given)`, `record(count(..))` or `record(buckets(..))`.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{LitInt, Token, parenthesized, token};

use crate::cli::names;
use crate::keys::value::bare;

/// What is recorded of an option that the user gave.
pub(crate) enum Record {
    /// Its value, one of a closed set.
    Value,
    /// That it was given.
    Given,
    /// The range that the number of its values is in.
    Count(Buckets),
    /// The range that its value, a number, is in.
    Number(Buckets),
}

const EXPECTED: &str = "`record` takes nothing, `given`, `count(..)` or `buckets(..)`";

pub(crate) fn record(key: &Ident, input: ParseStream<'_>) -> syn::Result<Record> {
    if !input.peek(token::Paren) {
        return bare(key, input).map(|()| Record::Value).map_err(|error| syn::Error::new(error.span(), EXPECTED));
    }
    let content;
    parenthesized!(content in input);
    let form: Ident = content.parse().map_err(|error| syn::Error::new(error.span(), EXPECTED))?;
    let record = match form.to_string().as_str() {
        "given" => Record::Given,
        "count" => Record::Count(Buckets::read(&form, &content)?),
        "buckets" => Record::Number(Buckets::read(&form, &content)?),
        _ => return Err(syn::Error::new_spanned(form, EXPECTED)),
    };
    content.parse::<Option<Token![,]>>()?;
    if content.is_empty() { Ok(record) } else { Err(content.error(EXPECTED)) }
}

/// Ranges of numbers. As tokens, a constant of the runtime's type.
pub(crate) struct Buckets(Vec<u64>);

impl Buckets {
    /// Reads `(1, 10, 100)`: the lowest number of each range but the first, which begins at 0.
    pub(crate) fn read(key: &Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        let what = format!("`{key}` takes the lowest number of each range: `{key}(1, 10, 100)`");
        if !input.peek(token::Paren) {
            return Err(syn::Error::new_spanned(key, what));
        }
        let content;
        parenthesized!(content in input);
        let numbers = Punctuated::<LitInt, Token![,]>::parse_terminated(&content).map_err(|error| {
            // syn would report the remaining tokens as a second mistake.
            let _ = content.parse::<TokenStream>();
            syn::Error::new(error.span(), &what)
        })?;
        let mut bounds: Vec<u64> = Vec::new();
        for number in &numbers {
            let bound = number.base10_parse()?;
            if bounds.last().map_or(bound == 0, |last| *last >= bound) {
                let wrong = format!("the numbers of `{key}` must be greater than 0, in ascending order");
                return Err(syn::Error::new_spanned(number, wrong));
            }
            bounds.push(bound);
        }
        if bounds.is_empty() {
            return Err(syn::Error::new_spanned(key, what));
        }
        if bounds.len() >= MAX {
            return Err(syn::Error::new_spanned(key, format_args!("`{key}` takes at most {} numbers", MAX - 1)));
        }
        Ok(Buckets(bounds))
    }

    /// The position of the range that a number is in.
    pub(crate) fn position(&self, number: &TokenStream) -> TokenStream {
        let bounds = self.bounds();
        quote!(__telemetry::range_of(__telemetry::Countable::count(#number), #bounds))
    }

    fn bounds(&self) -> TokenStream {
        let bounds = self.0.iter().map(|bound| Literal::u64_unsuffixed(*bound));
        quote!(&[#(#bounds),*])
    }

    /// `0`, `1-9`, `10-99`, `100+`. A range of one number is that number.
    pub(crate) fn labels(&self) -> Vec<String> {
        let first = [0];
        let lowest = first.iter().chain(&self.0).copied();
        let next = self.0.iter().copied().map(Some).chain([None]);
        let label = |(lowest, next): (u64, Option<u64>)| match next {
            Some(next) if next == lowest + 1 => lowest.to_string(),
            Some(next) => format!("{lowest}-{}", next - 1),
            None => format!("{lowest}+"),
        };
        lowest.zip(next).map(label).collect()
    }
}

/// The number of ranges: a set of them is one `u64`.
const MAX: usize = 64;

impl ToTokens for Buckets {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (bounds, labels) = (self.bounds(), names::labels(&self.labels()));
        tokens.extend(quote!(__telemetry::Buckets::new(#bounds, #labels)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::format_ident;
    use syn::parse::Parser;

    fn read(tokens: TokenStream) -> Result<Record, String> {
        let key = format_ident!("record");
        let parser = |input: ParseStream<'_>| record(&key, input);
        parser.parse2(tokens).map_err(|error| error.to_string())
    }

    fn labels(tokens: TokenStream) -> Vec<String> {
        match read(tokens) {
            Ok(Record::Count(buckets) | Record::Number(buckets)) => buckets.labels(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn labels_are_ranges() {
        assert_eq!(labels(quote!((buckets(1, 10, 100)))), ["0", "1-9", "10-99", "100+"]);
        assert_eq!(labels(quote!((buckets(1, 2, 3)))), ["0", "1", "2", "3+"]);
        assert_eq!(labels(quote!((count(5,),))), ["0-4", "5+"]);
        assert_eq!(labels(quote!((count(1_000, 18446744073709551615)))).len(), 3);
    }

    #[test]
    fn mistakes_say_what_is_allowed() {
        assert!(matches!(read(quote!()), Ok(Record::Value)));
        assert!(matches!(read(quote!((given))), Ok(Record::Given)));
        for (tokens, part) in [
            (quote!((text)), "`given`, `count(..)` or `buckets(..)`"),
            (quote!(()), "takes nothing"),
            (quote!((given, given)), "takes nothing"),
            (quote!((buckets)), "`buckets(1, 10, 100)`"),
            (quote!((count())), "`count(1, 10, 100)`"),
            (quote!((count(1, "x"))), "`count(1, 10, 100)`"),
            (quote!((buckets(0, 1))), "greater than 0"),
            (quote!((buckets(2, 1))), "ascending"),
            (quote!((buckets(1, 1))), "ascending"),
        ] {
            let error = read(tokens.clone()).err().unwrap_or_default();
            assert!(error.contains(part), "{tokens}: {error}");
        }
    }
}
