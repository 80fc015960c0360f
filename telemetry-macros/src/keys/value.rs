//! Reads the value of one key.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprGroup, ExprLit, ExprParen, Lit, LitStr, Path, Token, Type, parenthesized, token};

use crate::keys::rules::Rule;

/// A string that the author wrote, or an expression that the compiler evaluates to one.
#[derive(Clone)]
pub(crate) enum Text {
    Literal(LitStr),
    Const(Expr),
}

impl Text {
    pub(crate) fn span(&self) -> Span {
        match self {
            Text::Literal(literal) => literal.span(),
            Text::Const(expr) => expr.span(),
        }
    }
}

impl ToTokens for Text {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Text::Literal(literal) => literal.to_tokens(tokens),
            Text::Const(expr) => const_str(expr).to_tokens(tokens),
        }
    }
}

/// A constant expression of type `&'static str`. The type is written out, so a wrong one is reported at the expression.
pub(crate) fn const_str(expr: &Expr) -> TokenStream {
    quote!({ let __text: &'static ::core::primitive::str = #expr; __text })
}

/// One of a few words, as a variant of the runtime's enum.
pub(crate) struct Word(pub(crate) Ident);

/// A key without a value.
pub(crate) fn bare(key: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(());
    }
    let mut value = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        value.extend([input.parse::<TokenTree>()?]);
    }
    Err(syn::Error::new_spanned(value, format_args!("`{key}` takes no value")))
}

/// The value after `=`, read with `parse`. `what` describes it in errors.
pub(crate) fn assigned<T>(
    key: &Ident,
    input: ParseStream<'_>,
    what: &str,
    parse: fn(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<T> {
    if !input.peek(Token![=]) {
        return Err(syn::Error::new_spanned(key, format_args!("`{key}` takes {what}: `{key} = ..`")));
    }
    input.parse::<Token![=]>()?;
    let start = input.span();
    parse(input).map_err(|_| syn::Error::new(start, format_args!("`{key}` takes {what}")))
}

/// The literal that `expr` is, also inside the invisible group of a `macro_rules` fragment.
pub(crate) fn as_literal(expr: &Expr) -> Option<&Lit> {
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        Expr::Group(ExprGroup { expr, .. }) | Expr::Paren(ExprParen { expr, .. }) => as_literal(expr),
        _ => None,
    }
}

fn follow(rule: Rule, key: &Ident, literal: &LitStr) -> syn::Result<()> {
    rule(&literal.value()).map_err(|wrong| syn::Error::new_spanned(literal, format_args!("`{key}` {wrong}")))
}

/// A string literal.
pub(crate) fn literal(key: &Ident, input: ParseStream<'_>, rule: Rule) -> syn::Result<LitStr> {
    let what = "a string literal";
    let expr = assigned(key, input, what, Expr::parse)?;
    match as_literal(&expr) {
        Some(Lit::Str(literal)) => follow(rule, key, literal).map(|()| literal.clone()),
        _ => Err(syn::Error::new_spanned(&expr, format_args!("`{key}` takes {what}"))),
    }
}

/// A string literal, or an expression such as `env!("..")` whose value only the compiler knows.
pub(crate) fn text(key: &Ident, input: ParseStream<'_>, rule: Rule) -> syn::Result<Text> {
    let what = "a string literal or a constant expression";
    let expr = assigned(key, input, what, Expr::parse)?;
    match as_literal(&expr) {
        Some(Lit::Str(literal)) => follow(rule, key, literal).map(|()| Text::Literal(literal.clone())),
        Some(_) => Err(syn::Error::new_spanned(&expr, format_args!("`{key}` takes {what}"))),
        None => Ok(Text::Const(expr)),
    }
}

/// One of a few words; `words` maps them to the variants of the runtime's enum.
pub(crate) fn word(key: &Ident, input: ParseStream<'_>, words: &[(&str, &str)]) -> syn::Result<Word> {
    let quoted: Vec<String> = words.iter().map(|(word, _)| format!("`\"{word}\"`")).collect();
    let what = format!("one of {}", quoted.join(", "));
    let expr = assigned(key, input, &what, Expr::parse)?;
    if let Some(Lit::Str(literal)) = as_literal(&expr) {
        let value = literal.value();
        if let Some((_, variant)) = words.iter().find(|(word, _)| *word == value) {
            return Ok(Word(Ident::new(variant, literal.span())));
        }
    }
    Err(syn::Error::new_spanned(&expr, format_args!("`{key}` takes {what}")))
}

/// `true` or `false`.
pub(crate) fn flag(key: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
    let what = "`true` or `false`";
    let expr = assigned(key, input, what, Expr::parse)?;
    match as_literal(&expr) {
        Some(Lit::Bool(flag)) => Ok(flag.value),
        _ => Err(syn::Error::new_spanned(&expr, format_args!("`{key}` takes {what}"))),
    }
}

/// The key alone, which means `true`, or `true` or `false`.
pub(crate) fn switch(key: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
    if input.peek(Token![=]) { flag(key, input) } else { bare(key, input).map(|()| true) }
}

/// The path of a crate or module.
pub(crate) fn module_path(key: &Ident, input: ParseStream<'_>) -> syn::Result<Path> {
    assigned(key, input, "a path", |input| {
        let path = input.call(Path::parse_mod_style)?;
        // syn accepts it as a module name.
        match path.segments.iter().find(|segment| segment.ident == "Self") {
            Some(segment) => Err(syn::Error::new_spanned(segment, "`Self` is not a module")),
            None => Ok(path),
        }
    })
}

/// `(T1, T2, ..)`.
pub(crate) fn types(key: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<Type>> {
    if !input.peek(token::Paren) {
        return Err(syn::Error::new_spanned(key, format_args!("`{key}` takes a list of types: `{key}(MyType, ..)`")));
    }
    let content;
    parenthesized!(content in input);
    match Punctuated::<Type, Token![,]>::parse_terminated(&content) {
        Ok(types) => Ok(types.into_iter().collect()),
        Err(error) => {
            // syn would report the remaining tokens as a second mistake.
            content.parse::<TokenStream>()?;
            Err(syn::Error::new(error.span(), format_args!("`{key}` takes a list of types")))
        }
    }
}
