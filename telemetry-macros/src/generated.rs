//! What all generated code has in common.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Path, parse_quote};

/// The path of the runtime in generated code, unless the author writes `crate = path`.
pub(crate) fn default_crate() -> Path {
    parse_quote!(::telemetry_runtime)
}

/// Errors in generated code are shown at the author's tokens, but its names resolve where the macro is defined.
pub(crate) fn at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// Wraps generated items in a scope of their own. Their imports and definitions do not leak, and no lint fires on code that
/// the author did not write.
pub(crate) fn in_const(items: &TokenStream) -> TokenStream {
    quote! {
        #[allow(
            dead_code,
            deprecated,
            long_running_const_eval,
            unreachable_code,
            unreachable_patterns,
            unreachable_pub,
            unused_braces,
            unused_imports,
            unused_parens,
            unused_qualifications,
            unused_variables,
            clippy::cargo,
            clippy::complexity,
            clippy::nursery,
            clippy::pedantic,
            clippy::perf,
            clippy::restriction,
            clippy::style,
            clippy::suspicious
        )]
        const _: () = {
            #items
        };
    }
}
