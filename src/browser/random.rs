//! Random numbers: `crypto.getRandomValues`, which works without a secure context.

/// 32 random bits.
pub fn bits() -> u32 {
    let mut bytes = [0u8; 4];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    match crypto.map(|crypto| crypto.get_random_values_with_u8_array(&mut bytes)) {
        Some(Ok(_)) => u32::from_le_bytes(bytes),
        _ => (js_sys::Math::random() * f64::from(u32::MAX)) as u32,
    }
}
