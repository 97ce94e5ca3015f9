//! The wall clock and the local time zone.

/// Milliseconds since the Unix epoch.
pub fn now() -> f64 {
    js_sys::Date::now()
}

/// Milliseconds to add to a time to read it as local: valid for a moment near `time`.
pub fn local_offset(time: f64) -> f64 {
    -js_sys::Date::new(&time.into()).get_timezone_offset() * 60_000.0
}

/// A point in time for the measuring of spans: milliseconds, never running backwards.
pub fn monotonic() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or_else(now, |clock| clock.now())
}
