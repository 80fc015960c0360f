//! The key `headers`: `{ "name" = value, .. }`.

use proc_macro2::{Ident, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Lit, LitStr, Token, braced};

use crate::keys::value::{Text, as_literal, assigned};
use crate::keys::{rules, skip_entry};

pub(crate) struct Header {
    pub(crate) name: LitStr,
    /// The runtime checks it, in a constant.
    pub(crate) value: Text,
}

pub(crate) fn headers(key: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<Header>> {
    let what = "a list `{ \"name\" = value, .. }`";
    let content = assigned(key, input, what, |input| {
        let content;
        braced!(content in input);
        content.parse::<TokenStream>()
    })?;
    read_list.parse2(content)
}

fn read_list(input: ParseStream<'_>) -> syn::Result<Vec<Header>> {
    let mut headers = Vec::new();
    let mut errors: Option<syn::Error> = None;
    while !input.is_empty() {
        match read_header(input, &headers) {
            Ok(header) => headers.push(header),
            Err(error) => match &mut errors {
                Some(errors) => errors.combine(error),
                None => errors = Some(error),
            },
        }
        skip_entry(input)?;
    }
    errors.map_or(Ok(headers), Err)
}

fn read_header(input: ParseStream<'_>, earlier: &[Header]) -> syn::Result<Header> {
    let name: LitStr =
        input.parse().map_err(|error| syn::Error::new(error.span(), "expected a header: `\"name\" = value`"))?;
    input.parse::<Token![=]>().map_err(|error| syn::Error::new(error.span(), "expected `=` and the header's value"))?;
    let value: Expr = input.parse()?;
    let value = match as_literal(&value) {
        Some(Lit::Str(literal)) => Text::Literal(literal.clone()),
        Some(_) => {
            let message = "a header value must be a string literal or a constant expression";
            return Err(syn::Error::new_spanned(&value, message));
        }
        None => Text::Const(value),
    };
    if let Err(wrong) = rules::header_name(&name.value()) {
        return Err(syn::Error::new_spanned(&name, format_args!("a header name {wrong}")));
    }
    if let Some(first) = earlier.iter().find(|other| other.name.value().eq_ignore_ascii_case(&name.value())) {
        let mut error = syn::Error::new_spanned(&name, format_args!("header `{}` is specified twice", name.value()));
        error.combine(syn::Error::new_spanned(&first.name, "first specified here"));
        return Err(error);
    }
    Ok(Header { name, value })
}
