//! Numbers, sizes and spans for reading.

use midge::desk::format;

#[test]
fn numbers_read_well() {
    assert_eq!(format::whole(48_211), "48,211");
    assert_eq!(format::whole(1_000_000), "1,000,000");
    assert_eq!(
        (format::rate(0.4), format::rate(1203.6)),
        ("0.4".to_owned(), "1,204".to_owned())
    );
    assert_eq!(
        (format::size(46), format::size(48_190)),
        ("46 B".to_owned(), "48.2 kB".to_owned())
    );
    assert_eq!(
        (format::span(2.34), format::span(61_000.0)),
        ("2.3 ms".to_owned(), "1 min".to_owned())
    );
}
