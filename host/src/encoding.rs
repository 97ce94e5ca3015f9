//! Which packed form of a file a client takes (RFC 9110 section 12.5.3). Knows no files.

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Browsers take it over https and from this machine only.
    Brotli,
    /// Everybody takes it.
    Gzip,
}

impl Encoding {
    /// The smaller one first.
    pub const ALL: [Encoding; 2] = [Encoding::Brotli, Encoding::Gzip];

    /// As `Content-Encoding` names it.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Brotli => "br",
            Encoding::Gzip => "gzip",
        }
    }

    /// What stands behind the name of a file that is packed so.
    pub fn suffix(self) -> &'static str {
        match self {
            Encoding::Brotli => ".br",
            Encoding::Gzip => ".gz",
        }
    }
}

/// Whether `Accept-Encoding` names it, and not with a weight of 0. A wildcard is not taken for a wish.
pub fn accepts(accepted: &str, encoding: Encoding) -> bool {
    accepted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(encoding.name()));
        let refused = parts.any(|parameter| {
            parameter
                .strip_prefix("q=")
                .is_some_and(|weight| weight.parse::<f32>() == Ok(0.0))
        });
        named && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_of_nothing_is_a_refusal() {
        for (accepted, brotli, gzip) in [
            ("gzip, deflate, br", true, true),
            ("br;q=1.0,gzip;q=0", true, false),
            ("BR ; q=0.000", false, false),
            ("*", false, false),
            ("brotli, x-gzip", false, false),
            ("", false, false),
        ] {
            assert_eq!(accepts(accepted, Encoding::Brotli), brotli, "{accepted}");
            assert_eq!(accepts(accepted, Encoding::Gzip), gzip, "{accepted}");
        }
    }
}
