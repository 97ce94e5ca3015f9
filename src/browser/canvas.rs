//! `canvas` in two dimensions: rectangles and words, in pixels of the page. It has as many dots as the screen shows.
//!
//! What is used of it is declared here: a few methods, of which each drawing calls some hundred.

use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use web_sys::{Element, HtmlElement};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = HTMLCanvasElement)]
    type CanvasElement;
    #[wasm_bindgen(method, getter)]
    fn width(this: &CanvasElement) -> u32;
    #[wasm_bindgen(method, setter)]
    fn set_width(this: &CanvasElement, width: u32);
    #[wasm_bindgen(method, getter)]
    fn height(this: &CanvasElement) -> u32;
    #[wasm_bindgen(method, setter)]
    fn set_height(this: &CanvasElement, height: u32);
    #[wasm_bindgen(method, js_name = getContext)]
    fn context(this: &CanvasElement, kind: &str) -> Option<Context>;

    #[wasm_bindgen(js_name = CanvasRenderingContext2D)]
    type Context;
    #[wasm_bindgen(method, js_name = setTransform)]
    fn set_transform(this: &Context, a: f64, b: f64, c: f64, d: f64, e: f64, f: f64);
    #[wasm_bindgen(method, js_name = clearRect)]
    fn clear_rect(this: &Context, left: f64, top: f64, width: f64, height: f64);
    #[wasm_bindgen(method, setter, js_name = fillStyle)]
    fn set_fill_style(this: &Context, colour: &str);
    #[wasm_bindgen(method, js_name = fillRect)]
    fn fill_rect(this: &Context, left: f64, top: f64, width: f64, height: f64);
    #[wasm_bindgen(method, setter)]
    fn set_font(this: &Context, font: &str);
    #[wasm_bindgen(method, setter, js_name = textBaseline)]
    fn set_text_baseline(this: &Context, line: &str);
    #[wasm_bindgen(method, js_name = measureText)]
    fn measure_text(this: &Context, words: &str) -> Metrics;
    #[wasm_bindgen(method, js_name = fillText)]
    fn fill_text(this: &Context, words: &str, left: f64, down: f64);

    #[wasm_bindgen(js_name = TextMetrics)]
    type Metrics;
    #[wasm_bindgen(method, getter, js_name = width)]
    fn wide(this: &Metrics) -> f64;
}

/// A canvas that is drawn on.
pub struct Canvas {
    context: Context,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

impl Canvas {
    /// Wipes a `canvas` element, and begins to draw. `None`: it is none, or the browser draws nothing here.
    pub fn begin(element: &HtmlElement, width: f64, height: f64) -> Option<Self> {
        let element = element.dyn_ref::<CanvasElement>()?;
        let dots = web_sys::window()?.device_pixel_ratio().clamp(1.0, 4.0);
        let (across, down) = (
            (width * dots).round() as u32,
            (height * dots).round() as u32,
        );
        if element.width() != across || element.height() != down {
            element.set_width(across);
            element.set_height(down);
        }
        let context = element.context("2d")?;
        context.set_transform(dots, 0.0, 0.0, dots, 0.0, 0.0);
        context.clear_rect(0.0, 0.0, width, height);
        Some(Self {
            context,
            width,
            height,
        })
    }

    /// What is drawn from now on has this colour, as style sheets write it.
    pub fn ink(&self, colour: &str) {
        self.context.set_fill_style(colour);
    }

    /// A rectangle.
    pub fn fill(&self, left: f64, top: f64, width: f64, height: f64) {
        self.context.fill_rect(left, top, width, height);
    }

    /// Words from now on are set like this, as style sheets write it.
    pub fn font(&self, font: &str) {
        self.context.set_font(font);
        self.context.set_text_baseline("middle");
    }

    /// Words around a place, if they fit between two others. Gives where they end.
    pub fn words(&self, words: &str, middle: f64, down: f64, least: f64, most: f64) -> Option<f64> {
        let wide = self.context.measure_text(words).wide();
        let left = (middle - wide / 2.0).min(most - wide).max(least);
        if left + wide > most + 0.5 {
            return None;
        }
        self.context.fill_text(words, left, down);
        Some(left + wide)
    }
}

/// The colour of an element's words, as the browser computed it.
pub fn colour_of(element: &Element) -> Option<String> {
    let style = web_sys::window()?.get_computed_style(element).ok()??;
    style.get_property_value("color").ok()
}

/// Size and face of an element's words.
pub fn font_of(element: &Element) -> Option<String> {
    let style = web_sys::window()?.get_computed_style(element).ok()??;
    let size = style.get_property_value("font-size").ok()?;
    let family = style.get_property_value("font-family").ok()?;
    Some(format!("{size} {family}"))
}
