//! `/ca`: hands out the certificate of the own CA, and says how to trust it, in both languages.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

const PAGE: &str = include_str!("ca_page/page.html");
const STYLE: &str = include_str!("ca_page/style.css");

/// The page, its style, and the certificate.
pub fn router(pem: Arc<str>) -> Router {
    let certificate = move || {
        let pem = pem.clone();
        async move { answer("application/x-x509-ca-cert", pem.to_string()) }
    };
    Router::new()
        .route(
            "/ca",
            get(|| async { answer("text/html; charset=utf-8", PAGE.to_owned()) }),
        )
        .route(
            "/ca.css",
            get(|| async { answer("text/css; charset=utf-8", STYLE.to_owned()) }),
        )
        .route("/ca.crt", get(certificate))
}

fn answer(kind: &'static str, body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, body).into_response()
}
